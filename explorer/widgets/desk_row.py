"""One line of the mixing desk: a small picture, what it is, its eye and its fader; the lowest line is A, which has neither."""

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent, QFont, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PyQt6.QtWidgets import QWidget

from engine.recipe import Recipe
from explorer import theme
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .ab_marks import draw_mark
from .buttons import icon_button
from .picture import RADIUS, paint_rounded
from .slide import Slide

HEIGHT, SIDE = 40, 32  # pixels of the line, and of its picture
EYE, LEFT, EDGE = 24, 30, 8  # the eye's width, where the picture begins, and the room at the right
WORDS = LEFT + SIDE + 8
MARK = 4.0
FAINT = 0.4  # how strongly is painted what is off


class DeskRow(QWidget):
    """Shows what it is told. A press chooses it, a drag carries it away; the eye and the fader are its own."""

    pressed = pyqtSignal()
    carried = pyqtSignal(QPointF)  # in global coordinates
    dropped = pyqtSignal()
    twice = pyqtSignal()  # a double click
    asked = pyqtSignal(object)  # for its menu, at this global place
    blinked = pyqtSignal()  # the eye
    faded = pyqtSignal(float)
    fade_ended = pyqtSignal()

    def __init__(self, thumbnails: Thumbnails, base: bool = False):
        super().__init__()
        self._thumbnails, self.base = thumbnails, base
        self._recipe, self.name, self.value, self.on = Recipe(), "", 0.0, True
        self.chosen = self.focused = False
        self._picture: QPixmap | None = None
        self._start: QPointF | None = None
        self._carrying = False
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(200)
        self.eye = icon_button("eye", "On or off (Space)", self.blinked.emit)
        self.fader = Slide(0, 100, 50)
        for part in (self.eye, self.fader):  # the keys are the list's
            part.setParent(self)
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            part.setVisible(not base)
        self.fader.setToolTip(tr("How much of it; its curve over the layers is kept. Double click: half"))
        self.fader.origin, self.fader.tint = 0, "b"
        self.fader.moved.connect(lambda tick: self.faded.emit(tick / 100))
        self.fader.gesture_ended.connect(self.fade_ended)
        thumbnails.arrived.connect(self.update)
        thumbnails.rested.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(280, HEIGHT)

    def show_source(self, recipe: Recipe, name: str, value: float, on: bool) -> None:
        """What lies here: the recipe of its small picture, its name, how much there is of it (0 to 1), and whether it is on."""
        self._recipe = recipe  # its picture follows when the hand rests
        if (name, value, on) == (self.name, self.value, self.on):
            return
        self.name, self.value, self.on = name, value, on
        self.fader.show_value(round(value * 100))
        self.fader.tint = "b" if on else "faint"
        self.eye.setIcon(theme.icon("eye" if on else "eye-off", "text" if on else "secondary"))
        self.eye.setAccessibleName(tr("{name} is on", name=name) if on else tr("{name} is off", name=name))
        self.fader.setAccessibleName(tr("How much of {name}", name=name))
        self.update()

    def mark(self, chosen: bool, focused: bool) -> None:
        """Whether it is B now, and whether keys go to it."""
        if (chosen, focused) != (self.chosen, self.focused):
            self.chosen, self.focused = chosen, focused
            self.update()

    # the hand

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._start, self._carrying = event.position(), False
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._start is None or self.base:
            return
        if not self._carrying and (event.position() - self._start).manhattanLength() > HEIGHT / 6:
            self._carrying = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._carrying:
            self.carried.emit(event.globalPosition())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        carried, self._start, self._carrying = self._carrying, None, False
        if carried:
            self.unsetCursor()
            self.dropped.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.twice.emit()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is not None and not self.base:
            self.pressed.emit()
            self.asked.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.eye.setGeometry(2, (HEIGHT - EYE) // 2, EYE, EYE)
        self.fader.setGeometry(WORDS - 8, 19, self.width() - WORDS - EDGE + 14, 20)

    # painting

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.chosen:
            painter.setPen(QPen(theme.colour("focus"), 1.5) if self.focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(area, 4, 4)
        self._picture = self._thumbnails.get(self._recipe) or self._picture
        frame = QRectF(LEFT, (HEIGHT - SIDE) / 2, SIDE, SIDE)
        paint_rounded(painter, frame, self._picture, 1.0 if self.on else FAINT)
        which = "A" if self.base else "B" if self.chosen else ""
        if which:
            painter.setPen(QPen(theme.colour(which.lower()), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, RADIUS, RADIUS)
        self._paint_words(painter, which)

    def _paint_words(self, painter: QPainter, which: str) -> None:
        middle = HEIGHT / 2 if self.base else 11.0
        left = float(WORDS)
        if which:
            colour = theme.colour(which.lower())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            draw_mark(painter, QPointF(left + MARK, middle), MARK, which)
            painter.setPen(colour)
            painter.setFont(theme.font(theme.SMALL, QFont.Weight.DemiBold))
            painter.drawText(QRectF(left + 12, middle - 9, 12, 18), Qt.AlignmentFlag.AlignVCenter, which)
            left += 28
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("text" if self.on else "secondary"))
        room = self.width() - left - EDGE - (0 if self.base else 44)
        words = painter.fontMetrics().elidedText(self.name, Qt.TextElideMode.ElideMiddle, int(room))
        painter.drawText(QRectF(left, middle - 9, room, 18), Qt.AlignmentFlag.AlignVCenter, words)
        if not self.base:
            painter.setPen(theme.colour("secondary"))
            right = QRectF(self.width() - EDGE - 40, middle - 9, 40, 18)
            text = f"{self.value * 100:.0f} %" if self.on else tr("off")
            painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
