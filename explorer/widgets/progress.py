"""How far a job is, how long it will still take, and a button that stops it."""

import time

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.progress import Progress
from explorer.job import Job
from explorer.words import tr

TICKS = 1000
SURE = 1.5  # seconds before a guess of the time left is worth telling


class ProgressRow(QWidget):
    """Follows one job after the other; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.job: Job | None = None
        self._begun = 0.0
        self._first = 0
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.words = QLabel()
        self.words.setProperty("role", "secondary")
        self.stop = QPushButton(tr("Stop"))
        self.stop.clicked.connect(self.cancel)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(column, 1)
        row.addWidget(self.stop)
        self.hide()

    def running(self) -> bool:
        return self.job is not None

    def follow(self, job: Job, beginning: str = "Getting ready…") -> None:
        """Shows the job until it ends, and starts it."""
        self.job = job
        self._begun, self._first = 0.0, 0
        self.bar.setRange(0, 0)
        self.words.setText(tr(beginning))
        self.stop.setEnabled(True)
        job.stepped.connect(self._step)
        for end in (job.finished, job.failed, job.cancelled):
            end.connect(self._end)
        self.show()
        job.start()

    def cancel(self) -> None:
        if self.job is not None:
            self.words.setText(tr("Stopping…"))
            self.stop.setEnabled(False)
            self.job.cancel()

    def close_job(self, seconds: float = 5.0) -> None:
        """Stops the job and waits for it, as the program ends."""
        if self.job is not None:
            self.job.cancel()
            self.job.wait(seconds)

    def _step(self, now: Progress) -> None:
        if self.job is None or not self.stop.isEnabled():
            return
        if not self._begun:
            self._begun, self._first = time.monotonic(), now.done
        self.bar.setRange(0, TICKS)
        self.bar.setValue(round(TICKS * now.done / max(now.total, 1)))
        words = [
            tr("{done:,} of {total:,}", done=now.done, total=now.total),
            remaining(self._begun, now.done - self._first, now.total - now.done),
        ]
        self.words.setText(" · ".join(word for word in words if word))

    def _end(self) -> None:
        self.job = None
        self.hide()


def remaining(begun: float, done: int, left: int) -> str:
    """The time left in words, or nothing while nobody can know."""
    elapsed = time.monotonic() - begun
    if done <= 0 or elapsed < SURE:
        return ""
    return tr("{time} left", time=duration(elapsed / done * left))


def duration(seconds: float) -> str:
    """A time as people say it, no finer than it matters."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 10:
        return f"{hours} h {minutes} min"
    return f"{round(seconds / 3600)} h" if hours < 48 else tr("{count} days", count=round(hours / 24))
