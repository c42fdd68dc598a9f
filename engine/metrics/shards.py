"""Real pictures out of tar shards that are read as they come: a pass over all of them that is the same every time.

Where fewer pictures are asked for than there are, runs from all over the shards are taken, so that a server sends little and order
in the shards, as by class, does no harm. A picture that is broken is replaced by the one that stands in for it in the training.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.data.folder import Images
from engine.data.scan import NoPictures
from engine.data.store import digest
from engine.data.streaming.addresses import addresses
from engine.data.streaming.index import Shards, look_through
from engine.data.streaming.pictures import Streamed
from engine.progress import Progress

from .drawing import Piece

INDEX = "shards"
RUN = 16  # pictures that follow one another
MEMORY = 2**26  # bytes of pieces from servers that a process keeps
GOLDEN = (5**0.5 - 1) / 2
VERSION = 1  # raise it when other pictures come first

_open: dict[str, Streamed] = {}  # of this process, by their key


@dataclass(frozen=True)
class Passing:
    """Pictures of shards in the order of the pass; with `mirror` each comes again mirrored, after all others."""

    shards: Shards
    resolution: int
    labelled: bool
    key: str
    mirror: bool = False

    def __len__(self) -> int:
        return len(self.shards) * (2 if self.mirror else 1)

    @property
    def pixels(self) -> Streamed:
        """What reads them in this process, until `forget`."""
        if self.key not in _open:
            _open[self.key] = Streamed(self.shards, self.resolution, MEMORY, self.labelled)
        return _open[self.key]

    def pictures(self, piece: Piece) -> Tensor:
        """uint8 [N, 3, R, R] on the piece's device. Raises NoPictures with one sentence."""
        numbers = np.arange(piece.start, piece.start + piece.count)
        count = len(self.shards)
        found = self.pixels[passed(count, numbers % count)]
        turned = numbers >= count
        found[turned] = found[turned, :, :, ::-1]
        return torch.from_numpy(found).to(piece.device)


def passed(total: int, numbers: np.ndarray) -> np.ndarray:
    """Which of `total` pictures come at these numbers of the pass, int64 [N]; in the whole pass each comes once.

    Runs are a golden section of all apart, so that those of any beginning of the pass lie evenly.
    """
    runs = max(total // RUN, 1)
    step = max(round(runs * GOLDEN), 1)
    while gcd(step, runs) != 1:
        step += 1
    run, inside = np.divmod(numbers, RUN)
    return np.where(numbers < total // RUN * RUN, run * step % runs * RUN + inside, numbers)


def opened(
    source: str, cache: Path, resolution: int, labelled: bool
) -> Generator[Progress, None, tuple[Images, Passing]]:
    """What the shards of a source hold, their classes in the order of the pass. Raises NoPictures with one sentence."""
    shards = yield from look_through(source, addresses(source), cache / INDEX)
    labels = None
    if labelled:
        try:
            labels = shards.labels()[passed(len(shards), np.arange(len(shards)))]
        except NoPictures:
            labelled = False
    passing = Passing(shards, resolution, labelled, named(shards, resolution, labelled))
    return Images(shards.name, passing.pixels, labels, shards.classes if labelled else (), ()), passing


def named(shards: Shards, resolution: int, labelled: bool) -> str:
    """Under which name features of them are kept: other shards give another name, changed ones another end of it."""
    places = [shard.address for shard in shards.all]
    state = [VERSION, [[shard.size, shard.stamp, shard.count] for shard in shards.all]]
    return f"shards-{digest([places, labelled])[:16]}-{resolution}-{digest(state)[:24]}"


def forget() -> None:
    """Ends what reads."""
    while _open:
        _open.popitem()[1].close()
