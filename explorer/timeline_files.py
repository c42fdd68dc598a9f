"""Timelines as files of their own, which `latent-explorer video` reads too, and files that become keys or the sound."""

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from engine.gallery.sheet import recipes_in
from engine.recipe import BadRecipe, codec, timeline
from engine.whole import write_bytes

from .timelines import TimelineDesk
from .widgets.dropped import made_here
from .words import tr

FILTER = "Timelines (*.json)"
HEARD = (".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".mka", ".mp4", ".mkv")
KINDS = " ".join(f"*{kind}" for kind in HEARD)


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
        dialog = QFileDialog(self.window(), tr("Open a timeline"), str(self._folder), tr(FILTER))
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def ask_save(self) -> None:
        dialog = QFileDialog(self.window(), tr("Save the timeline"), str(self._folder), tr(FILTER))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def ask_sound(self) -> None:
        dialog = QFileDialog(self.window(), tr("A sound for the film"), str(self._folder))
        dialog.setNameFilters([tr("Sound ({kinds})", kinds=KINDS), tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self.sound.emit(Path(name)))
        dialog.open()

    def take(self, paths: Sequence[Path], at: float | None = None, key: int | None = None) -> None:
        """Pictures and sheets made here become keys from a moment on, or after the last; one alone can become a key's own."""
        heard = next((path for path in paths if path.suffix.lower() in HEARD), None)
        if heard is not None:
            self.sound.emit(heard)
        try:
            recipes = [recipe for path in paths if made_here(path) for recipe in recipes_in(path)]
            if len(recipes) == 1 and key is not None:
                self._desk.set_key(key, recipes[0])
            elif recipes:
                self._desk.lay_keys(recipes, at)
        except ValueError as error:
            self.failed.emit(tr("{error}; nothing was changed", error=error))
            return
        if recipes and at is None:
            words = tr("New keys of the timeline: {count}.", count=len(recipes))
            self.told.emit(words, [("Undo", self._desk.undo)])

    def open(self, path: Path) -> None:
        """A timeline from a file; undo brings the present one back."""
        try:
            self._desk.do(timeline.read(path), tr("Opened {name}", name=path.name))
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
