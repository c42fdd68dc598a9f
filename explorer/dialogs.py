"""The dialogs for films and for training: one of each, raised when it is asked for again, ended with the window."""

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QDialog, QWidget

from .bridge import Bridge
from .store import Store
from .widgets.messages import Messages

if TYPE_CHECKING:  # both take their time to import, and many people never open them
    from .panels.train import TrainDialog
    from .panels.video import VideoDialog

PATIENCE = 60.0  # seconds for a film to finish the frame it is at


class Dialogs(QObject):
    """Made when they are first wanted, and kept: what was put into them, and a film that runs, must not be lost."""

    made = pyqtSignal(object)  # a dialog, when it is new

    def __init__(self, store: Store, bridge: Bridge, messages: Messages, parent: QWidget):
        super().__init__(parent)
        self._store, self._bridge, self._messages, self._window = store, bridge, messages, parent
        self.film: VideoDialog | None = None
        self.training: TrainDialog | None = None

    def video(self) -> None:
        """Opens the video dialog, or brings it to the front."""
        if self.film is None:
            from .panels.video import VideoDialog

            self.film = VideoDialog(self._store, self._bridge, self._window)
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
            self.made.emit(self.training)
        _raise(self.training)

    def hide(self) -> None:
        """As the window closes."""
        for dialog in (self.film, self.training):
            if dialog is not None:
                dialog.hide()

    def end(self) -> None:
        """Stops what they do and waits for it; a training is a program of its own and goes on."""
        if self.film is not None:
            self.film.progress.close_job(PATIENCE)
        if self.training is not None:
            self.training.form.pictures.close_jobs()

    def _left(self) -> None:
        if self.film is not None and self.film.progress.running():
            self._messages.tell("The film goes on being made.", ("Show it", self.video))

    def _filmed(self, path: Path) -> None:
        if self.film is not None and not self.film.isVisible():
            self._messages.tell(f"{path.name} is there.", ("Show folder", lambda: _show_folder(path)))

    def _not_filmed(self, error: Exception) -> None:
        if self.film is not None and not self.film.isVisible():
            self._messages.complain(f"No film was written: {error}", f"{type(error).__name__}: {error}")


def _show_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _raise(dialog: QDialog) -> None:
    if dialog.isMinimized():
        dialog.showNormal()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
