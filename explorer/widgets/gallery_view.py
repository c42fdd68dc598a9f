"""The favourites as small pictures: chosen with mouse and keys, shown with a double click, rated with the numbers."""

from collections.abc import Iterable

from PyQt6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPen
from PyQt6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.gallery.favourite import Favourite
from explorer import theme
from explorer.small_pictures import SmallPictures

from .gallery_list import FAVOURITE, GalleryList
from .picture import RADIUS, paint_rounded
from .stars import MOST, NUMBERS, paint_stars
from .tiles import SHOW, Tiles, plain

SIDE, FOOT, GAP = 104, 14, 4
AWAY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
KEY = Qt.Key.Key_I  # as for the picture that is shown


class GalleryView(Tiles):
    """Several can be chosen; their files can be dragged away."""

    wanted = pyqtSignal(object)  # Favourite to show
    rated = pyqtSignal(int)  # the chosen ones
    thrown = pyqtSignal()  # the chosen ones
    keyed = pyqtSignal()  # the chosen ones become keys of the timeline
    menu_wanted = pyqtSignal(object)  # the global QPoint
    chosen = pyqtSignal()  # others than before

    def __init__(self, rows: GalleryList, pictures: SmallPictures, parent: QWidget | None = None):
        super().__init__(rows, "Favourites", QSize(SIDE, SIDE + FOOT + 2 * GAP), parent)
        self.rows = rows
        self._remembered: set[str] = set()
        self._current = ""
        self.setItemDelegate(_Painter(pictures, self))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setSingleStep(SIDE // 2)
        self.doubleClicked.connect(lambda index: self.wanted.emit(index.data(FAVOURITE)))
        rows.modelAboutToBeReset.connect(self._remember)
        rows.modelReset.connect(self._choose_again)
        pictures.arrived.connect(self.repaint_all)

    def selected(self) -> list[Favourite]:
        """As they are shown, from the first to the last."""
        return [self.rows.shown[row] for row in self.chosen_rows()]

    def choose(self, names: Iterable[str]) -> None:
        """Chooses these, and shows the first of them."""
        selection = self.selectionModel()
        if selection is None:
            return
        selection.clearSelection()
        found = self.rows.rows_of(names)
        for row in found:
            selection.select(self.rows.index(row), QItemSelectionModel.SelectionFlag.Select)
        if found:
            selection.setCurrentIndex(self.rows.index(found[0]), QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(self.rows.index(found[0]))

    def selectionChanged(self, new: QItemSelection, old: QItemSelection) -> None:
        super().selectionChanged(new, old)
        self.chosen.emit()

    def _remember(self) -> None:
        self._remembered = {item.name for item in self.selected()}
        row = self.currentIndex().row()
        self._current = self.rows.shown[row].name if 0 <= row < len(self.rows.shown) else ""

    def _choose_again(self) -> None:
        selection = self.selectionModel()
        if selection is None:
            return
        for row in self.rows.rows_of(self._remembered):
            selection.select(self.rows.index(row), QItemSelectionModel.SelectionFlag.Select)
        for row in self.rows.rows_of([self._current]):
            selection.setCurrentIndex(self.rows.index(row), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.chosen.emit()

    def owns(self, event: QKeyEvent) -> bool:
        return plain(event) and (event.key() in NUMBERS or event.key() in (*SHOW, *AWAY, KEY))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self.owns(event):
            super().keyPressEvent(event)
        elif event.key() in NUMBERS:
            self.rated.emit(NUMBERS[event.key()])
        elif event.key() in AWAY:
            self.thrown.emit()
        elif event.key() == KEY:
            self.keyed.emit()
        elif self.currentIndex().isValid():
            self.wanted.emit(self.currentIndex().data(FAVOURITE))

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """For the chosen ones; what is under the pointer, were it nothing, becomes the choice first."""
        if event is None:
            return
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.mapToGlobal(self.visualRect(self.currentIndex()).center())
        elif not self.indexAt(event.pos()).isValid():
            self.clearSelection()
        self.menu_wanted.emit(place)


class _Painter(QStyledItemDelegate):
    """A picture and, where it has any, its stars; an amber frame where it is chosen."""

    def __init__(self, pictures: SmallPictures, view: QWidget):
        super().__init__(view)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(SIDE + 2 * GAP, SIDE + FOOT + 2 * GAP)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        item: Favourite = index.data(FAVOURITE)
        state = option.state
        chosen, hovered = (bool(state & f) for f in (QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver))
        place = QRectF(option.rect.x() + GAP, option.rect.y() + GAP, SIDE, SIDE)
        pixmap = self._pictures.get(item)
        if pixmap is None:
            paint_rounded(painter, place, None)
        else:
            size = pixmap.deviceIndependentSize()
            place = QRectF(QPointF(place.center() - QPointF(size.width(), size.height()) / 2), size)
            painter.setOpacity(1.0 if chosen or hovered else 0.88)
            painter.drawPixmap(place.topLeft(), pixmap)
            painter.setOpacity(1.0)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if chosen or focused:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("a" if chosen else "focus"), 2))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
            painter.restore()
        self._foot(painter, option, item)

    def _foot(self, painter: QPainter, option: QStyleOptionViewItem, item: Favourite) -> None:
        top = option.rect.y() + GAP + SIDE + 2
        if item.marks.rating:
            paint_stars(painter, QPointF(option.rect.x() + GAP, top), 11, min(item.marks.rating, MOST))
        if item.marks.tags or item.marks.note:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("secondary"))
            painter.drawEllipse(QRectF(option.rect.x() + GAP + SIDE - 7, top + 3, 6, 6))
            painter.restore()
