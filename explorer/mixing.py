"""The layers of paint inside a recipe: A is its latent, B one of the styles that lie over it, by one amount a layer.

`at` counts the styles from the lowest one, which is 0; with a single style it is the B of the two-seed equalizer.
"""

from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from engine.recipe import Latent, Recipe, Style, conditions, layer_value, seeded, with_conditions

FIRST_B = seeded(1)
FINE = 4  # digits that an amount is kept with


def b_latent(recipe: Recipe, at: int = 0) -> Latent:
    """B, which is seed 1 with the class or the words of A until somebody chooses another."""
    return recipe.styles[at].latent if at < len(recipe.styles) else _first_b(recipe.latent)


def with_b(recipe: Recipe, latent: Latent, at: int = 0, name: str = "") -> Recipe:
    """The recipe with another B; how much of it each layer takes stays."""
    return _with_style(recipe, replace(_style(recipe, at), latent=latent, name=name), at)


def with_a(recipe: Recipe, latent: Latent) -> Recipe:
    """The recipe with another A."""
    return replace(recipe, latent=latent)


def swap(recipe: Recipe, at: int = 0) -> Recipe:
    """A becomes B and B becomes A; how much of B each layer takes stays."""
    return with_b(with_a(recipe, b_latent(recipe, at)), recipe.latent, at)


def amounts(recipe: Recipe, rows: int, at: int = 0) -> tuple[float, ...]:
    """How much of B each of the model's `rows` layers takes: 0 is all A, 1 is all B."""
    given = recipe.styles[at].amounts if at < len(recipe.styles) else ()
    return tuple(layer_value(given, row, 0.0) for row in range(rows))


def with_amounts(recipe: Recipe, values: Sequence[float], at: int = 0) -> Recipe:
    """The recipe with these amounts of B, coarse to fine. All of them 0 is written as none at all."""
    kept = tuple(float(value) for value in values)
    while kept and kept[-1] == 0:
        kept = kept[:-1]
    if not kept and not recipe.styles:
        return recipe
    return _with_style(recipe, replace(_style(recipe, at), amounts=kept), at)


def turned(recipe: Recipe, rows: Sequence[int], count: int, at: int = 0) -> Recipe:
    """These layers all from B; or from A again, when they already are all from B."""
    values = list(amounts(recipe, count, at))
    goal = 0.0 if rows and all(values[row] == 1 for row in rows) else 1.0
    for row in rows:
        values[row] = goal
    return with_amounts(recipe, values, at)


def only_a(recipe: Recipe) -> Recipe:
    """The recipe as it would be without B, which is how A is shown by itself."""
    return replace(recipe, styles=())


def only_b(recipe: Recipe, at: int = 0) -> Recipe:
    """The recipe with B in the place of A, which is how B is shown by itself."""
    return replace(recipe, latent=b_latent(recipe, at), styles=())


def is_off(recipe: Recipe, at: int = 0) -> bool:
    """Whether B is switched off, so that nothing of it is seen."""
    return not _style(recipe, at).on


# the pile of styles


def inserted(recipe: Recipe, style: Style, at: int) -> Recipe:
    """The recipe with one style more, which then is the one at `at`."""
    return replace(recipe, styles=(*recipe.styles[:at], style, *recipe.styles[at:]))


def without(recipe: Recipe, at: int) -> Recipe:
    """The recipe without one of its styles."""
    return replace(recipe, styles=(*recipe.styles[:at], *recipe.styles[at + 1 :]))


def moved(recipe: Recipe, at: int, to: int) -> Recipe:
    """The recipe with one style in another place of the pile, which then is the one at `to`."""
    return inserted(without(recipe, at), recipe.styles[at], to)


def switched(recipe: Recipe, at: int) -> Recipe:
    """The recipe with a style off that was on, or on that was off; its amounts stay."""
    return _with_style(recipe, replace(recipe.styles[at], on=not recipe.styles[at].on), at)


def level(values: Sequence[float], rows: Sequence[int]) -> float:
    """How much of a style there is on these layers, where there is most of it."""
    return max((values[row] for row in rows), default=0.0)


def faded(values: Sequence[float], rows: Sequence[int], to: float, shape: Sequence[float]) -> tuple[float, ...]:
    """The amounts with `to` as the level of these layers; they keep the curve that `shape` has, if it has any."""
    new, peak = list(values), level(shape, rows)
    for row in rows:
        new[row] = round(to * (shape[row] / peak if peak else 1.0), FINE)
    return tuple(new)


def _style(recipe: Recipe, at: int) -> Style:
    return recipe.styles[at] if at < len(recipe.styles) else Style(_first_b(recipe.latent))


@lru_cache(maxsize=64)
def _first_b(a: Latent) -> Latent:
    return with_conditions(FIRST_B, conditions(a))


def _with_style(recipe: Recipe, style: Style, at: int) -> Recipe:
    """One beyond the last becomes the last."""
    return replace(recipe, styles=(*recipe.styles[:at], style, *recipe.styles[at + 1 :]))
