"""The style equalizer: one upright slider a layer, coarse to fine, painted by dragging across."""

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QPointF, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)  # fmt: skip
from PyQt6.QtWidgets import QSizePolicy, QWidget

from engine.recipe import Recipe
from engine.render.info import ModelInfo
from explorer import theme
from explorer.bridge import Bridge
from explorer.store import Store
from explorer.words import tr

from .equalizer_edits import Edits
from .equalizer_explain import Explainer
from .equalizer_faces import Face, rows_for
from .equalizer_geometry import Group, Layout, layout
from .equalizer_keys import pressed
from .equalizer_menu import show_menu
from .equalizer_paint import Scene, paint

GRIP = 6.0  # pixels around a handle where a press takes hold of it without moving it
FINE = 0.25  # of the pointer's way, with Shift held


class Equalizer(QWidget):
    """Drag to paint, brackets move a band, wheel and arrows nudge, double click resets, right click for more."""

    chosen_changed = pyqtSignal(int)
    typing = pyqtSignal()  # Enter: the person wants to type a number

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self.edits = Edits(store, self)
        self.explainer = Explainer(self, bridge, self.edits)
        self.chosen = 0
        self._info: ModelInfo | None = None
        self._hovered, self._band = -1, ""
        self._drag: Callable[[QPointF, Qt.KeyboardModifier], None] | None = None
        self._layout: Layout | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 170)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        store.changed.connect(self._show)
        self.edits.ended.connect(self.update)
        self.set_model(bridge.model)
        bridge.model_changed.connect(self.set_model)

    @property
    def face(self) -> Face:
        return self.edits.face

    @property
    def geometry_now(self) -> Layout:
        """Where everything lies at the present size."""
        if self._layout is None:
            self._layout = layout(self.edits.layers, self.width(), self.height())
        return self._layout

    def set_model(self, info: ModelInfo | None) -> None:
        """Shows the layers of a model; None: no model yet."""
        if info is None or info != self._info:
            self._info = info
            self.set_face(self.face)

    def set_face(self, face: Face) -> None:
        """Shows another of the layers' numbers."""
        self.edits.end()
        self.edits.face, self.edits.layers = face, rows_for(face, self._info)
        self._layout, self._hovered = None, -1
        self.explainer.leave()
        self.choose(min(self.chosen, max(len(self.edits.layers) - 1, 0)))
        self._show(self.edits.store.recipe)

    def choose(self, row: int) -> None:
        """The column that keys move."""
        self.chosen = row
        self.chosen_changed.emit(row)
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 230)

    # what is seen

    def _show(self, recipe: Recipe) -> None:
        """Only what the columns show: walking over the plane must not paint them sixty times a second."""
        seen = (self.face, self.edits.values, self.edits.muted())
        if seen != self._seen:
            self._seen = seen
            self._describe()
            self.update()

    _seen: tuple[object, ...] = ()

    def _describe(self) -> None:
        """For those who hear the window instead of seeing it."""
        self.setAccessibleName(f"{self.face.title}: {self.face.hint}")
        if self.edits.layers:
            title, subtitle = self.explainer.words(self.chosen)
            self.setAccessibleDescription(f"{title}, {subtitle}")

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        if not self.edits.layers:
            painter.setPen(theme.colour("secondary"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("The layers appear with the model."))
            return
        dragging = self._drag is not None
        scene = Scene(
            self.geometry_now, self.face, self.edits.values, theme.palette(), self.chosen, self._hovered, self._band,
            self.hasFocus(), self.edits.before if dragging else (), self.edits.muted(),
        )  # fmt: skip
        paint(painter, scene)

    def resizeEvent(self, event: QEvent | None) -> None:
        self._layout = None

    # mouse

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton or not self.edits.layers:
            return
        self.explainer.leave()
        self.edits.begin()
        place, band = event.position(), self.geometry_now.band_at(event.position())
        if band is not None:
            self.choose(self.chosen if self.chosen in band.rows else band.rows[0])
            self._drag = self._carry(band, place)
        else:
            row = self.geometry_now.column_at(place.x())
            self.choose(row)
            self._drag = self._stroke(row, place)
            if abs(self._handle_y(row) - place.y()) > GRIP:
                self._drag(place, event.modifiers())

    def _carry(self, band: Group, start: QPointF) -> Callable[[QPointF, Qt.KeyboardModifier], None]:
        def move(place: QPointF, keys: Qt.KeyboardModifier) -> None:
            way = (start.y() - place.y()) / self.geometry_now.plot.height()
            self.edits.shift(band.rows, way * (FINE if keys & Qt.KeyboardModifier.ShiftModifier else 1.0))

        return move

    def _stroke(self, row: int, start: QPointF) -> Callable[[QPointF, Qt.KeyboardModifier], None]:
        """Paints across the columns; with Shift it stays in the first one and moves finely."""
        last, height = start, self.face.scale.to_unit(self.edits.values[row])

        def move(place: QPointF, keys: Qt.KeyboardModifier) -> None:
            nonlocal last
            plan, unit_value = self.geometry_now, self.face.scale.from_unit
            if keys & Qt.KeyboardModifier.ShiftModifier:
                unit = height + (start.y() - place.y()) / plan.plot.height() * FINE
                self.edits.set({row: unit_value(min(max(unit, 0.0), 1.0))})
            else:
                passed = plan.passed(last, place)
                self.edits.set({column: unit_value(unit) for column, unit in passed})
                if passed[-1][0] != self.chosen:
                    self.choose(passed[-1][0])
            last = place

        return move

    def _handle_y(self, row: int) -> float:
        return self.geometry_now.height_of(self.face.scale.to_unit(self.edits.values[row]))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None or not self.edits.layers:
            return
        if self._drag is not None:
            self._drag(event.position(), event.modifiers())
            self._moved = True
        else:
            self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton or self._drag is None:
            return
        self._drag = None
        if self._moved:
            self.edits.end()
        else:
            self.edits.rest()  # it may become a double click, which is one gesture with it
        self._moved = False
        self._hover(event.position())
        self.update()

    _moved = False

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton or not self.edits.layers:
            return
        self.edits.reset(self._rows_at(event.position()))

    def _rows_at(self, place: QPointF) -> range:
        band = self.geometry_now.band_at(place)
        row = self.geometry_now.column_at(place.x())
        return band.rows if band is not None else range(row, row + 1)

    def _hover(self, place: QPointF) -> None:
        inside = self.rect().contains(place.toPoint())
        band = self.geometry_now.band_at(place) if inside else None
        self._band = band.text if band else ""
        row = self.geometry_now.column_at(place.x()) if inside and band is None else -1
        if row != self._hovered:
            self._hovered = row
            self.explainer.point(row)
        self.setCursor(Qt.CursorShape.SizeVerCursor if band else Qt.CursorShape.PointingHandCursor)
        self.update()

    def column_area(self, row: int) -> QRect:
        """A column in global coordinates, from the top of the widget to its bottom."""
        column = self.geometry_now.columns[row]
        area = QRect(round(column.left()), 0, round(column.width()), self.height())
        return area.translated(self.mapToGlobal(QRect().topLeft()))

    def enterEvent(self, event: QEnterEvent | None) -> None:
        if event is not None and self.edits.layers:
            self._hover(event.position())

    def leaveEvent(self, event: QEvent | None) -> None:
        self._hovered, self._band = -1, ""
        self.explainer.leave()
        self.update()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Only for those who have clicked here or hold Ctrl: a panel that is scrolled must change nothing."""
        if event is None:
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not self.edits.layers or not (self.hasFocus() or control):
            event.ignore()
            return
        self.explainer.hide_card()
        self.edits.nudge(self._rows_at(event.position()), event.angleDelta().y() / 120)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is None or not self.edits.layers:
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        rows = range(self.chosen, self.chosen + 1) if by_key else self._rows_at(QPointF(event.pos()))
        self.explainer.leave()
        self.choose(self.chosen if self.chosen in rows else rows[0])
        place = self.column_area(rows[0]).center() if by_key else event.globalPos()
        show_menu(self, rows, place)

    # keys

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self.edits.layers or not pressed(self, Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        if event is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.edits.end()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent | None) -> None:
        self.edits.end()
        self.explainer.leave()
