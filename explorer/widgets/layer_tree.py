"""The layers of a model, from coarse to fine: how large, what shape, and how much of the model each one is."""

from collections.abc import Sequence

from PyQt6.QtCore import QModelIndex, QRectF, QSize, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from explorer import theme
from explorer.model_card import Part
from explorer.model_words import in_words, shape_in_words, square
from explorer.words import tr

COLUMNS = ("Layer", "Pictures", "", "Largest tensor", "Parameters")
WIDTHS = (160, 88, 64, 136, 120)
HEIGHT = 24
SHARE = Qt.ItemDataRole.UserRole  # of the heaviest part, 0 to 1
LAST = len(COLUMNS) - 1


class LayerTree(QTreeWidget):
    """Each layer opens into its tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(len(COLUMNS))
        self.setHeaderLabels([tr(word) for word in COLUMNS])
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setRootIsDecorated(True)
        self.setAccessibleName(tr("Layers of the model"))
        self.setItemDelegate(Tall(self))
        self.setItemDelegateForColumn(LAST, Bar(self))
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.header()
        if head is not None:
            head.setStretchLastSection(False)
            head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width)

    def show_parts(self, layers: Sequence[Part], others: Sequence[tuple[str, Sequence[Part]]]) -> None:
        """The layers first, then groups of all else, closed."""
        self.clear()
        groups = [(name, list(parts), sum(part.numbers for part in parts)) for name, parts in others]
        most = max([part.numbers for part in layers] + [count for _, _, count in groups], default=1) or 1
        for part in layers:
            self.addTopLevelItem(_item(part, most))
        for name, parts, count in groups:
            group = QTreeWidgetItem([tr(name), "", "", tr("{count} parts", count=len(parts)), in_words(count)])
            group.setData(LAST, SHARE, count / most)
            group.addChildren([_item(part, most) for part in parts])
            self.addTopLevelItem(group)


class Tall(QStyledItemDelegate):
    """Rows with room between them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), HEIGHT)


class Bar(Tall):
    """A number over a bar as long as its share of the heaviest."""

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        share = index.data(SHARE)
        if painter is not None and isinstance(share, float):
            area = QRectF(option.rect).adjusted(0, 3, -4, -3)
            area.setWidth(max(area.width() * share, 2.0))
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("a_soft"))
            painter.drawRoundedRect(area, 3, 3)
            painter.restore()
        super().paint(painter, option, index)


def _item(part: Part, most: int) -> QTreeWidgetItem:
    number = f"{part.row}  " if part.row >= 0 else ""
    item = QTreeWidgetItem(
        [f"{number}{part.name}", square(part.resolution), tr(part.band), part.shape, in_words(part.numbers)]
    )
    item.setData(LAST, SHARE, part.numbers / most)
    for name, shape in part.tensors:
        item.addChild(QTreeWidgetItem([name, "", "", shape_in_words(shape)]))
    return item
