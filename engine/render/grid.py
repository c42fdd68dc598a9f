"""Many pictures as one: a contact sheet, and the mixing table with its sources along the edges. No torch."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from engine.whole import write_bytes

Colour = tuple[int, int, int]
DARK: Colour = (24, 24, 27)
HEADER_GAPS = 4  # the sources stand off from the table by so many gaps


def contact_sheet(
    pictures: Sequence[np.ndarray], columns: int, gap: int | None = None, background: Colour = DARK
) -> np.ndarray:
    """Pictures [H, W, 3] uint8, all of one size, row by row in a sheet [height, width, 3]; unused cells stay empty.

    `gap` pixels (None: a 32nd of a picture) lie between two pictures and around all of them. Raises ValueError.
    """
    height, width = _size(pictures)
    if columns < 1:
        raise ValueError(f"a contact sheet has at least one column, not {columns}")
    gap = _gap(width) if gap is None else gap
    rows = -(-len(pictures) // columns)
    sheet = _canvas(gap + rows * (height + gap), gap + columns * (width + gap), background)
    for at, picture in enumerate(pictures):
        row, column = divmod(at, columns)
        _lay(sheet, picture, gap + row * (height + gap), gap + column * (width + gap))
    return sheet


def filled(pictures: Sequence[np.ndarray], cells: int, background: Colour = DARK) -> list[np.ndarray]:
    """The pictures, followed by empty ones until there are `cells`."""
    empty = np.full_like(pictures[0], background)
    return [*pictures, *[empty] * (cells - len(pictures))]


def mixing_table(
    left: Sequence[np.ndarray],
    top: Sequence[np.ndarray],
    mixed: Sequence[Sequence[np.ndarray]],
    gap: int | None = None,
    background: Colour = DARK,
) -> np.ndarray:
    """Sources A down the left edge, B along the top, and `mixed[a][b]` where they meet.

    All are [H, W, 3] uint8 of one size. Returns [height, width, 3] (StyleGAN 2018, figure 3). Raises ValueError.
    """
    height, width = _size([*left, *top, *(cell for row in mixed for cell in row)])
    if len(mixed) != len(left) or any(len(row) != len(top) for row in mixed):
        raise ValueError(f"a mixing table of {len(left)} by {len(top)} sources has just as many pictures inside")
    gap = _gap(width) if gap is None else gap
    header = gap * HEADER_GAPS
    tops = [gap + height + header + row * (height + gap) for row in range(len(left))]
    lefts = [gap + width + header + column * (width + gap) for column in range(len(top))]
    table = _canvas(tops[-1] + height + gap, lefts[-1] + width + gap, background)
    for column, picture in zip(lefts, top, strict=True):
        _lay(table, picture, gap, column)
    for row, picture, cells in zip(tops, left, mixed, strict=True):
        _lay(table, picture, row, gap)
        for column, cell in zip(lefts, cells, strict=True):
            _lay(table, cell, row, column)
    return table


def write(path: Path, pixels: np.ndarray) -> None:
    """[H, W, 3] uint8 as a PNG without a recipe, complete or not there at all. Raises OSError."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    write_bytes(path, file.getvalue())


def _size(pictures: Sequence[np.ndarray]) -> tuple[int, int]:
    if not pictures:
        raise ValueError("there is no picture to lay out")
    sizes = {picture.shape for picture in pictures}
    if len(sizes) > 1:
        raise ValueError("pictures of different sizes do not fit into one sheet")
    height, width, _ = sizes.pop()
    return height, width


def _gap(width: int) -> int:
    return max(1, width // 32)


def _canvas(height: int, width: int, background: Colour) -> np.ndarray:
    return np.full((height, width, 3), background, np.uint8)


def _lay(canvas: np.ndarray, picture: np.ndarray, top: int, left: int) -> None:
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
