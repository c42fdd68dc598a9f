"""One measured figure beside its yardstick, both taken in the same run."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, thread_time


@dataclass(frozen=True)
class Record:
    """`value` in `unit`, beside the `yardstick` in the same unit; ratio = value / yardstick."""

    name: str
    case: str
    value: float
    unit: str
    yardstick: float
    meaning: str
    """What the yardstick is: another way to do the same, measured in alternation, or a figure that was asked for."""

    @property
    def ratio(self) -> float:
        return self.value / self.yardstick if self.yardstick else float("nan")


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of them lie."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def alternating(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds of both, taken in turn so that a drifting machine is the same for both; one round of warm-up."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for side, work in enumerate((ours, theirs)):
            begun = perf_counter()
            work()
            if turn:
                times[side].append(perf_counter() - begun)
    return percentile(times[0], 0.5), percentile(times[1], 0.5)


def quiet_clock() -> Callable[[], float]:
    """Seconds of this thread where it does all the work itself, so that what runs beside counts less; else of the wall."""
    import torch

    return thread_time if torch.get_num_threads() == 1 and not torch.cuda.is_available() else perf_counter
