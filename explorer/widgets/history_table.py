"""The tree of a history as a table: a step in a cell, lanes below one another (or beside one another, where it stands upright)."""

from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from engine.recipe import Recipe
from explorer.history import Entry, History
from explorer.history_lanes import DOWN, LEFT, RIGHT, UP, laid_out
from explorer.store import Store
from explorer.words import tr

Index = QModelIndex | QPersistentModelIndex
STEP, RAILS, PAST, PRESENT = (int(Qt.ItemDataRole.UserRole) + at for at in range(4))
"""Roles: the cell's step; its lines; whether it lies on the way to the present step; whether it is the present step."""

TURNED = tuple(
    sum(new for old, new in ((LEFT, UP << 4), (RIGHT, DOWN << 4), (UP, LEFT << 4), (DOWN, RIGHT << 4)) if rail & old)
    for rail in range(16)
)  # lines of a cell that stands upright, in the upper four bits


class HistoryTable(QAbstractTableModel):
    """Steps at the end are only added, so that thousands cost nothing; only a fork lays everything out again."""

    def __init__(self, store: Store):
        super().__init__()
        self._store = store
        self._shown: tuple[History[Recipe], int, int] = (store.history, len(store.history), store.history.drops)
        self._lanes = laid_out(store.history)
        self._upright = False
        store.kept.connect(self.refresh)

    @property
    def upright(self) -> bool:
        return self._upright

    def stand(self, upright: bool) -> None:
        """Time goes down instead of to the right."""
        if upright != self._upright:
            self.beginResetModel()
            self._upright = upright
            self.endResetModel()

    @property
    def lanes(self) -> int:
        return self._lanes.lanes

    def refresh(self) -> None:
        """What the history holds now."""
        history = self._store.history
        known, count, drops = self._shown
        same = history is known and drops == history.drops
        self._shown = (history, len(history), history.drops)
        newest = history.newest
        if same and len(history) == count + 1 and newest.parent is self._lanes.end and history.now is newest:
            self._append(newest)
        elif not same or len(history) != count or self._lanes.cells[history.now.number][0] != 0:
            self.beginResetModel()
            self._lanes = laid_out(history)
            self.endResetModel()

    def _append(self, entry: Entry[Recipe]) -> None:
        grows = self._lanes.cells[self._lanes.end.number][1] + 1 == self._lanes.columns
        count = self._lanes.columns
        if grows and self._upright:
            self.beginInsertRows(QModelIndex(), count, count)
        elif grows:
            self.beginInsertColumns(QModelIndex(), count, count)
        self._lanes.append(entry)
        if grows and self._upright:
            self.endInsertRows()
        elif grows:
            self.endInsertColumns()

    def step(self, index: Index) -> Entry[Recipe] | None:
        """The step in a cell; None in an empty one."""
        return self._lanes.steps.get(self._cell(index))

    def place(self, entry: Entry[Recipe]) -> QModelIndex:
        """The cell of a step; an invalid index when it is not shown."""
        cell = self._lanes.cells.get(entry.number)
        if cell is None:
            return QModelIndex()
        lane, column = cell
        return self.index(column, lane) if self._upright else self.index(lane, column)

    def beside(self, entry: Entry[Recipe], lanes: int) -> Entry[Recipe] | None:
        """The step so many lanes further down at the same time, or in the first lane beyond that has one near."""
        lane, column = self._lanes.cells[entry.number]
        sign = 1 if lanes > 0 else -1
        lane += sign
        while 0 <= lane < self._lanes.lanes:
            for at in (column, column + 1, column - 1):
                if (lane, at) in self._lanes.steps:
                    return self._lanes.steps[lane, at]
            lane += sign
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        counts = (self._lanes.lanes, self._lanes.columns)
        return 0 if parent.isValid() else counts[self._upright]

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        counts = (self._lanes.columns, self._lanes.lanes)
        return 0 if parent.isValid() else counts[self._upright]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self._cell(index)
        entry = self._lanes.steps.get(cell)
        if role == STEP:
            return entry
        if role == RAILS:
            rails = self._lanes.rails.get(cell, 0)
            return TURNED[rails] if self._upright else rails
        if role == PAST:
            return cell[0] == 0 and cell[1] <= self._lanes.cells[self._store.history.now.number][1]
        if role == PRESENT:
            return entry is self._store.history.now
        if role == Qt.ItemDataRole.AccessibleTextRole and entry is not None:
            return tr(entry.note or "Step")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        there = self.step(index) is not None
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if there else Qt.ItemFlag.NoItemFlags

    def _cell(self, index: Index) -> tuple[int, int]:
        return (index.column(), index.row()) if self._upright else (index.row(), index.column())
