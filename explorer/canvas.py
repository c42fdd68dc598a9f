"""The picture, large: drag walks the seed plane, the wheel zooms at the pointer, the middle button pushes it about."""

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from engine.render.frame import Frame

from . import theme, zoom
from .key_walk import KeyWalk
from .pixels import MOST, enlarged
from .timers import after_rest, every
from .walk import Walk
from .words import tr
from .zoom import Zoom

START = 4  # pixels before a press becomes a drag
PATIENCE = 150  # milliseconds before the busy sign shows
SHARP = 8.0  # from this many screen pixels for one of the picture on, its pixels are shown as they are


class Canvas(QWidget):
    """Shows the newest frame, whatever happens; it knows nothing of recipes but how to walk."""

    zoomed = pyqtSignal(float, bool)  # screen pixels for one of the picture; whether it is fitted

    def __init__(self, walk: Walk, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setMouseTracking(True)
        self._hand: Qt.CursorShape | None = None
        self._walk = walk
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self._zoom = Zoom()
        self._words = ("", "")
        self._pressed: tuple[Qt.MouseButton, QPointF] | None = None
        self._walking = self._panning = False
        self._keys = KeyWalk(walk, self)
        self._output = self._welcome = False
        self._angle = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # it paints its whole ground itself
        self.set_hand(None)
        self._patience = after_rest(self, PATIENCE, self._show_busy)
        self._spin = every(self, 50, self._turn)

    # what is shown

    @property
    def frame(self) -> Frame | None:
        return self._frame

    def show_frame(self, frame: Frame) -> None:
        """This picture from now on, a preview in the place and size of the whole; the array is held as long as the image of it."""
        self._frame = frame
        self._image = None
        if self._spin.isActive():  # the sign is for a picture that takes long, not for a hand that moves on
            self._spin.stop()
            self._patience.start()
        elif self._patience.isActive():
            self._patience.start()
        self.update()

    def say(self, title: str, text: str = "") -> None:
        """Words for as long as there is no picture."""
        self._words = (tr(title), tr(text))
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Shows a small sign when a picture takes longer than a moment."""
        if busy:
            self._patience.start()
        else:
            self._patience.stop()
            self._spin.stop()
            self.update()

    def set_output(self, output: bool) -> None:
        """For an audience: the picture without a margin, on black, no pointer, no signs."""
        self._output = output
        self._show_hand()
        self._zoom = Zoom()
        self.update()

    def set_welcome(self, welcome: bool) -> None:
        """While something that can be dropped is held over the window."""
        self._welcome = welcome
        self.update()

    # zoom

    def fit(self) -> None:
        self._set_zoom(Zoom())

    def one_to_one(self) -> None:
        """One pixel of the picture is one of the screen."""
        self._set_zoom(Zoom(1 / self.devicePixelRatioF()))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        if self._frame is not None:
            point = at or QPointF(self.rect().center())
            new = zoom.at_pointer(self._zoom, factor, (point.x(), point.y()), self._picture(), self._area())
            self._set_zoom(new)

    @property
    def scale(self) -> float:
        """Screen pixels for one of the picture."""
        return zoom.scale(self._zoom, self._picture(), self._area(), self._margin()) * self.devicePixelRatioF()

    def picture_rect(self) -> QRectF:
        """Where the picture lies in the canvas."""
        return QRectF(*zoom.placed(self._zoom, self._picture(), self._area(), self._margin()))

    def _set_zoom(self, new: Zoom) -> None:
        self._zoom, self._image = new, None
        self.zoomed.emit(self.scale, new.scale is None)
        self.update()

    def _picture(self) -> zoom.Size:
        return (1.0, 1.0) if self._frame is None else self._frame.size

    def _area(self) -> zoom.Size:
        return self.width(), self.height()

    def _margin(self) -> float:
        return 0.0 if self._output else zoom.MARGIN

    # the hand

    @property
    def pressed(self) -> bool:
        """Whether a button is held that was pressed here."""
        return self._pressed is not None

    @property
    def for_audience(self) -> bool:
        return self._output

    def set_hand(self, shape: Qt.CursorShape | None) -> None:
        """Another pointer while somebody else takes the mouse; None: that of walking."""
        self._hand = shape
        self._show_hand()

    def _show_hand(self) -> None:
        walking = Qt.CursorShape.ClosedHandCursor if self._walking else Qt.CursorShape.OpenHandCursor
        self.setCursor(Qt.CursorShape.BlankCursor if self._output else self._hand or walking)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._pressed = (event.button(), event.position())
        moves = event.button() == Qt.MouseButton.MiddleButton or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        self._panning = bool(moves)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._pressed is None or self._frame is None:
            return
        way = event.position() - self._pressed[1]
        if self._panning:
            new = zoom.panned(self._zoom, way.x(), way.y(), self._picture(), self._area())
            self._pressed = (self._pressed[0], event.position())
            self._set_zoom(new)
            return
        if not self._walking and way.manhattanLength() >= START:
            self._keys.end()
            self._walking = True
            self._walk.begin()
            self._show_hand()
        if self._walking:
            side = self.picture_rect().width()
            self._walk.by(way.x() / side, way.y() / side)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if self._walking:
            self._walk.end()
        self._pressed, self._walking, self._panning = None, False, False
        self._show_hand()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self.fit()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None:
            self.zoom_by(1.25 ** (event.angleDelta().y() / 120), event.position())
            event.accept()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and not self._keys.press(event):
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)  # type: ignore[arg-type]

    # painting

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._image = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("black") if self._output else theme.colour("window"))
        if self._frame is None:
            self._paint_words(painter)
        else:
            self._paint_picture(painter, self._frame)
        if self._welcome:
            self._paint_welcome(painter)

    def _paint_picture(self, painter: QPainter, frame: Frame) -> None:
        soft = frame.preview or self.scale < SHARP or self._zoom.scale is None
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, soft)
        if self._image is None:
            most = MOST if frame.preview else 3
            self._image = enlarged(frame.pixels, self.scale * frame.factor if soft else 1.0, most)
        painter.drawImage(self.picture_rect(), self._image)
        if self._spin.isActive() and not self._output:
            self._paint_busy(painter)
        if self.hasFocus() and not self._output:
            self._paint_focus(painter)

    def _paint_words(self, painter: QPainter) -> None:
        if self._output or not self._words[0]:
            return
        title, text = self._words
        middle = self.rect().adjusted(24, 0, -24, 0)
        painter.setFont(theme.font(18, QFont.Weight.Medium))
        painter.setPen(theme.colour("text"))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(middle.adjusted(0, 0, 0, -middle.height() // 2), flags, title)
        painter.setFont(theme.font(theme.TEXT))
        painter.setPen(theme.colour("secondary"))
        below = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(middle.adjusted(0, middle.height() // 2 + 12, 0, 0), below, text)

    def _paint_welcome(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("window", 0.75))
        painter.setPen(QPen(theme.colour("a"), 2))
        painter.drawRoundedRect(self.rect().adjusted(8, 8, -8, -8), 8, 8)
        painter.setFont(theme.font(18, QFont.Weight.Medium))
        painter.setPen(theme.colour("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Drop a model, or a picture that was made here"))

    def _paint_busy(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.width() - 36, self.height() - 36, 20, 20)
        painter.setPen(QPen(theme.colour("a"), 2.5, cap=Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, -self._angle * 16, 100 * 16)

    def _paint_focus(self, painter: QPainter) -> None:
        """Corner marks, so that the colours of the picture are not framed."""
        painter.setPen(QPen(theme.colour("secondary"), 1))
        left, top, right, bottom = 5, 5, self.width() - 6, self.height() - 6
        for x, dx in ((left, 10), (right, -10)):
            for y, dy in ((top, 10), (bottom, -10)):
                painter.drawLine(x, y, x + dx, y)
                painter.drawLine(x, y, x, y + dy)

    def _show_busy(self) -> None:
        self._spin.start()
        self.update()

    def _turn(self) -> None:
        self._angle = (self._angle + 18) % 360
        self.update(self.width() - 48, self.height() - 48, 48, 48)
