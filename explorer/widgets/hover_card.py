"""A small card beside the pointer with a picture and words below it."""

from PyQt6.QtCore import QPoint, QRect, QRectF, Qt
from PyQt6.QtGui import QGuiApplication, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PyQt6.QtWidgets import QWidget

from explorer import theme
from explorer.words import tr

GAP, EDGE = 6, 4  # pixels to the place it speaks of, and to the edge of the screen


class HoverCard(QWidget):
    """Shows itself above a place and never takes the pointer or the focus. Without a picture yet, a place is kept for it."""

    def __init__(self, parent: QWidget, side: int, pad: int, words: int):
        """The side of the picture, what is free around it, and the height for words."""
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.picture: QImage | QPixmap | None = None
        self._area = QRectF(pad, pad, side, side)
        self.resize(side + 2 * pad, side + pad + words)

    def show_above(self, place: QRect) -> None:
        """Above a rectangle in global coordinates, or below it where there is no room; never off the screen."""
        x, y = place.center().x() - self.width() // 2, place.top() - self.height() - GAP
        screen = QGuiApplication.screenAt(place.center()) or QGuiApplication.primaryScreen()
        if screen is not None:
            area = screen.availableGeometry()
            x = min(max(x, area.left() + EDGE), area.right() - self.width() - EDGE)
            y = y if y >= area.top() + EDGE else place.bottom() + GAP
        self.move(QPoint(x, y))
        self.show()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._paint_picture(painter)
        self.paint_words(painter)

    def _paint_picture(self, painter: QPainter) -> None:
        path = QPainterPath()
        path.addRoundedRect(self._area, 5, 5)
        painter.fillPath(path, theme.colour("window"))
        if self.picture is None:
            painter.setPen(theme.colour("secondary"))
            painter.drawText(self._area, Qt.AlignmentFlag.AlignCenter, tr("drawing…"))
            return
        painter.save()
        painter.setClipPath(path)
        if isinstance(self.picture, QImage):
            painter.drawImage(self._area, self.picture)
        else:
            painter.drawPixmap(self._area, self.picture, QRectF(self.picture.rect()))
        painter.restore()

    def paint_words(self, painter: QPainter) -> None:
        """What stands below the picture."""
