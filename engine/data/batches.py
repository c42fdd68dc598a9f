"""The order in which training sees its pictures, computed from seed and position alone, so that any point resumes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SHUFFLE, MIRROR = 0, 1


@dataclass(frozen=True)
class Batch:
    """Which pictures to show, int64 [N], and which of them mirrored, bool [N]."""

    indices: np.ndarray
    mirrored: np.ndarray

    def __len__(self) -> int:
        return len(self.indices)

    def part(self, places: np.ndarray) -> Batch:
        """What stands at these places of it."""
        return Batch(self.indices[places], self.mirrored[places])


@dataclass(frozen=True)
class Order:
    """An endless order over `count` pictures, reshuffled every epoch."""

    seed: int
    count: int
    mirror: bool = False

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("An order needs at least one picture.")

    def batch(self, position: int, size: int) -> Batch:
        """The `size` pictures that follow after `position` shown ones."""
        if position < 0 or size < 1:
            raise ValueError("A batch starts at 0 or later and holds at least one picture.")
        places = np.arange(position, position + size, dtype=np.int64)
        epochs, slots = np.divmod(places, self.count)
        indices = np.empty(len(places), np.int64)
        mirrored = np.zeros(len(places), bool)
        for epoch in np.unique(epochs):
            here = epochs == epoch
            indices[here] = shuffled(self.seed, self.count, int(epoch))[slots[here]]
            if self.mirror:
                mirrored[here] = coins(self.seed, self.count, int(epoch))[slots[here]]
        return Batch(indices, mirrored)


def take(pixels: np.ndarray, batch: Batch) -> np.ndarray:
    """The batch's pictures out of [N, C, H, W], mirrored where asked; always a copy."""
    chosen = np.array(pixels[batch.indices])
    chosen[batch.mirrored] = chosen[batch.mirrored, :, :, ::-1]
    return chosen


@lru_cache(maxsize=4)
def shuffled(seed: int, count: int, epoch: int) -> np.ndarray:
    """The epoch's permutation of all pictures, int64 [count]."""
    return np.argsort(raw(seed, count, epoch, SHUFFLE), kind="stable")


@lru_cache(maxsize=4)
def coins(seed: int, count: int, epoch: int) -> np.ndarray:
    """The epoch's throws of a fair coin, bool [count]."""
    return (raw(seed, count, epoch, MIRROR) >> np.uint64(63)).astype(bool)


def raw(seed: int, count: int, epoch: int, purpose: int) -> np.ndarray:
    """Random bits uint64 [count]; numpy keeps this stream between its versions, unlike that of `permutation`."""
    entropy = np.random.SeedSequence([seed % 2**64, epoch, purpose])
    return np.asarray(np.random.PCG64(entropy).random_raw(count))
