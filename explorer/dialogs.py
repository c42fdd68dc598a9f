"""The dialogs for films, data sets and training: one of each, raised when it is asked for again, ended with the window."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QDialog, QWidget

from .bridge import Bridge
from .model_dialogs import ModelDialogs
from .store import Store
from .widgets.messages import Messages
from .words import tr

if TYPE_CHECKING:  # both take their time to import, and many people never open them
    from .panels.dataset import DatasetDialog
    from .panels.train import TrainDialog
    from .panels.video import VideoDialog

PATIENCE = 60.0  # seconds for a film to finish the frame it is at


class Dialogs(QObject):
    """Made when they are first wanted, and kept: what was put into them, and a film that runs, must not be lost."""

    made = pyqtSignal(object)  # a dialog, when it is new

    def __init__(self, store: Store, bridge: Bridge, messages: Messages, parent: QWidget):
        super().__init__(parent)
        self._store, self._bridge, self._messages, self._window = store, bridge, messages, parent
        self.films: Path | None = None  # where they are proposed to go, if a person has said it
        self.models = ModelDialogs(store, bridge, messages, parent)
        self.models.made.connect(self.made)
        self.run: Path | None = None  # the training that the session watched
        self.film: VideoDialog | None = None
        self.training: TrainDialog | None = None
        self.data: DatasetDialog | None = None

    def video(self) -> None:
        """Opens the video dialog, or brings it to the front."""
        if self.film is None:
            from .panels.video import VideoDialog

            self.film = VideoDialog(self._store, self._bridge, self._window, self.films)
            self.film.finished.connect(self._left)
            self.film.filmed.connect(self._filmed)
            self.film.not_filmed.connect(self._not_filmed)
            self.made.emit(self.film)
        self.film.freshen()
        _raise(self.film)

    def train(self) -> None:
        """Opens the train dialog, or brings it to the front."""
        if self.training is None:
            from .panels.train import TrainDialog

            self.training = TrainDialog(self._store, self._bridge, self._window)
            if self.run is not None and self.training.run_folder is None:
                self.training.watch(self.run)
            self.training.data_wanted.connect(self.dataset)
            self.made.emit(self.training)
        _raise(self.training)

    def dataset(self, paths: Sequence[Path] = ()) -> None:
        """Opens the data set dialog, or brings it to the front, with these pictures, films and archives besides its own."""
        if self.data is None:
            from .panels.dataset import DatasetDialog

            self.data = DatasetDialog(self._window)
            self.data.train_wanted.connect(self._learn)
            self.made.emit(self.data)
        self.data.take(paths)
        _raise(self.data)

    def hide(self) -> None:
        """As the window closes."""
        for dialog in (self.film, self.training, self.data):
            if dialog is not None:
                dialog.hide()
        self.models.hide()

    def end(self) -> None:
        """Stops what they do and waits for it; a training is a program of its own and goes on."""
        if self.film is not None:
            self.film.progress.close_job(PATIENCE)
        if self.training is not None:
            self.training.form.close_jobs()
        if self.data is not None:
            self.data.close_jobs()
        self.models.end()

    def _learn(self, pictures: Path) -> None:
        self.train()
        if self.training is not None:
            self.training.learn(pictures)

    def _left(self) -> None:
        if self.film is not None and self.film.progress.running():
            self._messages.tell("The film goes on being made.", ("Show it", self.video))

    def _filmed(self, path: Path) -> None:
        if self.film is not None and not self.film.isVisible():
            self._messages.tell(tr("{name} is there.", name=path.name), ("Show folder", lambda: _show_folder(path)))

    def _not_filmed(self, error: Exception) -> None:
        if self.film is not None and not self.film.isVisible():
            self._messages.complain(tr("No film was written: {error}", error=error), f"{type(error).__name__}: {error}")


def _show_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _raise(dialog: QDialog) -> None:
    if dialog.isMinimized():
        dialog.showNormal()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
