"""Favourites as rows of a list that can be searched and sorted; thousands of them cost little."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt, QUrl

from engine.gallery import query
from engine.gallery.favourite import Favourite
from explorer.words import tr

Index = QModelIndex | QPersistentModelIndex
FAVOURITE = Qt.ItemDataRole.UserRole


class GalleryList(QAbstractListModel):
    """Holds no picture: the view asks for those that it paints."""

    def __init__(self) -> None:
        super().__init__()
        self.folder: Path | None = None
        self.every: tuple[Favourite, ...] = ()
        self.shown: list[Favourite] = []
        self.text, self.rating, self.order = "", 0, "Newest"

    def show(self, favourites: Sequence[Favourite]) -> None:
        """These from now on; where only their marks differ the view stays where it is."""
        self.every = tuple(favourites)
        self._sift()

    def ask(self, text: str, rating: int, order: str) -> None:
        """Only those that fit, in this order (one of query.ORDERS)."""
        self.text, self.rating, self.order = text, rating, order
        self._sift()

    def _sift(self) -> None:
        new = query.found(self.every, self.text, self.rating, self.order)
        if [f.name for f in new] == [f.name for f in self.shown]:
            self.shown = new
            if new:
                self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self.shown = new
        self.endResetModel()

    def rows_of(self, names: Iterable[str]) -> list[int]:
        """Where files of these names are shown."""
        wanted = set(names)
        return [row for row, f in enumerate(self.shown) if f.name in wanted]

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.shown[index.row()]
        if role == FAVOURITE:
            return item
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return tr("{name}, {count} stars", name=item.title, count=item.marks.rating)
        return tip(item) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """Their files: onto A or B, into the film, or into any other program."""
        data = QMimeData()
        if self.folder is not None:
            names = [self.shown[index.row()].name for index in indexes]
            data.setUrls([QUrl.fromLocalFile(str(self.folder / name)) for name in names])
        return data


def tip(item: Favourite) -> str:
    """What is known of a picture, in a few lines."""
    lines = [item.title, f"{tr(item.words)} · {item.model or tr('no model named')} · {item.width} × {item.height}"]
    if item.marks.tags:
        lines.append(" ".join(f"#{tag}" for tag in item.marks.tags))
    if item.marks.note:
        lines.append(item.marks.note[:300])
    return "\n".join(lines)
