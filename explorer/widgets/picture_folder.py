"""The folder to train on: dropped, chosen, or filled here with a sample set that is free to use."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.progress import Progress
from explorer.job import Job
from explorer.words import tr

from .dropped import Drops
from .progress import ProgressRow

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
ASK = "Drop a folder of pictures here"


def looking(folder: Path) -> Generator[Progress, None, int]:
    """How many pictures a folder holds. Raises NoPictures with one sentence."""
    yield Progress(0, 1, "Looking for pictures")
    from engine.data.scan import scan

    return len(scan(folder)[0])


def drawing(style: str, out: Path, count: int, size: int) -> Generator[Any, None, None]:
    """Draws a sample set. Raises BadSample with one sentence."""
    from engine.data.samples import sample

    yield from sample(style, out, count, size)


def is_data(path: Path) -> bool:
    """Whether a training can read pictures from it: a folder, or a data set in one file."""
    return path.is_dir() or path.suffix.lower() in ARCHIVES


class PictureFolder(QFrame):
    """Knows the folder that is chosen, and how many pictures it holds."""

    chosen = pyqtSignal()
    refused = pyqtSignal(object)  # Exception

    def __init__(self, sets: Path, parent: QWidget | None = None):
        super().__init__(parent)
        self.folder: Path | None = None
        self.count = 0
        self.side = 32
        self._sets = sets
        self._scan: Job | None = None
        Drops(self, lambda paths: self.take(paths[0]), is_data)
        self.words = QLabel(tr(ASK))
        self.words.setWordWrap(True)
        self.choose = QPushButton(tr("Choose…"))
        self.choose.clicked.connect(self._ask)
        self.set = QComboBox()
        for name, title in SETS.items():
            self.set.addItem(tr(title), name)
        self.set.setToolTip(tr("Drawn here and now, in the public domain (CC0)"))
        self.number = QSpinBox()
        self.number.setRange(64, 100_000)
        self.number.setSingleStep(500)
        self.number.setValue(5000)
        self.number.setGroupSeparatorShown(True)
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
        column.addWidget(hint)
        column.addLayout(samples)
        column.addWidget(self.progress)

    def take(self, folder: Path) -> None:
        """Looks into a folder; it is chosen when there are pictures in it."""
        self._scan = Job(looking(folder), "looking")
        self._scan.finished.connect(lambda count: self._found(folder, count))
        self._scan.failed.connect(self.refused.emit)
        self._scan.start()

    def _found(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        self.words.setText(tr("<b>{name}</b><br>{count:,} pictures", name=folder.name, count=count))
        self.setToolTip(str(folder))
        self.chosen.emit()

    def _ask(self) -> None:
        dialog = QFileDialog(self, tr("A folder of pictures"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
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
        if self._scan is not None:
            self._scan.wait(5)
