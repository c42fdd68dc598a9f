"""What is made of every picture: its size, which part of it, and what lies beside it where it is no square."""

from __future__ import annotations

from typing import Any, Literal

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.data.preparation.items import Frames
from engine.data.preparation.plan import Plan
from explorer.words import tr

from .decimal_box import DecimalBox

SIZES = (32, 64, 128, 256, 512, 1024)
COLOUR = "colour"
PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "centre": ("The square in the middle", {"crop": "centre"}),
    "smart": ("The square where most is to be seen", {"crop": "smart"}),
    "faces": ("The largest face", {"crop": "faces"}),
    "tiles": ("Overlapping squares all over it", {"tile": 0.25}),
    COLOUR: ("All of it, a colour beside it", {"crop": "none"}),
    "reflect": ("All of it, mirrored at its edges", {"crop": "none", "pad": "reflect"}),
    "edge": ("All of it, its edges drawn out", {"crop": "none", "pad": "edge"}),
    "stretched": ("All of it, stretched to a square", {"crop": "none"}),
}
SPARSE = 60.0  # most frames of each second of a film that the form offers


class DataOptions(QWidget):
    """A small form whose `plan` the engine checks."""

    changed = pyqtSignal()
    frames_changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.resolution = QComboBox()
        for side in SIZES:
            self.resolution.addItem(f"{side} × {side}", side)
        self.resolution.setCurrentIndex(SIZES.index(128))
        self.resolution.setAccessibleName(tr("Size of the finished pictures"))
        self.part = QComboBox()
        for key, (words, _) in PARTS.items():
            self.part.addItem(tr(words), key)
        self.part.setAccessibleName(tr("Which part of a picture is used"))
        self.colour = QLineEdit("white")
        self.colour.setAccessibleName(tr("Colour beside the picture"))
        self.colour.setToolTip(tr("A colour's name such as white or black, or #rrggbb"))
        self.rate = DecimalBox()
        self.rate.setRange(0.01, SPARSE)
        self.rate.setValue(1.0)
        self.rate.setAccessibleName(tr("Frames of each second of a film"))
        self.scenes = QCheckBox(tr("One frame for each scene"))
        self.mirrored = QCheckBox(tr("Mirrored copies too"))
        self.grey = QCheckBox(tr("In grey"))
        self.labels = QCheckBox(tr("Sub-folders are classes"))
        self._lay_out()
        for box in (self.resolution, self.part):
            box.currentIndexChanged.connect(self._turned)
        for check in (self.mirrored, self.grey, self.labels):
            check.toggled.connect(self.changed.emit)
        self.colour.editingFinished.connect(self.changed.emit)
        self.rate.editingFinished.connect(self.frames_changed.emit)
        self.scenes.toggled.connect(self._turned_frames)
        self._turned()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        self._beside, self._each = QLabel(tr("Colour")), QLabel(tr("Frames a second"))
        rows = ((QLabel(tr("Size")), self.resolution), (QLabel(tr("Part")), self.part), (self._beside, self.colour))
        for at, (words, widget) in enumerate(rows):
            words.setProperty("role", "secondary")
            grid.addWidget(words, at, 0)
            grid.addWidget(widget, at, 1)
        grid.setColumnStretch(1, 1)
        self.part.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(grid)
        films = QHBoxLayout()  # its words are too long for the grid's first column
        films.setSpacing(12)
        self._each.setProperty("role", "secondary")
        films.addWidget(self._each)
        films.addWidget(self.rate, 1)
        column.addLayout(films)
        for check in (self.scenes, self.mirrored, self.grey, self.labels):
            column.addWidget(check)
        self.show_films(False)
        self.labels.hide()

    @property
    def side(self) -> int:
        """Pixels along a side of every finished picture."""
        return int(self.resolution.currentData())

    def plan(self) -> Plan:
        """As it stands; the engine says whether it holds together."""
        key = str(self.part.currentData())
        told = dict(PARTS[key][1])
        if key == COLOUR:
            told["pad"] = self.colour.text().strip() or "white"
        flips: tuple[Literal["x"], ...] = ("x",) if self.mirrored.isChecked() else ()
        return Plan(size=self.side, grey=self.grey.isChecked(), flip=flips, **told)

    def frames(self) -> Frames:
        """Which frames of films."""
        return Frames(self.rate.value(), self.scenes.isChecked())

    def propose(self, size: int) -> None:
        """The size that most pictures fill."""
        fitting = max((side for side in SIZES if side <= size), default=SIZES[0])
        self.resolution.setCurrentIndex(SIZES.index(min(fitting, 256)))

    def show_films(self, there: bool) -> None:
        """What is asked of films, only where there are some."""
        for widget in (self._each, self.rate, self.scenes):
            widget.setVisible(there)

    def show_classes(self, there: bool) -> None:
        """What is asked of classes, only where there are some."""
        self.labels.setVisible(there)
        if not there:
            self.labels.setChecked(False)

    def _turned(self) -> None:
        coloured = self.part.currentData() == COLOUR
        self._beside.setVisible(coloured)
        self.colour.setVisible(coloured)
        self.part.setToolTip(self.part.currentText())
        self.changed.emit()

    def _turned_frames(self) -> None:
        self.rate.setEnabled(not self.scenes.isChecked())
        self.frames_changed.emit()
