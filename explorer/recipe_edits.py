"""What actions do to the recipe by themselves, each as one step of undo."""

import msgspec

from engine.recipe import Recipe
from engine.render.info import rows_of

from .bridge import Bridge
from .desk import MixingDesk
from .mixing import turned, with_amounts
from .store import Store
from .widgets.messages import Messages
from .words import tr


class RecipeEdits:
    """Bands of layers from B or from A, and back to the beginning."""

    def __init__(self, store: Store, bridge: Bridge, messages: Messages):
        self._store, self._bridge, self._messages = store, bridge, messages
        self._desk = MixingDesk.of(store)

    def turn(self, band: str) -> None:
        """All layers of a band (coarse, middle, fine) from B; from A again if they are."""
        info = self._bridge.model
        if info is not None and info.has_w:
            rows = rows_of(band, info.layers)
            recipe = turned(self._store.recipe, rows, len(info.layers), self._desk.chosen)
            self._store.do(recipe, tr(f"{band.capitalize()} layers"))

    def all_a(self) -> None:
        self._store.do(with_amounts(self._store.recipe, (), self._desk.chosen), "All layers from A")

    def start_over(self) -> None:
        """The model stays."""
        self._store.do(msgspec.structs.replace(Recipe(), model=self._store.recipe.model), "Started over")
        self._messages.tell("All settings are as at the beginning.", ("Undo", self._store.undo))
