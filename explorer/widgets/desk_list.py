"""The pile of style layers as a painter has it: the top one lies over those below, and A is at the bottom."""

from pathlib import Path

from PyQt6.QtCore import QEvent, QPointF, QRect, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.recipe import Recipe
from explorer import mixing, pictures, theme
from explorer.desk import MixingDesk, called
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.timers import after_rest
from explorer.words import tr

from .desk_row import HEIGHT, DeskRow
from .dropped import files, made_here
from .slide import REST

SEEN, LEAST = 4.0, 2.5  # lines that are seen without scrolling, and where there is little room
STEP, FINE = 0.05, 0.01  # of a fader, for an arrow key
Key = Qt.Key
WAYS = {Key.Key_Up: 1, Key.Key_Down: -1}
SIDES = {Key.Key_Left: -1, Key.Key_Right: 1}
AWAY = (Key.Key_Delete, Key.Key_Backspace)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class DeskList(QScrollArea):
    """Up and Down choose, Left and Right fade, Space is the eye, Ctrl+Up and Down carry, Ctrl+D doubles, Delete takes away."""

    asked_a = pyqtSignal()  # somebody wants another A
    asked_b = pyqtSignal()
    menu_wanted = pyqtSignal(object)  # at this global place
    files_dropped = pyqtSignal(object, int)  # paths of pictures made here, and where in the pile

    def __init__(self, store: Store, desk: MixingDesk, thumbnails: Thumbnails, parent: QWidget | None = None):
        super().__init__(parent)
        self._store, self._desk, self._thumbnails = store, desk, thumbnails
        self.rows: list[DeskRow] = []
        self.base = DeskRow(thumbnails, base=True)
        self.moves: tuple[int, ...] = ()  # which of the model's layers the faders move
        self._fading = self._goal = -1  # whose fader is held, and where a line is carried to
        self._rest = after_rest(self, REST, self._end)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Mixing desk"))
        self.setAcceptDrops(True)
        self._pile = _Pile()
        self._pile.column.addWidget(self.base)
        self.setWidget(self._pile)
        self.base.pressed.connect(self.setFocus)
        self.base.twice.connect(self.asked_a)
        store.changed.connect(self._show)
        desk.chose.connect(lambda _: self._show(store.recipe))
        desk.chose.connect(lambda _: self._reveal())
        self._show(store.recipe)

    def sizeHint(self) -> QSize:
        return QSize(300, round(min(len(self.rows) + 1, SEEN) * HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, round(min(len(self.rows) + 1, LEAST) * HEIGHT))

    def set_layers(self, rows: tuple[int, ...]) -> None:
        """The layers of the model that the faders stand for."""
        self._end()
        self.moves = rows
        self._show(self._store.recipe)

    # what is seen

    def _show(self, recipe: Recipe) -> None:
        if len(self.rows) != len(recipe.styles):
            self._build(len(recipe.styles))
        self.base.show_source(mixing.only_a(recipe), pictures.words_for(recipe.latent), 1.0, True)
        for at, (row, style) in enumerate(zip(self.rows, recipe.styles, strict=True)):
            level = self._desk.level(at, self.moves)
            row.show_source(mixing.only_b(recipe, at), called(style), level, style.on)
        self._mark()

    def _build(self, count: int) -> None:
        while len(self.rows) > count:
            row = self.rows.pop()
            self._pile.column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < count:
            self._add_row(len(self.rows))
        self.setMaximumHeight(self.sizeHint().height())
        self.updateGeometry()
        QTimer.singleShot(0, self._reveal)  # when the lines have their places

    def _add_row(self, at: int) -> None:
        row = DeskRow(self._thumbnails)
        row.pressed.connect(lambda: self._press(at))
        row.twice.connect(self.asked_b)
        row.asked.connect(self.menu_wanted)
        row.blinked.connect(lambda: self._blink(at))
        row.faded.connect(lambda to: self._fade(at, to))
        row.fade_ended.connect(self._end)
        row.carried.connect(lambda place: self._carry(at, place))
        row.dropped.connect(lambda: self._drop(at))
        self._pile.column.insertWidget(0, row)
        self.rows.append(row)

    def _mark(self) -> None:
        chosen = self._desk.chosen
        for at, row in enumerate(self.rows):
            row.mark(at == chosen, at == chosen and self.hasFocus())
        if self.rows:
            row = self.rows[chosen]
            state = tr("on") if row.on else tr("off")
            self.setAccessibleDescription(f"{row.name}, {row.value * 100:.0f} %, {state}")

    def _reveal(self) -> None:
        if self.rows:
            self.ensureWidgetVisible(self.rows[self._desk.chosen], 0, 0)

    # the hand

    def _press(self, at: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._desk.choose(at)
        self._mark()

    def _blink(self, at: int) -> None:
        self._end()
        self._desk.switch(at)

    def _fade(self, at: int, to: float) -> None:
        if self._fading != at:
            self._end()
            self._fading = at
            self._desk.choose(at)
        self._desk.fade(at, self.moves, to)

    def _end(self) -> None:
        self._rest.stop()
        if self._fading >= 0:
            at, self._fading = self._fading, -1
            self._desk.end(at, self.moves)

    def _carry(self, at: int, place: QPointF) -> None:
        """A line that is carried over another one takes its place."""
        y = self._pile.mapFromGlobal(place.toPoint()).y()
        self.ensureVisible(0, y, 0, HEIGHT // 2)
        self._goal = len(self.rows) - 1 - min(max(y // HEIGHT, 0), len(self.rows) - 1)
        lower = self._goal < at
        self._pile.point(len(self.rows) - self._goal - (not lower) if self._goal != at else -1)

    def _drop(self, at: int) -> None:
        goal, self._goal = self._goal, -1
        self._pile.point(-1)
        if goal >= 0:
            self._desk.move(at, goal)
        self._mark()

    def _gap(self, y: int) -> int:
        """The gap between lines that is nearest to y, counted from the top; none lies below A."""
        return min(max(round(y / HEIGHT), 0), len(self.rows))

    # files

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and _dragged(event):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent | None) -> None:
        if event is not None and _dragged(event):
            event.acceptProposedAction()
            self._pile.point(self._gap(self._pile.mapFrom(self, event.position().toPoint()).y()))

    def dragLeaveEvent(self, event: QDragLeaveEvent | None) -> None:
        self._pile.point(-1)

    def dropEvent(self, event: QDropEvent | None) -> None:
        paths = _dragged(event)
        if event is not None and paths:
            event.acceptProposedAction()
            gap = self._gap(self._pile.mapFrom(self, event.position().toPoint()).y())
            self._pile.point(-1)
            self.files_dropped.emit(paths, len(self.rows) - gap)

    # keys

    def event(self, event: QEvent | None) -> bool:
        """Its keys come here before the window's shortcuts."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._deed(event):
            event.accept()
            return True
        if event is not None and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._mark()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        deed = self._deed(event) if event is not None else ""
        if event is None or not deed:
            super().keyPressEvent(event)
        elif deed == "fade":
            self._fade_by_key(event)
        else:
            self._end()
            self._do(deed, event)

    def _do(self, deed: str, event: QKeyEvent) -> None:
        at, way = self._desk.chosen, WAYS.get(Key(event.key()), 0)
        if deed == "choose":
            self._desk.choose(at + way)
        elif deed == "move":
            self._desk.move(at, at + way)
        elif deed == "eye":
            self._desk.switch(at)
        elif deed == "double":
            self._desk.duplicate()
        else:
            self._desk.remove()

    def _deed(self, event: QKeyEvent) -> str:
        """What a key means here; nothing for all others."""
        held, key = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, event.key()
        if key in WAYS and held in (CONTROL, Qt.KeyboardModifier.NoModifier):
            return "move" if held else "choose"
        if key in SIDES and held in (SHIFT, Qt.KeyboardModifier.NoModifier):
            return "fade"
        if held == CONTROL:
            return "double" if key == Key.Key_D else ""
        if held:
            return ""
        return "eye" if key == Key.Key_Space else "away" if key in AWAY else ""

    def _fade_by_key(self, event: QKeyEvent) -> None:
        at = self._desk.chosen
        step = FINE if event.modifiers() & SHIFT else STEP
        to = round(self._desk.level(at, self.moves) + SIDES[Key(event.key())] * step, 4)
        self._fade(at, min(max(to, 0.0), 1.0))
        self._rest.start()

    def hideEvent(self, event: QEvent | None) -> None:
        self._end()


class _Pile(QWidget):
    """The lines below one another, and a bar where something would be laid between them."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self._bar = _Bar(self)

    def point(self, gap: int) -> None:
        """Shows the bar in a gap counted from the top; -1 hides it."""
        self._bar.setVisible(gap >= 0)
        if gap >= 0:
            y = min(max(gap * HEIGHT - 1, 0), self.height() - 3)
            self._bar.setGeometry(QRect(4, y, self.width() - 8, 3))
            self._bar.raise_()


class _Bar(QWidget):
    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.hide()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour("b"))


def _dragged(event: QDropEvent | None) -> list[Path]:
    """The pictures made here among what is dragged along."""
    return [path for path in files(event) if made_here(path)]
