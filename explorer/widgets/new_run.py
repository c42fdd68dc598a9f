"""What a new training needs: pictures, a preset, and a folder to keep the run in."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.cli.presets import PRESET_NOTES

from .buttons import icon_button
from .picture_folder import PictureFolder

MOST_RUNS = 12


def resolution_of(preset: str) -> int:
    """The side of the pictures that a preset learns, which its name ends with."""
    last = preset.rsplit("-", 1)[-1]
    return int(last) if last.isdigit() else 32


class NewRun(QWidget):
    """Asks for a start, or for a run that is already there."""

    start = pyqtSignal(Path, Path, str)  # pictures, run, preset
    attach = pyqtSignal(Path)
    refused = pyqtSignal(object)  # Exception

    def __init__(self, home: Path, parent: QWidget | None = None):
        super().__init__(parent)
        self.runs = home / "runs"
        self.pictures = PictureFolder(home / "sample pictures")
        self.pictures.chosen.connect(self._name_run)
        self.pictures.refused.connect(self.refused.emit)
        self.preset = QComboBox()
        self.preset.addItems(list(PRESET_NOTES))
        self.preset.setAccessibleName("Preset")
        self.preset.currentTextChanged.connect(self._turn)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "secondary")
        self.run = QLineEdit()
        self.run.setAccessibleName("Folder of the run")
        self.run.textChanged.connect(self._ready)
        self._lay_out()
        self._turn(self.preset.currentText())

    def _lay_out(self) -> None:
        choose = icon_button("folder-open", "Choose where the run is kept", self._ask_run)
        where = QHBoxLayout()
        where.setSpacing(4)
        where.addWidget(self.run, 1)
        where.addWidget(choose)
        self.begin = QPushButton("Start training")
        self.begin.setProperty("role", "primary")
        self.begin.clicked.connect(self._start)
        self.open = QPushButton("Open a run")
        self.open.setToolTip("Watch a training that was started before, elsewhere or in a terminal")
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
        column.addWidget(heading("Pictures to learn from"))
        column.addWidget(self.pictures)
        column.addSpacing(12)
        column.addWidget(heading("How large, how long"))
        column.addWidget(self.preset)
        column.addWidget(self.note)
        column.addSpacing(12)
        column.addWidget(heading("Where the run is kept"))
        column.addLayout(where)
        column.addStretch(1)
        column.addLayout(foot)

    def _turn(self, preset: str) -> None:
        note = PRESET_NOTES[preset]
        self.note.setText(note[0].upper() + note[1:] + ".")
        self.pictures.side = resolution_of(preset)
        self._name_run()

    def _name_run(self) -> None:
        """A name that is free, unless the person has typed one."""
        if not self.run.isModified():
            name = self.pictures.folder.name if self.pictures.folder is not None else "run"
            self.run.setText(str(free(self.runs / f"{name}-{self.preset.currentText()}")))
        self._ready()

    def _ready(self) -> None:
        ready = self.pictures.folder is not None and bool(self.run.text().strip())
        self.begin.setEnabled(ready)
        self.begin.setToolTip("" if ready else "Choose pictures first")

    def _start(self) -> None:
        if self.pictures.folder is not None:
            self.run.setModified(False)
            self.start.emit(self.pictures.folder, Path(self.run.text()).expanduser(), self.preset.currentText())

    def _fill(self) -> None:
        """The runs at the usual place, newest first, and a way to any other."""
        self.menu.clear()
        for path in known_runs(self.runs)[:MOST_RUNS]:
            action = self.menu.addAction(path.name)
            assert action is not None
            action.triggered.connect(lambda _=False, path=path: self.attach.emit(path))
        self.menu.addSeparator()
        other = self.menu.addAction("Choose a folder…")
        assert other is not None
        other.triggered.connect(self._ask_attach)

    def _ask_attach(self) -> None:
        self._folder_dialog("The folder of a run", lambda name: self.attach.emit(Path(name)))

    def _ask_run(self) -> None:
        self._folder_dialog("An empty folder for the run", self._typed)

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


def known_runs(folder: Path) -> list[Path]:
    """The runs in a folder, the one with the latest sign of life first."""
    found = [path.parent for path in folder.glob("*/config.json")]
    return sorted(found, key=_touched, reverse=True)


def _touched(run: Path) -> float:
    marks = [run / "stats.jsonl", run / "config.json"]
    return max((mark.stat().st_mtime for mark in marks if mark.exists()), default=0.0)


def free(path: Path) -> Path:
    """This folder, or the next name that is not taken."""
    names = (path, *(path.with_name(f"{path.name}-{number}") for number in range(2, 1000)))
    return next(name for name in names if not name.exists())
