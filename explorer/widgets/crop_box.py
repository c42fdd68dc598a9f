"""The square of a picture that a hand moves and resizes, in whole pixels of the picture, which it never leaves."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF

Box = tuple[int, int, int, int]
Size = tuple[int, int]
LEAST = 8  # pixels along its side
REACH = 9  # pixels of the screen around a corner that belong to it
CORNERS = (
    (0, 1),
    (2, 1),
    (2, 3),
    (0, 3),
)  # which of left, top, right, bottom each corner is, clockwise from the upper left


def begun(parts: Sequence[Sequence[float]], size: Size) -> Box:
    """The square that a hand begins with: the one that is used now, else the one in the middle."""
    left, top, right, bottom = parts[0] if len(parts) == 1 else (0, 0, *size)
    side = max(min(round(right - left), round(bottom - top), *size), min(LEAST, *size))
    return placed((left + right - side) / 2, (top + bottom - side) / 2, side, size)


def placed(left: float, top: float, side: float, size: Size) -> Box:
    """A square of about this side as near to the place as the picture allows."""
    whole = min(max(round(side), LEAST), *size)
    across, down = (min(max(round(at), 0), most - whole) for at, most in ((left, size[0]), (top, size[1])))
    return across, down, across + whole, down + whole


def moved(box: Box, by: QPointF, size: Size) -> Box:
    """Further to the right and down."""
    return placed(box[0] + by.x(), box[1] + by.y(), box[2] - box[0], size)


def grown(box: Box, by: float, size: Size) -> Box:
    """Larger by so many pixels, around its middle."""
    side = min(max(box[2] - box[0] + by, LEAST), *size)
    return placed((box[0] + box[2] - side) / 2, (box[1] + box[3] - side) / 2, side, size)


def pulled(box: Box, corner: int, to: QPointF, size: Size) -> Box:
    """Its corner as near to a point as a square can be whose opposite corner stays."""
    x, y = (box[place] for place in CORNERS[(corner + 2) % 4])
    right, down = corner in (1, 2), corner in (2, 3)
    room = min(size[0] - x if right else x, size[1] - y if down else y)
    wanted = max((to.x() - x) * (1 if right else -1), (to.y() - y) * (1 if down else -1))
    side = min(max(round(wanted), LEAST), room)
    left, top = x if right else x - side, y if down else y - side
    return left, top, left + side, top + side


def corner_at(box: Box, point: QPointF, scale: float) -> int | None:
    """The corner that a point of the picture is at, where one pixel of it is `scale` pixels of the screen."""
    for number, (x, y) in enumerate(CORNERS):
        if max(abs(point.x() - box[x]), abs(point.y() - box[y])) * scale <= REACH:
            return number
    return None


def inside(box: Box, point: QPointF) -> bool:
    """Whether the point of the picture lies in it."""
    return box[0] <= point.x() <= box[2] and box[1] <= point.y() <= box[3]
