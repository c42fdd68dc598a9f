"""Between two recipes lies a recipe: numbers slide, latents mix, the rest switches halfway."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from .path import knob
from .recipe import Arc, Latent, Recipe, Seed, Style, Weighted, blend

T = TypeVar("T", bound=Struct)
Path = Literal["straight", "cubic", "slerp"]


@dataclass(frozen=True)
class Way:
    """Which way leads from a to b, and how far along it one is.

    Straight: latents mix. Slerp: two seeds turn into one another in Z, everything else goes straight. Cubic: through
    the recipes before a and after b (where there are such) without a corner, `spans` seconds apart from one another.
    """

    t: float
    path: Path = "straight"
    before: Recipe | None = None
    after: Recipe | None = None
    spans: tuple[float, float, float] = (1.0, 1.0, 1.0)


def tween(a: T, b: T, way: Way | float) -> T:
    """The state a fraction t of the way from a to b: at 0 it is a itself, at 1 b itself.

    Fractional numbers slide and latents mix. Tuples are matched item by item: the shorter one is filled with its
    neutral value, and a style that one side lacks, or has switched off, is there with no amount on any layer. Everything
    else switches halfway: whole numbers too, since a seed has nothing in between, and a model, with name and identity
    together.
    """
    way = way if isinstance(way, Way) else Way(way)
    if way.t <= 0 or a == b:
        return a
    if way.t >= 1:
        return b
    before, after = (a if way.before is None else way.before, b if way.after is None else way.after)
    tweened: T = _between(before, a, b, after, way, None)
    return tweened


def _between(before: Any, a: Any, b: Any, after: Any, way: Way, neutral: float | None) -> Any:
    """`neutral` stands for what a tuple does not mention."""
    if isinstance(a, Latent) and isinstance(b, Latent):
        return _latent(before, a, b, after, way)
    if isinstance(a, int | float) and isinstance(b, int | float) and float in (type(a), type(b)):
        return _number(before, a, b, after, way)
    if isinstance(a, tuple) and isinstance(b, tuple):
        items = [_items(before, a, b, after, at, neutral) for at in range(max(len(a), len(b)))]
        return tuple(_between(*four, way, None) for four in items)
    if isinstance(a, Style) and isinstance(b, Style) and a.on != b.on:
        before, a, b, after = (_lit(style) for style in (before, a, b, after))
    if isinstance(a, Struct) and type(a) is type(b):
        return _struct(before, a, b, after, way)
    return a if way.t < 0.5 else b


def _lit(style: Style) -> Style:
    """A style as it looks: one that is off is as one without amounts."""
    return style if style.on else msgspec.structs.replace(style, on=True, amounts=())


def _struct(before: Any, a: Struct, b: Struct, after: Any, way: Way) -> Struct:
    changed = {}
    for name, neutral in _neutrals(type(a)).items():
        x, y = getattr(a, name), getattr(b, name)
        if x != y:
            changed[name] = _between(getattr(before, name), x, y, getattr(after, name), way, neutral)
    return msgspec.structs.replace(a, **changed)


def _latent(before: Latent, a: Latent, b: Latent, after: Latent, way: Way) -> Latent:
    t = way.t
    if way.path == "slerp":
        arc = _arc(a, b, t)
        return a.mix(b, t) if arc is None else arc
    if way.path == "straight":
        return a.mix(b, t)
    h0, h1, h2 = way.spans
    leave, arrive = t * (1 - t) ** 2, t * t * (t - 1)  # Hermite's basis for the slopes at a and at b
    shares = {"before": 0.0, "a": (1 + 2 * t) * (1 - t) ** 2, "b": t * t * (3 - 2 * t), "after": 0.0}
    for name, end, basis, span in (("before", before, leave, h0 + h1), ("after", after, arrive, h1 + h2)):
        if getattr(way, name) is None:  # the way begins or ends here: straight on
            shares["b"] += basis
            shares["a"] -= basis
        elif end != (a if name == "before" else b):  # else it stood still: leave softly
            shares["b" if name == "before" else "after"] += basis * h1 / span
            shares["before" if name == "before" else "a"] -= basis * h1 / span
    latents = {"before": before, "a": a, "b": b, "after": after}
    return blend(*((latents[name], share) for name, share in shares.items() if share))


def _arc(a: Latent, b: Latent, t: float) -> Latent | None:
    """The point between two seeds, or between two points of one arc; None where a latent is neither."""
    first, last = (_single(latent) for latent in (a, b))
    if first is None or last is None:
        return None
    start, end = (first.start, first.end) if isinstance(first, Arc) else (first, None)
    if isinstance(last, Arc):
        start, end = (last.start, last.end) if end is None else (start, end)
    end = last if end is None and isinstance(last, Seed) else end
    if end is None:
        return None
    places = [_along(point, start, end) for point in (first, last)]
    if places[0] is None or places[1] is None:
        return None
    return Latent((Weighted(Arc(start, end, places[0] + (places[1] - places[0]) * t)),))


def _single(latent: Latent) -> Seed | Arc | None:
    point = latent.points[0].point
    return point if len(latent.points) == 1 and isinstance(point, Seed | Arc) else None


def _along(point: Seed | Arc, start: Seed, end: Seed) -> float | None:
    """How far along the arc from start to end a point is; None when it is not on it."""
    if isinstance(point, Arc):
        return point.t if (point.start, point.end) == (start, end) else None
    return 0.0 if point == start else 1.0 if point == end else None


def _number(before: float, a: float, b: float, after: float, way: Way) -> float:
    """On the cubic way, never beyond a and b (Fritsch and Butland 1984), so that every range is kept."""
    t, (h0, h1, h2) = way.t, way.spans
    if way.path != "cubic":
        return a + (b - a) * t
    slope = (b - a) / h1
    leave = slope if way.before is None else _soft((a - before) / h0, slope, h0, h1)
    arrive = slope if way.after is None else _soft(slope, (after - b) / h2, h1, h2)
    value = (1 + 2 * t) * (1 - t) ** 2 * a + t * t * (3 - 2 * t) * b
    value += h1 * (t * (1 - t) ** 2 * leave + t * t * (t - 1) * arrive)
    return min(max(value, min(a, b)), max(a, b))


def _soft(left: float, right: float, h_left: float, h_right: float) -> float:
    """The slope in a key between two slopes: a weighted harmonic mean, and 0 where the way turns."""
    if left * right <= 0:
        return 0.0
    w_left, w_right = 2 * h_right + h_left, h_right + 2 * h_left
    return math.fsum((w_left, w_right)) / (w_left / left + w_right / right)


def _items(before: Any, a: Any, b: Any, after: Any, at: int, neutral: float | None) -> tuple[Any, Any, Any, Any]:
    """The four items at one place, each filled in where it is missing."""
    x, y = _item(a, at, b, neutral), _item(b, at, a, neutral)
    filled = [
        items[at] if at < len(items) else near if neutral is None else neutral
        for items, near in ((before, x), (after, y))
    ]
    return filled[0], x, y, filled[1]


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
