"""The pictures of a data set to be, side by side: chosen with mouse and keys, taken out with Delete, and put back."""

from __future__ import annotations

from PyQt6.QtCore import QItemSelection, QModelIndex, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.data.preparation.report import Picture
from explorer import theme
from explorer.words import tr

from .data_pictures import DataPictures
from .data_rows import ROW, DataRows
from .picture import RADIUS, paint_rounded
from .tiles import SHOW, Tiles, plain

SIDE, GAP = 84, 4
AWAY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class DataTiles(Tiles):
    """Several can be chosen; Delete takes them out, Enter puts them back."""

    chosen = pyqtSignal()  # others than before
    out = pyqtSignal()  # the chosen ones
    back = pyqtSignal()

    def __init__(self, rows: DataRows, pictures: DataPictures, parent: QWidget | None = None):
        super().__init__(rows, tr("Pictures of the data set"), QSize(SIDE + 2 * GAP, SIDE + 2 * GAP), parent)
        self.rows = rows
        self.setItemDelegate(_Painter(rows, pictures, self))
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setSingleStep(SIDE // 2)
        pictures.arrived.connect(self.repaint_all)
        rows.modelReset.connect(self.chosen.emit)

    def names(self) -> list[str]:
        """Of the chosen pictures."""
        return [self.rows.shown[row].name for row in self.chosen_rows()]

    @property
    def current(self) -> Picture | None:
        """The picture that the keys are at, or else the first one."""
        row = max(self.currentIndex().row(), 0)
        return self.rows.shown[row] if row < len(self.rows.shown) else None

    def selectionChanged(self, new: QItemSelection, old: QItemSelection) -> None:
        super().selectionChanged(new, old)
        self.chosen.emit()

    def owns(self, event: QKeyEvent) -> bool:
        return plain(event) and event.key() in (*AWAY, *SHOW)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self.owns(event):
            super().keyPressEvent(event)
        elif event.key() in AWAY:
            self.out.emit()
        else:
            self.back.emit()


class _Painter(QStyledItemDelegate):
    """A picture; one that is taken out is pale and struck through, the largest of several alike has a mark."""

    def __init__(self, rows: DataRows, pictures: DataPictures, view: QWidget):
        super().__init__(view)
        self._rows, self._pictures = rows, pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(SIDE + 2 * GAP, SIDE + 2 * GAP)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row = index.data(ROW)
        if painter is None or not isinstance(row, Picture):
            return
        place = QRectF(option.rect.x() + GAP, option.rect.y() + GAP, SIDE, SIDE)
        pixmap = self._pictures.get(row.name)
        if pixmap is not None and not pixmap.isNull():
            scale = min(SIDE / pixmap.width(), SIDE / pixmap.height())
            size = QPointF(pixmap.width() * scale / 2, pixmap.height() * scale / 2)
            place = QRectF(place.center() - size, place.center() + size)
        out = row.name in self._rows.removed
        paint_rounded(painter, place, pixmap, 0.25 if out else 1.0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.name in self._rows.cropped and not out:
            self._crop(painter, place, row)
        self._marks(painter, place, option.state, row, out)
        painter.restore()

    def _crop(self, painter: QPainter, place: QRectF, row: Picture) -> None:
        """What a hand left out lies in the dark."""
        left, top, right, bottom = self._rows.cropped[row.name]
        scale = place.width() / row.width
        used = QRectF(QPointF(left, top) * scale + place.topLeft(), QPointF(right, bottom) * scale + place.topLeft())
        rest, kept = QPainterPath(), QPainterPath()
        rest.addRoundedRect(place, RADIUS, RADIUS)
        kept.addRect(used)
        painter.fillPath(rest.subtracted(kept), theme.colour("window", 0.7))
        painter.setPen(QPen(theme.colour("a"), 1.0))
        painter.drawRect(used)

    def _marks(self, painter: QPainter, place: QRectF, state: QStyle.StateFlag, row: Picture, out: bool) -> None:
        if out:
            painter.setPen(QPen(theme.colour("bad"), 1.5))
            painter.drawLine(place.bottomLeft() + QPointF(6, -6), place.topRight() + QPointF(-6, 6))
        if self._rows.leads(row.name) and not out:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("good"))
            painter.drawEllipse(place.topRight() + QPointF(-9, 9), 4, 4)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("a" if chosen else "focus"), 2))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
