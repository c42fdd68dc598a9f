"""Timelines as files of their own, which `latent-explorer video` reads too."""

from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from engine.recipe import BadRecipe, codec, timeline
from engine.whole import write_bytes

from .timelines import TimelineDesk
from .words import tr

FILTER = "Timelines (*.json)"
SOUNDS = "Sound (*.wav *.flac *.mp3 *.ogg *.opus *.m4a *.aac *.aif *.aiff *.mka *.mp4 *.mkv);;All files (*)"


class TimelineFiles(QWidget):
    """Opens into the desk and saves from it; what went wrong is said in a sentence."""

    told = pyqtSignal(str, list)
    failed = pyqtSignal(str)
    sound = pyqtSignal(object)  # Path of a file that was chosen

    def __init__(self, desk: TimelineDesk, folder: Path, parent: QWidget):
        super().__init__(parent)
        self._desk, self._folder = desk, folder
        self.hide()

    def ask_open(self) -> None:
        dialog = QFileDialog(self.window(), tr("Open a timeline"), str(self._folder), FILTER)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def ask_save(self) -> None:
        dialog = QFileDialog(self.window(), tr("Save the timeline"), str(self._folder), FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def ask_sound(self) -> None:
        dialog = QFileDialog(self.window(), tr("A sound for the film"), str(self._folder), SOUNDS)
        dialog.fileSelected.connect(lambda name: self.sound.emit(Path(name)))
        dialog.open()

    def open(self, path: Path) -> None:
        """A timeline from a file; undo brings the present one back."""
        try:
            self._desk.do(timeline.read(path), f"Opened {path.name}")
        except BadRecipe as error:
            self.failed.emit(tr("{error}; nothing was changed", error=error))

    def save(self, path: Path) -> None:
        """The timeline as a file, complete or not there at all."""
        try:
            write_bytes(path, codec.encode(self._desk.timeline))
        except OSError as error:
            self.failed.emit(tr("The timeline was not saved: {reason}", reason=error.strerror or error))
        else:
            self.told.emit(tr("Saved {name}", name=path.name), [])
