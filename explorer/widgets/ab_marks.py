"""A's disc and B's square, the same everywhere, so that the two are told apart without colour."""

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from explorer import theme

SQUARE = 0.89  # half the side of a square that is as large as a disc of radius 1
RADIUS, GAP = 4.0, 4.0


def draw_mark(painter: QPainter, centre: QPointF, radius: float, which: str) -> None:
    """The mark of "A" or "B" with the painter's pen and brush."""
    if which == "A":
        painter.drawEllipse(centre, radius, radius)
        return
    half = radius * SQUARE
    painter.drawRect(QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half))


class Badge(QWidget):
    """The mark and its letter, in its colour."""

    def __init__(self, which: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._which = which
        self._font = theme.font(theme.TEXT, QFont.Weight.DemiBold)
        self.setFixedSize(QSize(round(2 * RADIUS + GAP + 11), 18))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.colour(self._which.lower())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        draw_mark(painter, QPointF(RADIUS, self.height() / 2), RADIUS, self._which)
        painter.setPen(colour)
        painter.setFont(self._font)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(self.rect()).adjusted(2 * RADIUS + GAP, 0, 0, 0), flags, self._which)
