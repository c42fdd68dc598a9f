"""Several favourites handed over at once: their files, one contact sheet, or one JSON file with all recipes."""

from collections.abc import Generator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from engine.progress import Progress
from engine.recipe import Recipe
from engine.render import png
from engine.whole import free_path, write_bytes

from . import changes, sheet, thumbnails
from .favourite import Favourite

MOST_PIXELS = 200 * 10**6  # of a whole sheet


def pictures(folder: Path, chosen: Sequence[Favourite], target: Path) -> Generator[Progress, None, Path]:
    """Copies the files, recipes and marks inside; names that are taken there get a number. Raises OSError."""
    target.mkdir(parents=True, exist_ok=True)
    for at, item in enumerate(chosen, 1):
        changes.copy(folder / item.name, free_path(target / f"{item.title}.png"))
        yield Progress(at, len(chosen), item.name)
    return target


def recipes(folder: Path, chosen: Sequence[Favourite], target: Path) -> Generator[Progress, None, Path]:
    """One JSON file: a list of names, marks and recipes. Raises OSError or BadRecipe."""
    rows = []
    for at, item in enumerate(chosen, 1):
        rows.append({"name": item.name, "marks": item.marks, "recipe": png.read(folder / item.name)})
        yield Progress(at, len(chosen), item.name)
    write_bytes(target, msgspec.json.format(msgspec.json.encode(rows), indent=2))
    return target


def contact_sheet(
    folder: Path, chosen: Sequence[Favourite], target: Path, columns: int | None = None
) -> Generator[Progress, None, Path]:
    """One PNG with all of them, in their own pixels, and their recipes inside. Raises OSError or ValueError."""
    columns = columns or sheet.columns_for(len(chosen))
    cell = max((f.width for f in chosen), default=0) * max((f.height for f in chosen), default=0)
    if cell * columns * -(-len(chosen) // columns) > MOST_PIXELS:
        raise ValueError(f"{len(chosen)} pictures of this size are too many for one sheet; choose fewer")
    cells: list[np.ndarray] = []
    found: list[Recipe] = []
    for at, item in enumerate(chosen, 1):
        cells.append(np.asarray(thumbnails.picture(folder / item.name)))
        found.append(png.read(folder / item.name))
        yield Progress(at, len(chosen), item.name)
    sheet.write(target, cells, found, columns)
    return target
