"""What is read and described of a network that cannot be drawn."""

from typing import NamedTuple


class Undrawn(NamedTuple):
    """What a file tells of a generator that cannot be drawn, and in a sentence why not; sizes that it does not tell are 0."""

    family: str
    obstacle: str
    resolution: int = 0
    channels: int = 0
    label_size: int = 0
    text: bool = False
    z_dim: int = 0
    w_dim: int = 0
    shapes: dict[str, tuple[int, ...]] = {}
    parameters: int = 0
    maker: str = ""
