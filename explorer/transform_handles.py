"""Two handles on the picture, where a model can move and turn what it draws: pull the middle, or the ring around it."""

from collections.abc import Iterator

import msgspec
from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from engine.recipe import Transform
from engine.render.info import ModelInfo

from . import placing, theme
from .bridge import Bridge
from .canvas import Canvas
from .figures import figure
from .placing import Grip
from .store import Store
from .tip import paint_tip
from .words import tr

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
WORDS: dict[Grip, str] = {"move": "Moved", "turn": "Turned"}
BACK: dict[Grip, str] = {"move": "Moved back", "turn": "Turned back"}
KNOB, ARROW, HEAD = 5.0, 10.0, 3.5  # pixels
RIGHT, DOWN = QPointF(1, 0), QPointF(0, 1)
HANDS: dict[Grip, Qt.CursorShape] = {"move": Qt.CursorShape.SizeAllCursor, "turn": Qt.CursorShape.PointingHandCursor}


class TransformHandles(QObject):
    """Takes the canvas' mouse near a handle. One pull is one step of undo; a double click puts that handle back."""

    def __init__(self, canvas: Canvas, store: Store, bridge: Bridge):
        super().__init__(canvas)
        self._canvas, self._store = canvas, store
        self._wanted, self._can = True, False
        self._start: tuple[QPointF, QPointF, Transform] | None = None  # the pointer, the centre, and how it was
        self.grip: Grip | None = None
        self.place = QPointF()
        self.overlay = Overlay(self, canvas)
        canvas.installEventFilter(self)
        store.changed.connect(self._changed)
        bridge.model_changed.connect(self.introduce)

    # what they are shown for

    def introduce(self, info: ModelInfo) -> None:
        self._can = info.transforms
        self._show()

    def want(self, wanted: bool) -> None:
        """Whether the person wants to see them."""
        self._wanted = wanted
        self._show()

    @property
    def active(self) -> bool:
        """Whether there are handles to pull: never in front of an audience."""
        there = self._can and self._wanted and self._canvas.frame is not None
        return there and not self._canvas.for_audience

    @property
    def pulling(self) -> bool:
        return self._start is not None

    @property
    def transform(self) -> Transform:
        return self._store.recipe.transform

    @property
    def centre(self) -> QPointF:
        """Where the middle handle is."""
        return placing.middle(self.transform, self._canvas.picture_rect(), QRectF(self._canvas.rect()))

    @property
    def text(self) -> str:
        """What a handle that is held says."""
        found = self.transform
        words = (
            f"{figure(found.angle, '.1f')}°"
            if self.grip == "turn"
            else tr("{x:.2f} across · {y:.2f} down", x=found.x, y=found.y)
        )
        return words.replace("-", "−")

    # the hand

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None or not self.active:
            return False
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Resize, QEvent.Type.Wheel):
            self._show(inside=event.type() == QEvent.Type.Enter or self._canvas.underMouse())
        elif event.type() == QEvent.Type.Leave and not self.pulling:
            self._grip_at(None)
            self.overlay.hide()
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        kind, left = event.type(), event.button() == Qt.MouseButton.LeftButton
        if self.pulling:
            if kind == QEvent.Type.MouseMove:
                self._pull(event.position(), bool(event.modifiers() & SHIFT))
            elif kind == QEvent.Type.MouseButtonRelease and left:
                self._drop(event.position())
            return True
        if event.modifiers() & ALT or self._canvas.pressed:
            self._grip_at(None)
            return False
        if kind != QEvent.Type.MouseButtonRelease:
            self._grip_at(event.position())
        if self.grip is None or not left or kind == QEvent.Type.MouseButtonRelease:
            return self.grip is not None and kind == QEvent.Type.MouseMove
        if kind == QEvent.Type.MouseButtonDblClick:
            self._reset(self.grip)
        else:
            self._store.keep()
            self._start = event.position(), self.centre, self.transform
        return True

    def _pull(self, point: QPointF, straight: bool) -> None:
        assert self._start is not None
        self.place = point
        start, centre, base = self._start
        if self.grip == "move":
            new = placing.moved(base, point - start, self._canvas.picture_rect(), straight)
        else:
            new = placing.turned(base, start, point, centre, straight)
        self._store.show(msgspec.structs.replace(self._store.recipe, transform=new))

    def _drop(self, point: QPointF) -> None:
        self._start = None
        if self.grip is not None:
            self._store.keep(f"{tr(WORDS[self.grip])}: {self.text}")
        self._grip_at(point)

    def _reset(self, grip: Grip) -> None:
        here = self.transform
        new = Transform(0.0, 0.0, here.angle) if grip == "move" else Transform(here.x, here.y, 0.0)
        self._store.do(msgspec.structs.replace(self._store.recipe, transform=new), tr(BACK[grip]))

    def _grip_at(self, point: QPointF | None) -> None:
        found = placing.grip_at(point, self.centre, self.transform.angle) if point is not None else None
        if found != self.grip:
            self.grip = found
            self._canvas.set_hand(HANDS[found] if found is not None else None)
        self.place = point or QPointF()
        self._show(inside=point is not None)

    # what is seen

    def _changed(self) -> None:
        if self.overlay.isVisible():
            self.overlay.update()

    def _show(self, inside: bool = False) -> None:
        self.overlay.setGeometry(self._canvas.rect())
        self.overlay.setVisible(self.active and (inside or self._canvas.underMouse()))
        self.overlay.update()


class Overlay(QWidget):
    """The ring with its two handles, seen while the pointer is on the picture and nobody walks."""

    def __init__(self, handles: TransformHandles, canvas: Canvas):
        super().__init__(canvas)
        self._handles, self._canvas = handles, canvas
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        handles = self._handles
        if self._canvas.pressed or not handles.active:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = handles.centre
        knob = placing.knob(centre, handles.transform.angle)
        for dark in (True, False):  # light within dark is seen on every picture
            painter.setPen(_pen(dark, handles.grip == "turn"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, placing.RING, placing.RING)
            painter.setBrush(painter.pen().color())
            painter.drawEllipse(knob, KNOB, KNOB)
            painter.setPen(_pen(dark, handles.grip == "move"))
            for line in _arrows(centre):
                painter.drawLine(*line)
        if handles.pulling:
            paint_tip(painter, handles.place, handles.text, self.width())


def _pen(dark: bool, held: bool) -> QPen:
    """The same in both themes: it lies on a picture, not on the window."""
    colour = QColor(theme.DARK.window if dark else theme.DARK.a if held else theme.DARK.text)
    colour.setAlphaF(0.55 if dark else 1.0 if held else 0.85)
    return QPen(colour, 4.0 if dark else 1.5, cap=Qt.PenCapStyle.RoundCap)


def _arrows(centre: QPointF) -> Iterator[tuple[QPointF, QPointF]]:
    """Four of them, from the middle."""
    for along, across in ((RIGHT, DOWN), (-RIGHT, DOWN), (DOWN, RIGHT), (-DOWN, RIGHT)):
        tip = centre + along * ARROW
        yield centre, tip
        for side in (across, -across):
            yield tip, tip - along * HEAD + side * HEAD
