"""A contact sheet as one PNG that carries the recipe of every picture on it."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.recipe import BadRecipe, Recipe, codec
from engine.render import grid, png
from engine.whole import write_bytes

KEY = "latent-explorer-sheet"
MOST = 4096


class Sheet(Struct, frozen=True, forbid_unknown_fields=True):
    """Recipes row by row, and how many lie in a row."""

    columns: Annotated[int, Meta(ge=1, le=MOST)]
    recipes: Annotated[tuple[Recipe, ...], Meta(min_length=1, max_length=MOST)]
    version: Annotated[int, Meta(ge=1, le=1)] = 1


def columns_for(count: int) -> int:
    """So many columns that the sheet comes near to a square, rather wide than high."""
    return max(1, int(np.ceil(np.sqrt(count))))


def write(path: Path, pictures: Sequence[np.ndarray], recipes: Sequence[Recipe], columns: int) -> None:
    """Pictures [H, W, 3] uint8 (smaller ones in the middle of their cells) and their recipes, as one PNG.

    Raises OSError, or ValueError with one sentence.
    """
    info = PngInfo()
    info.add_itxt(KEY, codec.encode(Sheet(columns, tuple(recipes))).decode(), zip=True)
    file = BytesIO()
    Image.fromarray(grid.contact_sheet(padded(pictures), columns)).save(file, "PNG", pnginfo=info)
    write_bytes(path, file.getvalue())


def read(path: Path) -> Sheet:
    """The recipes on a sheet that was written here. Raises BadRecipe with one sentence."""
    found = png.texts(path, (KEY,))
    if KEY not in found:
        raise BadRecipe(f"{path.name} is no contact sheet that was made here")
    try:
        return codec.decode(Sheet, found[KEY], upgraded)
    except BadRecipe as error:
        raise BadRecipe(f"the recipes in {path.name} cannot be read: {error}") from None


def upgraded(plain: Any) -> Any:
    """A sheet as plain data, its recipes of older versions brought up to date. Raises BadRecipe."""
    if not isinstance(plain, dict) or not isinstance(plain.get("recipes"), list):
        return plain  # whose type the check will name
    return {**plain, "recipes": [codec.upgraded(recipe) for recipe in plain["recipes"][: MOST + 1]]}


def recipes_in(path: Path) -> tuple[Recipe, ...]:
    """The recipe of a picture that was made here, or all those of a contact sheet. Raises BadRecipe with one sentence."""
    if path.suffix.lower() == ".png" and KEY in png.texts(path, (KEY, png.KEY)):
        return read(path).recipes
    return (png.open_recipe(path),)


def padded(pictures: Sequence[np.ndarray]) -> list[np.ndarray]:
    """All of the size of the largest [H, W, 3], each in the middle of what is dark around it."""
    height, width = (max((p.shape[side] for p in pictures), default=1) for side in (0, 1))
    found = []
    for picture in pictures:
        cell = np.full((height, width, 3), grid.DARK, np.uint8)
        top, left = (height - picture.shape[0]) // 2, (width - picture.shape[1]) // 2
        cell[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
        found.append(cell)
    return found
