"""In which precision a model is drawn for looking: half of it where that is quicker here and looks the same, found by trying."""

from collections.abc import Callable, Sequence
from time import perf_counter

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


def choose(draw: Draw, halves: Sequence[torch.dtype]) -> torch.dtype:
    """The quickest type in which `draw` makes the same pixels to the eye; it draws once in float32 and at most twice in each other.

    A type that the device refuses is left out.
    """
    exact, least = _timed(draw, torch.float32)
    best, least = torch.float32, least * QUICKER
    for half in halves:
        try:
            pixels, seconds = _timed(draw, half)
            if decibels(pixels, exact) >= NEAR:
                seconds = min(seconds, _timed(draw, half)[1])  # the first may have had to prepare its kernels
                best, least = (half, seconds) if seconds < least else (best, least)
        except RuntimeError:
            continue
    return best


def _timed(draw: Draw, dtype: torch.dtype) -> tuple[np.ndarray, float]:
    begun = perf_counter()
    return draw(dtype), perf_counter() - begun


def decibels(one: np.ndarray, other: np.ndarray) -> float:
    """Peak signal to noise of pixels 0 … 255; infinite where they are the same."""
    error = float(np.square(one.astype(np.float32) - other).mean())
    return float(10 * np.log10(255**2 / error)) if error else float("inf")


class Precisions:
    """The type that each model is drawn in: the one that was asked for, or with "auto" float32 until `learn` has found better."""

    def __init__(self, device: torch.device, wanted: devices.Precision = "auto"):
        """`wanted` is "auto" or the type for all models."""
        self._halves = candidates(device) if wanted == "auto" else ()
        self._first = torch.float32 if wanted == "auto" else devices.DTYPES[wanted]
        self._found: dict[str, torch.dtype] = {}
        self._seen: set[str] = set()

    def of(self, model: str) -> torch.dtype:
        """That of a model, by its identity."""
        return self._found.get(model, self._first)

    def due(self, model: str) -> bool:
        """Whether something is to be tried before the next picture of a model; never before its first."""
        if not self._halves or model in self._found:
            return False
        seen = model in self._seen
        self._seen.add(model)
        return seen

    def learn(self, model: str, draw: Draw) -> None:
        """Tries what `draw` takes in each type."""
        self._found[model] = choose(draw, self._halves)
