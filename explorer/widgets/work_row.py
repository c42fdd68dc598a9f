"""How far a download or an export is: a bar, the work's own words, and a button that stops it."""

import time

from engine.progress import Progress
from explorer.words import tr

from .progress import TICKS, ProgressRow, remaining

STAGES = 9  # as many steps and fewer are stages of a work, more are bytes


class WorkRow(ProgressRow):
    """For work whose steps are bytes or stages, which nobody wants to read as numbers."""

    def _step(self, now: Progress) -> None:
        if self.job is None or not self.stop.isEnabled():
            return
        if not self._begun:
            self._begun, self._first = time.monotonic(), now.done
        counted = now.total > STAGES
        self.bar.setRange(0, TICKS if counted else 0)  # nobody knows how long a stage takes
        self.bar.setValue(round(TICKS * now.done / max(now.total, 1)))
        left = "" if not counted else remaining(self._begun, now.done - self._first, now.total - now.done)
        note = tr(now.note)
        self.words.setText(" · ".join(word for word in (f"{note[:1].upper()}{note[1:]}", left) if word))
