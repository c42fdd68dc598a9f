"""The small card beside the pointer that says what a layer is and shows what it does."""

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QFont, QImage, QPainter
from PyQt6.QtWidgets import QWidget

from explorer import theme

from .hover_card import HoverCard

PICTURE, PAD, LINE = 144, 10, 16


class LayerCard(HoverCard):
    """Shows itself above a column."""

    def __init__(self, parent: QWidget):
        super().__init__(parent, PICTURE, PAD, 4 * LINE + PAD + 8)
        self._lines: tuple[str, str, str] = ("", "", "")

    @property
    def text(self) -> str:
        """What it says, for tests and screen readers."""
        return "\n".join(self._lines)

    def say(self, title: str, subtitle: str, caption: str, picture: QImage | None) -> None:
        """What the card shows; without a picture yet, a place is kept for it."""
        self._lines, self.picture = (title, subtitle, caption), picture
        self.update()

    def paint_words(self, painter: QPainter) -> None:
        width, top = self.width() - 2 * PAD, PAD + PICTURE + 6
        looks = ((12, True, "text"), (12, False, "text"), (11, False, "secondary"))
        for at, (line, (size, bold, colour)) in enumerate(zip(self._lines, looks, strict=True)):
            painter.setFont(theme.font(size, QFont.Weight.DemiBold if bold else QFont.Weight.Normal))
            painter.setPen(theme.colour(colour))
            height = LINE if at < 2 else 2 * LINE
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            painter.drawText(QRectF(PAD, top + at * LINE, width, height), int(flags | Qt.TextFlag.TextWordWrap), line)
