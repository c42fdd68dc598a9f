"""Between two recipes lies a recipe: numbers slide, latents mix, the rest switches halfway."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from .path import knob
from .recipe import Latent, Recipe, Style

T = TypeVar("T", bound=Struct)


def tween(a: T, b: T, t: float) -> T:
    """The state a fraction t of the way from a to b: at 0 it is a itself, at 1 b itself.

    Fractional numbers slide and latents mix. Tuples are matched item by item: the shorter one is filled with its
    neutral value, and a style that one side lacks is there with no amount on any layer. Everything else switches
    halfway: whole numbers too, since a seed has nothing in between, and a model, with name and identity together.
    """
    if t <= 0 or a == b:
        return a
    if t >= 1:
        return b
    tweened: T = _between(a, b, t, None)
    return tweened


def moments(recipes: Sequence[Recipe], steps: int, loop: bool = False) -> Iterator[Recipe]:
    """The recipes of a film: `steps` moments from each recipe to just before the next, and then the last recipe.

    With `loop` the way leads back to the first recipe and ends just before it, so that the film repeats without a stop.
    """
    stops = [*recipes, recipes[0]] if loop else recipes
    for a, b in pairwise(stops):
        for step in range(steps):
            yield tween(a, b, step / steps)
    if not loop:
        yield stops[-1]


def count(recipes: int, steps: int, loop: bool = False) -> int:
    """How many moments `moments` gives."""
    return recipes * steps if loop else (recipes - 1) * steps + 1


def _between(a: Any, b: Any, t: float, neutral: float | None) -> Any:
    """`neutral` stands for what a tuple does not mention."""
    if isinstance(a, Latent) and isinstance(b, Latent):
        return a.mix(b, t)
    if isinstance(a, int | float) and isinstance(b, int | float) and float in (type(a), type(b)):
        return a + (b - a) * t
    if isinstance(a, tuple) and isinstance(b, tuple):
        length = range(max(len(a), len(b)))
        pairs = ((_item(a, i, b, neutral), _item(b, i, a, neutral)) for i in length)
        return tuple(_between(x, y, t, None) for x, y in pairs)
    if isinstance(a, Struct) and type(a) is type(b):
        changed = {name: (getattr(a, name), getattr(b, name)) for name in a.__struct_fields__}
        neutrals = _neutrals(type(a))
        return msgspec.structs.replace(
            a, **{name: _between(x, y, t, neutrals[name]) for name, (x, y) in changed.items() if x != y}
        )
    return a if t < 0.5 else b


def _item(items: tuple[Any, ...], at: int, others: tuple[Any, ...], neutral: float | None) -> Any:
    """The item, or what stands for a missing one beside that of `others`."""
    if at < len(items):
        return items[at]
    if neutral is not None:
        return neutral
    other = others[at]
    return msgspec.structs.replace(other, amounts=()) if isinstance(other, Style) else other


@lru_cache(maxsize=64)
def _neutrals(kind: type[Struct]) -> dict[str, float | None]:
    """Each field's neutral value; None where it is no per-layer tuple."""
    return {name: knob(kind, name).neutral for name in kind.__struct_fields__}
