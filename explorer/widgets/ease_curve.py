"""A square in which the curve of an easing is drawn: two handles that can be dragged, or moved with the arrow keys."""

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from engine.recipe.easing import SMOOTH, Curve
from explorer import theme
from explorer.words import tr

SIDE, MARGIN, STEP = 148, 14, 0.05
ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0), Qt.Key.Key_Right: (STEP, 0.0), Qt.Key.Key_Up: (0.0, STEP), Qt.Key.Key_Down: (0.0, -STEP)
}  # fmt: skip


class EaseCurve(QWidget):
    """Time from left to right, the way from bottom to top. Tab goes to the other handle."""

    changed = pyqtSignal(object)  # Curve, while it is moved
    ended = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.curve: Curve = SMOOTH
        self.handle = 0
        self._pressed = False
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Own curve"))
        self.setToolTip(
            tr("Drag the handles: flat is slow, steep is fast\nArrow keys move one, Space chooses the other")
        )

    def show_curve(self, curve: Curve) -> None:
        self.curve = curve
        self.update()

    def _point(self, x: float, y: float) -> QPointF:
        room = SIDE - 2 * MARGIN
        return QPointF(MARGIN + x * room, SIDE - MARGIN - y * room)

    def _handles(self) -> tuple[QPointF, QPointF]:
        return self._point(*self.curve[:2]), self._point(*self.curve[2:])

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(MARGIN, MARGIN, SIDE - 2 * MARGIN, SIDE - 2 * MARGIN), theme.colour("panel"))
        begin, end, (first, second) = self._point(0, 0), self._point(1, 1), self._handles()
        painter.setPen(QPen(theme.colour("faint"), 1))
        painter.drawLine(begin, first)
        painter.drawLine(end, second)
        path = QPainterPath(begin)
        path.cubicTo(first, second, end)
        painter.setPen(QPen(theme.colour("text"), 2))
        painter.drawPath(path)
        for at, point in enumerate((first, second)):
            active = at == self.handle
            painter.setPen(QPen(theme.colour("focus" if active and self.hasFocus() else "a"), 2))
            painter.setBrush(theme.colour("a" if active else "panel"))
            painter.drawEllipse(point, 5, 5)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            distances = [(point - event.position()).manhattanLength() for point in self._handles()]
            self.handle = distances.index(min(distances))
            self._pressed = True
            self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self._pressed:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._pressed = False
        self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        if event.key() == Qt.Key.Key_Space:
            self.handle = 1 - self.handle
            self.update()
        elif event.key() in ARROWS:
            dx, dy = ARROWS[Qt.Key(event.key())]
            self._put(self.curve[2 * self.handle] + dx, self.curve[2 * self.handle + 1] + dy)
            self.ended.emit()
        else:
            super().keyPressEvent(event)

    def _drag(self, point: QPointF) -> None:
        room = SIDE - 2 * MARGIN
        self._put((point.x() - MARGIN) / room, (SIDE - MARGIN - point.y()) / room)

    def _put(self, x: float, y: float) -> None:
        x, y = (round(min(max(value, 0.0), 1.0), 3) for value in (x, y))
        x1, y1, x2, y2 = self.curve
        self.curve = (x1, y1, x, y) if self.handle else (x, y, x2, y2)
        self.update()
        self.changed.emit(self.curve)
