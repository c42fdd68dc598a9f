"""Wandering around a latent and back to it: along a circle, or along smooth noise, as far as a radius says."""

import math
from functools import lru_cache
from random import Random
from typing import Annotated, Literal

from msgspec import Meta

from .condition import conditions
from .recipe import Data, Latent, Point, Seed, SeedNumber, Weighted

PERIOD = 2**32
DIRECTIONS = 6  # of the smooth noise: enough that it never looks like a circle
WAVES = 3  # in each direction, the slowest once a round


class Wander(Data, frozen=True):
    """How far, in which directions, and how many rounds in the whole timeline; whole rounds close without a jump."""

    kind: Literal["circle", "noise"] = "circle"
    radius: Annotated[float, Meta(ge=0.0, le=4.0)] = 0.5
    """1 is about as far as two pictures of a model lie apart."""
    seed: SeedNumber = 0
    """Which directions."""
    rounds: Annotated[int, Meta(ge=1, le=1000)] = 1


def wandered(latent: Latent, wander: Wander, done: float) -> Latent:
    """The latent after the fraction `done` of the timeline; at 0 and at 1 it is the latent itself.

    A direction is the difference of two seeds, so it means something in W and in Z, with any model; both are of the
    latent's own classes and words.
    """
    phase = round(done * wander.rounds % 1.0, 9) % 1.0
    if not phase or not wander.radius:
        return latent
    total = math.fsum(item.weight for item in latent.points)
    shares: dict[Point, float] = {item.point: item.weight / total for item in latent.points}
    under = conditions(latent)
    for at, step in enumerate(_steps(wander, phase)):
        share = step * wander.radius / math.sqrt(2.0)  # two pictures' difference is √2 as long as either
        for number, sign in ((wander.seed + 2 * at, 1.0), (wander.seed + 2 * at + 1, -1.0)):
            for condition, part in under:
                point = Seed(number % PERIOD, *condition)
                shares[point] = shares.get(point, 0.0) + sign * share * part
    return Latent(tuple(Weighted(point, share) for point, share in shares.items() if share))


def _steps(wander: Wander, phase: float) -> list[float]:
    """How far one has gone in each direction; all zero at phase 0."""
    turn = math.tau * phase
    if wander.kind == "circle":
        return [math.cos(turn) - 1.0, math.sin(turn)]
    return [
        sum(a * (math.cos(m * turn) - 1.0) + b * math.sin(m * turn) for m, (a, b) in enumerate(waves, 1))
        for waves in _waves(wander.seed)
    ]


@lru_cache(maxsize=16)
def _waves(seed: int) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The amplitudes of each direction's waves; the faster, the smaller, so that the way is smooth."""
    random = Random(seed)
    size = math.sqrt(DIRECTIONS * WAVES / 3.0)
    return tuple(
        tuple((random.uniform(-1, 1) / m / size, random.uniform(-1, 1) / m / size) for m in range(1, WAVES + 1))
        for _ in range(DIRECTIONS)
    )
