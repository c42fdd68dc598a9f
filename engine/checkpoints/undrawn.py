"""Families that are read and described, but whose networks are not here yet, told by their tensors' names."""

import re
from typing import Any, NamedTuple

from . import modules
from .file import File
from .modules import State

TEXT = re.compile(r"mapping\.clip\..+")
KINDS = (  # names of tensors and attributes, the family, what it is called
    (
        re.compile(r"synthesis\.(init|feat_\d+)\..+"),
        "projected-gan",
        "a Projected GAN with FastGAN's generator",
    ),
)


class Undrawn(NamedTuple):
    """What a file tells of a generator that cannot be drawn; sizes that it does not tell are 0."""

    family: str
    called: str
    resolution: int = 0
    channels: int = 0
    label_size: int = 0
    text: bool = False
    z_dim: int = 0
    w_dim: int = 0
    shapes: dict[str, tuple[int, ...]] = {}
    parameters: int = 0
    maker: str = ""

    @property
    def obstacle(self) -> str:
        """One sentence for somebody who wants to draw it."""
        wide = f" of resolution {self.resolution}" if self.resolution else ""
        return f"it holds {self.called}{wide}, which this version cannot draw yet"


def described(file: File) -> Undrawn | None:
    """What a pickle tells of such a generator; None where it holds none."""
    generator = modules.generator_of(modules.networks(file.data)) if file.pickled else None
    if generator is None:
        return None
    shapes = {name: tuple(x.shape) for name, x in modules.tensors_of(generator)}
    attributes = [f"{prefix}{name}" for prefix, state in modules.walked(generator) for name in state]
    for known, family, called in KINDS:
        if any(known.fullmatch(name) for name in (*shapes, *attributes)):
            return Undrawn(
                family,
                called,
                _size(generator, "img_resolution"),
                _size(generator, "img_channels"),
                _size(generator, "c_dim"),
                any(TEXT.fullmatch(name) for name in shapes),
                _size(generator, "z_dim"),
                _size(generator, "w_dim"),
                shapes,
                modules.parameters_of(generator),
                f"{called.removeprefix('a ')} pickle",
            )
    return None


def _size(generator: State, name: str) -> int:
    """A size that the generator keeps as an attribute or was made with."""
    made: Any = generator.get("_init_kwargs")
    value = generator.get(name, made.get(name) if isinstance(made, dict) else None)
    return value if type(value) is int and value > 0 else 0
