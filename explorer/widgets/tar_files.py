"""Asks for tar files that are too many to copy: on a disk or a web server, named as the command line names them."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.progress import Progress
from explorer.job import Job
from explorer.words import reason, tr

from .buttons import icon_button
from .defaults import no_default
from .pictures_found import PicturesFound, streamed
from .progress import ProgressRow
from .said import Said

ABOUT = (
    "Pictures in tar files are read while the training goes on, and never copied as a whole: for data sets that no disk "
    "here would hold.\n\nA folder of tar files, one tar file, a list of them (.txt, one on a line), or many by their numbers:"
)
EXAMPLES = "/pictures/part-{000..099}.tar\nhttps://server/part-{000..099}.tar"
LISTS = "*.tar *.txt *.list"
WIDE, EDGE = 520, 16  # pixels of the dialog, and of its margins


class TarFiles(QDialog):
    """Stays open until pictures were found, or somebody closes it."""

    found = pyqtSignal(object)  # PicturesFound

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Tar files of pictures"))
        self.source = QLineEdit()
        self.source.setAccessibleName(tr("Where the tar files are"))
        self.source.setPlaceholderText(tr("A folder, a file or an address"))
        self.source.textChanged.connect(self._ready)
        self.source.returnPressed.connect(self.look)
        self.use = QPushButton(tr("Use them"))
        self.use.setProperty("role", "primary")
        self.use.clicked.connect(self.look)
        self._busy = False
        self.progress = ProgressRow()
        self.said = Said()
        self._lay_out()
        no_default(self)
        self._ready()

    def _lay_out(self) -> None:
        about, examples = QLabel(tr(ABOUT)), QLabel(EXAMPLES)
        about.setWordWrap(True)
        about.setFixedWidth(WIDE - 2 * EDGE)  # so that it knows how many lines it has
        for words in (about, examples):
            words.setProperty("role", "secondary")
        examples.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        where = QHBoxLayout()
        where.setSpacing(4)
        where.addWidget(self.source, 1)
        where.addWidget(icon_button("folder-open", "Choose a tar file or a list of them", self._ask))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        column.setSpacing(12)
        column.addWidget(about)
        column.addWidget(examples)
        column.addLayout(where)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        column.addStretch(1)
        column.addLayout(foot)
        self.setFixedWidth(WIDE)

    def ask_for(self, source: str) -> None:
        """Looks through these at once."""
        self.source.setText(source)
        self.look()

    def look(self) -> None:
        """Looks through what is written; what is wrong with it is said here."""
        source = self.source.text().strip()
        if not source or self._busy:
            return
        self.said.clear()
        job = Job(streamed(source), "looking")
        job.stepped.connect(self._step)
        job.finished.connect(self._found)
        job.failed.connect(self._refuse)
        job.cancelled.connect(self._stopped)
        self._busy = True
        self._ready()
        self.progress.follow(job, tr("Looking through the tar files…"))

    def _step(self, now: Progress) -> None:
        """A server that is silent is told; the next try may go well."""
        if now.note and "://" in now.note:
            self.said.complain(now.note)

    def _found(self, found: PicturesFound) -> None:
        self.found.emit(found)
        self.accept()

    def _refuse(self, error: Exception) -> None:
        self.said.complain(reason(error), f"{type(error).__name__}: {error}")
        self._rest()

    def _stopped(self) -> None:
        self.said.clear()
        self._rest()

    def _rest(self) -> None:
        self._busy = False
        self._ready()
        self.source.setFocus()

    def _ready(self) -> None:
        self.source.setEnabled(not self._busy)
        self.use.setEnabled(bool(self.source.text().strip()) and not self._busy)

    def _ask(self) -> None:
        dialog = QFileDialog(self, tr("A tar file, or a list of them"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{tr('Tar files and lists')} ({LISTS})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.source.setText)
        dialog.open()

    def done(self, result: int) -> None:
        """What is being looked through is given up."""
        self.progress.close_job()
        super().done(result)
