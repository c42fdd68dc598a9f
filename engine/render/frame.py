"""What comes back for a recipe: pixels, or the reason why there are none. No torch."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Frame:
    """A drawn recipe: pixels [H, W, 3] uint8 and how they came to be."""

    recipe: Recipe
    pixels: np.ndarray
    seconds: float = 0.0
    reused: int = 0
    """Layers that were taken from the cache."""
    drawn: int = 0
    """Layers that were computed."""
    device: str = "cpu"
    precision: str = "fp32"
    factor: int = 1
    """How many times as large the whole picture is each way; above 1 this is a preview, for looking only."""

    @property
    def preview(self) -> bool:
        return self.factor > 1

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture."""
        return self.pixels.shape[1] * self.factor, self.pixels.shape[0] * self.factor


Early = Callable[[Frame, float], None]
"""Takes a preview, and in how many seconds the next picture of the same recipe is expected."""


@dataclass(frozen=True, eq=False)
class Failure:
    """A recipe that could not be drawn, and why."""

    recipe: Recipe
    error: Exception
