"""The pictures that a film goes through, as a strip whose order can be dragged."""

from PyQt6.QtCore import QModelIndex, QPoint, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.recipe import Recipe
from explorer import theme
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .dropped import files
from .picture import paint_rounded

SIDE, CAPTION, GAP = 84, 18, 8
RECIPE = Qt.ItemDataRole.UserRole
EMPTY = "A film goes from picture to picture: add two or more.\nDrop pictures made here, or use the buttons below."


class Stops(QListWidget):
    """Drag to reorder, Ctrl with the arrow keys too; Delete takes a picture out."""

    changed = pyqtSignal()
    dropped = pyqtSignal(list)  # of Path

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Stop(self, thumbnails))
        self.setFixedHeight(SIDE + CAPTION + 2 * GAP + 14)
        self.setAccessibleName(tr("Pictures of the film, in their order"))
        thumbnails.arrived.connect(self._repaint)
        model = self.model()
        assert model is not None
        for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved):
            signal.connect(self.changed.emit)

    def recipes(self) -> list[Recipe]:
        return [item.data(RECIPE) for item in self._items()]

    def add(self, recipe: Recipe, caption: str) -> None:
        """One more picture at the end."""
        item = QListWidgetItem(caption)
        item.setData(RECIPE, recipe)
        item.setToolTip(
            tr("{caption}\nDrag it, or Ctrl with ← and →, to change the order; Del takes it out", caption=caption)
        )
        self.addItem(item)
        self.scrollToItem(item)

    def _items(self) -> list[QListWidgetItem]:
        found = (self.item(row) for row in range(self.count()))
        return [item for item in found if item is not None]

    def _repaint(self) -> None:
        port = self.viewport()
        if port is not None:
            port.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self.count():
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1, Qt.PenStyle.DashLine))
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, 6, 6)
        painter.setPen(theme.colour("secondary"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr(EMPTY))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            for item in self.selectedItems():
                self.takeItem(self.row(item))
        elif held and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._shift(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def _shift(self, way: int) -> None:
        row = self.currentRow()
        if 0 <= row + way < self.count() and row >= 0:
            item = self.takeItem(row)
            self.insertItem(row + way, item)
            self.setCurrentRow(row + way)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and files(event):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent | None) -> None:
        if event is not None and files(event):
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent | None) -> None:
        paths = files(event)
        if event is not None and paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)
        else:
            super().dropEvent(event)


class _Stop(QStyledItemDelegate):
    """A thumbnail, its caption, and its place in the order."""

    def __init__(self, parent: QWidget, thumbnails: Thumbnails):
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(SIDE + 2 * GAP, SIDE + CAPTION + 2 * GAP)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corner = option.rect.topLeft() + QPoint(GAP, GAP)
        place = QRectF(corner.x(), corner.y(), SIDE, SIDE)
        paint_rounded(painter, place, self._thumbnails.get(index.data(RECIPE)))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(QPen(theme.colour("a"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 4, 4)
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("text" if chosen else "secondary"))
        caption = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, SIDE)
        painter.drawText(QRectF(place.left(), place.bottom() + 3, SIDE, CAPTION), Qt.AlignmentFlag.AlignCenter, caption)
        painter.restore()
