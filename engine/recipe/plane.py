"""The seed plane: a flat map with a seed on every crossing, and a blend of the four nearest everywhere between."""

import math

from .recipe import Latent, Seed, Weighted

COLUMNS = 100  # seeds in a row of the plane, as other explorers count them
PERIOD = 2**32


def at(x: float, y: float, label: int | None = None) -> Latent:
    """The latent at a place of the plane: seed x + 100 y on the crossings, bilinear weights between."""
    left, top = math.floor(x), math.floor(y)
    u, v = x - left, y - top
    corners = (
        (left, top, (1 - u) * (1 - v)),
        (left + 1, top, u * (1 - v)),
        (left, top + 1, (1 - u) * v),
        (left + 1, top + 1, u * v),
    )
    return Latent(
        tuple(Weighted(Seed((i + COLUMNS * j) % PERIOD, label), share) for i, j, share in corners if share > 0)
    )


def place(latent: Latent) -> tuple[float, float] | None:
    """Where on the plane a latent lies (columns 0 to 100), or None when it is not of the plane."""
    first = latent.points[0].point
    if len(latent.points) > 4 or not isinstance(first, Seed):
        return None
    total = math.fsum(item.weight for item in latent.points)
    shares: dict[int, float] = {}
    for item in latent.points:
        if not isinstance(item.point, Seed) or item.point.label != first.label:
            return None
        shares[(item.point.number - first.number) % PERIOD] = item.weight / total
    u = shares.get(1, 0.0) + shares.get(COLUMNS + 1, 0.0)
    v = shares.get(COLUMNS, 0.0) + shares.get(COLUMNS + 1, 0.0)
    there = {0: (1 - u) * (1 - v), 1: u * (1 - v), COLUMNS: (1 - u) * v, COLUMNS + 1: u * v}
    if any(abs(shares.get(key, 0.0) - there.get(key, 0.0)) > 1e-6 for key in {*shares, *there}):
        return None
    return first.number % COLUMNS + u, first.number // COLUMNS + v
