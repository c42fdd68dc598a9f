"""Which squares of a picture are used, and how large it has to be decoded for them."""

from __future__ import annotations

from math import ceil

from PIL import Image

from engine.data.pictures import BadPicture
from engine.data.preparation import faces, saliency
from engine.data.preparation.plan import Plan

Rect = tuple[float, float, float, float]
MAX_TILES = 4096
SPARE = 2.0  # decode at twice the size: the last, decisive halving is the filter's, not the JPEG decoder's


def share(plan: Plan, name: str, width: int, height: int) -> float:
    """The share of its full size at which a picture should at least be decoded; it may exceed 1."""
    if name in plan.boxes:
        left, top, right, bottom = plan.boxes[name]
        side = min(right - left, bottom - top)
    elif plan.tile is not None:
        side = tile_side(plan, width, height)
    elif plan.crop == "none" and plan.pad:
        side = max(width, height)
    elif plan.crop == "faces":
        side = max(1, round(min(width, height) / 4))  # a face may fill so little
    else:
        side = min(width, height)
    return SPARE * plan.size / side


def cut(plan: Plan, name: str, image: Image.Image, width: int, height: int) -> list[Rect]:
    """The parts to use as left, top, right, bottom in pixels of the full size. Raises BadPicture with one sentence."""
    if name in plan.boxes:
        return [boxed(plan.boxes[name], width, height)]
    if plan.tile is not None:
        return tiles(tile_side(plan, width, height), plan.tile, width, height)
    if plan.crop == "none":
        return [(0, 0, width, height)]
    side = float(min(width, height))
    left, top = (width - side) // 2, (height - side) // 2
    if plan.crop == "faces":
        found = faces.square(image)
        if found is None:
            raise BadPicture("No face was found in this picture.")
        left, top, side = found[0] * width, found[1] * height, found[2] * side
    elif plan.crop == "smart" and width != height:
        across, down = saliency.square(image)
        left, top = min(round(across * width), width - side), min(round(down * height), height - side)
    return [(left, top, left + side, top + side)]


def boxed(box: tuple[int, int, int, int], width: int, height: int) -> Rect:
    """The middle square of a box that a person drew."""
    left, top, right, bottom = box
    if right > width or bottom > height:
        raise BadPicture(f"Its box reaches beyond the picture, which has {width} x {height} pixels.")
    side = min(right - left, bottom - top)
    left, top = left + (right - left - side) // 2, top + (bottom - top - side) // 2
    return left, top, left + side, top + side


def tile_side(plan: Plan, width: int, height: int) -> int:
    """Side of the tiles in pixels of the picture; one that is smaller gives a tile as large as it can be."""
    return min(plan.tile_side or plan.size, width, height)


def tiles(side: int, overlap: float, width: int, height: int) -> list[Rect]:
    """Squares that cover the picture to its edges and overlap by at least the share, row by row."""
    rows, columns = starts(height, side, overlap), starts(width, side, overlap)
    if len(rows) * len(columns) > MAX_TILES:
        raise BadPicture(f"It would fall into {len(rows) * len(columns)} tiles; ask for a larger --tile-side.")
    return [(left, top, left + side, top + side) for top in rows for left in columns]


def starts(length: int, side: int, overlap: float) -> list[int]:
    """Where tiles begin along one side, evenly from edge to edge."""
    count = 1 + ceil(round((length - side) / (side * (1 - overlap)), 9))
    return [round(number * (length - side) / max(1, count - 1)) for number in range(count)]
