"""The seed plane: a flat map with a seed on every crossing, and a blend of the four nearest everywhere between."""

import math

from .condition import PLAIN, Condition, Conditions
from .recipe import Latent, Seed, Weighted

COLUMNS = 100  # seeds in a row of the plane, as other explorers count them
PERIOD = 2**32
MOST = 64  # points: the four corners under as many conditions as anybody blends


def at(x: float, y: float, under: Conditions = PLAIN) -> Latent:
    """The latent at a place of the plane: seed x + 100 y on the crossings, bilinear weights between.

    Every seed is drawn under the same conditions.
    """
    left, top = math.floor(x), math.floor(y)
    u, v = x - left, y - top
    corners = (
        (left, top, (1 - u) * (1 - v)),
        (left + 1, top, u * (1 - v)),
        (left, top + 1, (1 - u) * v),
        (left + 1, top + 1, u * v),
    )
    return Latent(
        tuple(
            Weighted(Seed((i + COLUMNS * j) % PERIOD, *condition), share * part)
            for condition, part in under
            for i, j, share in corners
            if share > 0 and part
        )
    )


def place(latent: Latent) -> tuple[float, float] | None:
    """Where on the plane a latent lies (columns 0 to 100), or None when it is not of the plane."""
    first = latent.points[0].point
    if len(latent.points) > MOST or not isinstance(first, Seed):
        return None
    total = math.fsum(item.weight for item in latent.points)
    shares: dict[tuple[Condition, int], float] = {}
    for item in latent.points:
        if not isinstance(item.point, Seed):
            return None
        key = Condition(item.point.label, item.point.prompt), (item.point.number - first.number) % PERIOD
        shares[key] = shares.get(key, 0.0) + item.weight / total
    u, v = (math.fsum(share for (_, away), share in shares.items() if away in (side, COLUMNS + 1))
            for side in (1, COLUMNS))  # fmt: skip
    there = {0: (1 - u) * (1 - v), 1: u * (1 - v), COLUMNS: (1 - u) * v, COLUMNS + 1: u * v}
    return None if _differ(shares, there) else (first.number % COLUMNS + u, first.number // COLUMNS + v)


def _differ(shares: dict[tuple[Condition, int], float], there: dict[int, float]) -> bool:
    """Whether they are anything but the four corners, each with the same part of every condition."""
    parts: dict[Condition, float] = {}
    for (condition, _), share in shares.items():
        parts[condition] = parts.get(condition, 0.0) + share
    keys = {*shares, *((condition, away) for condition in parts for away in there)}
    return any(abs(shares.get(key, 0.0) - parts[key[0]] * there.get(key[1], 0.0)) > 1e-6 for key in keys)
