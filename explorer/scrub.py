"""Alt on the picture: its columns are the equalizer's, and moving up or down changes the one under the pointer."""

from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PyQt6.QtGui import QCursor, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt6.QtWidgets import QWidget

from . import theme
from .canvas import Canvas
from .tip import paint_tip
from .widgets.equalizer import FINE, Equalizer
from .words import tr

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
STRIP, GAP = 40.0, 8.0  # pixels: how high the small equalizer is, and its distance from the picture's foot


class Scrub(QObject):
    """Takes the canvas' mouse while Alt is held. One drag is one step of undo; Shift makes it finer."""

    def __init__(self, canvas: Canvas, equalizer: Equalizer):
        super().__init__(canvas)
        self._canvas, self._equalizer = canvas, equalizer
        self._start: QPointF | None = None
        self._gone = 0.0
        self.row = -1
        self.place = QPointF()
        self.overlay = Overlay(self, canvas, equalizer)
        canvas.installEventFilter(self)

    @property
    def dragging(self) -> bool:
        return self._start is not None

    def hold(self, held: bool) -> None:
        """Alt was pressed or let go, wherever the focus is."""
        if held and self._canvas.underMouse() and not self._canvas.pressed and self._equalizer.edits.layers:
            self._point(QPointF(self._canvas.mapFromGlobal(QCursor.pos())))
        elif not held and not self.dragging:
            self._leave()

    def column(self, x: float) -> int:
        """The layer whose share of the picture's width lies at x; beside the picture, the nearest."""
        area, count = self._canvas.picture_rect(), len(self._equalizer.edits.layers)
        left, right = max(area.left(), 0.0), min(area.right(), float(self._canvas.width()))  # what is seen of it
        return min(max(int((x - left) / max(right - left, 1.0) * count), 0), count - 1)

    # the hand

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None or not self._equalizer.edits.layers:
            return False
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if event.type() in (QEvent.Type.Leave, QEvent.Type.Hide) and not self.dragging:
            self._leave()
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        kind, alt = event.type(), bool(event.modifiers() & ALT)
        if self.dragging:
            if kind == QEvent.Type.MouseMove:
                self._drag(event.position(), bool(event.modifiers() & SHIFT))
            elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                self._drop(alt)
            return True
        if kind == QEvent.Type.MouseMove and not self._canvas.pressed:
            self._point(event.position()) if alt else self._leave()
            return alt
        if alt and event.button() == Qt.MouseButton.LeftButton and kind != QEvent.Type.MouseButtonRelease:
            self._begin(event.position(), double=kind == QEvent.Type.MouseButtonDblClick)
            return True
        return False

    def _wheel(self, event: QWheelEvent) -> bool:
        """Nudges the column under the pointer. With Alt held, Qt turns the wheel sideways."""
        if not event.modifiers() & ALT or self.dragging:
            return False
        self._point(event.position())
        self._equalizer.edits.nudge([self.row], (event.angleDelta().x() or event.angleDelta().y()) / 120)
        self.overlay.update()
        event.accept()
        return True

    def _point(self, place: QPointF) -> None:
        self.row, self.place = self.column(place.x()), place
        self._canvas.set_hand(Qt.CursorShape.SizeVerCursor)
        self.overlay.follow()

    def _begin(self, place: QPointF, double: bool) -> None:
        self._point(place)
        edits = self._equalizer.edits
        self._equalizer.choose(self.row)
        edits.begin()
        if double:
            edits.reset([self.row])
            self.overlay.update()
            return
        self._start, self._gone = place, 0.0

    def _drag(self, place: QPointF, fine: bool) -> None:
        """A column's whole range is the height of what is seen of the picture; every part of the way counts as Shift was."""
        area = self._canvas.picture_rect()
        height = max(min(area.height(), float(self._canvas.height())), 1.0)
        self._gone += (self.place.y() - place.y()) / height * (FINE if fine else 1.0)
        self.place = place
        self._equalizer.edits.shift([self.row], self._gone)
        self.overlay.follow()

    def _drop(self, alt: bool) -> None:
        self._start = None
        self._equalizer.edits.end()
        if not alt or not self._canvas.underMouse():
            self._leave()

    def _leave(self) -> None:
        if self.row >= 0:
            self.row = -1
            self._canvas.set_hand(None)
            self.overlay.hide()


class Overlay(QWidget):
    """What is seen of it: a small equalizer at the foot of the picture, and a label at the pointer."""

    def __init__(self, scrub: Scrub, canvas: Canvas, equalizer: Equalizer):
        super().__init__(canvas)
        self._scrub, self._canvas, self._equalizer = scrub, canvas, equalizer
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        equalizer.edits.store.changed.connect(self._changed)
        self.hide()

    @property
    def text(self) -> str:
        """What the label says: the layer, and its value."""
        layer, edits = self._equalizer.edits.layers[self._scrub.row], self._equalizer.edits
        name = (
            tr("Layer {number} · {side} × {side}", number=layer.row, side=layer.resolution)
            if len(edits.layers) > 1
            else tr("Whole picture")
        )
        return f"{name} · {tr(edits.face.word)}: {edits.face.say(edits.values[self._scrub.row])}"

    def follow(self) -> None:
        """Shown while Alt is held; never in front of an audience."""
        self.setGeometry(self._canvas.rect())
        self.setVisible(not self._canvas.for_audience)
        self.update()

    def _changed(self) -> None:
        if self.isVisible():
            self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self._scrub.row < 0:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_columns(painter)
        paint_tip(painter, self._scrub.place, self.text, self.width())

    def _paint_columns(self, painter: QPainter) -> None:
        edits, rect = self._equalizer.edits, QRectF(self.rect())
        area = self._canvas.picture_rect().intersected(rect)
        strip = QRectF(area.left(), area.bottom() - STRIP - GAP, area.width(), STRIP)
        painter.fillRect(strip.adjusted(0, -GAP, 0, GAP), theme.colour("window", 0.7))
        each, scale = strip.width() / len(edits.layers), edits.face.scale
        rest = scale.to_unit(edits.face.neutral)
        for row, value in enumerate(edits.values):
            unit, here = scale.to_unit(value), row == self._scrub.row
            left, wide = strip.left() + each * row, min(each * 0.5, 12.0)
            column = QRectF(left + (each - wide) / 2, strip.top(), wide, STRIP)
            painter.fillRect(column, theme.colour("text", 0.25 if here else 0.1))
            low, high = sorted((unit, rest))
            bar = QRectF(column.left(), column.bottom() - high * STRIP, wide, max((high - low) * STRIP, 2.0))
            name = "b" if edits.face.mixes and value > 0 else "a"
            painter.fillRect(bar, theme.colour(name, 1.0 if here else 0.6))
