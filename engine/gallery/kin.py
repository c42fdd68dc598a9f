"""Recipes for a contact sheet: random seeds, and the children of a picture, near to it or far."""

import math
import random
from collections.abc import Sequence

import msgspec

from engine.recipe import Condition, Latent, Point, Recipe, Style, Weighted, conditioned, conditions, with_conditions
from engine.recipe.recipe import MAX_POINTS

MOST_SEED = 2**32 - 1
MOST_KIN = 240


def strangers(recipe: Recipe, count: int, chance: int) -> list[Recipe]:
    """`count` recipes that differ from this one in their seed only; `chance` decides which seeds."""
    under = conditions(recipe.latent)
    numbers = random.Random(chance).sample(range(MOST_SEED + 1), _checked(count))
    return [msgspec.structs.replace(recipe, latent=conditioned(number, under)) for number in numbers]


def children(recipe: Recipe, count: int, radius: float, chance: int) -> list[Recipe]:
    """`count` recipes around this one, A and B moved alike. `radius` 0 is the picture itself, 1 a wholly other one."""
    fresh = random.Random(chance)
    found = []
    for _ in range(_checked(count)):
        pair = (fresh.randint(0, MOST_SEED), fresh.randint(0, MOST_SEED))
        styles = tuple(msgspec.structs.replace(s, latent=_child(s.latent, radius, *pair)) for s in recipe.styles)
        found.append(msgspec.structs.replace(recipe, latent=_child(recipe.latent, radius, *pair), styles=styles))
    return found


def children_in(
    recipe: Recipe, latent: Latent, rows: Sequence[int], count: int, radius: float, chance: int
) -> list[Recipe]:
    """Children that differ in some layers only: A is the whole picture as one `latent`, B the child, on these `rows`.

    So the equalizer shows what is new, and can take it back layer by layer.
    """
    whole = msgspec.structs.replace(recipe, latent=latent, styles=())
    amounts = tuple(float(row in rows) for row in range(max(rows, default=-1) + 1))
    return [
        msgspec.structs.replace(whole, styles=(Style(child.latent, amounts),))
        for child in children(whole, count, radius, chance)
    ]


def between(recipe: Recipe, a: Latent, b: Latent, count: int) -> list[Recipe]:
    """`count` recipes on the way from a to b, both ends among them, without styles laid over."""
    return [msgspec.structs.replace(recipe, latent=a.mix(b, t), styles=()) for t in _steps(_checked(count))]


def grid(recipe: Recipe, corners: Sequence[Latent], columns: int, rows: int) -> list[Recipe]:
    """Row by row the pictures between four `corners`, which are the first and last of the upper and the lower row.

    Styles that are laid over the recipe are left out. Raises ValueError for too many pictures.
    """
    _checked(columns * rows)
    left, right, lower_left, lower_right = corners
    lines = ((left.mix(lower_left, t), right.mix(lower_right, t)) for t in _steps(rows))
    return [msgspec.structs.replace(recipe, latent=a.mix(b, t), styles=()) for a, b in lines for t in _steps(columns)]


def table(recipe: Recipe, left: Sequence[Latent], top: Sequence[Latent], layers: Sequence[int]) -> list[Recipe]:
    """Row by row a mixing table: the recipe itself, then the sources B; each source A, then A with these `layers` of every B.

    Raises ValueError for too many pictures.
    """
    _checked((len(left) + 1) * (len(top) + 1))
    amounts = tuple(float(row in layers) for row in range(max(layers, default=-1) + 1))
    plain = msgspec.structs.replace(recipe, styles=())
    cells = [recipe, *(msgspec.structs.replace(plain, latent=b) for b in top)]
    for a in left:
        alone = msgspec.structs.replace(plain, latent=a)
        cells += [alone, *(msgspec.structs.replace(alone, styles=(Style(b, amounts),)) for b in top)]
    return cells


def under_each(recipe: Recipe, others: Sequence[Condition], number: int | None = None) -> list[Recipe]:
    """This recipe once under each of these conditions, all at the same place among the seeds, or at the seed `number`.

    Styles that are laid over it stay as they are.
    """
    found = []
    for condition in others[:MOST_KIN]:
        under = ((condition, 1.0),)
        latent = with_conditions(recipe.latent, under) if number is None else conditioned(number, under)
        found.append(msgspec.structs.replace(recipe, latent=latent))
    return found


def _child(latent: Latent, radius: float, to: int, away: int) -> Latent:
    """A step between seeds under the conditions that the latent has itself."""
    under = conditions(latent)
    return stepped(latent, radius, conditioned(to, under), conditioned(away, under))


def stepped(latent: Latent, radius: float, to: Latent, away: Latent) -> Latent:
    """A step of `radius` from a latent, towards one random latent and away from another.

    (1 - u) w + (u + v) t - v a with u = r² and u² + uv + v² = u keeps the spread that W has, (1 - u)² + (u + v)² + v² = 1,
    so that children of children do not drift to the average; it lies r times as far from w as a random picture, and at
    r = 1 it is t. Raises ValueError for a radius outside of 0 to 1.
    """
    if not 0 <= radius <= 1:
        raise ValueError(f"the radius of children lies between 0 and 1, not at {radius:g}")
    u = radius * radius
    v = (math.sqrt(max(4 * u - 3 * u * u, 0.0)) - u) / 2
    shares: dict[Point, float] = {}
    for part, share in ((latent, 1 - u), (to, u + v), (away, -v)):
        total = math.fsum(item.weight for item in part.points)
        for item in part.points:
            shares[item.point] = shares.get(item.point, 0.0) + item.weight / total * share
    heavy = sorted(((p, w) for p, w in shares.items() if w), key=lambda pair: -abs(pair[1]))[:MAX_POINTS]
    return Latent(tuple(Weighted(point, weight) for point, weight in heavy))


def _steps(count: int) -> list[float]:
    return [at / max(count - 1, 1) for at in range(count)]


def _checked(count: int) -> int:
    if not 1 <= count <= MOST_KIN:
        raise ValueError(f"a sheet has 1 to {MOST_KIN} pictures, not {count}")
    return count
