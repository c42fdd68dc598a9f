"""A contact sheet: recipes as small pictures to pick from, with mouse and keys."""

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.gallery.favourite import words
from engine.recipe import Recipe
from explorer import theme
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .picture import RADIUS, paint_rounded
from .tiles import SHOW, Tiles, plain

SIDE, GAP = 112, 4
RECIPE, NAME = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
STRIP, MARGIN = 18, 4  # pixels of a picture's foot that its name takes
NARROWEST = 80  # percent of a letter's width
KEEP = Qt.Key.Key_F
Index = QModelIndex | QPersistentModelIndex


class SheetList(QAbstractListModel):
    """Recipes in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.recipes: list[Recipe] = []
        self.names: Sequence[str] = ()

    def show(self, recipes: Sequence[Recipe], names: Sequence[str] = ()) -> None:
        """As many as before: what is chosen stays chosen. `names` are seen on the pictures, one on each."""
        self.names = names
        if len(recipes) == len(self.recipes):
            self.recipes = list(recipes)
            if recipes:
                self.dataChanged.emit(self.index(0), self.index(len(recipes) - 1))
            return
        self.beginResetModel()
        self.recipes = list(recipes)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.recipes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        recipe = self.recipes[index.row()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join(filter(None, (self._name(index.row()), tr(words(recipe)))))
        if role == NAME:
            return self._name(index.row())
        return recipe if role == RECIPE else None

    def _name(self, row: int) -> str:
        return self.names[row] if row < len(self.names) else ""


class SheetView(Tiles):
    """Several can be chosen. A double click or Enter shows one, F keeps the chosen ones."""

    wanted = pyqtSignal(object)  # Recipe to show
    kept = pyqtSignal()  # the chosen ones
    wider = pyqtSignal()  # or narrower: another number of `columns`

    def __init__(self, rows: SheetList, thumbnails: Thumbnails, parent: QWidget | None = None):
        super().__init__(rows, "Contact sheet", QSize(SIDE, SIDE + 2 * GAP), parent)
        self.rows, self._thumbnails = rows, thumbnails
        self._columns = 0
        self.setItemDelegate(_Painter(thumbnails, self))
        self.doubleClicked.connect(lambda index: self.wanted.emit(index.data(RECIPE)))
        thumbnails.arrived.connect(self.repaint_all)

    def selected(self) -> list[Recipe]:
        """In the order of the sheet."""
        return [self.rows.recipes[row] for row in self.chosen_rows()]

    def columns(self) -> int:
        """How many lie side by side now."""
        port = self.viewport()
        return max((port.width() if port is not None else SIDE) // (SIDE + 2 * GAP), 1)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        before, self._columns = self._columns, self.columns()
        if before != self._columns:
            self.wider.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        port = self.viewport()
        if port is None:
            return
        seen = [r for row, r in enumerate(self.rows.recipes) if self._sees(row)]
        for recipe in reversed(seen):  # what is asked for last is drawn first
            self._thumbnails.get(recipe)

    def _sees(self, row: int) -> bool:
        port = self.viewport()
        return port is not None and self.visualRect(self.rows.index(row)).intersects(port.rect())

    def owns(self, event: QKeyEvent) -> bool:
        shows = event.key() in SHOW and self.currentIndex().isValid()
        return plain(event) and (shows or (event.key() == KEEP and bool(self.selectedIndexes())))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self.owns(event):
            super().keyPressEvent(event)
        elif event.key() == KEEP:
            self.kept.emit()
        else:
            self.wanted.emit(self.currentIndex().data(RECIPE))


class _Painter(QStyledItemDelegate):
    """An amber frame where it is chosen."""

    def __init__(self, thumbnails: Thumbnails, view: QWidget):
        super().__init__(view)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(SIDE + 2 * GAP, SIDE + 2 * GAP)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        place = QRectF(option.rect.x() + GAP, option.rect.y() + GAP, SIDE, SIDE)
        paint_rounded(painter, place, self._thumbnails.get(index.data(RECIPE)), 1.0 if chosen or hovered else 0.88)
        if index.data(NAME):
            _paint_name(painter, place, index.data(NAME))
        if chosen or focused:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("a" if chosen else "focus"), 2))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
            painter.restore()


def _paint_name(painter: QPainter, place: QRectF, name: str) -> None:
    """In a dark strip at the foot, which can be read on any picture."""
    painter.save()
    strip = QRectF(place.x(), place.bottom() - STRIP, place.width(), STRIP)
    path = QPainterPath()
    path.addRoundedRect(place, RADIUS, RADIUS)
    painter.setClipPath(path)
    painter.fillRect(strip, QColor(0, 0, 0, 170))
    painter.setClipping(False)
    room, font = strip.adjusted(MARGIN, 0, -MARGIN, 0), theme.font(theme.SMALL)
    painter.setFont(font)
    painter.setPen(QColor(255, 255, 255))
    wide = painter.fontMetrics().horizontalAdvance(name)
    if wide > room.width():
        font.setStretch(max(round(100 * room.width() / wide), NARROWEST))
        painter.setFont(font)
    text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, round(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
