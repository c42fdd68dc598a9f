"""The history as pictures on lines: a click or an arrow key goes to a step, the pointer resting on one shows it larger."""

from PyQt6.QtCore import QModelIndex, QPoint, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPixmap, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from engine.recipe import Recipe
from explorer.history import Entry
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.timers import after_rest
from explorer.words import tr

from .history_look import Look
from .history_paint import GAP, StepPainter, picture_place
from .history_table import HistoryTable

SIDE = 64  # pixels of a picture where there is room
CELL = SIDE + 2 * GAP
LEAST = 28  # of a cell of a side branch
MAIN = 0.62  # of a low strip's height is the present way's, the rest shows the side branches
REST = 350  # milliseconds on a step before it is shown larger


class HistoryView(QTableView):
    """The way to the present step is the first lane; ways that were left lie in the lanes beside it."""

    wanted = pyqtSignal(int)  # the number of a step to go to
    kept = pyqtSignal(object)  # a recipe to keep as favourite

    def __init__(self, store: Store, thumbnails: Thumbnails, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAccessibleName(tr("History"))
        self.table = HistoryTable(store)
        self._store, self._thumbnails = store, thumbnails
        self.setModel(self.table)
        self.setItemDelegate(StepPainter(thumbnails, self))
        self._bare()
        self.look = Look(self)
        self._looked: Entry[Recipe] | None = None
        self._rest = after_rest(self, REST, self._look)
        self.clicked.connect(self._go)
        self.entered.connect(self._hover)
        self.table.modelReset.connect(self.fit)
        for change in (self.table.columnsInserted, self.table.rowsInserted):
            change.connect(self.fit)
        thumbnails.arrived.connect(self.repaint_all)
        store.kept.connect(self.follow)

    def _bare(self) -> None:
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setMinimumHeight(CELL + 8)
        for header in self._headers():
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _headers(self) -> list[QHeaderView]:
        return [header for header in (self.horizontalHeader(), self.verticalHeader()) if header is not None]

    # where things are

    def fit(self) -> None:
        """Cells as large as there is room for. High or narrow, it stands upright."""
        narrow = self.width() < max(self.height(), 6 * CELL)
        self.table.stand(narrow and self.height() >= 2 * CELL)
        main, side = (CELL, CELL) if self.table.upright else self._heights()
        across, down = self._headers()
        lanes, steps = (across, down) if self.table.upright else (down, across)
        for header, size in ((steps, main), (lanes, side)):
            if header.defaultSectionSize() != size:
                header.setDefaultSectionSize(size)
        if lanes.count() and lanes.sectionSize(0) != main:
            lanes.resizeSection(0, main)

    def _heights(self) -> tuple[int, int]:
        """Of the present way's cells and of the side branches'."""
        port = self.viewport()
        room = port.height() if port is not None else CELL
        if self.table.lanes == 1 or room >= 2 * CELL:
            return min(CELL, room), CELL
        main = max(min(round(room * MAIN), CELL), LEAST)
        return main, max(min(room - main, CELL), LEAST)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.fit()
        self.follow()

    def follow(self) -> None:
        """The present step is in sight."""
        index = self.table.place(self._store.history.now)
        selection = self.selectionModel()
        if selection is not None and index.isValid():
            selection.setCurrentIndex(index, selection.SelectionFlag.NoUpdate)
            self.scrollTo(index)
        self.repaint_all()

    def repaint_all(self) -> None:
        port = self.viewport()
        if port is not None:
            port.update()

    # what a hand does

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        target = self._by_key(event) if event is not None else None
        if event is not None and target is not None:
            self.wanted.emit(target.number)
            event.accept()
        else:
            super(QAbstractItemView, self).keyPressEvent(event)

    def _by_key(self, event: QKeyEvent) -> Entry[Recipe] | None:
        """The step that an arrow key leads to; the same one at an end."""
        history, now, keys = self._store.history, self._store.history.now, Qt.Key
        back, on, before, behind = (
            (keys.Key_Up, keys.Key_Down, keys.Key_Left, keys.Key_Right)
            if self.table.upright
            else (keys.Key_Left, keys.Key_Right, keys.Key_Up, keys.Key_Down)
        )
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        found = {
            back: now.parent, on: history.following(now), keys.Key_Home: history.first,
            before: self.table.beside(now, -1), behind: self.table.beside(now, 1),
        }  # fmt: skip
        return (found[Qt.Key(event.key())] or now) if event.key() in found else None

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """The wheel goes along the time, with Shift over the lanes."""
        if event is None:
            return
        turn = event.angleDelta().y() or event.angleDelta().x()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        bar = self.verticalScrollBar() if self.table.upright != shift else self.horizontalScrollBar()
        if bar is not None:
            bar.setValue(bar.value() - round(turn / 120 * CELL))
        self.hide_look()
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        entry = self._at(event.pos()) if event is not None else None
        if event is None or entry is None:
            return
        self.hide_look()
        self.menu_for(entry).popup(event.globalPos())

    def menu_for(self, entry: Entry[Recipe]) -> QMenu:
        """What can be done with a step."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, do in (
            (tr("Go there"), lambda: self.wanted.emit(entry.number)),
            (tr("Keep as favourite"), lambda: self.kept.emit(entry.state)),
        ):
            action = menu.addAction(text)
            if action is not None:
                action.triggered.connect(lambda _=False, do=do: do())
        return menu

    def _go(self, index: QModelIndex) -> None:
        entry = self.table.step(index)
        self.hide_look()
        if entry is not None and entry is not self._store.history.now:
            self.wanted.emit(entry.number)

    def _at(self, place: QPoint) -> Entry[Recipe] | None:
        return self.table.step(self.indexAt(place))

    # a bigger look

    def _hover(self, index: QModelIndex) -> None:
        entry = self.table.step(index)
        if entry is None or entry is not self._looked:
            self.hide_look()
        if entry is not None:
            self._looked = entry
            self._rest.start()

    def _look(self) -> None:
        entry = self._looked
        if entry is None or not self.underMouse():
            return
        place = picture_place(self.visualRect(self.table.place(entry))).toRect()
        port = self.viewport()
        corner = port.mapToGlobal(place.topLeft()) if port is not None else place.topLeft()
        self.look.show_step(
            tr(entry.note), self._words(entry), self._thumbnails.get(entry.state), QRect(corner, place.size())
        )
        self._thumbnails.large(entry.state, lambda picture: self._improve(entry, picture))

    def _words(self, entry: Entry[Recipe]) -> str:
        others = len(self._store.history.children(entry)) - 1
        parts = [tr("step {number}", number=entry.number + 1)]
        if others > 0:
            parts.append(
                tr("{count} other ways from here", count=others) if others > 1 else tr("another way from here")
            )
        return " · ".join(parts)

    def _improve(self, entry: Entry[Recipe], picture: QPixmap) -> None:
        if entry is self._looked and self.look.isVisible():
            self.look.improve(picture)

    def hide_look(self) -> None:
        self._rest.stop()
        self._looked = None
        self.look.hide()

    def leaveEvent(self, event: object) -> None:
        self.hide_look()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        super().mouseMoveEvent(event)
        if event is not None and self._at(event.position().toPoint()) is None:
            self.hide_look()
