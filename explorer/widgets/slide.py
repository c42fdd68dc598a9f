"""A slider for the hand: a mark at its default, filled from its neutral value, no surprises from the wheel."""

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PyQt6.QtWidgets import QSlider, QWidget

from explorer import theme
from explorer.timers import after_rest

REST = 400  # milliseconds of rest that end a gesture of keys or wheel
HANDLE = 7.0


class Slide(QSlider):
    """Whole ticks. `moved` while a gesture goes on, `gesture_ended` once when it is over."""

    moved = pyqtSignal(int)
    gesture_ended = pyqtSignal()

    def __init__(self, low: int, high: int, default: int, parent: QWidget | None = None):
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.default, self.origin = default, low
        self.tint = "a"  # the colour of what is filled
        self.setRange(low, high)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._rest = after_rest(self, REST, self.gesture_ended.emit)
        self._hand = False
        self._grip = 0.0
        self.valueChanged.connect(self._moved)

    def show_value(self, value: int) -> None:
        """From outside, without telling anyone."""
        if value == self.value():
            return
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 24)

    # the hand

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._settle()
        self._hand = True
        self.setSliderDown(True)
        away = event.position().x() - self._x(self.value())
        self._grip = away if abs(away) <= HANDLE else 0.0  # a handle that is touched stays where it is
        self.setValue(self._tick(event.position().x() - self._grip))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self._hand:
            self.setValue(self._tick(event.position().x() - self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if self._hand:
            self._hand = False
            self.setSliderDown(False)
            self.gesture_ended.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self.setValue(self.default)
        self.gesture_ended.emit()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Only with the focus: a page that is scrolled past must not change a picture."""
        if event is None or not self.hasFocus():
            if event is not None:
                event.ignore()
            return
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        step = self.singleStep() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else self.pageStep()
        self._nudge(round(notches * step) or (1 if notches > 0 else -1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        steps = {
            Qt.Key.Key_Left: -self.singleStep(), Qt.Key.Key_Down: -self.singleStep(),
            Qt.Key.Key_Right: self.singleStep(), Qt.Key.Key_Up: self.singleStep(),
            Qt.Key.Key_PageDown: -self.pageStep(), Qt.Key.Key_PageUp: self.pageStep(),
            Qt.Key.Key_Home: self.minimum() - self.value(), Qt.Key.Key_End: self.maximum() - self.value(),
            Qt.Key.Key_Backspace: self.default - self.value(), Qt.Key.Key_Delete: self.default - self.value(),
        }  # fmt: skip
        if event.key() in steps:
            self._nudge(steps[Qt.Key(event.key())])
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self._settle()
        super().focusOutEvent(event)

    def _nudge(self, ticks: int) -> None:
        self.setValue(self.value() + ticks)
        self._rest.start()

    def _settle(self) -> None:
        """A gesture of keys that has not rested yet ends before another begins."""
        if self._rest.isActive():
            self._rest.stop()
            self.gesture_ended.emit()

    def _moved(self, tick: int) -> None:
        self.moved.emit(tick)

    # painting

    def _x(self, tick: int) -> float:
        share = (tick - self.minimum()) / max(self.maximum() - self.minimum(), 1)
        return HANDLE + 1 + share * (self.width() - 2 * HANDLE - 2)

    def _tick(self, x: float) -> int:
        share = (x - HANDLE - 1) / max(self.width() - 2 * HANDLE - 2, 1)
        return round(self.minimum() + min(max(share, 0.0), 1.0) * (self.maximum() - self.minimum()))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        y = self.height() / 2
        painter.setBrush(theme.colour("raised" if theme.palette() is theme.DARK else "line"))
        painter.drawRoundedRect(QRectF(HANDLE + 1, y - 2, self.width() - 2 * HANDLE - 2, 4), 2, 2)
        here, origin = self._x(self.value()), self._x(min(max(self.origin, self.minimum()), self.maximum()))
        enabled = self.isEnabled()
        painter.setBrush(theme.colour(self.tint if enabled else "faint"))
        painter.drawRoundedRect(QRectF(min(here, origin), y - 2, abs(here - origin), 4), 2, 2)
        mark = self._x(self.default)
        painter.setBrush(theme.colour("faint"))
        painter.drawRoundedRect(QRectF(mark - 1, y + 5, 2, 5), 1, 1)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(here, y), HANDLE + 0.25, HANDLE + 0.25)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text" if enabled else "faint"))
        side = HANDLE - 2 if not self._hand else HANDLE - 1
        painter.drawEllipse(QPointF(here, y), side, side)
