"""The catalogue: well-known public models, searched, fetched and opened."""

import contextlib
from collections.abc import Collection, Sequence
from pathlib import Path

from PyQt6.QtCore import QModelIndex, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices, QShowEvent
from PyQt6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine import catalogue
from engine.catalogue import Downloaded, Entry
from explorer.job import Job
from explorer.model_words import family_name, in_bytes
from explorer.widgets.catalogue_details import CatalogueDetails
from explorer.widgets.catalogue_list import CatalogueRows, CatalogueView, Row
from explorer.widgets.defaults import no_default
from explorer.widgets.said import Said
from explorer.widgets.work_row import WorkRow
from explorer.words import reason, tr

EVERY = "Every family"
ADVICE = "Look at the licence first: many of these may be used for research only."


class CatalogueDialog(QDialog):
    """Closing it lets a download go on; what came before the end of the program is kept for the next time."""

    fetched = pyqtSignal(object)  # Path of a model that shall be opened
    arrived = pyqtSignal(object)  # Downloaded, with nobody looking
    missed = pyqtSignal(object)  # Exception, with nobody looking

    def __init__(self, entries: Sequence[Entry], folder: Path, parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Catalogue of public models"))
        self._folder = folder
        self._fetching: Entry | None = None
        self.rows = CatalogueRows(entries, folder)
        self.list = CatalogueView(self.rows)
        self.details = CatalogueDetails()
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search: cat 512, metfaces, stylegan3…"))
        self.search.setAccessibleName(tr("Search the catalogue"))
        self.search.setClearButtonEnabled(True)
        self.family = QComboBox()
        self.family.setAccessibleName(tr("Family"))
        self.family.addItem(tr(EVERY), "")
        for family in dict.fromkeys(entry.family for entry in entries):
            self.family.addItem(family_name(family), family)
        self.here = QCheckBox(tr("On this computer"))
        self.count = QLabel()
        self.count.setProperty("role", "secondary")
        self.progress = WorkRow()
        self.said = Said()
        self._lay_out()
        self._connect()
        no_default(self)
        self._sift()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.family)
        bar.addWidget(self.here)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(bar)
        left.addWidget(self.list, 1)
        left.addWidget(self.count)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left, 1)
        middle.addWidget(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(middle, 1)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        self.resize(880, 580)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._sift)
        self.family.currentIndexChanged.connect(self._sift)
        self.here.toggled.connect(self._sift)
        chosen = self.list.selectionModel()
        assert chosen is not None
        chosen.currentChanged.connect(lambda *_: self._show())
        self.list.doubleClicked.connect(self._do)
        self.details.wanted.connect(self.fetch)
        self.details.opened.connect(self._open)
        self.details.shown_in_folder.connect(self._show_folder)

    def know(self, families: Collection[str]) -> None:
        """Which networks can be drawn here; whoever has torch tells."""
        self.details.know(families)

    # what is shown

    def _sift(self) -> None:
        name = self._row.entry.name if self._row is not None else ""
        self.rows.ask(self.search.text(), str(self.family.currentData() or ""), self.here.isChecked())
        if self.rows.shown:
            self.list.setCurrentIndex(self.rows.index(max(self.rows.row_of(name), 0)))
        shown, every = len(self.rows.shown), len(self.rows.rows)
        counted = tr("{every} models.", every=every)
        if shown != every:
            counted = tr("{shown} of {every} models.", shown=shown, every=every)
        self.count.setText(f"{counted} {tr(ADVICE)}")
        self._show()

    def _show(self) -> None:
        row, known = self._row, ""
        if row is not None:
            with contextlib.suppress(ValueError, OSError):  # the download says it, where it can be helped
                known = catalogue.checksum(row.entry, self._folder)
        self.details.show_row(row, known, self._fetching.name if self._fetching is not None else "")

    @property
    def _row(self) -> Row | None:
        at = self.list.currentIndex().row()
        return self.rows.shown[at] if 0 <= at < len(self.rows.shown) else None

    def _look(self) -> None:
        self.rows.look()
        self._show()

    # what is done

    def fetch(self, entry: Entry) -> None:
        """Downloads it, or what is missing of it, and then opens it. One at a time."""
        if self._fetching is not None:
            return
        self._fetching = entry
        self.said.clear()
        job = Job(catalogue.download(entry, self._folder), "download", self)
        job.finished.connect(self._finished)
        job.failed.connect(self._failed)
        job.cancelled.connect(self._cancelled)
        self.progress.follow(job, tr("Asking for {name}…", name=entry.name))
        self._show()

    def _finished(self, got: Downloaded) -> None:
        name = self._end()
        said = tr("{name} is here", name=name)
        if got.first:
            seen = "{name} is here; its checksum was seen for the first time and is recorded: {checksum}…"
            said = tr(seen, name=name, checksum=got.sha256[:16])
        self.said.tell(said)
        if not self.isVisible():
            self.arrived.emit(got)
        self.fetched.emit(got.path)

    def _failed(self, error: Exception) -> None:
        name = self._end()
        said = reason(error)
        text = said if said.startswith(name) else tr("{name} cannot be fetched: {reason}", name=name, reason=said)
        self.said.complain(text, f"{type(error).__name__}: {error}")
        if not self.isVisible():
            self.missed.emit(error)

    def _cancelled(self) -> None:
        name = self._end()
        row = next((row for row in self.rows.rows if row.entry.name == name), None)
        stopped = tr("The download of {name} was stopped.", name=name)
        if row is not None and row.part:
            much = in_bytes(row.part)
            stopped += " " + tr("{much} of it are kept, and the next try goes on from there.", much=much)
        self.said.tell(stopped)

    def _end(self) -> str:
        """There is no download any more; gives back what it was of."""
        name = self._fetching.name if self._fetching is not None else ""
        self._fetching = None
        self._look()
        return name

    def _do(self, index: QModelIndex) -> None:
        if index.isValid():
            self.details.fetch.click()

    def _open(self, entry: Entry) -> None:
        self.fetched.emit(catalogue.place(entry, self._folder))

    def _show_folder(self, entry: Entry) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(catalogue.place(entry, self._folder).parent)))

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._look()
        self.search.setFocus()
