"""The stored picture, the morph to it, and what the mixing desk needs of the rest of the window: favourites and messages."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QFileDialog, QToolBar, QWidget

from engine.recipe import BadRecipe
from engine.render import png

from . import actions, pictures
from .compare import Compare
from .morph import Manner, Morph
from .panels.mix import MixPanel
from .settings import Settings
from .shelf import Shelf
from .store import Store
from .widgets.desk_favourites import FavouritePicker
from .widgets.desk_morph import MorphButton
from .widgets.messages import Messages
from .words import tr

NOTHING = "Nothing is stored yet to morph to; {key} stores the picture that you see."


class DeskHand(QObject):
    """Made before the actions; `tie` puts the morph's button into the toolbar."""

    def __init__(
        self, window: QWidget, store: Store, mix: MixPanel, shelf: Shelf, compare: Compare, messages: Messages
    ):
        super().__init__(window)
        self._window, self._store, self._mix = window, store, mix
        self._shelf, self._compare, self._messages = shelf, compare, messages
        self.morph = Morph(store, self)
        self.picker: FavouritePicker | None = None
        self.button = MorphButton(self.morph)
        self._deeds: Mapping[str, QAction] = {}
        self.morph.failed.connect(messages.complain)
        mix.failed.connect(messages.complain)
        mix.favourite_wanted.connect(lambda: self.pick(tr("Lay a favourite over the picture"), mix.take))
        menu = self.button.menu_of_ways
        menu.stored_wanted.connect(self.to_stored)
        menu.favourite_wanted.connect(lambda: self.pick(tr("Morph to a favourite"), self.to_file))
        menu.file_wanted.connect(self._ask_file)
        self.button.dropped.connect(self.to_file)

    def deeds(self) -> dict[str, Callable[..., object]]:
        return {"store": self.keep, "morph": self.toggle, "lay": self._mix.lay_seed}

    def tie(self, deeds: Mapping[str, QAction], toolbar: QToolBar) -> None:
        """The button goes behind the one that stores a picture."""
        self._deeds = deeds
        there = toolbar.actions()
        at = there.index(deeds["store"]) + 1
        toolbar.insertWidget(there[at], self.button)
        deeds["morph"].changed.connect(self._show_key)
        self._show_key()

    def _show_key(self) -> None:
        self.button.show_key(actions.shown(self._deeds["morph"]))

    def keep(self) -> None:
        """The picture that is seen is the stored one from now on."""
        self._compare.keep()
        held, key = (actions.shown(self._deeds[name]) for name in ("compare", "morph"))
        words = tr("Stored. Hold {key} to see this picture again.", key=held or tr("Compare"))
        self._messages.tell(words + (" " + tr("{key} morphs back to it.", key=key) if key else ""))

    # what a person's settings keep of it

    def use(self, machine: Settings) -> None:
        self.button.menu_of_ways.show_manner(Manner(machine.morph_seconds, machine.morph_ease, machine.morph_path))

    def habits(self) -> dict[str, Any]:
        """The same fields as they are now."""
        return {f"morph_{name}": value for name, value in asdict(self.morph.manner).items()}

    # the morph

    def toggle(self) -> None:
        """To the stored picture, or stop."""
        if self.morph.playing:
            self.morph.stop()
        else:
            self.to_stored()

    def to_stored(self) -> None:
        if self._compare.stored is None:
            self._messages.complain(tr(NOTHING, key=actions.shown(self._deeds["store"]) or "“Store”"))
        else:
            self.morph.to(self._compare.stored, tr("the stored picture"))

    def to_file(self, path: Path) -> None:
        """A picture made here; one that cannot be read is told in words."""
        try:
            recipe = png.open_recipe(path)
        except BadRecipe as error:
            self._messages.complain(str(error))
            return
        self.morph.to(recipe, path.stem)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self._window, tr("Morph to a picture made here"), "", pictures.made_here_filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.to_file(Path(name)))
        dialog.open()

    # favourites

    def pick(self, title: str, use: Callable[[Path], object]) -> None:
        """Shows the favourites to pick one from."""
        if self.picker is not None:
            self.picker.close()
        gallery = self._shelf.gallery
        gallery.use(self._shelf.favourites())
        self.picker = FavouritePicker(gallery.collection, gallery.pictures, title, self._window)
        self.picker.picked.connect(use)
        self.picker.open()
