"""How long, how fluent and how large a film is."""

from dataclasses import dataclass

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from explorer.words import tr

from .decimal_box import DecimalBox
from .progress import duration

SCALES = (1, 2, 4)


@dataclass(frozen=True)
class Film:
    """What is chosen."""

    seconds: float
    fps: int
    loop: bool
    scale: int

    def frames(self, pictures: int) -> int:
        """How many frames a film through so many pictures has."""
        steps = max(round(self.seconds * self.fps), 1)
        return pictures * steps if self.loop else (pictures - 1) * steps + 1


class FilmSettings(QWidget):
    """Numbers and buttons for it."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._side = 0
        self.seconds = DecimalBox()
        self.seconds.setRange(0.1, 600)
        self.seconds.setValue(2)
        self.seconds.setDecimals(1)
        self.seconds.setSuffix(" s")
        self.fps = QSpinBox()
        self.fps.setRange(1, 240)
        self.fps.setValue(30)
        self.loop = QCheckBox(tr("Back to the first at the end, so that it can repeat"))
        self.sizes = QButtonGroup(self)
        self._lay_out()
        for signal in (self.seconds.valueChanged, self.fps.valueChanged, self.loop.toggled, self.sizes.idToggled):
            signal.connect(self.changed.emit)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for at, (text, field) in enumerate((("From one to the next", self.seconds), ("Frames per second", self.fps))):
            label = QLabel(tr(text))
            label.setBuddy(field)
            field.setFixedWidth(72)
            grid.addWidget(label, 0, 2 * at)
            grid.addWidget(field, 0, 2 * at + 1)
        grid.addWidget(QLabel(tr("Size")), 1, 0)
        grid.addLayout(self._size_buttons(), 1, 1, 1, 4)
        grid.addWidget(self.loop, 2, 1, 1, 4)
        grid.setColumnStretch(4, 1)

    def _size_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for scale in SCALES:
            button = QPushButton(f"×{scale}")
            button.setCheckable(True)
            button.setChecked(scale == 1)
            button.setToolTip(
                tr("As the model draws it")
                if scale == 1
                else tr("Every pixel {scale} times as large, sharp", scale=scale)
            )
            self.sizes.addButton(button, scale)
            row.addWidget(button)
        return row

    @property
    def chosen(self) -> Film:
        return Film(self.seconds.value(), self.fps.value(), self.loop.isChecked(), self.sizes.checkedId())

    def show_side(self, side: int) -> None:
        """The model's resolution, so that the sizes are told in pixels."""
        self._side = side
        for scale in SCALES:
            button = self.sizes.button(scale)
            if button is not None and side:
                button.setText(f"{side * scale} × {side * scale}")

    def words(self, pictures: int) -> str:
        """Length, frames and size of a film through so many pictures."""
        film = self.chosen
        frames = film.frames(pictures)
        size = " · " + tr("{count} pixels", count=self._side * film.scale) if self._side else ""
        return f"{duration(frames / film.fps)} · {tr('{count:,} frames', count=frames)}{size}"
