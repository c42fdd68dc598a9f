"""Which family, how large and how long: a preset, what it is for, and why it is proposed for the pictures that were chosen."""

from __future__ import annotations

import os

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.cli.presets import FAMILIES, PRESET_NOTES, family_of
from engine.training.advice import Advice, advise
from explorer.words import tr


class RunPreset(QWidget):
    """Proposes one when pictures are chosen, as long as nobody has chosen another by hand."""

    turned = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.advice: Advice | None = None
        self.device = ""  # in words; "" for a processor alone, and as long as nobody knows
        self._seen: tuple[int, int] | None = None
        self._by_hand = False
        self.family, self.preset = QComboBox(), QComboBox()
        self.family.addItems(list(FAMILIES))
        self.family.setAccessibleName(tr("Family"))
        self.family.setToolTip(tr("What kind of network learns"))
        self.preset.setAccessibleName(tr("Preset"))
        self.note, self.why = QLabel(), QLabel()
        for words in (self.note, self.why):
            words.setProperty("role", "secondary")
            words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.family)
        row.addWidget(self.preset, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.why)
        self.family.currentTextChanged.connect(self._fill)
        self.family.activated.connect(self.settle)
        self.preset.currentTextChanged.connect(self._turn)
        self.preset.activated.connect(self.settle)
        self._fill(self.family.currentText())

    @property
    def name(self) -> str:
        """The preset that is chosen."""
        return self.preset.currentText()

    @property
    def resolution(self) -> int:
        """The side of the pictures that it learns, which its name ends with."""
        return resolution_of(self.name)

    def choose(self, preset: str) -> None:
        """This one, of whichever family."""
        with QSignalBlocker(self.family), QSignalBlocker(self.preset):
            self.family.setCurrentText(family_of(preset))
            self._list(family_of(preset))
            self.preset.setCurrentText(preset)
        self._turn()

    def know_pictures(self, count: int, side: int) -> None:
        """How many there are, and how large they mostly are: proposes what suits them."""
        self._seen = (count, side)
        self._propose()

    def know_device(self, device: str) -> None:
        """What trains, in words; "" for a processor alone."""
        self.device = device
        self._propose()

    def _propose(self) -> None:
        if self._seen is None:
            return
        self.advice = advise(*self._seen, self.device, os.cpu_count() or 1)
        if not self._by_hand and self.name != self.advice.preset:
            self.choose(self.advice.preset)
        self._say()

    def settle(self) -> None:
        """From now on only somebody's hand changes it, not what is proposed."""
        self._by_hand = True

    def _fill(self, family: str) -> None:
        with QSignalBlocker(self.preset):
            self._list(family)
        self._turn()

    def _list(self, family: str) -> None:
        self.preset.clear()
        for preset, note in PRESET_NOTES.items():
            if family_of(preset) == family:
                self.preset.addItem(preset)
                self.preset.setItemData(self.preset.count() - 1, sentence(tr(note)), 3)  # Qt's role of tips

    def _turn(self) -> None:
        if self.name:
            self.note.setText(sentence(tr(PRESET_NOTES[self.name])))
            self._say()
            self.turned.emit()

    def _say(self) -> None:
        advice = self.advice
        fits = advice is not None and advice.preset == self.name
        self.why.setText(" ".join(tr(text, **advice.parts) for text in advice.texts) if advice and fits else "")
        self.why.setVisible(fits)


def resolution_of(preset: str) -> int:
    """The side of the pictures that a preset learns, which its name ends with."""
    last = preset.rsplit("-", 1)[-1]
    return int(last) if last.isdigit() else 32


def sentence(note: str) -> str:
    """The same with a capital and a full stop."""
    return f"{note[0].upper()}{note[1:]}."
