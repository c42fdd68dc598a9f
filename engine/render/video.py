"""The simplest film: evenly from recipe to recipe, as H.264."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.recipe import Recipe
from engine.recipe.timeline import Timeline, through

from .export import Filmed, discard, export
from .export_settings import MAX_FPS, ExportSettings
from .formats import ENCODERS, NoEncoder

if TYPE_CHECKING:
    from .renderer import Renderer

__all__ = ["ENCODERS", "Filmed", "NoEncoder", "between", "film"]


def film(
    recipes: Sequence[Recipe],
    renderer: Renderer,
    path: Path,
    seconds: float,
    fps: int,
    loop: bool = False,
    scale: int = 1,
) -> Generator[Filmed, None, None]:
    """Writes the film through the recipes, `seconds` from each to the next, every pixel enlarged `scale` times.

    Yields after every frame. The file is there only once it is complete: a closed generator or an error leaves
    nothing behind. Raises ValueError, NoEncoder or OSError with one sentence, and what rendering raises.
    """
    timeline = between(recipes, seconds, fps, loop)
    if not 1 <= scale <= 64:
        raise ValueError(f"a film can be enlarged 1 to 64 times, not {scale} times")
    try:
        yield from export(timeline, renderer, path, ExportSettings(scale=scale))
    finally:
        discard(path)


def between(recipes: Sequence[Recipe], seconds: float, fps: int, loop: bool = False) -> Timeline:
    """The timeline of such a film. Raises ValueError with one sentence."""
    if len(recipes) < 2:
        raise ValueError("a film needs at least two pictures to go between")
    if not 1 <= fps <= MAX_FPS:
        raise ValueError(f"a film has 1 to {MAX_FPS} frames per second, not {fps}")
    if not 0 < seconds <= 3600:
        raise ValueError(f"from one picture to the next it takes more than 0 and at most 3600 seconds, not {seconds:g}")
    return through(recipes, seconds, fps, loop)
