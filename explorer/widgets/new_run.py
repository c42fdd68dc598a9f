"""What a new training needs: pictures, a preset, where to begin, and a folder to keep the run in."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from explorer.runs import RunBook
from explorer.training import Start
from explorer.words import tr

from .buttons import icon_button
from .picture_folder import PictureFolder
from .run_begin import RunBegin
from .run_preset import RunPreset
from .run_trial import RunTrial
from .run_words import RunWords

MOST_RUNS = 12


class NewRun(QWidget):
    """Asks for a start, or for a run that is already there."""

    start = pyqtSignal(object)  # Start
    listed = pyqtSignal()  # all runs shall be shown
    attach = pyqtSignal(Path)
    refused = pyqtSignal(object)  # Exception
    prepare = pyqtSignal()  # a data set shall be made first
    advanced_wanted = pyqtSignal(str, dict)  # a preset, and what was changed of it

    def __init__(self, home: Path, parent: QWidget | None = None):
        super().__init__(parent)
        self.runs = home / "runs"
        self.book = RunBook(self.runs)
        self.changes: dict[str, str] = {}
        self.trial = RunTrial()
        self.pictures = PictureFolder(home / "sample pictures")
        self.pictures.chosen.connect(self._learn)
        self.pictures.turned.connect(self._ready)
        self.pictures.refused.connect(self.refused.emit)
        self.preset = RunPreset()
        self.preset.turned.connect(self._turn)
        self.reading = RunWords(home / "pairs")
        self.reading.turned.connect(self._ready)
        self.reading.refused.connect(self.refused.emit)
        self.begins = RunBegin(self.book)
        self.begins.turned.connect(self._ready)
        self.begins.refused.connect(self.refused.emit)
        self.advanced = QPushButton(tr("Advanced…"))
        self.advanced.setToolTip(tr("Every setting of the preset, with what it may be"))
        self.advanced.clicked.connect(lambda: self.advanced_wanted.emit(self.preset.name, self.changes))
        self.trial.beside(self.advanced)
        for button in (self.trial.ask, self.advanced):  # a preset that is looked at stays
            button.clicked.connect(self.preset.settle)
        self.run = QLineEdit()
        self.run.setAccessibleName(tr("Folder of the run"))
        self.run.textChanged.connect(self._ready)
        self._lay_out()
        self._turn()

    def _lay_out(self) -> None:
        choose = icon_button("folder-open", "Choose where the run is kept", self._ask_run)
        where = QHBoxLayout()
        where.setSpacing(4)
        where.addWidget(self.run, 1)
        where.addWidget(choose)
        self.begin = QPushButton(tr("Start training"))
        self.begin.setProperty("role", "primary")
        self.begin.clicked.connect(self._start)
        self.open = QPushButton(tr("Open a run"))
        self.open.setToolTip(tr("Watch a training that was started before, elsewhere or in a terminal"))
        self.menu = QMenu(self.open)
        self.menu.aboutToShow.connect(self._fill)
        self.open.setMenu(self.menu)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.open)
        foot.addWidget(self.begin, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading(tr("Pictures to learn from")))
        column.addWidget(self.pictures)
        self.preparing = QPushButton(tr("Make a data set…"))
        self.preparing.setToolTip(tr("Look through pictures and films, leave some out, cut them to one size"))
        self.preparing.clicked.connect(self.prepare.emit)
        column.addWidget(self.preparing)
        column.addSpacing(12)
        column.addWidget(heading(tr("How large, how long")))
        column.addWidget(self.preset)
        column.addWidget(self.reading)
        column.addWidget(self.begins)
        column.addWidget(self.trial)
        column.addSpacing(12)
        column.addWidget(heading(tr("Where the run is kept")))
        column.addLayout(where)
        column.addStretch(1)
        column.addLayout(foot)

    def _turn(self) -> None:
        """Another preset: what was changed belonged to the one before."""
        self.change({})
        self.pictures.side = self.preset.resolution
        self._name_run()

    def change(self, changes: dict[str, str]) -> None:
        """Settings that shall be other than the preset's, as texts by their names."""
        self.changes = dict(changes)
        count = len(changes)
        self.advanced.setText(tr("Advanced ({count})…", count=count) if count else tr("Advanced…"))
        self._ready()

    def _learn(self) -> None:
        """Other pictures."""
        self._name_run()
        if self.pictures.found is not None:
            self.preset.know_pictures(self.pictures.found.count, self.pictures.found.side)

    def _name_run(self) -> None:
        """A name that is free, unless the person has typed one."""
        if not self.run.isModified():
            name = self.pictures.found.name if self.pictures.found is not None else "run"
            self.run.setText(str(free(self.runs / f"{name}-{self.preset.name}")))
        self._ready()

    def _ready(self) -> None:
        found = self.pictures.found
        self.reading.know(self.preset.family.currentText(), found.source if found is not None else "")
        ready = found is not None and bool(self.run.text().strip()) and not self.reading.busy
        self.begin.setEnabled(ready)
        why = tr("Words are being learnt") if self.reading.busy else tr("Choose pictures first")
        self.begin.setToolTip("" if ready else why)
        self.trial.propose(self._chosen() if ready else None)

    def _chosen(self) -> Start | None:
        """All that a training needs."""
        pictures, run = self.pictures, Path(self.run.text()).expanduser()
        if pictures.found is None:
            return None
        changes = tuple(self.changes.items())
        return Start(
            pictures.found.source,
            run,
            self.preset.name,
            self.begins.model,
            changes,
            labels=pictures.labels.wanted,
            stream=pictures.stream.wanted,
            reading=self.reading.options,
        )

    def _start(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            at_once = self.trial.at_once
            self.trial.end()
            self.run.setModified(False)
            self.start.emit(replace(chosen, at_once=at_once))

    def _fill(self) -> None:
        """The runs at the usual place, newest first, and a way to any other."""
        self.menu.clear()
        for path in self.book.runs()[:MOST_RUNS]:
            action = self.menu.addAction(path.name)
            assert action is not None
            action.triggered.connect(lambda _=False, path=path: self.attach.emit(path))
        self.menu.addSeparator()
        every = self.menu.addAction(tr("All runs: compare, delete…"))
        assert every is not None
        every.triggered.connect(self.listed.emit)
        other = self.menu.addAction(tr("Choose a folder…"))
        assert other is not None
        other.triggered.connect(self._ask_attach)

    def _ask_attach(self) -> None:
        self._folder_dialog(tr("The folder of a run"), lambda name: self.attach.emit(Path(name)))

    def _ask_run(self) -> None:
        self._folder_dialog(tr("An empty folder for the run"), self._typed)

    def close_jobs(self) -> None:
        """Ends all that runs for it and waits; a training is a program of its own and goes on."""
        self.pictures.close_jobs()
        self.reading.close_jobs()
        self.trial.end()

    def _typed(self, name: str) -> None:
        self.run.setText(name)
        self.run.setModified(True)

    def _folder_dialog(self, title: str, take: Callable[[str], None]) -> None:
        self.runs.mkdir(parents=True, exist_ok=True)
        dialog = QFileDialog(self, title, str(self.runs))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(take)
        dialog.open()


def heading(text: str) -> QLabel:
    """A small title over a group."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def plain_name(path: Path) -> str:
    """What a folder is called, or a file without its ending."""
    return path.name if path.is_dir() else path.stem


def free(path: Path) -> Path:
    """This folder or zip file, or the next name that is not taken."""
    suffix = ".zip" if path.suffix == ".zip" else ""
    stem = path.name.removesuffix(suffix)
    names = (path, *(path.with_name(f"{stem}-{number}{suffix}") for number in range(2, 1000)))
    return next(name for name in names if not name.exists())
