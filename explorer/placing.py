"""Moving and turning what a model draws, as plain numbers: where the two handles are, and what a pull at them makes."""

import math
from typing import Literal

from PyQt6.QtCore import QPointF, QRectF

from engine.recipe import Transform

Grip = Literal["move", "turn"]

RING = 44.0  # pixels from the middle handle to the one that turns
NEAR = 14.0  # a pointer that is this close to a handle has it
KEPT = RING + 16  # so far inside of what is seen the handles stay, wherever the picture is
STEP = 15.0  # degrees that Shift turns by


def middle(transform: Transform, picture: QRectF, seen: QRectF) -> QPointF:
    """Where the middle of what was drawn lies now; at the rim, where that cannot be seen."""
    x = picture.center().x() + transform.x * picture.width()
    y = picture.center().y() + transform.y * picture.height()
    inside = seen.adjusted(KEPT, KEPT, -KEPT, -KEPT)
    return QPointF(min(max(x, inside.left()), inside.right()), min(max(y, inside.top()), inside.bottom()))


def knob(centre: QPointF, angle: float) -> QPointF:
    """The handle that turns: above the middle at 0 degrees, and anticlockwise from there."""
    way = math.radians(angle)
    return centre - QPointF(math.sin(way), math.cos(way)) * RING


def grip_at(point: QPointF, centre: QPointF, angle: float) -> Grip | None:
    """Which of the two handles a pointer has; the whole ring turns."""
    if _length(point - knob(centre, angle)) <= NEAR:
        return "turn"
    far = _length(point - centre)
    if far <= NEAR:
        return "move"
    return "turn" if abs(far - RING) <= NEAR / 2 else None


def moved(base: Transform, way: QPointF, picture: QRectF, straight: bool) -> Transform:
    """Pulled by so many pixels; `straight` keeps to the longer of the two ways."""
    dx, dy = way.x() / picture.width(), way.y() / picture.height()
    if straight:
        dx, dy = (dx, 0.0) if abs(way.x()) >= abs(way.y()) else (0.0, dy)
    return Transform(_within(base.x + dx), _within(base.y + dy), base.angle)


def turned(base: Transform, start: QPointF, point: QPointF, centre: QPointF, steps: bool) -> Transform:
    """Turned as far as the pointer has gone around the centre since `start`; the angle is written within half a turn."""
    angle = base.angle + _direction(point - centre) - _direction(start - centre)
    if steps:
        angle = round(angle / STEP) * STEP
    return Transform(base.x, base.y, round(180.0 - (180.0 - angle) % 360.0, 1))


def _direction(way: QPointF) -> float:
    return math.degrees(math.atan2(-way.y(), way.x()))


def _length(way: QPointF) -> float:
    return math.hypot(way.x(), way.y())


def _within(value: float) -> float:
    return round(min(max(value, -1.0), 1.0), 4)
