"""The pictures to train on: dropped, chosen, named as tar files, or drawn here as a sample set that is free to use."""

from collections.abc import Generator
from html import escape
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from explorer.job import Job
from explorer.words import tr

from .dropped import Drops
from .pictures_found import PicturesFound, looked
from .progress import ProgressRow
from .tar_files import TarFiles

SETS = {
    "landscape": "Landscapes",
    "waves": "Waves",
    "glass": "Glass",
    "planets": "Planets",
    "marbles": "Marbles",
    "critters": "Critters",
    "sprouts": "Sprouts",
    "clay": "Clay figures",
    "open-peeps": "People, drawn",
    "voxel-art": "Voxel figures",
}
ARCHIVES = (".zip", ".tar", ".tgz")
LISTS = (".txt", ".list")
FILES = "*.zip *.tar"
ASK = "Drop a folder of pictures here"


def drawing(style: str, out: Path, count: int, size: int) -> Generator[Any, None, None]:
    """Draws a sample set. Raises BadSample with one sentence."""
    from engine.data.samples import sample

    yield from sample(style, out, count, size)


def is_data(path: Path) -> bool:
    """Whether a training can read pictures from it: a folder, a data set in one file, or a list of tar files."""
    return path.is_dir() or path.suffix.lower() in ARCHIVES + LISTS


class Wish(QCheckBox):
    """One that may not be asked at all."""

    @property
    def wanted(self) -> bool:
        return self.isChecked() and not self.isHidden()


class PictureFolder(QFrame):
    """Knows where the pictures are, and what was found there."""

    chosen = pyqtSignal()
    turned = pyqtSignal()  # how they are used
    refused = pyqtSignal(object)  # Exception

    def __init__(self, sets: Path, parent: QWidget | None = None):
        super().__init__(parent)
        self.found: PicturesFound | None = None
        self.side = 32
        self._sets = sets
        self._look: Job | None = None
        Drops(self, lambda paths: self.take(paths[0]), is_data)
        self.words = QLabel(tr(ASK))
        self.words.setWordWrap(True)
        self.choose = QPushButton(tr("Choose…"))
        self.choose.setMenu(self._menu())
        self.labels, self.stream = Wish(), Wish(tr("Read the tar files as they come"))
        self.labels.setToolTip(tr("The model can then be asked for each of them"))
        self.stream.setToolTip(tr("Nothing is copied to this disk first: for very many pictures"))
        for wish in (self.labels, self.stream):
            wish.hide()
            wish.toggled.connect(self.turned.emit)
        self.set = QComboBox()
        for name, title in SETS.items():
            self.set.addItem(tr(title), name)
        self.set.setToolTip(tr("Drawn here and now, in the public domain (CC0)"))
        self.number = QSpinBox()
        self.number.setRange(64, 100_000)
        self.number.setSingleStep(500)
        self.number.setValue(5000)
        self.number.setAccessibleName(tr("How many sample pictures"))
        self.draw = QPushButton(tr("Draw them"))
        self.draw.clicked.connect(self._draw)
        self.progress = ProgressRow()
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.words, 1)
        top.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignTop)
        hint = QLabel(tr("No pictures at hand? Draw a sample set:"))
        hint.setProperty("role", "secondary")
        samples = QHBoxLayout()
        samples.setSpacing(4)
        samples.addWidget(self.set, 1)
        samples.addWidget(self.number)
        samples.addWidget(self.draw)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.labels)
        column.addWidget(self.stream)
        column.addWidget(hint)
        column.addLayout(samples)
        column.addWidget(self.progress)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for words, deed in (
            ("A folder…", self._ask_folder),
            ("A zip or tar file…", self._ask_file),
            ("Tar files on a disk or a web server…", lambda: self.ask_tars()),
        ):
            action = menu.addAction(tr(words))
            assert action is not None
            action.triggered.connect(deed)
        return menu

    def take(self, place: Path) -> None:
        """Looks into a folder or a file; it is chosen when there are pictures in it."""
        if place.suffix.lower() in LISTS and place.is_file():
            self.ask_tars(str(place))
            return
        self._look = Job(looked(place), "looking")
        self._look.finished.connect(self.show_found)
        self._look.failed.connect(self.refused.emit)
        self._look.start()

    def show_found(self, found: PicturesFound) -> None:
        """These are chosen."""
        self.found = found
        self.words.setText(tr("<b>{name}</b><br>{count:,} pictures", name=escape(found.name), count=found.count))
        self.setToolTip(escape(found.source.partition("?")[0]))
        self.labels.setText(tr("Learn its {count} classes", count=found.classes))
        self.labels.setChecked(False)
        self.labels.setVisible(found.classes > 1)
        self.stream.setChecked(found.streams)
        self.stream.setVisible(found.shards)
        self.stream.setEnabled(not found.streams)
        self.chosen.emit()

    def ask_tars(self, source: str = "") -> None:
        """Asks for tar files that are read as they come; looks at once through those that are named."""
        dialog = TarFiles(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.found.connect(self.show_found)
        dialog.open()
        if source:
            dialog.ask_for(source)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, tr("A folder of pictures"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, tr("A zip or tar file of pictures"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{tr('Archives')} ({FILES})")
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.open()

    def _draw(self) -> None:
        name, count = self.set.currentData(), self.number.value()
        out = self._sets / f"{name}-{self.side}-{count}"
        job = Job(drawing(name, out, count, self.side), "samples")
        job.finished.connect(lambda _: self.take(out))
        job.failed.connect(self.refused.emit)
        self.progress.follow(job, tr("Sharpening pencils…"))

    def close_jobs(self) -> None:
        """As the program ends."""
        self.progress.close_job()
        for dialog in self.findChildren(TarFiles):
            dialog.reject()
        if self._look is not None:
            self._look.wait(5)
