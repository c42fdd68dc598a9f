"""What comes back for a recipe: pixels, or the reason why there are none. No torch."""

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


@dataclass(frozen=True, eq=False)
class Failure:
    """A recipe that could not be drawn, and why."""

    recipe: Recipe
    error: Exception
