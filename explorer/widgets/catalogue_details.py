"""What is known of the model that is chosen in the catalogue, and what can be done with it."""

from collections.abc import Collection
from urllib.parse import urlsplit

import msgspec
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.catalogue import Entry
from explorer import theme
from explorer.model_words import family_name, in_bytes, square
from explorer.words import tr

from .catalogue_list import Row
from .facts_grid import FactsGrid

WIDTH = 288
DRAWN_BY = {"projected-gan": "fastgan"}  # whose generator it is
NOT_DRAWN = "This family cannot be drawn here yet: the file is read safely, but there will be no pictures."
NEVER_SEEN = "not published; the first download records what it sees"


class CatalogueDetails(QWidget):
    """Shows what it is told; `wanted` is the model to fetch, with the other address where one was typed."""

    wanted = pyqtSignal(object)  # Entry
    opened = pyqtSignal(object)  # Entry
    shown_in_folder = pyqtSignal(object)  # Entry

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._row: Row | None = None
        self._families: Collection[str] = ()
        self.setFixedWidth(WIDTH)
        self.name = QLabel()
        self.name.setProperty("role", "title")
        self.name.setWordWrap(True)
        self.facts = FactsGrid()
        self.note = QLabel()
        self.note.setProperty("role", "secondary")
        self.note.setWordWrap(True)
        self.fetch = QPushButton()
        self.fetch.setProperty("role", "primary")
        self.fetch.clicked.connect(self._fetch)
        self.folder = QPushButton(tr(" Show in folder"))
        self.folder.setIcon(theme.icon("folder-open"))
        self.folder.clicked.connect(self._show_folder)
        self.elsewhere = QPushButton(tr("From another address…"))
        self.elsewhere.setProperty("flat", True)
        self.elsewhere.setToolTip(tr("Where you have the same file on another server, or on a disk"))
        self.elsewhere.setCheckable(True)
        self.address = QLineEdit()
        self.address.setPlaceholderText(tr("https://…  or  file:///…"))
        self.address.setAccessibleName(tr("Another address of the same file, tried first"))
        self.address.returnPressed.connect(self.fetch.click)
        self.elsewhere.toggled.connect(self._ask_elsewhere)
        self._lay_out()

    def _lay_out(self) -> None:
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.addWidget(self.fetch, 1)
        deeds.addWidget(self.folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.name, self.facts, self.note):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self.address)
        column.addWidget(self.elsewhere)
        column.addLayout(deeds)
        self.address.hide()

    def know(self, families: Collection[str]) -> None:
        """Which networks can be drawn here."""
        self._families = {family.replace("_", "-") for family in families}
        self._say_note()

    def show_row(self, row: Row | None, checksum: str, busy: str) -> None:
        """`busy` is the name of the model that is being fetched; only one is at a time."""
        if row is None or row.here or self._row is None or row.entry != self._row.entry:
            self.elsewhere.setChecked(False)
            self.address.clear()
        self._row = row
        for widget in (self.facts, self.fetch, self.elsewhere):
            widget.setVisible(row is not None)
        self.folder.setVisible(row is not None and bool(row.here))
        self.name.setText(row.entry.name if row is not None else tr("Nothing chosen"))
        if row is not None:
            self.elsewhere.setVisible(not row.here)
            self.facts.show_facts(facts(row, checksum))
            self._say_fetch(row, busy)
        self._say_note()

    def _say_fetch(self, row: Row, busy: str) -> None:
        words = tr("Open") if row.here else tr("Go on with the download") if row.part else tr("Download")
        self.fetch.setText(tr("Being downloaded…") if busy == row.entry.name else words)
        self.fetch.setEnabled(bool(row.here) or not busy)
        self.fetch.setToolTip(
            tr("{name} is being downloaded; this can be next", name=busy) if busy and not row.here else ""
        )

    def _say_note(self) -> None:
        entry = self._row.entry if self._row is not None else None
        family = DRAWN_BY.get(entry.family, entry.family) if entry is not None else ""
        told = NOT_DRAWN if entry is not None and self._families and family not in self._families else ""
        words = [tr(entry.note if entry is not None else "Choose a model in the list."), tr(told)]
        self.note.setText("\n".join(f"{word[:1].upper()}{word[1:]}" for word in words if word))

    def _ask_elsewhere(self, wanted: bool) -> None:
        self.address.setVisible(wanted)
        if wanted:
            self.address.setFocus()

    def _show_folder(self) -> None:
        if self._row is not None:
            self.shown_in_folder.emit(self._row.entry)

    def _fetch(self) -> None:
        if self._row is None:
            return
        entry, address = self._row.entry, self.address.text().strip()
        if self._row.here:
            self.opened.emit(entry)
        elif self.elsewhere.isChecked() and address:
            self.wanted.emit(msgspec.structs.replace(entry, mirrors=(address, *entry.mirrors)))
        else:
            self.wanted.emit(entry)


def facts(row: Row, checksum: str) -> list[tuple[str, str]]:
    """What the catalogue says of a model, and what a download has found."""
    entry: Entry = row.entry
    size = row.here or entry.size
    found = [
        ("Family", family_name(entry.family)),
        ("Pictures", square(entry.resolution) or "not said"),
        ("File", in_bytes(size) if size else "size not published"),
        ("Licence", entry.licence),
        ("From", urlsplit(entry.url).netloc),
        ("Checksum", f"{checksum[:16]}… (SHA-256)" if checksum else NEVER_SEEN),
    ]
    return (
        [*found, ("Fetched", tr("{size}, then stopped", size=in_bytes(row.part)))]
        if row.part and not row.here
        else found
    )
