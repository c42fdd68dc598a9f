"""A step of the history as it is painted: its small picture on the line that leads to it; the present one has an amber frame."""

from collections import OrderedDict

from PyQt6.QtCore import QModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPen, QPixmap
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.recipe import Recipe
from explorer import theme
from explorer.history import Entry
from explorer.history_lanes import DOWN, LEFT, RIGHT, UP
from explorer.small_pictures import rounded
from explorer.thumbnails import Thumbnails

from .history_table import PAST, PRESENT, RAILS, STEP
from .picture import RADIUS

GAP = 4  # around a picture
DRESSED = 400  # pictures that are kept as they are painted
DIM = 0.62  # what is not on the way to the present step


class StepPainter(QStyledItemDelegate):
    """Lines first, the picture over them. What is on the way to the present step is bright, the rest a little dimmer."""

    def __init__(self, thumbnails: Thumbnails, view: QWidget):
        super().__init__(view)
        self._thumbnails = thumbnails
        self._dressed: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(1, 1)  # the view says how large cells are

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        cell, entry = option.rect, index.data(STEP)
        rails, past = index.data(RAILS), index.data(PAST)
        if rails:
            _paint_rails(painter, cell, rails, past, bool(index.data(PRESENT)))
        if entry is not None:
            self._paint_step(painter, option, entry, past, bool(index.data(PRESENT)))

    def _paint_step(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry[Recipe], past: bool, present: bool
    ) -> None:
        place = picture_place(option.rect)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(place, RADIUS, RADIUS)
        pixmap = self._thumbnails.get(entry.state)
        if pixmap is not None:
            painter.setOpacity(1.0 if past or hovered else DIM)
            painter.drawPixmap(place.topLeft(), self._dress(pixmap, place.width(), option.widget))
            painter.setOpacity(1.0)
        if present or hovered:
            painter.setPen(QPen(theme.colour("a" if present else "secondary"), 2 if present or focused else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _dress(self, pixmap: QPixmap, side: float, widget: QWidget | None) -> QPixmap:
        """The picture in this size with round corners, so that scrolling only copies it."""
        key = (pixmap.cacheKey(), round(side))
        found = self._dressed.get(key)
        if found is None:
            dense = widget.devicePixelRatioF() if widget is not None else 1.0
            found = QPixmap.fromImage(rounded(pixmap.toImage(), round(side), RADIUS, dense))
            self._dressed[key] = found
            if len(self._dressed) > DRESSED:
                self._dressed.popitem(last=False)
        return found


def picture_place(cell: QRect) -> QRectF:
    """Where in a cell the picture is: a square in its middle."""
    side = max(min(cell.width(), cell.height()) - 2 * GAP, 8)
    place = QRectF(0, 0, side, side)
    place.moveCenter(QPointF(cell.x() + cell.width() // 2, cell.y() + cell.height() // 2))
    return QRectF(round(place.x()), round(place.y()), side, side)


def _paint_rails(painter: QPainter, cell: QRect, rails: int, past: bool, present: bool) -> None:
    """The lower four bits: time goes right; the upper four: time goes down."""
    x, y = cell.x() + cell.width() // 2, cell.y() + cell.height() // 2
    left, top, right, bottom = cell.x(), cell.y(), cell.x() + cell.width(), cell.y() + cell.height()
    across = (
        (LEFT, left, y, x, y), (RIGHT, x, y, right, y),
        (UP, left + 1, top, left + 1, y), (DOWN, left + 1, y, left + 1, bottom),
    )  # fmt: skip
    down = (
        (UP, x, top, x, y), (DOWN, x, y, x, bottom),
        (LEFT, left, top + 1, x, top + 1), (RIGHT, x, top + 1, right, top + 1),
    )  # fmt: skip
    upright = rails > 15
    lines, rails = (down, rails >> 4) if upright else (across, rails)
    on_way = (UP, DOWN) if upright else (LEFT, RIGHT)
    for rail, x1, y1, x2, y2 in lines:
        if rails & rail:
            bright = past and rail in on_way and not (present and rail == on_way[1])
            painter.setPen(QPen(theme.colour("a") if bright else theme.colour("faint"), 2))
            painter.drawLine(x1, y1, x2, y2)
