"""A and B inside a recipe: A is its latent, B the latent of its first style, laid over A by one amount a layer."""

from collections.abc import Sequence

import msgspec

from engine.recipe import Latent, Recipe, Style, layer_value, seeded

FIRST_B = seeded(1)


def b_latent(recipe: Recipe) -> Latent:
    """B, which is seed 1 until somebody chooses another."""
    return recipe.styles[0].latent if recipe.styles else FIRST_B


def with_b(recipe: Recipe, latent: Latent) -> Recipe:
    """The recipe with another B; how much of it each layer takes stays."""
    return _with_style(recipe, Style(latent, _amounts(recipe)))


def with_a(recipe: Recipe, latent: Latent) -> Recipe:
    """The recipe with another A."""
    return msgspec.structs.replace(recipe, latent=latent)


def swap(recipe: Recipe) -> Recipe:
    """A becomes B and B becomes A; how much of B each layer takes stays."""
    return with_b(with_a(recipe, b_latent(recipe)), recipe.latent)


def amounts(recipe: Recipe, rows: int) -> tuple[float, ...]:
    """How much of B each of the model's `rows` layers takes: 0 is all A, 1 is all B."""
    return tuple(layer_value(_amounts(recipe), row, 0.0) for row in range(rows))


def with_amounts(recipe: Recipe, values: Sequence[float]) -> Recipe:
    """The recipe with these amounts of B, coarse to fine. All of them 0 is written as none at all."""
    kept = tuple(float(value) for value in values)
    while kept and kept[-1] == 0:
        kept = kept[:-1]
    if not kept and not recipe.styles:
        return recipe
    return _with_style(recipe, Style(b_latent(recipe), kept))


def turned(recipe: Recipe, rows: Sequence[int], count: int) -> Recipe:
    """These layers all from B; or from A again, when they already are all from B."""
    values = list(amounts(recipe, count))
    goal = 0.0 if rows and all(values[row] == 1 for row in rows) else 1.0
    for row in rows:
        values[row] = goal
    return with_amounts(recipe, values)


def only_a(recipe: Recipe) -> Recipe:
    """The recipe as it would be without B, which is how A is shown by itself."""
    return msgspec.structs.replace(recipe, styles=())


def only_b(recipe: Recipe) -> Recipe:
    """The recipe with B in the place of A, which is how B is shown by itself."""
    return msgspec.structs.replace(recipe, latent=b_latent(recipe), styles=())


def _amounts(recipe: Recipe) -> tuple[float, ...]:
    return recipe.styles[0].amounts if recipe.styles else ()


def _with_style(recipe: Recipe, style: Style) -> Recipe:
    return msgspec.structs.replace(recipe, styles=(style, *recipe.styles[1:]))
