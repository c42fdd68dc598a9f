"""The catalogue's models as rows: name, family, size of the pictures, licence, and whether the file is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.catalogue import Entry, standing
from explorer import theme
from explorer.model_words import family_name, in_bytes, square
from explorer.words import tr

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
HEIGHT, SIDE, MARK = 48, 12, 168  # of a row, of its margins, of the words at its right end
NONE = "Nothing in the catalogue is called that.\nFewer letters find more."
NONE_HERE = "None of these is on this computer yet.\nChoose one and download it; it stays here."


@dataclass(frozen=True)
class Row:
    """A model of the catalogue, and how many bytes of it are here: of the whole file, or of a stopped download."""

    entry: Entry
    here: int
    part: int

    @property
    def about(self) -> str:
        """Family, size of the pictures and the gist of the licence."""
        one = self.entry
        licence = tr("research only") if "research" in one.licence else tr(one.licence.split(" (")[0])
        return " · ".join(word for word in (family_name(one.family), square(one.resolution), licence) if word)

    @property
    def mark(self) -> str:
        """What the right end of the row says."""
        if self.here:
            return tr("here · {size}", size=in_bytes(self.here))
        if self.part:
            return tr("stopped at {size}", size=in_bytes(self.part))
        return in_bytes(self.entry.size) if self.entry.size else ""

    def fits(self, words: Sequence[str], family: str, here: bool) -> bool:
        """Whether all words are found in it."""
        text = f"{self.entry.name} {self.about} {self.entry.licence} {self.entry.note}".lower()
        kind = not family or self.entry.family == family
        return kind and (not here or bool(self.here)) and all(word in text for word in words)


class CatalogueRows(QAbstractListModel):
    """Those that fit what is asked for."""

    def __init__(self, entries: Sequence[Entry], folder: Path):
        super().__init__()
        self._entries, self._folder = tuple(entries), folder
        self.rows: list[Row] = []
        self.shown: list[Row] = []
        self.text, self.family, self.here = "", "", False
        self.look()

    def look(self) -> None:
        """Looks again which files are here."""
        self.rows = [Row(one, *standing(one, self._folder)) for one in self._entries]
        self._sift()

    def ask(self, text: str, family: str, here: bool) -> None:
        """Only those in which all words are found."""
        self.text, self.family, self.here = text, family, here
        self._sift()

    def _sift(self) -> None:
        found = [row for row in self.rows if row.fits(self.text.lower().split(), self.family, self.here)]
        if [row.entry for row in found] == [row.entry for row in self.shown]:
            self.shown = found  # so that the chosen one stays chosen
            if found:
                self.dataChanged.emit(self.index(0), self.index(len(found) - 1))
            return
        self.beginResetModel()
        self.shown = found
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """Where the model of that name is shown; -1: it is not."""
        return next((at for at, row in enumerate(self.shown) if row.entry.name == name), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.shown[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.entry.name}, {row.about}, {row.mark or tr('not on this computer')}"
        return None


class CatalogueView(QListView):
    """The rows; says in their place why there are none."""

    def __init__(self, rows: CatalogueRows):
        super().__init__()
        self._rows = rows
        self.setModel(rows)
        self.setItemDelegate(RowPainter(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Public models"))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self._rows.shown:
            return
        painter = QPainter(self.viewport())
        painter.setFont(theme.font())
        painter.setPen(theme.colour("secondary"))
        said = NONE_HERE if self._rows.here and not self._rows.text else NONE
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), tr(said))


class RowPainter(QStyledItemDelegate):
    """Two lines and a mark at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(0, HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row = index.data(ROW)
        if painter is None or not isinstance(row, Row):
            return
        area = option.rect.adjusted(0, 1, -4, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover" if chosen else "raised"))
            painter.drawRoundedRect(area, 4, 4)
        inside = area.adjusted(SIDE, 6, -SIDE, -6)
        self._words(painter, inside, row, chosen)
        painter.restore()

    def _words(self, painter: QPainter, inside: QRect, row: Row, chosen: bool) -> None:
        """The name above, the rest below; on what is chosen only the text's own colour can be read."""
        quiet = "text" if chosen else "secondary"
        left = inside.adjusted(0, 0, -MARK if row.mark else 0, 0)
        _line(painter, left, Qt.AlignmentFlag.AlignTop, row.entry.name, "text", theme.TEXT)
        _line(painter, left, Qt.AlignmentFlag.AlignBottom, row.about, quiet, theme.SMALL)
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        colour = "good" if row.here else "a" if row.part else quiet
        _line(painter, inside.adjusted(inside.width() - MARK, 0, 0, 0), end, row.mark, colour, theme.SMALL)


def _line(painter: QPainter, area: QRect, where: Qt.AlignmentFlag, text: str, colour: str, size: int) -> None:
    painter.setFont(theme.font(size))
    painter.setPen(theme.colour(colour))
    said = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, int(where), said)
