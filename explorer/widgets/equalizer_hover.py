"""The small card beside the pointer that says what a layer is and shows what it does."""

from PyQt6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QGuiApplication, QImage, QPainter, QPainterPath, QPaintEvent
from PyQt6.QtWidgets import QWidget

from explorer import theme
from explorer.words import tr

PICTURE, PAD, LINE = 144, 10, 16


class HoverCard(QWidget):
    """Shows itself above a column and never takes the pointer or the focus."""

    def __init__(self, parent: QWidget):
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._lines: tuple[str, str, str] = ("", "", "")
        self._picture: QImage | None = None
        self.resize(QSize(PICTURE + 2 * PAD, PICTURE + 4 * LINE + 2 * PAD + 8))

    @property
    def text(self) -> str:
        """What it says, for tests and screen readers."""
        return "\n".join(self._lines)

    @property
    def picture(self) -> QImage | None:
        return self._picture

    def say(self, title: str, subtitle: str, caption: str, picture: QImage | None) -> None:
        """What the card shows; without a picture yet, a place is kept for it."""
        self._lines, self._picture = (title, subtitle, caption), picture
        self.update()

    def show_above(self, place: QRect) -> None:
        """Above a rectangle in global coordinates, or below it where there is no room; never off the screen."""
        x, y = place.center().x() - self.width() // 2, place.top() - self.height() - 6
        screen = QGuiApplication.screenAt(place.center()) or QGuiApplication.primaryScreen()
        if screen is not None:
            area = screen.availableGeometry()
            x = min(max(x, area.left() + 4), area.right() - self.width() - 4)
            y = y if y >= area.top() + 4 else place.bottom() + 6
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
        self._paint_text(painter)

    def _paint_picture(self, painter: QPainter) -> None:
        area = QRectF(PAD, PAD, PICTURE, PICTURE)
        path = QPainterPath()
        path.addRoundedRect(area, 5, 5)
        painter.fillPath(path, theme.colour("window"))
        if self._picture is None:
            painter.setPen(theme.colour("secondary"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("drawing…"))
            return
        painter.save()
        painter.setClipPath(path)
        painter.drawImage(area, self._picture)
        painter.restore()

    def _paint_text(self, painter: QPainter) -> None:
        width, top = self.width() - 2 * PAD, PAD + PICTURE + 6
        looks = ((12, True, "text"), (12, False, "text"), (11, False, "secondary"))
        for at, (line, (size, bold, colour)) in enumerate(zip(self._lines, looks, strict=True)):
            painter.setFont(theme.font(size, QFont.Weight.DemiBold if bold else QFont.Weight.Normal))
            painter.setPen(theme.colour(colour))
            height = LINE if at < 2 else 2 * LINE
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            painter.drawText(QRectF(PAD, top + at * LINE, width, height), int(flags | Qt.TextFlag.TextWordWrap), line)
