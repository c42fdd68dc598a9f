"""Favourites for tests: small PNGs with recipes, as many as wanted."""

from pathlib import Path

import msgspec
import numpy as np

from engine.gallery import changes
from engine.gallery.favourite import Favourite
from engine.gallery.folder import Contents, contents
from engine.gallery.marks import Marks
from engine.progress import ended
from engine.recipe import Model, Recipe, seeded
from engine.render.frame import Frame


def frame(seed: int, side: int = 16, model: str = "tiny") -> Frame:
    """A picture of noise; the seed decides it."""
    pixels = np.random.default_rng(seed).integers(0, 255, (side, side, 3), np.uint8)
    return Frame(msgspec.structs.replace(Recipe(), model=Model(model), latent=seeded(seed)), pixels)


def favourite(folder: Path, seed: int, side: int = 16, **said: object) -> Favourite:
    """One more favourite in the folder."""
    return changes.keep(folder, f"tiny {seed}", frame(seed, side), Marks(**{"added": 1000.0 + seed, **said}))


def read(folder: Path) -> Contents:
    """Everything in the folder, at the end of reading."""
    return ended(contents(folder))
