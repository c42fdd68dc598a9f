"""What a latent's seeds are drawn under: classes or words, each with its share, wherever among the seeds the latent lies."""

import math
from typing import NamedTuple

from .recipe import Arc, Latent, Point, Seed, Weighted

DIGITS = 9  # shares are kept with, so that the same blend is the same wherever it is read


class Condition(NamedTuple):
    """A class, or words, or neither: what a seed asks of the model besides its number."""

    label: int | None = None
    prompt: str | None = None


Conditions = tuple[tuple[Condition, float], ...]
"""Each with its share; the shares sum to 1."""

PLAIN: Conditions = ((Condition(), 1.0),)


def conditions(latent: Latent) -> Conditions:
    """The conditions of a latent's seeds, in the order of its points; `PLAIN` where it has no seeds."""
    parts: dict[Condition, list[float]] = {}
    for item in latent.points:
        for seed, share in _seeds(item.point):
            parts.setdefault(Condition(seed.label, seed.prompt), []).append(item.weight * share)
    sums = {condition: math.fsum(weights) for condition, weights in parts.items()}
    if abs(math.fsum(sums.values())) < 1e-9:  # seeds that are but a difference: how much there is of each
        sums = {condition: math.fsum(map(abs, weights)) for condition, weights in parts.items()}
    total = math.fsum(sums.values())
    found = ((condition, round(share / total, DIGITS)) for condition, share in sums.items()) if total else ()
    return tuple((condition, share) for condition, share in found if share) or PLAIN


def conditioned(number: int, under: Conditions = PLAIN) -> Latent:
    """The latent of one seed under these conditions; numbers wrap modulo 2^32."""
    return Latent(tuple(Weighted(Seed(number % 2**32, *condition), share) for condition, share in under if share))


def with_conditions(latent: Latent, under: Conditions) -> Latent:
    """The latent at the same place among the seeds, all of them under these conditions; stored points stay."""
    shares: dict[Point, float] = {}
    for item in latent.points:
        for point, share in _under(item.point, under):
            shares[point] = shares.get(point, 0.0) + item.weight * share
    return Latent(tuple(Weighted(point, share) for point, share in shares.items() if abs(share) > 1e-12))


def _seeds(point: Point) -> tuple[tuple[Seed, float], ...]:
    if isinstance(point, Arc):
        return ((point.start, 1.0 - point.t), (point.end, point.t))
    return ((point, 1.0),) if isinstance(point, Seed) else ()


def _under(point: Point, under: Conditions) -> list[tuple[Point, float]]:
    if isinstance(point, Arc):
        start, end = point.start.number, point.end.number
        return [(Arc(Seed(start, *c), Seed(end, *c), point.t), share) for c, share in under]
    if isinstance(point, Seed):
        return [(Seed(point.number, *c), share) for c, share in under]
    return [(point, 1.0)]
