"""The sample grids of a run: the newest one, and a slider back through time to watch the same pictures grow."""

from pathlib import Path

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from explorer.runs import images_of
from explorer.words import tr

from .plate import Plate

EMPTY = (
    "Here you will watch the pictures grow while the model learns.\n\n"
    "Any folder of pictures will do: photographs, drawings, textures.\n"
    "A few hundred give something to see, thousands are better."
)


class Grid(Plate):
    """One grid, as large as there is room."""

    def __init__(self) -> None:
        super().__init__("Samples")
        self.say(EMPTY)
        self.setMinimumSize(256, 128)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(560, 280)


class SampleView(QWidget):
    """Follows the newest grid unless somebody has gone back in time."""

    turned = pyqtSignal(int)  # pictures seen at the grid that is shown

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._files: list[Path] = []
        self._shown: Path | None = None
        self.grid = Grid()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Time: back to earlier samples"))
        self.slider.setToolTip(tr("Back to earlier samples; at the right end the newest one is followed"))
        self.slider.setPageStep(5)
        self.slider.valueChanged.connect(self._turn)
        self.when = QLabel()
        self.when.setProperty("role", "secondary")
        self.when.setFixedWidth(150)
        self.when.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self.when)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.grid, 1)
        column.addLayout(row)
        self.show_files([])

    @property
    def images(self) -> int:
        """How many pictures had been seen at the grid that is shown; 0: there is none."""
        return images_of(self._shown) if self._shown is not None else 0

    def show_files(self, files: list[Path]) -> None:
        """The grids there are now, oldest first."""
        if files == self._files and self._shown is not None:
            return
        newest = self.slider.value() >= self.slider.maximum()
        self._files = files
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(len(files) - 1, 0))
            if newest:
                self.slider.setValue(self.slider.maximum())
        self.slider.setVisible(len(files) > 1)
        self.when.setVisible(bool(files))
        self._turn(self.slider.value())

    def _turn(self, at: int) -> None:
        path = self._files[at] if at < len(self._files) else None
        if path is None:
            self._shown = None
            self.grid.set_image(None)
            self.when.setText("")
        elif path != self._shown:
            image = QImage(str(path))
            if not image.isNull():  # else it is just being replaced; the next look shows it
                self._shown = path
                self.grid.set_image(image)
                self.when.setText(tr("{count:,} pictures seen", count=images_of(path)))
        self.turned.emit(self.images)
