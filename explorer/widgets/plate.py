"""A picture with rounded corners, as large as fits its place; words where there is none yet."""

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PyQt6.QtWidgets import QWidget

from explorer import theme
from explorer.words import tr

MARGIN = 24.0


class Plate(QWidget):
    """A square of that many pixels; 0: its layout says how large it is."""

    def __init__(self, name: str, side: int = 0, parent: QWidget | None = None):
        super().__init__(parent)
        self._image: QImage | None = None
        self.words = tr("drawing…")
        self.setAccessibleName(tr(name))
        if side:
            self.setFixedSize(QSize(side, side))

    @property
    def image(self) -> QImage | None:
        return self._image

    def set_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def say(self, words: str) -> None:
        """Seen for as long as there is no picture."""
        self.words = tr(words)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        area, path = QRectF(self.rect()), QPainterPath()
        path.addRoundedRect(area, 6, 6)
        painter.fillPath(path, theme.colour("window"))
        if self._image is None:
            painter.setPen(theme.colour("secondary"))
            painter.setFont(theme.font(theme.TEXT))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN), int(flags), self.words)
            return
        painter.setClipPath(path)
        painter.drawImage(_fitted(self._image, area), self._image)


def _fitted(image: QImage, area: QRectF) -> QRectF:
    scale = min(area.width() / image.width(), area.height() / image.height())
    width, height = image.width() * scale, image.height() * scale
    return QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)
