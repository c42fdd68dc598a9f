"""What is read and described of a network that cannot be drawn."""

from typing import NamedTuple


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
