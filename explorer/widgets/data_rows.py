"""The pictures of a data set to be, as rows: all, those that look alike, those that are too small, those taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from engine.data.preparation.report import Picture, Report
from explorer.words import tr

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
ALL, ALIKE, SMALL, OUT = "all", "alike", "small", "out"


class DataRows(QAbstractListModel):
    """Knows which pictures stay out; what is shown of them follows the kind that is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.kind, self.size = ALL, 0
        self.removed: set[str] = set()
        self.cropped: Mapping[str, tuple[int, int, int, int]] = {}
        self.shown: list[Picture] = []
        self._pictures: dict[str, Picture] = {}
        self._groups: list[list[str]] = []
        self._leads: set[str] = set()

    def use(self, report: Report | None, removed: Iterable[str] = ()) -> None:
        """Another report, and the names of the pictures that stay out."""
        self._pictures = {picture.name: picture for picture in report.pictures} if report is not None else {}
        self._groups = [[group.kept, *group.others] for group in report.alike] if report is not None else []
        self._leads = {group[0] for group in self._groups}
        self.removed = set(removed) & self._pictures.keys()
        self._sift()

    def ask(self, kind: str, size: int) -> None:
        """Only these; `size` is the side in pixels below which a picture is too small."""
        if (kind, size) != (self.kind, self.size):
            changed, self.kind, self.size = kind != self.kind or kind == SMALL, kind, size
            if changed:
                self._sift()

    def count(self, kind: str) -> int:
        """How many pictures there are of a kind."""
        return len(self._of(kind))

    @property
    def groups(self) -> int:
        """In how many groups pictures look alike."""
        return len(self._groups)

    @property
    def copies(self) -> list[str]:
        """Of pictures that look alike all but the largest."""
        return [name for group in self._groups for name in group[1:]]

    def leads(self, name: str) -> bool:
        """Whether it is the largest of those that look like it."""
        return name in self._leads

    def take_out(self, names: Iterable[str]) -> None:
        self.removed |= set(names) & self._pictures.keys()
        self._mark()

    def put_back(self, names: Iterable[str]) -> None:
        self.removed -= set(names)
        self._mark()

    def crop(self, boxes: Mapping[str, tuple[int, int, int, int]]) -> None:
        """Left, top, right, bottom of the squares that were chosen by hand."""
        self.cropped = boxes
        self._mark()

    def _mark(self) -> None:
        if self.kind == OUT:
            self._sift()
        elif self.shown:
            self.dataChanged.emit(self.index(0), self.index(len(self.shown) - 1))

    def _of(self, kind: str) -> list[Picture]:
        if kind == ALIKE:
            return [self._pictures[name] for group in self._groups for name in group]
        everyone = list(self._pictures.values())
        if kind == SMALL:
            return [each for each in everyone if min(each.width, each.height) < self.size]
        return [each for each in everyone if each.name in self.removed] if kind == OUT else everyone

    def _sift(self) -> None:
        self.beginResetModel()
        self.shown = self._of(self.kind)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.shown[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = [row.name, f"{row.width} × {row.height}", *row.traits, row.label, row.caption]
            words += [tr("taken out")] if row.name in self.removed else []
            words += [tr("cropped by hand")] if row.name in self.cropped else []
            return "\n".join(word for word in words if word)
        return None
