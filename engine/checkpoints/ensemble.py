"""All networks of a file: the average that is drawn, the generator that learnt, its discriminator, and augmentation's strength."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from torch import nn

from engine.networks import Generator, Trainable

from . import explained, format_of, native, nvidia_pickles, rosinality2, tensorflow_pickles
from .card import Card, checked
from .file import File
from .others import Others

OTHERS: dict[Any, Callable[[File, Card], Others]] = {  # of formats that hold more than a generator
    native: native.others,
    nvidia_pickles: nvidia_pickles.others,
    tensorflow_pickles: tensorflow_pickles.others,
    rosinality2: rosinality2.others,
}


class Ensemble(NamedTuple):
    """What a file holds; None stands for a network that it does not hold."""

    card: Card
    average: Generator
    generator: Generator | None = None
    discriminator: nn.Module | None = None
    p: float | None = None
    """Strength of augmentation."""
    training_set: dict[str, Any] = {}
    """What the pictures were."""

    @property
    def networks(self) -> dict[str, nn.Module]:
        """Those that are there, by name."""
        found = {name: getattr(self, name) for name in native.NETWORKS}
        return {name: network for name, network in found.items() if network is not None}


def load_all(path: Path) -> Ensemble:
    """Every network in float32 on the CPU. Raises BadCheckpoint with one sentence."""
    with explained(path):
        file = File(path)
        format = format_of(file)
        card = checked(format.card(file))
        tensors = format.tensors(file, card)
        file.forget()  # what was touched of it; the other networks are read anew
        more = OTHERS[format](file, card) if format in OTHERS else Others()
        file.forget()
        average, told = native.assemble(path, card, tensors)
        generator = discriminator = None
        if more.generator is not None:
            generator = native.filled(path, card.network.build, more.generator)
            generator.lod = card.lod
        if more.discriminator is not None:
            if not isinstance(card.network, Trainable):
                raise ValueError("it holds a discriminator, which its family does not have")
            discriminator = native.filled(path, card.network.build_discriminator, more.discriminator)
            discriminator.lod = card.lod
        return Ensemble(told, average, generator, discriminator, more.p, more.training_set)
