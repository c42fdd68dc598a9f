"""A bigger look at a step of the history while the pointer rests on it."""

from PyQt6.QtCore import QRect, QRectF, Qt
from PyQt6.QtGui import QFont, QPainter, QPixmap
from PyQt6.QtWidgets import QWidget

from explorer import theme

from .hover_card import HoverCard

PICTURE, PAD, LINE = 240, 8, 17


class Look(HoverCard):
    """Shows itself above a small picture."""

    def __init__(self, parent: QWidget):
        super().__init__(parent, PICTURE, PAD, 2 * LINE + 2 * PAD)
        self.lines = ("", "")

    def show_step(self, title: str, subtitle: str, picture: QPixmap | None, place: QRect) -> None:
        """What it says and shows, above a rectangle in global coordinates."""
        self.lines = (title, subtitle)
        self.show_above(place)
        self.improve(picture)

    def improve(self, picture: QPixmap | None) -> None:
        """A sharper picture of the same step."""
        self.picture = picture
        self.update()

    def paint_words(self, painter: QPainter) -> None:
        for at, (text, weight, colour) in enumerate(
            zip(self.lines, (QFont.Weight.DemiBold, QFont.Weight.Normal), ("text", "secondary"), strict=True)
        ):
            painter.setFont(theme.font(theme.SMALL, weight))
            painter.setPen(theme.colour(colour))
            line = QRectF(PAD, 2 * PAD + PICTURE + at * LINE, PICTURE, LINE)
            words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, PICTURE)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
