"""The axis of time under the hands: scrub, choose, drag and edit keys with the mouse, or with the keyboard alone."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace
from PyQt6.QtCore import QEvent, QPointF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.gallery.favourite import words
from engine.recipe.timeline import GAP, Timeline
from engine.recipe.timeline_edits import move_keys, places_after, snapped
from explorer.sound_track import SoundTrack
from explorer.thumbnails import Thumbnails
from explorer.timelines import TimelineDesk
from explorer.words import tr

from .time_drops import TimeDrops
from .time_menus import EASES
from .time_paint import GAP as MARGIN
from .time_paint import SIDE, TOP, WAVE, AxisPainter, key_rect
from .time_scale import TimeScale, clock, fitting

SNAP = 8  # pixels within which a key is drawn to a marker
DRAG = 3  # pixels before a press becomes a drag
MOVED = {"keys": "Keys moved", "closing": "Loop's way back", "sound": "Sound moved"}
EMPTY = "A film is made of keys. Find a picture you like and press I: it becomes the first one."
CONTROL, SHIFT, ALT = (getattr(Qt.KeyboardModifier, name + "Modifier") for name in ("Control", "Shift", "Alt"))


@dataclass
class Gesture:
    """What the pressed hand is doing: "scrub", "keys" (moved together), "closing" (the end of a loop), "sound"."""

    kind: str
    begun: QPointF
    base: Timeline
    key: int = 0
    chosen: frozenset[int] = frozenset()
    moved: bool = False


class TimeAxis(QWidget):
    """Shows the desk's timeline; every edit goes through the desk."""

    scaled = pyqtSignal(object)  # TimeScale
    menu_wanted = pyqtSignal(object)  # the global QPoint

    def __init__(self, desk: TimelineDesk, thumbnails: Thumbnails, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk, self._thumbnails = desk, thumbnails
        self.scale = TimeScale()
        self._own_zoom = False
        self._gesture: Gesture | None = None
        self.track = SoundTrack(desk, self)
        self.drops = TimeDrops(self)
        self.doings: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Timeline"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(TOP + SIDE + MARGIN)
        desk.changed.connect(self._changed)
        desk.moved.connect(self._follow)
        self.track.changed.connect(self.update)
        for signal in (desk.chose, thumbnails.arrived, thumbnails.rested):
            signal.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(400, TOP + SIDE + MARGIN + 8)

    @property
    def line(self) -> Timeline:
        return self._desk.timeline

    # what is seen

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint = AxisPainter(QPainter(self), self.scale, self.width(), self.height(), self._thumbnails)
        line = self._desk.timeline
        paint.ruler(line)
        if not line.keys:
            paint.empty(EMPTY)
        paint.ways(line)
        paint.keys(line, self._desk.chosen)
        if line.sound is not None:
            paint.sound(self.track, line.sound.at)
        if self.drops.at is not None:
            paint.place_for_key(self.drops.at, self.drops.key is not None)
        paint.playhead(self._desk.at)
        if self.hasFocus():
            paint.focus()

    def fit(self) -> None:
        """The whole timeline in sight."""
        self._own_zoom = False
        self._set_scale(fitting(self._desk.timeline.length, self.width()))

    def key_at(self, point: QPointF) -> int | None:
        """The key under a point; one beyond the last is the end of a loop."""
        line = self._desk.timeline
        moments = [key.at for key in line.keys]
        if line.loop and moments:
            moments.append(moments[-1] + line.closing)
        hits = [at for at, moment in enumerate(moments) if key_rect(self.scale, moment).contains(point)]
        return min(hits, key=lambda at: abs(self.scale.x(moments[at]) - point.x()), default=None)

    def _set_scale(self, scale: TimeScale) -> None:
        self.scale = scale
        self.scaled.emit(scale)
        self.update()

    def _changed(self) -> None:
        lane = WAVE if self._desk.timeline.sound is not None else 0
        self.setMinimumHeight(TOP + SIDE + MARGIN + lane)
        if not self._own_zoom and self._gesture is None:
            self.fit()
        self.update()

    def _follow(self, seconds: float) -> None:
        x = self.scale.x(seconds)
        if self._own_zoom and self._gesture is None and not 0 <= x <= self.width():
            self._set_scale(TimeScale(max(seconds - 20 / self.scale.pixels, 0.0), self.scale.pixels))
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        if not self._own_zoom:
            self.fit()

    # the mouse

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus()
        key, line = self.key_at(event.position()), self._desk.timeline
        self._gesture = Gesture("scrub", event.position(), line)
        if key is None and line.sound is not None and event.position().y() > self.height() - WAVE:
            self._gesture.kind = "sound"
        elif key is None:
            self._desk.stop()
            self._desk.choose(())
            self._desk.go(self.moment(event.position().x(), event.modifiers()))
        elif key == len(line.keys):
            self._gesture.kind = "closing"
        else:
            self._gesture.kind, self._gesture.key = "keys", key
            self._choose(key, event.modifiers())
            self._gesture.chosen = self._desk.chosen | {key}

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        gesture = self._gesture
        if event is None or gesture is None:
            return
        gesture.moved |= abs(event.position().x() - gesture.begun.x()) > DRAG
        moment = self.moment(event.position().x(), event.modifiers())
        if gesture.kind == "scrub":
            self._desk.go(moment)
        elif gesture.kind == "sound" and gesture.base.sound is not None:
            at = gesture.base.sound.at + (event.position().x() - gesture.begun.x()) / self.scale.pixels
            self._desk.show(replace(gesture.base, sound=replace(gesture.base.sound, at=round(at, 3))))
        elif gesture.moved and gesture.kind == "closing":
            closing = max(moment - gesture.base.keys[-1].at, GAP)
            self._desk.show(replace(gesture.base, closing=closing))
        elif gesture.moved:
            self._drag(gesture, moment)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        if gesture.kind == "scrub":
            self._desk.end_scrub()
        elif gesture.moved:
            self._desk.keep(MOVED[gesture.kind])
            self._changed()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        key = self.key_at(event.position()) if event is not None else None
        if key is not None and key < len(self._desk.timeline.keys):
            self.go_to_key(key)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is None:
            return
        key = self.key_at(QPointF(event.pos())) if event.reason() == QContextMenuEvent.Reason.Mouse else None
        if key is not None and key < len(self._desk.timeline.keys) and key not in self._desk.chosen:
            self._desk.choose({key})
        self.menu_wanted.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None:
            return
        self._own_zoom = True
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & (SHIFT | ALT):
            self._set_scale(self.scale.moved(-turn / 2))
        else:
            self._set_scale(self.scale.zoomed(1.2 ** (turn / 120), event.position().x()))
        event.accept()

    def moment(self, x: float, keys: Qt.KeyboardModifier) -> float:
        """The moment at a pixel, drawn to markers, beats and frames unless Alt is held."""
        seconds = max(self.scale.seconds(x), 0.0)
        free = bool(keys & ALT)
        return seconds if free else snapped(self._desk.timeline, seconds, SNAP / self.scale.pixels, self.track.beats)

    def _choose(self, key: int, keys: Qt.KeyboardModifier) -> None:
        chosen = self._desk.chosen
        if keys & CONTROL:
            self._desk.choose(chosen ^ {key})
        elif keys & SHIFT and chosen:
            self._desk.choose(range(min(*chosen, key), max(*chosen, key) + 1))
        elif key not in chosen:
            self._desk.choose({key})

    def _drag(self, gesture: Gesture, moment: float) -> None:
        by = moment - gesture.base.keys[gesture.key].at
        self._desk.show(move_keys(gesture.base, gesture.chosen, by))
        self._desk.choose(places_after(gesture.base, gesture.chosen, by))

    # the keyboard

    def go_to_key(self, key: int) -> None:
        """Chooses a key and shows its picture."""
        keys = self._desk.timeline.keys
        if keys:
            key = min(max(key, 0), len(keys) - 1)
            self._desk.stop()
            self._desk.choose({key})
            self._desk.go(keys[key].at)
            self._desk.end_scrub()

    def step(self, seconds: float) -> None:
        """The playhead earlier or later."""
        self._desk.stop()
        self._desk.go(max(self._desk.at + seconds, 0.0))
        self._desk.end_scrub()

    def tip(self, point: QPointF) -> str:
        """When the key under a point is reached, what it shows, with class or prompt, and how the way leads on; "" elsewhere."""
        at, keys = self.key_at(point), self._desk.timeline.keys
        if at is None or at >= len(keys):
            return ""
        said = f"{clock(keys[at].at)} · {tr(words(keys[at].recipe))}"
        goes_on = at < len(keys) - 1 or self._desk.timeline.loop
        return f"{said}\n{tr('Then: {way}', way=tr(EASES[keys[at].ease][0]))}" if goes_on else said

    def event(self, event: QEvent | None) -> bool:
        """Tips of keys; and its own keyboard comes before the window's shortcuts while it has the focus."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(QPointF(event.pos())), self)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._doing(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        doing = self._doing(event) if event is not None else None
        if doing is not None:
            doing()
        else:
            super().keyPressEvent(event)

    def _doing(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & (CONTROL | SHIFT | ALT)
        return self.doings.get((Qt.Key(event.key()), held))
