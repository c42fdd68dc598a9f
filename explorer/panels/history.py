"""History: a small picture of every kept step, newest last; a click goes there."""

from typing import Any

from PyQt6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PyQt6.QtGui import QPainter, QPen, QResizeEvent
from PyQt6.QtWidgets import (
    QLabel,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.recipe import Recipe
from explorer import theme
from explorer.bridge import Bridge
from explorer.history import Entry
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.widgets.picture import RADIUS, paint_rounded

SIDE = 64
Index = QModelIndex | QPersistentModelIndex


class Steps(QAbstractListModel):
    """The store's history as rows; rows are only ever added at the end, so thousands cost nothing."""

    def __init__(self, store: Store):
        super().__init__()
        self._store = store
        self._entries: tuple[Entry[Recipe], ...] = store.history.entries
        store.kept.connect(self.refresh)

    def refresh(self) -> None:
        new, old = self._store.history.entries, self._entries
        grown = len(new) > len(old) and bool(old) and new[0] is old[0] and new[len(old) - 1] is old[-1]
        if grown:
            self.beginInsertRows(QModelIndex(), len(old), len(new) - 1)
            self._entries = new
            self.endInsertRows()
        elif len(new) != len(old) or new[0] is not old[0] or new[-1] is not old[-1]:
            self.beginResetModel()
            self._entries = new
            self.endResetModel()
        self.dataChanged.emit(self.index(0), self.index(len(new) - 1))

    def entry(self, row: int) -> Entry[Recipe]:
        return self._entries[row]

    def row_of(self, number: int) -> int:
        """Rows and numbers differ once the oldest steps have been dropped."""
        return number - self._entries[0].number

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.note or "Step"
        return entry if role == Qt.ItemDataRole.UserRole else None


class StepPainter(QStyledItemDelegate):
    """The present step has an amber frame; the others are a little dimmer."""

    def __init__(self, store: Store, thumbnails: Thumbnails, view: QWidget):
        super().__init__(view)
        self._store, self._thumbnails = store, thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(SIDE + 4, SIDE + 4)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        entry: Entry[Recipe] = index.data(Qt.ItemDataRole.UserRole)
        present = entry is self._store.history.now
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        frame = QRectF(option.rect).adjusted(3, 3, -3, -3)
        paint_rounded(painter, frame, self._thumbnails.get(entry.state), 1.0 if present or hovered else 0.7)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if present or focused:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("a" if present else "focus"), 2 if present else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, RADIUS, RADIUS)


class HistoryPanel(QWidget):
    """A strip that can be scrolled, or rows where there is room for two. Steps that were left for another way are still there."""

    title = "History"

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self._store = store
        self.steps = Steps(store)
        self.view = QListView()
        self.view.setAccessibleName("History")
        self.view.setModel(self.steps)
        self.view.setItemDelegate(StepPainter(store, Thumbnails.shared(store, bridge), self.view))
        self.view.setFlow(QListView.Flow.LeftToRight)
        self.view.setWrapping(False)
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.setMinimumHeight(SIDE + 16)
        self.view.clicked.connect(self._go)
        self.view.activated.connect(self._go)
        self._empty = QLabel("Every step you take appears here. A click goes back to it; nothing is ever lost.")
        self._empty.setProperty("role", "secondary")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 0, 8, 0)  # a step has 3 pixels around it, so that the first lies below the title
        self._pages = QStackedLayout()
        column.addLayout(self._pages)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.view)
        Thumbnails.shared(store, bridge).arrived.connect(self._repaint)
        store.kept.connect(self._follow)
        self._follow()

    def _repaint(self) -> None:
        viewport = self.view.viewport()
        if viewport is not None:
            viewport.update()

    def _go(self, index: QModelIndex) -> None:
        entry = self.steps.entry(index.row())
        if entry is not self._store.history.now:
            self._store.go(entry.number)

    def _follow(self) -> None:
        self._pages.setCurrentIndex(1 if self.steps.rowCount() > 1 else 0)
        QTimer.singleShot(0, self._scroll)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        high = self.height() >= 2 * (SIDE + 16)
        if high != self.view.isWrapping():
            self.view.setWrapping(high)
            policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if high else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            self.view.setVerticalScrollBarPolicy(policy)
        QTimer.singleShot(0, self._scroll)

    def _scroll(self) -> None:
        index = self.steps.index(self.steps.row_of(self._store.history.now.number))
        selection = self.view.selectionModel()
        if selection is not None:
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.view.scrollTo(index)
        self._repaint()
