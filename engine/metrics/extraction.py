"""Features of many pictures, gathered on disk a piece at a time, by one process or several, which give the same."""

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor

from engine import feature_networks
from engine.data.workers import spread
from engine.feature_networks import FeatureNetwork
from engine.progress import Progress
from engine.whole import whole

from .drawing import Piece
from .drawing import forget as forget_models
from .sharing import dealt, standing

T = TypeVar("T")


class Source(Protocol):
    """Where pictures come from; it is sent to other processes."""

    def pictures(self, piece: Piece) -> Tensor:
        """uint8 [N, 3, R, R] on the piece's device."""


@dataclass(frozen=True)
class Reals:
    """Prepared pictures [N, 3, R, R] in a file; with `mirror` each comes again mirrored, after all others."""

    file: Path
    count: int
    resolution: int
    mirror: bool = False

    def __len__(self) -> int:
        return self.count * (2 if self.mirror else 1)

    @property
    def key(self) -> str:
        """Under which name features of them are kept."""
        return self.file.stem

    def pictures(self, piece: Piece) -> Tensor:
        places = np.arange(piece.start, piece.start + piece.count)
        pixels = np.memmap(self.file, np.uint8, "r", shape=(self.count, 3, self.resolution, self.resolution))
        found = np.array(pixels[places % self.count])
        turned = places >= self.count
        found[turned] = found[turned, :, :, ::-1]
        return torch.from_numpy(found).to(piece.device)


@dataclass(frozen=True)
class Judge:
    """A feature network and the files of its weights, in the order of its kind's `files`."""

    network: str
    paths: tuple[Path, ...]

    def opened(self, device: str) -> FeatureNetwork:
        """On the device; kept for the next piece."""
        return _opened(self, device)


def features(judge: Judge, source: Source, batch: int, piece: Piece) -> np.ndarray:
    """Those of a piece, float32 [N, D]."""
    network, pictures = judge.opened(piece.device), source.pictures(piece)
    return torch.cat([network(part) for part in pictures.split(batch)]).float().cpu().numpy()


def shared(work: Callable[[Piece], T], parts: Sequence[Piece], processes: int) -> Iterator[T]:
    """work(piece) of all pieces in their order, by so many processes of our own, or by all that `torchrun` started."""
    if standing()[1] > 1:
        return dealt(partial(_worked, work, 1), parts)
    return spread(partial(_worked, work, processes), parts, processes, chunk=1)


def _worked(work: Callable[[Piece], T], processes: int, piece: Piece) -> T:
    if multiprocessing.parent_process() is not None:
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // processes))
    with torch.no_grad():
        return work(piece)


def gathered(
    work: Callable[[Piece], np.ndarray], parts: Sequence[Piece], processes: int, path: Path, note: str
) -> Generator[Progress, None, np.ndarray]:
    """The rows that the work gives for all pieces, float32 [N, D], in a file, which is complete or not there at all."""
    total, width = sum(piece.count for piece in parts), 0
    with whole(path) as part, part.open("wb") as file:  # closed before it is renamed, as Windows asks
        done = 0
        for rows in shared(work, parts, processes):
            file.write(np.ascontiguousarray(rows, np.float32).tobytes())
            done, width = done + len(rows), rows.shape[1]
            yield Progress(done, total, note)
    return np.memmap(path, np.float32, "r", shape=(total, width))


@lru_cache(maxsize=4)
def _opened(judge: Judge, device: str) -> FeatureNetwork:
    files = feature_networks.NETWORKS[judge.network].files
    return feature_networks.load(judge.network, dict(zip(files, judge.paths, strict=True))).to(device)


def forget() -> None:
    """Frees all networks that were kept."""
    _opened.cache_clear()
    forget_models()
