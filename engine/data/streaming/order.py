"""The order of pictures that are read from shards as they come: shards shuffled, and pictures within a window of some shards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.data.batches import Order, raw

SHARDS, WINDOWS = 3, 4  # what random bits are for; 0 to 2 are the order's own and those of `upside_down`


@dataclass(frozen=True)
class Windowed(Order):
    """Every epoch takes the shards, of `sizes` pictures, in another order, and mixes `window` pictures that follow one another.

    It depends on seed and position alone, as every order, and keeps nothing but one window and the list of shards.
    """

    sizes: tuple[int, ...] = ()
    window: int = 1

    def __post_init__(self) -> None:
        if self.count != sum(self.sizes) or self.window < 1:
            raise ValueError("An order in windows needs the sizes of all shards, and at least one picture in a window.")
        super().__post_init__()

    def shown(self, epoch: int, slots: np.ndarray) -> np.ndarray:
        """Which pictures stand at these slots of an epoch, int64 [N], numbered through all shards as they are listed."""
        windows, inside = np.divmod(slots, self.window)
        places = np.empty(len(slots), np.int64)
        for number in np.unique(windows):
            here, first = windows == number, int(number) * self.window
            size = min(self.window, self.count - first)
            places[here] = first + mixed(self.seed, epoch, int(number), size)[inside[here]]
        return self.pictures(epoch, places)

    def pictures(self, epoch: int, places: np.ndarray) -> np.ndarray:
        """Which pictures come at these places when the shards of an epoch are read one after the other, int64 [N]."""
        order, ends, starts = laid(self.seed, epoch, self.sizes)
        at = np.searchsorted(ends, places, side="right")
        before = ends[at] - np.asarray(self.sizes)[order[at]]
        return np.asarray(starts[order[at]] + places - before, np.int64)


@lru_cache(maxsize=4)
def mixed(seed: int, epoch: int, window: int, size: int) -> np.ndarray:
    """How one window is mixed, int64 [size]; a stream of random bits of its own for each."""
    source = np.random.PCG64(np.random.SeedSequence([seed % 2**64, epoch, WINDOWS, window]))
    return np.argsort(source.random_raw(size), kind="stable")


@lru_cache(maxsize=2)
def laid(seed: int, epoch: int, sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The shards of an epoch in their order, where each ends in that order, and where each begins in the list, int64 [S]."""
    order = np.argsort(raw(seed, epoch, SHARDS, 0, len(sizes)), kind="stable")
    counts = np.asarray(sizes, np.int64)
    return order, np.cumsum(counts[order]), np.cumsum(counts) - counts
