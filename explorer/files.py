"""What comes into the window from files and what goes out to them; every refusal is one sentence and changes nothing."""

import traceback
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PyQt6.QtCore import QObject, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices, QGuiApplication
from PyQt6.QtWidgets import QFileDialog, QWidget

from engine.gallery import sheet
from engine.recipe import BadRecipe, Model, Recipe
from engine.render.frame import Failure, Frame
from engine.render.info import ModelInfo

from . import pictures, settings
from .bridge import Bridge
from .fit import fitted, named
from .lost_models import LostModels
from .pixels import image
from .runs import hold
from .settings import Recent, Settings
from .store import Store
from .widgets.messages import Messages
from .words import reason, tr


class Files(QObject):
    """Opens models and pictures, saves and copies pictures, remembers models."""

    settings_changed = pyqtSignal()
    no_model = pyqtSignal()
    sheet_opened = pyqtSignal(object)  # the recipes on it

    def __init__(self, store: Store, bridge: Bridge, messages: Messages, machine: Settings, parent: QWidget):
        super().__init__(parent)
        self.settings = machine
        self._store, self._bridge, self._messages, self._window = store, bridge, messages, parent
        self._lost = LostModels(store, bridge, messages, lambda: self.settings.recent, self.choose, self)
        self._lost.no_model.connect(self.no_model)
        bridge.opened.connect(self._opened)
        bridge.model_changed.connect(self._introduced)
        bridge.failed.connect(self.failed)

    # in

    def choose(self) -> None:
        """Asks for a file. Qt's own dialog, which looks the same everywhere and does not block the picture."""
        dialog = QFileDialog(self._window, tr("Open a model or a picture made here"), self._start())
        kinds = " ".join(f"*{kind}" for kind in (*pictures.MODELS, *pictures.PICTURES))
        dialog.setNameFilters([tr("Models and pictures ({kinds})", kinds=kinds), tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def open(self, path: Path) -> None:
        """A picture made here gives its recipe back; anything else is tried as a model."""
        if path.suffix.lower() in pictures.PICTURES:
            self.open_picture(path)
        elif path.is_dir():
            self._messages.complain(
                tr("{name} is a folder; open one of the files in it, or train on it", name=path.name)
            )
        elif path.exists() and path.suffix.lower() not in pictures.MODELS:
            self._messages.complain(
                tr("{name} is neither a model nor a picture that was made here; nothing was changed", name=path.name)
            )
        else:
            self._bridge.open_model(path, lambda error: self.refuse("", error, tr("; nothing was changed")))

    def switch(self, model: Model) -> None:
        """A model that is known by its identity; one that is still in memory is there at once."""
        self._bridge.ask(
            lambda renderer: renderer.info(Recipe(model=model)), self._opened, lambda e: self.refuse("", e)
        )

    def open_picture(self, path: Path) -> None:
        try:
            recipe, *others = sheet.recipes_in(path)
        except BadRecipe as error:
            self._messages.complain(tr("{error}; nothing was changed", error=error))
            return
        if others:
            self.sheet_opened.emit((recipe, *others))
            return
        self._store.do(recipe, tr("Opened {name}", name=path.name))
        self._messages.tell(
            tr("Here is {stem} again, with all its settings.", stem=path.stem), ("Undo", self._store.undo)
        )

    def open_all(self, paths: Sequence[Path]) -> None:
        """What was dropped; of several files, the first."""
        if paths:
            self.open(paths[0])

    def _start(self) -> str:
        recent = self.settings.recent
        if self.settings.models:
            return self.settings.models
        return str(Path(recent[0].path).parent if recent else Path.home())

    def _opened(self, info: ModelInfo) -> None:
        self.remember(info)
        recipe = self._lost.returned(info) or fitted(self._store.recipe, info)
        if self._store.recipe == Recipe():  # nothing has been done yet, so there is nothing to go back to
            self._store.restart([(recipe, "Start")])
        else:
            self._store.do(recipe, tr("Model {name}", name=info.model.name))

    def _introduced(self, info: ModelInfo) -> None:
        """The first picture names no model; now that it is known, every step does."""
        if self._store.recipe.model == Model():
            self._store.rewrite(lambda recipe: named(recipe, info.model))

    def remember(self, info: ModelInfo) -> None:
        if info.path is not None:
            hold(info.path)
            recent = Recent(str(info.path.absolute()), info.model.name, info.model.identity)
            self.settings = settings.with_recent(self.settings, recent)
            self.settings_changed.emit()

    # out

    def save(self) -> None:
        folder = settings.pictures_folder(self.settings)
        recipe = self._store.recipe
        pictures.save(
            self._bridge, recipe, folder, self._saved, lambda error: self.refuse(tr("The picture was not saved"), error)
        )

    def copy(self) -> None:
        """What the hand has made, also while only a preview of it is seen: then its whole picture is waited for."""
        self._bridge.whole(
            self._store.recipe, self._copied, lambda error: self.refuse(tr("The picture was not copied"), error)
        )

    def show_folder(self) -> None:
        folder = settings.pictures_folder(self.settings)
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _copied(self, frame: Frame) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setImage(image(frame.pixels))
            self._messages.tell("The picture is on the clipboard.")

    def _saved(self, path: Path) -> None:
        self._messages.tell(
            tr("Saved {name}", name=path.name),
            ("Show folder", self.show_folder),
            ("Copy path", lambda: copy_text(str(path))),
        )

    # what did not work

    def failed(self, failure: Failure) -> None:
        """A picture could not be drawn: its model is looked for, or the reason is shown."""
        error = failure.error
        if type(error).__name__ != "MissingModel":
            self.refuse("", error)
        elif failure.recipe.model == Model():
            self.no_model.emit()
        else:
            self._lost.look_for(failure)

    def refuse(self, what: str, error: Exception, kept: str = "") -> None:
        """Tells the person in a sentence; the details are for the copy button."""
        text = f"{what}: {reason(error)}" if what else reason(error)
        self._messages.complain(text.rstrip(".") + kept, "".join(traceback.format_exception(error)))

    def change(self, **fields: object) -> None:
        """Changes some of the machine's settings."""
        self.settings = msgspec.structs.replace(self.settings, **fields)
        self.settings_changed.emit()


def copy_text(text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
