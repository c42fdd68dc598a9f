"""How a StyleGAN-T follows words: by encoders that are learnt here from the captions, by those of a file, or the sentence model."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from engine.whole import free_path
from explorer.job import Job
from explorer.words import tr

from .progress import ProgressRow

NONE, LEARN, FILE, CLIP, SENTENCES = (
    "Without words",
    "Learn the words of these pictures first",
    "With a pair of encoders…",
    "With the CLIP in a folder…",
    "With the sentence model",
)
HINT = "Each picture needs a caption: a .txt of its name, or a dataset.json. Sample pictures have them."
FAMILY = "StyleGAN-T"
PAIRS = "*.safetensors"


def learning(pictures: Path, out: Path) -> Generator[Any, None, Path]:
    """Trains a pair of encoders on pictures and captions. Raises NoPictures, MissingWeights or ValueError with one sentence."""
    from engine.caches import cache_folder
    from engine.training.pairing import train_guide

    out.parent.mkdir(parents=True, exist_ok=True)
    yield from train_guide(pictures, out, cache_folder() / "pictures")
    return out


class RunWords(QWidget):
    """Seen for families that read words only."""

    turned = pyqtSignal()
    refused = pyqtSignal(object)  # Exception

    def __init__(self, pairs: Path, parent: QWidget | None = None):
        """`pairs` is the folder for encoders that are learnt here."""
        super().__init__(parent)
        self._pairs = pairs
        self._pictures = ""
        self._pair: Path | None = None
        self._wanted: str | Path = NONE
        self.box = QComboBox()
        self.box.setAccessibleName(tr("Words"))
        self.box.setToolTip(tr("What the model understands when it is asked for a picture in words"))
        self.box.activated.connect(self._choose)
        self.hint = QLabel(tr(HINT))
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "secondary")
        self.progress = ProgressRow()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.box)
        column.addWidget(self.hint)
        column.addWidget(self.progress)
        self._fill()

    @property
    def options(self) -> tuple[str, ...]:
        """The same for the command line."""
        if self.isHidden() or self._wanted == NONE:
            return ()
        return ("--captions",) if self._wanted == SENTENCES else ("--guide", str(self._pair))

    @property
    def busy(self) -> bool:
        """Whether encoders are learning, so that a training must wait."""
        return self.progress.running() and not self.isHidden()

    def know(self, family: str, pictures: str) -> None:
        """Which family learns, and where from; "" as long as nothing is chosen."""
        self._pictures = pictures
        self.setVisible(family == FAMILY)
        self._fill()

    def close_jobs(self) -> None:
        """As the program ends."""
        self.progress.close_job()

    def _fill(self) -> None:
        with QSignalBlocker(self.box):
            self.box.clear()
            for words in (NONE, SENTENCES):
                self.box.addItem(tr(words), words)
            if self._pair is not None:
                self.box.addItem(tr("With {name}", name=self._pair.name), self._pair)
            for words in (LEARN, FILE, CLIP):
                self.box.addItem(tr(words), words)
            self.box.setCurrentIndex(max(self.box.findData(self._wanted), 0))
        self.hint.setVisible(self._wanted != NONE)

    def _choose(self, at: int) -> None:
        wanted = self.box.itemData(at)
        if wanted == LEARN:
            self._learn()
        elif wanted in (FILE, CLIP):
            self._ask(wanted == CLIP)
        else:
            self._wanted = wanted
        self._fill()
        self.turned.emit()

    def _learn(self) -> None:
        place = Path(self._pictures)
        if not self._pictures or not place.exists():
            self.refused.emit(ValueError(tr("Choose pictures with captions on this disk first.")))
            return
        if self.progress.running():
            return
        job = Job(learning(place, free_path(self._pairs / f"{place.stem}-pair.safetensors")), "words")
        job.finished.connect(self.take)
        job.failed.connect(self.refused.emit)
        for end in (job.finished, job.failed, job.cancelled):
            end.connect(lambda *_: self.turned.emit())
        self.progress.follow(job, tr("Learning which words belong to which pictures…"))

    def _ask(self, folder: bool) -> None:
        title = tr("The folder of CLIP's files") if folder else tr("A pair of encoders")
        dialog = QFileDialog(self, title, str(self._pairs if self._pairs.is_dir() else Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        mode = QFileDialog.FileMode
        dialog.setFileMode(mode.Directory if folder else mode.ExistingFile)
        if not folder:
            dialog.setNameFilter(f"{tr('Models')} ({PAIRS})")
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.open()

    def take(self, pair: Path) -> None:
        """These encoders: a file that `guide` has written, or a folder with a CLIP."""
        from engine.checkpoints import BadCheckpoint
        from engine.training.guided import check_words

        try:
            check_words(pair)
        except (BadCheckpoint, ValueError) as error:
            self.refused.emit(error)
            return
        self._pair = self._wanted = pair
        self._fill()
        self.turned.emit()
