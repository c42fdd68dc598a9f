"""Will a training fit, and how long will it take? Some real steps in a program of their own say it."""

from __future__ import annotations

import msgspec
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.training.trialled import Trial
from explorer import training
from explorer.timers import every
from explorer.training import Start, Training
from explorer.words import tr

from .progress import duration

LOOK = 200  # milliseconds
KILLED = (-9, 137)  # how a program ends that the system took the memory from
GIB = 2**30
HALVED = "A whole step at once was too much for the memory, so {count} pictures pass at once; the result is the same."


class RunTrial(QWidget):
    """Asked again whenever something else is chosen; what it found is forgotten then."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.found: Trial | None = None
        self._trial: Training | None = None
        self._asked: Start | None = None
        self.ask = QPushButton(tr("Will it fit, and how long?"))
        self.ask.setToolTip(tr("Tries some steps on this device; nothing is written"))
        self.ask.clicked.connect(self.begin)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "small")
        self._clock = every(self, LOOK, self.look)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.ask, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._row)
        column.addWidget(self.words)
        self.propose(None)

    def beside(self, button: QPushButton) -> None:
        """Another button in the row of this one's."""
        self._row.addWidget(button)

    @property
    def at_once(self) -> int:
        """How many pictures should pass at once; 0: as the preset says."""
        return self.found.accumulate if self.found is not None and self.found.halved else 0

    @property
    def running(self) -> bool:
        return self._trial is not None

    def propose(self, asked: Start | None) -> None:
        """Pictures, run and preset of a training that can be tried; None: nothing is chosen yet."""
        if asked != self._asked or asked is None:
            self.end()
            self.found = None
            self._asked = asked
            self._say("")
        self.ask.setEnabled(asked is not None and not self.running)

    def begin(self) -> None:
        """Starts the trial of what is chosen."""
        if self._asked is None or self.running:
            return
        try:
            self._trial = training.try_out(self._asked)
        except OSError as error:
            self._say(str(error))
            return
        self.ask.setEnabled(False)
        self._say(tr("Trying some steps…"))
        self._clock.start()

    def end(self) -> None:
        """Gives up what is being tried."""
        self._clock.stop()
        if self._trial is not None:
            self._trial.end()
            self._trial = None

    def look(self) -> None:
        """Whether it has finished."""
        trial = self._trial
        if trial is None or trial.running:
            return
        said, code, complaint = trial.said().splitlines(), trial.exit_code, trial.complaint()
        self.end()
        self.ask.setEnabled(True)
        try:
            self.found = msgspec.json.decode(said[-1] if said else "", type=Trial) if not code else None
        except msgspec.DecodeError:
            self.found = None
        if self.found is not None:
            self._say(told(self.found))
        elif code in KILLED:
            self._say(tr("It needs more memory than there is: choose a smaller preset."))
        else:
            self._say(complaint)

    def _say(self, words: str) -> None:
        self.words.setText(tr(words))
        self.words.setVisible(bool(words))


def told(found: Trial) -> str:
    """The figures in sentences."""
    side = f"{found.resolution} × {found.resolution}"
    parts = [
        tr("All {count:,} pictures take about {time}.", count=found.images, time=duration(found.seconds)),
        tr("At {side}, {count:,.1f} pass in a second.", side=side, count=1 / max(found.picture, 1e-9)),
    ]
    if found.memory and found.all_memory:
        used, everything = found.memory / GIB, found.all_memory / GIB
        parts.append(tr("It fits: {used:.1f} of {all:.0f} GiB of memory.", used=used, all=everything))
    if found.tight:
        parts.append(tr("That leaves hardly anything for other programs."))
    if found.halved:
        parts.append(tr(HALVED, count=found.accumulate))
    return " ".join(parts)
