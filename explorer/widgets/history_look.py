"""A bigger look at a step of the history while the pointer rests on it."""

from PyQt6.QtCore import QPoint, QRect, QRectF, Qt
from PyQt6.QtGui import QFont, QGuiApplication, QPainter, QPainterPath, QPaintEvent, QPixmap
from PyQt6.QtWidgets import QWidget

from explorer import theme
from explorer.words import tr

PICTURE, PAD, LINE = 240, 8, 17


class Look(QWidget):
    """Shows itself above a small picture and never takes the pointer or the focus."""

    def __init__(self, parent: QWidget):
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.picture: QPixmap | None = None
        self.lines = ("", "")
        self.resize(PICTURE + 2 * PAD, PICTURE + 2 * LINE + 3 * PAD)

    def show_step(self, title: str, subtitle: str, picture: QPixmap | None, place: QRect) -> None:
        """What it says and shows, above a rectangle in global coordinates; never off the screen."""
        self.lines, self.picture = (title, subtitle), picture
        x, y = place.center().x() - self.width() // 2, place.top() - self.height() - 6
        screen = QGuiApplication.screenAt(place.center()) or QGuiApplication.primaryScreen()
        if screen is not None:
            area = screen.availableGeometry()
            x = min(max(x, area.left() + 4), area.right() - self.width() - 4)
            y = y if y >= area.top() + 4 else place.bottom() + 6
        self.move(QPoint(x, y))
        self.show()
        self.update()

    def improve(self, picture: QPixmap) -> None:
        """A sharper picture of the same step."""
        self.picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        area, path = QRectF(PAD, PAD, PICTURE, PICTURE), QPainterPath()
        path.addRoundedRect(area, 5, 5)
        painter.fillPath(path, theme.colour("window"))
        if self.picture is not None:
            painter.setClipPath(path)
            painter.drawPixmap(area, self.picture, QRectF(self.picture.rect()))
            painter.setClipping(False)
        else:
            painter.setPen(theme.colour("secondary"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("drawing…"))
        for at, (text, weight, colour) in enumerate(
            zip(self.lines, (QFont.Weight.DemiBold, QFont.Weight.Normal), ("text", "secondary"), strict=True)
        ):
            painter.setFont(theme.font(theme.SMALL, weight))
            painter.setPen(theme.colour(colour))
            line = QRectF(PAD, 2 * PAD + PICTURE + at * LINE, PICTURE, LINE)
            words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, PICTURE)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
