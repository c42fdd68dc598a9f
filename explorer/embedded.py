"""The models that travel with the program, by their cards alone: no tensors are read before one is wanted."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.recipe import Model, Recipe


@dataclass(frozen=True)
class Embedded:
    """One of them, and what its card says."""

    path: Path
    model: Model
    family: str
    side: int
    """Of its pictures, in pixels."""
    data: str
    licence: str

    @property
    def sample(self) -> Recipe:
        """The picture that stands for it."""
        return Recipe(model=self.model)


def cards(renderer: Any) -> list[Embedded]:
    """All whose card can be read, the one to start with first. In the render thread, where torch is."""
    from engine.checkpoints import BadCheckpoint, read_card
    from engine.render.models import embedded

    found = []
    for path in embedded():
        try:
            card = read_card(path)
        except BadCheckpoint:
            continue  # opening it says what is wrong with it
        network = card.network
        side = network.resolution >> int(card.lod)
        model = Model(card.name or path.stem, card.identity)
        family = str(network.__struct_config__.tag or "")
        found.append(Embedded(path, model, family, side, card.data, card.licence))
    return found
