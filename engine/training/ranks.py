"""Several processes that train one network together: who they are, how they share a batch, and what they tell each other.

A batch passes in rounds; round k belongs to process k mod count. Each round has draws of its own, made from a seed that all know,
and moving averages take what the processes bring in the order of rounds. So the same rounds give the same training to rounding,
whether one process does them all or each does some.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import torch
from torch import Tensor
from torch import distributed as dist

T = TypeVar("T")

PATIENCE = timedelta(
    hours=12
)  # while one process prepares the pictures, the others wait; torchrun ends them if it dies


@dataclass(frozen=True)
class Ranks:
    """This process among all, and among those of its machine."""

    rank: int = 0
    count: int = 1
    local: int = 0
    here: int = 1
    """How many are on this machine."""

    @property
    def leads(self) -> bool:
        """Whether this is the one that writes files and speaks to the person."""
        return self.rank == 0

    def device(self, name: str) -> str:
        """On a machine of several GPUs every process takes its own, unless a device is named."""
        return (
            f"cuda:{self.local}" if self.count > 1 and name in ("auto", "cuda") and torch.cuda.is_available() else name
        )

    def of(self, rounds: Sequence[T]) -> Sequence[T]:
        """Of something for every round, what belongs to the rounds of this process."""
        return rounds[self.rank :: self.count]

    def in_turn(self, value: Tensor) -> Iterator[tuple[bool, Tensor]]:
        """What every process brings, in the order of ranks, and whether it is one's own; all bring the same shape."""
        if self.count == 1:
            yield True, value
            return
        brought = [torch.empty_like(value, memory_format=torch.contiguous_format) for _ in range(self.count)]
        dist.all_gather(brought, value.detach().contiguous())
        for rank, theirs in enumerate(brought):
            yield rank == self.rank, theirs

    def add_up(self, tensors: Sequence[Tensor]) -> None:
        """Every tensor becomes its sum over all processes, in one message."""
        if self.count == 1 or not tensors:
            return
        flat = torch.cat([tensor.detach().reshape(-1) for tensor in tensors])
        dist.all_reduce(flat)
        for tensor, total in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(total.view(tensor.shape))

    def summed(self, numbers: dict[str, float], device: torch.device) -> dict[str, float]:
        """The sum of every number over all processes; all have the same names."""
        if self.count == 1 or not numbers:
            return numbers
        exact = torch.float32 if device.type == "mps" else torch.float64
        total = torch.tensor(list(numbers.values()), dtype=exact, device=device)
        dist.all_reduce(total)
        return dict(zip(numbers, total.tolist(), strict=True))

    def agreed(self, wish: int, device: torch.device) -> int:
        """What the leading process wishes, a number from 0 to 255, known to all."""
        if self.count == 1:
            return wish
        told = torch.tensor([wish], dtype=torch.uint8, device=device)
        dist.broadcast(told, 0)
        return int(told.item())

    def wait(self) -> None:
        """Until all are here."""
        if self.count > 1:
            dist.barrier()


ALONE = Ranks()


@contextmanager
def joined() -> Iterator[Ranks]:
    """The processes that `torchrun` started, as long as the body runs; without it, this process alone."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield ALONE
        return
    ranks = Ranks(
        int(os.environ["RANK"]),
        count,
        int(os.environ.get("LOCAL_RANK", "0")),
        int(os.environ.get("LOCAL_WORLD_SIZE", "1")),
    )
    if torch.cuda.is_available():
        torch.cuda.set_device(ranks.local)
    dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo", timeout=PATIENCE)
    try:
        yield ranks
    finally:
        dist.destroy_process_group()


def rounds(size: int, most: int, count: int = 1) -> list[slice]:
    """How a batch of `size` pictures passes: in rounds of at most `most` (0: the whole), as many for each of `count` processes.

    Raises ValueError with one sentence when it cannot be shared evenly.
    """
    if size % count:
        raise ValueError(f"a batch of {size} cannot be shared by {count} processes; choose a multiple of {count}")
    share = size // count
    each = min(most or share, share)
    if count > 1 and share % each:
        raise ValueError(
            f"{count} processes share a batch of {size} in rounds of {each}, which does not come out even; "
            f"choose accumulate so that it divides {share}"
        )
    return [slice(start, min(start + each, size)) for start in range(0, size, each)]
