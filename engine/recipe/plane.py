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
    if len(latent.points) > 4:
        return None
    first = latent.points[0].point
    if not isinstance(first, Seed):
        return None
    shares: dict[int, float] = {}
    for item in latent.points:
        if not isinstance(item.point, Seed) or item.point.label != first.label:
            return None
        shares[(item.point.number - first.number) % PERIOD] = item.weight
    total = sum(shares.values())
    if not set(shares) <= {0, 1, COLUMNS, COLUMNS + 1}:
        return None
    u = (shares.get(1, 0.0) + shares.get(COLUMNS + 1, 0.0)) / total
    v = (shares.get(COLUMNS, 0.0) + shares.get(COLUMNS + 1, 0.0)) / total
    if u < 0 or v < 0 or len(shares) == 3 or (set(shares) in ({0, COLUMNS + 1}, {1, COLUMNS})):
        return None
    return first.number % COLUMNS + u, first.number // COLUMNS + v
