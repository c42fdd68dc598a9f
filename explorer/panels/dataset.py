"""The data set dialog: looks through somebody's pictures and films, and makes a data set of those that shall be in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_documents_path, user_state_path
from PyQt6.QtCore import QTimer, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.data.preparation.check import Found, find
from engine.data.preparation.prepare import Choice, Prepared, prepare
from explorer.data_memory import DataMemory
from explorer.job import Job
from explorer.settings import NAME
from explorer.widgets.data_options import DataOptions
from explorer.widgets.data_sources import DataSources
from explorer.widgets.data_view import START, DataView
from explorer.widgets.defaults import no_default
from explorer.widgets.dropped import Drops
from explorer.widgets.messages import Messages
from explorer.widgets.new_run import free, heading, plain_name
from explorer.widgets.progress import ProgressRow
from explorer.words import tr

MEMORY = "data-sets.json"
STOPPED = "Stopped; what is finished is kept, and Prepare goes on from there."


class DatasetDialog(QDialog):
    """A face of `latent-explorer dataset check` and `dataset prepare`; the originals are only read."""

    train_wanted = pyqtSignal(Path)  # a data set that is ready

    def __init__(self, parent: QWidget | None = None, home: Path | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Make a data set"))
        self.made: Prepared | None = None
        self._home = (home or user_documents_path() / "Latent Explorer") / "data sets"
        self._looking: Job | None = None
        self._making: Job | None = None
        self._again = False  # other sources were chosen while one look was under way
        self.sources = DataSources()
        self.options = DataOptions()
        self.view = DataView(DataMemory((home or user_state_path(NAME, appauthor=False)) / MEMORY))
        self.out = QLineEdit()
        self.out.setAccessibleName(tr("Where the data set goes"))
        self.out.setToolTip(tr("A file that ends in .zip, or a new folder"))
        self.begin = QPushButton(tr("Prepare"))
        self.begin.setProperty("role", "primary")
        self.train = QPushButton(tr("Train on it"))
        self.train.setEnabled(False)
        self.progress = ProgressRow()
        self.messages = Messages(self)
        self._lay_out()
        self._connect()
        no_default(self)
        Drops(self, self.take)
        self._ready()

    def _lay_out(self) -> None:
        self.form = QWidget()
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        column.addWidget(heading(tr("Where the pictures are")))
        column.addWidget(self.sources)
        column.addSpacing(8)
        column.addWidget(heading(tr("What is made of them")))
        column.addWidget(self.options)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.form)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.train)
        foot.addWidget(self.begin, 1)
        side = QWidget()
        side.setFixedWidth(312)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(8)
        left.addWidget(scroll, 1)
        left.addWidget(heading(tr("Where the data set goes")))
        left.addWidget(self.out)
        left.addWidget(self.progress)
        left.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(side)
        row.addWidget(self.view, 1)
        self.resize(1000, 640)

    def _connect(self) -> None:
        self.sources.changed.connect(self.look)
        self.options.frames_changed.connect(self.look)
        self.options.changed.connect(self._plan)
        self.view.changed.connect(self._ready)
        self.view.refused.connect(self._complain)
        self.out.textChanged.connect(self._ready)
        self.begin.clicked.connect(self.prepare)
        self.train.clicked.connect(self._train)

    # looking

    def take(self, paths: Sequence[Path]) -> None:
        """These are looked through too."""
        self.sources.add(paths)

    def look(self) -> None:
        """Looks through the sources anew; a look that is under way is ended first."""
        if self._looking is not None:
            self._again = True
            self.progress.cancel()
            return
        self.made = None
        self._name_out()
        if self.sources.paths:
            self.view.plate.say("Looking through the pictures…")
            job = Job(find(self.sources.paths, self.options.frames()), "looking through pictures")
            self._looking = job
            job.finished.connect(self._found)
            job.failed.connect(self._not_found)
            job.cancelled.connect(lambda: self._not_found(None))
            self.progress.follow(job, tr("Looking through the pictures…"))
        else:
            self.view.show_found(None)
        self._ready()

    def _found(self, found: Found) -> None:
        self._looking = None
        if self._look_again():
            return
        first = self.view.report is None
        self.view.show_found(found)
        if first and found.report.usable:
            self.options.propose(found.report.size)
        self.options.show_films(any(item.stamp is not None for item in found.items))
        self.options.show_classes(len(found.report.classes) > 1)
        self._plan()

    def _not_found(self, error: Exception | None) -> None:
        """None: it was stopped."""
        self._looking = None
        if self._look_again():
            return
        self.view.show_found(None)
        self.view.plate.say(START)
        if error is not None:
            self._complain(error)
        self._ready()

    def _look_again(self) -> bool:
        if self._again:  # when the progress row has let go of the old job
            self._again = False
            QTimer.singleShot(0, self.look)
            return True
        return False

    # making

    def _plan(self) -> None:
        self.view.show_plan(self.options.plan())
        self._name_out()
        self._ready()

    def _name_out(self) -> None:
        """A name that is free, unless the person has typed one."""
        if not self.out.isModified():
            name = plain_name(self.sources.paths[0]) if self.sources.paths else "pictures"
            self.out.setText(str(free(self._home / f"{name}-{self.options.side}.zip")))

    def _ready(self) -> None:
        report = self.view.report
        left = report.usable - len(self.view.removed) if report is not None else 0
        busy = self._looking is not None or self._making is not None
        self.form.setEnabled(self._making is None)
        self.view.setEnabled(self._making is None)
        self.begin.setEnabled(left > 0 and bool(self.out.text().strip()) and not busy)
        self.begin.setText(tr("Prepare {count:,} pictures", count=left) if left else tr("Prepare"))
        self.train.setEnabled(self.made is not None and not busy)

    def prepare(self) -> None:
        """Writes the data set, or goes on where an earlier try was stopped."""
        out = Path(self.out.text().strip()).expanduser()
        choice = Choice(self.options.frames(), self.view.removed, labels=self.options.labels.isChecked())
        self.messages.dismiss()
        self.made = None
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._complain(error)
            return
        job = Job(prepare(self.sources.paths, out, self.view.plan, choice), "preparing")
        job.finished.connect(self._made)
        job.failed.connect(self._not_made)
        job.cancelled.connect(self._stopped)
        self._making = job
        self.progress.follow(job, tr("Preparing…"))
        self._ready()

    def _made(self, made: Prepared) -> None:
        self.made, self._making = made, None
        out = Path(made.out)
        words = [tr("{count:,} pictures are in {name}.", count=made.pictures, name=out.name)]
        buttons = [("Show folder", lambda: _show(out.parent))]
        if made.bad:
            words.append(tr("{count:,} could not be used.", count=len(made.bad)))
            buttons.insert(0, ("Why?", lambda: self.view.show_bad(made.bad)))
        self.messages.tell(" ".join(words), *buttons)
        self._ready()

    def _not_made(self, error: Exception) -> None:
        self._making = None
        self._complain(error)
        self._ready()

    def _stopped(self) -> None:
        self._making = None
        self.messages.tell(STOPPED)
        self._ready()

    def _train(self) -> None:
        if self.made is not None:
            self.train_wanted.emit(Path(self.made.out))

    def _complain(self, error: Exception) -> None:
        self.messages.complain(_words(error), f"{type(error).__name__}: {error}")
        self._ready()

    # window

    def close_jobs(self) -> None:
        """As the program ends; what is prepared so far is kept for the next time."""
        self.progress.close_job()
        self.view.save()
        self.view.close_jobs()


def _words(error: Exception) -> str:
    """What went wrong, in one sentence."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _show(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
