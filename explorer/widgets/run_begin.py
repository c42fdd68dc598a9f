"""Where a new training begins: with nothing, or with the weights of a model or a run that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from explorer.runs import NoRun, RunBook, RunFolder
from explorer.words import tr

MOST_RUNS = 8
SCRATCH, OTHER_FILE, OTHER_RUN = "Begin from scratch", "With another model…", "With another run…"
HINT = "Its layers are taken over where they fit: choose its family, resolution and width. Few pictures learn best so."
MODELS = "*.safetensors *.pkl *.pt *.pth"


class RunBegin(QWidget):
    """A list of what there is; anything else is chosen as a file or a folder."""

    turned = pyqtSignal()
    refused = pyqtSignal(object)  # Exception

    def __init__(self, book: RunBook, parent: QWidget | None = None):
        super().__init__(parent)
        self._book = book
        self._embedded: list[tuple[str, Path]] = []
        self._chosen: Path | None = None
        self.box = QComboBox()
        self.box.setAccessibleName(tr("What it begins with"))
        self.box.setToolTip(tr("A trained model learns other pictures much sooner than a new one"))
        self.box.activated.connect(self._choose)
        self.hint = QLabel(tr(HINT))
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.box)
        column.addWidget(self.hint)
        self.fill()

    @property
    def model(self) -> Path | None:
        """The model or run whose weights it begins with; None: it begins from scratch."""
        return self._chosen

    def know_embedded(self, models: Sequence[tuple[str, Path]]) -> None:
        """Names and files of the models that travel with the program."""
        self._embedded = list(models)
        self.fill()

    def fill(self) -> None:
        """Looks anew for what there is; what was chosen stays so."""
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItem(tr(SCRATCH), None)
            for name, path in self._embedded:
                self.box.addItem(tr("With {name}, embedded", name=name), path)
            for run in self._book.runs()[:MOST_RUNS]:
                if RunFolder(run).has_state():
                    self.box.addItem(tr("With the run {name}", name=run.name), run)
            self._show()
            self.box.addItem(tr(OTHER_FILE), OTHER_FILE)
            self.box.addItem(tr(OTHER_RUN), OTHER_RUN)

    def take(self, path: Path | None) -> None:
        """This model or run; None: from scratch."""
        self._chosen = path
        self.fill()
        self.turned.emit()

    def _show(self) -> None:
        if self._chosen is not None and all(self.box.itemData(at) != self._chosen for at in range(self.box.count())):
            self.box.addItem(tr("With {name}", name=self._chosen.name), self._chosen)
        at = next((at for at in range(self.box.count()) if self.box.itemData(at) == self._chosen), 0)
        self.box.setCurrentIndex(at)
        self.hint.setVisible(self._chosen is not None)

    def _choose(self, at: int) -> None:
        wanted = self.box.itemData(at)
        if wanted not in (OTHER_FILE, OTHER_RUN):
            self.take(wanted)
            return
        self.fill()  # back to what was chosen, until something is
        dialog = QFileDialog(self, tr("A model or run to begin with"), str(self._book.folder))
        if wanted == OTHER_RUN:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilter(f"{tr('Models')} ({MODELS})")
        dialog.fileSelected.connect(lambda name: self._take_known(Path(name)))
        dialog.open()

    def _take_known(self, path: Path) -> None:
        """A folder that is no run is not taken."""
        try:
            if path.is_dir():
                RunFolder(path).plan()
        except NoRun as error:
            self.refused.emit(error)
            return
        self.take(path)
