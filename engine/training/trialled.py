"""What a trial of a training found; without torch, so that the window reads it too."""

from msgspec import Struct

TIGHT = 0.9  # of all memory, beyond which other programs suffer


class Trial(Struct, frozen=True):
    """What a training of `images` pictures needs: seconds in all and for a picture in the end, bytes of memory of all there are.

    `accumulate` is how many pictures can pass at once: as configured, or halved until they fitted; then `halved` is true.
    """

    images: int
    seconds: float
    picture: float
    memory: int
    all_memory: int
    accumulate: int
    halved: bool
    device: str
    resolution: int

    @property
    def tight(self) -> bool:
        """Whether hardly any memory is left for other programs."""
        return bool(self.all_memory) and self.memory > TIGHT * self.all_memory
