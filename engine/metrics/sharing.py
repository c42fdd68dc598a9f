"""Several processes that `torchrun` started, on one machine or several, measure together: each takes its share of the pieces.

Every piece is worked on once and told to all, so that all have the same rows in the same order as one process alone.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import torch
from torch import distributed as dist

from .drawing import Piece

T = TypeVar("T")

PATIENCE = timedelta(hours=2)  # the others wait while one prepares pictures or fetches weights


@contextmanager
def joined() -> Iterator[bool]:
    """As long as the body runs these processes are one; whether this one speaks for all. Without `torchrun` nothing happens."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield True
        return
    dist.init_process_group("gloo", timeout=PATIENCE)  # what is told are rows of features, in memory of the processor
    try:
        yield dist.get_rank() == 0
    finally:
        dist.destroy_process_group()


def standing() -> tuple[int, int]:
    """The number of this process and how many there are."""
    together = dist.is_available() and dist.is_initialized()
    return (dist.get_rank(), dist.get_world_size()) if together else (0, 1)


def own_device() -> str:
    """The graphics card of this process among those of its machine; empty where it is alone or there is none."""
    if standing()[1] == 1 or not torch.cuda.is_available():
        return ""
    return f"cuda:{_local() % torch.cuda.device_count()}"


def dealt(work: Callable[[Piece], T], parts: Sequence[Piece]) -> Iterator[T]:
    """work(piece) of all pieces in their order; of each round of pieces this process works on one."""
    rank, count = standing()
    for start in range(0, len(parts), count):
        told: list[T | None] = [None] * count
        mine = work(parts[start + rank]) if start + rank < len(parts) else None
        dist.all_gather_object(told, mine)
        for _, found in zip(parts[start : start + count], told, strict=False):
            assert found is not None
            yield found


def everyone(true: bool) -> bool:
    """Whether all say so."""
    if standing()[1] == 1:
        return true
    said = torch.tensor([int(true)])
    dist.all_reduce(said, dist.ReduceOp.MIN)
    return bool(said.item())


@contextmanager
def one_first() -> Iterator[None]:
    """The first process of each machine goes through the body alone, so that the others find on disk what it made."""
    together = standing()[1] > 1
    if together and _local():
        dist.barrier()
    yield
    if together and not _local():
        dist.barrier()


def _local() -> int:
    return int(os.environ.get("LOCAL_RANK", "0"))
