"""In which precision a model is drawn for looking: half of it where that is quicker here and looks the same, found by trying."""

from collections.abc import Callable, Generator, Sequence
from time import perf_counter
from typing import NamedTuple

import numpy as np
import torch

from engine import device as devices

NEAR = 45.0  # dB of peak signal to noise between what is shown in float32 and otherwise
QUICKER = 0.9  # of the time in float32, from which on another precision is worth its rounding
Draw = Callable[[torch.dtype], np.ndarray]


def candidates(device: torch.device) -> Sequence[torch.dtype]:
    """The halves that this device may multiply faster than float32."""
    if device.type == "cuda":
        half = torch.cuda.is_bf16_supported(including_emulation=False)
        return (torch.float16, torch.bfloat16) if half else (torch.float16,)
    if device.type == "mps":
        return (torch.float16,)
    return (torch.bfloat16,) if device.type == "cpu" and devices.has_bf16_units() else ()


class Tried(NamedTuple):
    """A picture in some type, and how long it took."""

    pixels: np.ndarray
    seconds: float


def choosing(halves: Sequence[torch.dtype]) -> Generator[torch.dtype, Tried | None, torch.dtype]:
    """The quickest type in which the same picture is drawn, to the eye.

    Yields the type to draw it in next, and is sent what came of it, None where the device refused: once in float32 and at most
    twice in each other type, the first of which may have to prepare its kernels.
    """
    exact = yield torch.float32
    if exact is None:
        return torch.float32
    best, least = torch.float32, exact.seconds * QUICKER
    for half in halves:
        tried = yield half
        if tried is None or decibels(tried.pixels, exact.pixels) < NEAR:
            continue
        again = yield half
        seconds = min(tried.seconds, again.seconds) if again is not None else tried.seconds
        best, least = (half, seconds) if seconds < least else (best, least)
    return best


def decibels(one: np.ndarray, other: np.ndarray) -> float:
    """Peak signal to noise of pixels 0 … 255; infinite where they are the same."""
    error = float(np.square(one.astype(np.float32) - other).mean())
    return float(10 * np.log10(255**2 / error)) if error else float("inf")


class Precisions:
    """The type that each model is drawn in: the one that was asked for, or with "auto" float32 until a trial has found better.

    A trial is made picture by picture, by whoever has nothing else to do; one that is given up halfway is drawn again later.
    """

    def __init__(
        self,
        device: torch.device,
        wanted: devices.Precision = "auto",
        clock: Callable[[], float] = perf_counter,
    ):
        """`wanted` is "auto" or the type for all models."""
        self._device, self._clock = device, clock
        self.ask(wanted)

    def ask(self, wanted: devices.Precision) -> None:
        """From now on "auto" or this type, and nothing is known yet."""
        self._halves = candidates(self._device) if wanted == "auto" else ()
        self._first = torch.float32 if wanted == "auto" else devices.DTYPES[wanted]
        self._found: dict[str, torch.dtype] = {}
        self._trials: dict[str, _Trial] = {}

    def of(self, model: str) -> torch.dtype:
        """That of a model, by its identity."""
        return self._found.get(model, self._first)

    def due(self, model: str) -> bool:
        """Whether something is still to be tried with a model."""
        return bool(self._halves) and model not in self._found

    def go_on(self, model: str, draw: Draw) -> None:
        """Another picture of the model's trial; it must always be the same one. What `draw` raises but RuntimeError, this raises,
        and then that picture is the next again.
        """
        trial = self._trials.setdefault(model, _Trial(self._halves))
        begun = self._clock()
        try:
            tried = Tried(draw(trial.next), self._clock() - begun)
        except RuntimeError:  # the device does not know that type
            tried = None
        found = trial.take(tried)
        if found is not None:
            self._found[model] = found
            del self._trials[model]

    def forget(self, model: str) -> None:
        """What was tried with a model of which the picture has gone; what was found stays."""
        self._trials.pop(model, None)


class _Trial:
    """One that is under way: `next` is the type to draw in."""

    def __init__(self, halves: Sequence[torch.dtype]):
        self._choosing = choosing(halves)
        self.next = next(self._choosing)

    def take(self, tried: Tried | None) -> torch.dtype | None:
        """What was found, or None while there is more to try."""
        try:
            self.next = self._choosing.send(tried)
        except StopIteration as end:
            found: torch.dtype = end.value
            return found
        return None
