"""What is at hand in one step of the game: the pictures of the step, the rounds in which they pass, and what was measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from torch import Tensor

from .growth import Stage
from .players import Players


@dataclass(frozen=True)
class Batch:
    """Real pictures [N, C, H, W] in [-1, 1] at the native resolution of the stage, and their one-hot labels."""

    images: Tensor
    labels: Tensor | None = None

    @property
    def size(self) -> int:
        return self.images.shape[0]


@dataclass
class Statistics:
    """Means over one step, by name."""

    values: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: Tensor, share: float) -> None:
        """Adds a part of the batch's mean; `share` is that part's share of the batch."""
        self.values[name] = self.values.get(name, 0.0) + float(value.detach()) * share


@dataclass(frozen=True)
class Turn:
    """One step of the players; `draw_labels(n)` gives labels [n, label_size] of fakes, or None."""

    players: Players
    batch: Batch
    now: Stage
    draw_labels: Callable[[int], Tensor | None]
    statistics: Statistics = field(default_factory=Statistics)

    def rounds(self) -> Iterator["Round"]:
        """The parts of the batch that pass through the networks at once."""
        size, config = self.batch.size, self.players.config
        most = config.accumulate or size
        for start in range(0, size, most):
            stop = min(start + most, size)
            share = (stop - start) / size
            yield Round(slice(start, stop), share, 1.0 if config.lazy else share)


@dataclass(frozen=True)
class Round:
    """A part of the batch: where it lies, its share of the batch, and the weight of its losses in the sum of gradients.

    Lazy phases sum the gradients of their rounds as StyleGAN2's program does, which Adam hardly notices; joined ones average.
    """

    part: slice
    share: float
    weight: float

    @property
    def size(self) -> int:
        return int(self.part.stop - self.part.start)

    def of(self, tensor: Tensor | None) -> Tensor | None:
        """This part of a tensor of the whole batch."""
        return None if tensor is None else tensor[self.part]
