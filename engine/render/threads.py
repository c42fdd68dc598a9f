"""How many processor threads draw a model fastest: small layers lose more by waiting for one another than they gain."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import torch

TRIALS = 5  # whole pictures of each number that are compared
STREAM = 0.1  # seconds; pictures that follow each other as closely are drawn for a hand that moves
AGAIN = 600  # pictures after which the other numbers are tried anew


class Threads:
    """Measures whole pictures of each model, in turn with each number of threads, and keeps the fastest.

    It learns only while one picture follows the other: then the window works as well, and a thread that has to wait
    for a busy core makes all the others wait. What is fastest on an idle machine may be the slowest then. So all cores but one
    are tried as well, and only a core or two are left for the window.

    Only for looking: sums in another order differ in their last bits, so saved pictures are drawn with the process's own number.
    """

    def __init__(self, most: int = 0, clock: Callable[[], float] = time.perf_counter):
        self._most = most or torch.get_num_threads()
        self._clock, self._last, self._since = clock, -1.0, 0
        self._seconds: dict[str, dict[int, deque[float]]] = {}

    def count(self, model: str) -> int:
        """The number to draw the next picture of a model (its identity) with."""
        seconds = self._of(model)
        if not any(seconds.values()):
            return self._most
        least = min(seconds, key=lambda count: len(seconds[count]))
        return least if len(seconds[least]) < TRIALS else min(seconds, key=lambda count: median(seconds[count]))

    def learn(self, model: str, count: int, seconds: float) -> None:
        """A whole picture of the model, ready now, took so many seconds."""
        now = self._clock()
        flows, self._last = now - seconds - self._last < STREAM, now
        if not flows:
            return
        taken = self._of(model)
        taken[count].append(seconds)
        self._since += 1
        if self._since > AGAIN:
            self._since = 0
            for other in taken.keys() - {count}:
                taken[other].clear()

    def _of(self, model: str) -> dict[int, deque[float]]:
        counts = sorted({1, max(self._most - 1, 1), self._most})
        return self._seconds.setdefault(model, {count: deque(maxlen=TRIALS) for count in counts})


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
