"""The order in which training sees its pictures, computed from seed and position alone, so that any point resumes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

SHUFFLE, MIRROR = 0, 1


class Pixels(Protocol):
    """Pictures uint8 [N, C, H, W], in memory or elsewhere, of which some are asked for by their numbers."""

    def __getitem__(self, indices: np.ndarray, /) -> Any: ...

    def __len__(self) -> int: ...

    @property
    def shape(self) -> tuple[int, ...]: ...


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
            indices[here] = self.shown(int(epoch), slots[here])
            if self.mirror:
                mirrored[here] = coins(self.seed, int(epoch), MIRROR, slots[here])
        return Batch(indices, mirrored)

    def shown(self, epoch: int, slots: np.ndarray) -> np.ndarray:
        """Which pictures stand at these slots of an epoch, int64 [N]."""
        return shuffled(self.seed, self.count, epoch)[slots].astype(np.int64)


def take(pixels: Pixels, batch: Batch) -> np.ndarray:
    """The batch's pictures out of [N, C, H, W], mirrored where asked; always a copy."""
    chosen = np.array(pixels[batch.indices])
    chosen[batch.mirrored] = chosen[batch.mirrored, :, :, ::-1]
    return chosen


@lru_cache(maxsize=2)
def shuffled(seed: int, count: int, epoch: int) -> np.ndarray:
    """The epoch's permutation of all pictures, [count], in as few bytes as hold it: all processes keep one."""
    kind = np.uint32 if count <= 2**32 else np.int64
    return np.argsort(raw(seed, epoch, SHUFFLE, 0, count), kind="stable").astype(kind)


def coins(seed: int, epoch: int, purpose: int, slots: np.ndarray) -> np.ndarray:
    """An epoch's throws of a fair coin at these slots, bool [N]; those in between are drawn, the others are not."""
    first = int(slots.min())
    drawn = raw(seed, epoch, purpose, first, int(slots.max()) + 1 - first)
    return (drawn[slots - first] >> np.uint64(63)).astype(bool)


def raw(seed: int, epoch: int, purpose: int, first: int, count: int) -> np.ndarray:
    """Random bits uint64 [count] from the `first` on; numpy keeps this stream between its versions, not that of `permutation`."""
    source = np.random.PCG64(np.random.SeedSequence([seed % 2**64, epoch, purpose]))
    return np.asarray(source.advance(first).random_raw(count))
