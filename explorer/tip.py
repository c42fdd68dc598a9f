"""A few words at the pointer, over the picture."""

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter

from . import theme

AWAY = QPointF(16, -44)  # from the pointer


def paint_tip(painter: QPainter, place: QPointF, text: str, width: int) -> None:
    """Beside the place, and never outside of what is `width` pixels wide."""
    font = theme.font(theme.TEXT, QFont.Weight.Medium)
    box = QRectF(0, 0, QFontMetrics(font).horizontalAdvance(text) + 20, 28)
    box.moveTopLeft(place + AWAY)
    box.moveLeft(min(max(box.left(), 4.0), width - box.width() - 4.0))
    box.moveTop(max(box.top(), 4.0))
    painter.setPen(theme.colour("line"))
    painter.setBrush(theme.colour("raised"))
    painter.drawRoundedRect(box, 6, 6)
    painter.setFont(font)
    painter.setPen(theme.colour("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
