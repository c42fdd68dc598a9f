"""The classes of a model as small pictures with their names, as many as a search leaves."""

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QPen
from PyQt6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.recipe import Recipe
from explorer import theme
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .picture import RADIUS, paint_rounded
from .tiles import SHOW, Tiles

SIDE, GAP, WORDS = 80, 4, 18  # pixels: a picture, what is free around it, and its name
NUMBER = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class ClassList(QAbstractListModel):
    """Names of classes, by their number in the model."""

    def __init__(self) -> None:
        super().__init__()
        self.names: Sequence[str] = ()
        self.found: list[int] = []

    def use(self, names: Sequence[str]) -> None:
        """Those of another model."""
        self.names = names
        self.search("")

    def search(self, text: str) -> None:
        """Only those whose name has all these words in it, or whose number it is."""
        parts = text.lower().split()
        self.beginResetModel()
        self.found = [
            at
            for at, name in enumerate(self.names)
            if all(part in name.lower() for part in parts) or parts == [str(at)]
        ]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number = self.found[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.names[number]
        return number if role == NUMBER else None


class ClassTiles(Tiles):
    """A click or the arrow keys choose one; a double click or Enter ends the choosing."""

    chosen = pyqtSignal(int)  # its number in the model
    done = pyqtSignal()

    def __init__(
        self, rows: ClassList, thumbnails: Thumbnails, recipe: Callable[[int], Recipe], parent: QWidget | None = None
    ):
        """`recipe` is what the picture of a class shows."""
        super().__init__(rows, tr("Classes"), QSize(SIDE + 2 * GAP, SIDE + WORDS + 2 * GAP), parent)
        self.rows = rows
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(_Painter(thumbnails, recipe, self))
        self.clicked.connect(self._choose)
        self.doubleClicked.connect(lambda _: self.done.emit())
        thumbnails.arrived.connect(self.repaint_all)

    def show_chosen(self, number: int) -> None:
        """From outside, without telling anyone."""
        if number in self.rows.found:
            self.setCurrentIndex(self.rows.index(self.rows.found.index(number)))
        else:
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        if event.key() in SHOW:
            self._choose(self.currentIndex())
            self.done.emit()
            return
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self._choose(self.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(NUMBER))


class _Painter(QStyledItemDelegate):
    """The picture, and below it the name."""

    def __init__(self, thumbnails: Thumbnails, recipe: Callable[[int], Recipe], view: QWidget):
        super().__init__(view)
        self._thumbnails, self._recipe = thumbnails, recipe

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(SIDE + 2 * GAP, SIDE + WORDS + 2 * GAP)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        place = QRectF(option.rect.x() + GAP, option.rect.y() + GAP, SIDE, SIDE)
        picture = self._thumbnails.get(self._recipe(index.data(NUMBER)))
        paint_rounded(painter, place, picture, 1.0 if chosen or hovered else 0.88)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(QPen(theme.colour("a"), 2))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("text" if chosen else "secondary"))
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, SIDE)
        painter.drawText(QRectF(place.x(), place.bottom() + 1, SIDE, WORDS), Qt.AlignmentFlag.AlignCenter, name)
        painter.restore()
