"""What two recipes have in common is kept once, so that ten thousand steps of a history stay small."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from engine.recipe import Latent, Recipe, Stored, Style, Weighted

STEP = 400  # bytes that every step costs, whatever has changed
FIELDS = Recipe.__struct_fields__

Pool = dict[Stored, Stored]  # by value, which is to say by the hash of its rows -> the one that is kept


def changes(recipe: Recipe, before: Recipe | None) -> dict[str, Any]:
    """The fields that are not as they were before, by name; all of them where nothing was before."""
    return {
        name: getattr(recipe, name)
        for name in FIELDS
        if before is None or getattr(recipe, name) != getattr(before, name)
    }


def shared(recipe: Recipe, before: Recipe, pool: Pool) -> Recipe:
    """An equal recipe that holds the very objects of the one before wherever they are equal, and stored points from the pool."""
    same: dict[str, Any] = {}
    for name in FIELDS:
        mine, theirs = getattr(recipe, name), getattr(before, name)
        if mine == theirs:
            same[name] = theirs
        elif name == "latent":
            same[name] = _pooled(mine, pool)
        elif name == "styles":
            same[name] = tuple(_style(style, before.styles[at : at + 1], pool) for at, style in enumerate(mine))
    return replace(recipe, **same)


def pool_of(recipes: Iterable[Recipe]) -> Pool:
    """The stored points that these recipes use."""
    found: Pool = {}
    for recipe in recipes:
        for point in stored_points(recipe):
            found.setdefault(point, point)
    return found


def stored_points(recipe: Recipe) -> Iterator[Stored]:
    """Every stored point of a recipe."""
    for latent in (recipe.latent, *(style.latent for style in recipe.styles)):
        for item in latent.points:
            if isinstance(item.point, Stored):
                yield item.point


def weight(recipe: Recipe, before: Recipe | None) -> int:
    """About how many bytes of a file, and a small multiple of it in memory, a step adds to the one before; stored rows are
    left out, since most are there already.
    """
    if any(True for _ in stored_points(recipe)):  # without writing the rows, which would take longer than drawing
        return STEP + 100 * len(recipe.latent.points) + 200 * len(recipe.styles)
    return STEP + sum(len(msgspec.json.encode(value)) for value in changes(recipe, before).values())


def _style(style: Style, there: tuple[Style, ...], pool: Pool) -> Style:
    if there and there[0] == style:
        return there[0]
    if there and there[0].latent == style.latent:
        return replace(style, latent=there[0].latent)
    return replace(style, latent=_pooled(style.latent, pool))


def _pooled(latent: Latent, pool: Pool) -> Latent:
    if not any(isinstance(item.point, Stored) for item in latent.points):
        return latent
    return Latent(
        tuple(
            Weighted(pool.setdefault(item.point, item.point), item.weight) if isinstance(item.point, Stored) else item
            for item in latent.points
        )
    )
