"""What is at hand in one step of the game: the pictures of the step, the rounds in which they pass, and what was measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from torch import Tensor

from .growth import Stage
from .players import Players
from .ranks import rounds


@dataclass(frozen=True)
class Batch:
    """Real pictures [N, C, H, W] in [-1, 1] at the native resolution of the stage, and their one-hot labels.

    Where several processes share a batch, these are the pictures of this one's rounds, and `whole` is the size of all together.
    """

    images: Tensor
    labels: Tensor | None = None
    whole: int = 0

    @property
    def size(self) -> int:
        return self.whole or self.images.shape[0]


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
        """The parts of the batch that pass through the networks at once, those that this process does, each with its own draws."""
        players, size = self.players, self.batch.size
        parts = rounds(size, players.config.accumulate, players.ranks.count)
        draws = players.ranks.of(players.chance.apart(len(parts)))
        here = 0
        for part, chance in zip(players.ranks.of(parts), draws, strict=True):
            count = part.stop - part.start
            share = count / size
            held, here = slice(here, here + count), here + count
            with players.drawing(chance):
                yield Round(part, held, share, 1.0 if players.config.lazy else share)


@dataclass(frozen=True)
class Round:
    """A part of the batch: where it lies in the whole, and among the pictures that are here; its share of the whole batch, and the
    weight of its losses in the sum of gradients.

    Lazy phases sum the gradients of their rounds as StyleGAN2's program does, which Adam hardly notices; joined ones average.
    """

    part: slice
    held: slice
    share: float
    weight: float

    @property
    def size(self) -> int:
        return int(self.part.stop - self.part.start)

    def of(self, tensor: Tensor | None) -> Tensor | None:
        """This part of a tensor of the whole batch."""
        return None if tensor is None else tensor[self.part]

    def here(self, tensor: Tensor | None) -> Tensor | None:
        """This part of a tensor of the pictures that are here."""
        return None if tensor is None else tensor[self.held]
