"""How many processor threads draw a model fastest: small layers lose more by waiting for one another than they gain."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

TRIALS = 3


class Threads:
    """Measures on the first whole pictures of each model, in turn with one thread and with all, and keeps the faster.

    Only for looking: sums in another order differ in their last bits, so saved pictures are drawn with the process's own number.
    """

    def __init__(self, most: int = 0):
        self._counts = sorted({1, most or torch.get_num_threads()})
        self._seconds: dict[str, dict[int, list[float]]] = {}

    def count(self, model: str) -> int:
        """The number to draw the next picture of a model (its identity) with."""
        seconds = self._seconds.setdefault(model, {count: [] for count in self._counts})
        if min(len(taken) for taken in seconds.values()) < TRIALS:
            return min(seconds, key=lambda count: len(seconds[count]))
        return min(seconds, key=lambda count: min(seconds[count]))

    def learn(self, model: str, count: int, seconds: float) -> None:
        """A whole picture of the model took so many seconds."""
        taken = self._seconds[model][count]
        if len(taken) < TRIALS:
            taken.append(seconds)


@contextmanager
def drawing_with(count: int) -> Iterator[None]:
    """Torch computes with so many threads inside, and with as many as before afterwards."""
    before = torch.get_num_threads()
    if count == before:
        yield
        return
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
