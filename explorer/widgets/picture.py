"""A small picture of a recipe with a frame in the colour of what it is, A or B."""

from collections.abc import Callable

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PyQt6.QtWidgets import QWidget

from engine.recipe import Recipe
from explorer import theme
from explorer.thumbnails import Thumbnails

RADIUS = 4.0


class Picture(QWidget):
    """Asks for the thumbnail when it is painted; until it is there, the last one stays."""

    clicked = pyqtSignal()

    def __init__(
        self, thumbnails: Thumbnails, recipe: Callable[[], Recipe], mark: str, side: int, parent: QWidget | None = None
    ):
        super().__init__(parent)
        self._thumbnails, self._recipe, self._mark = thumbnails, recipe, mark
        self._last: QPixmap | None = None
        self.setFixedSize(side, side)
        thumbnails.arrived.connect(self.update)
        thumbnails.rested.connect(self.update)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        self._last = self._thumbnails.get(self._recipe()) or self._last
        painter = QPainter(self)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        paint_rounded(painter, frame, self._last)
        painter.setPen(QPen(theme.colour(self._mark), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)


def paint_rounded(painter: QPainter, place: QRectF, pixmap: QPixmap | None, opacity: float = 1.0) -> None:
    """A thumbnail with round corners, or an empty place for one."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(place, RADIUS, RADIUS)
    painter.fillPath(path, theme.colour("raised"))
    if pixmap is not None and not pixmap.isNull():
        painter.setClipPath(path)
        painter.setOpacity(opacity)
        painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
    painter.restore()
