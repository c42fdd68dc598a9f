"""A small window with three pictures: without a layer, with it, and where the two differ."""

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer import theme

from .equalizer_difference import Difference

SIDE = 208


class Plate(QWidget):
    """A picture with rounded corners, as large as its place; without one, a word in the middle."""

    def __init__(self, name: str, side: int = SIDE, parent: QWidget | None = None):
        super().__init__(parent)
        self._image: QImage | None = None
        self._side = side
        self.word = "drawing…"
        self.setAccessibleName(name)
        self.setFixedSize(QSize(side, side))

    @property
    def image(self) -> QImage | None:
        return self._image

    def set_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        area, path = QRectF(self.rect()), QPainterPath()
        path.addRoundedRect(area, 6, 6)
        painter.fillPath(path, theme.colour("window"))
        if self._image is None:
            painter.setPen(theme.colour("secondary"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.word)
            return
        painter.setClipPath(path)
        painter.drawImage(_fitted(self._image, area), self._image)


def _fitted(image: QImage, area: QRectF) -> QRectF:
    scale = min(area.width() / image.width(), area.height() / image.height())
    width, height = image.width() * scale, image.height() * scale
    return QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)


class LayerView(QDialog):
    """Opens at once and fills itself when the pictures are there."""

    def __init__(self, title: str, asks: str, parent: QWidget):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.plates = [Plate(name) for name in ("Before", "After", "Where it changes")]
        row = QHBoxLayout()
        row.setSpacing(8)
        for picture in self.plates:
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(picture)
            column.addWidget(QLabel(picture.accessibleName()), alignment=Qt.AlignmentFlag.AlignHCenter)
            row.addLayout(column)
        self._caption = QLabel(asks[0].upper() + asks[1:] + ".")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(self._caption)
        whole.addLayout(row)

    def fill(self, found: Difference) -> None:
        """The pictures have been drawn."""
        for picture, image in zip(self.plates, (found.before, found.after, found.where), strict=True):
            picture.set_image(image)
        if found.share < 0.002:
            self._caption.setText(self._caption.text() + " Here that is next to nothing.")
