"""The named curves of the style equalizer: which layers take how much of B."""

import random
from collections.abc import Callable, Sequence

from engine.render.info import BANDS, LayerInfo

Curve = tuple[float, ...]


def preset(name: str, layers: Sequence[LayerInfo], rng: random.Random | None = None) -> Curve:
    """The named amounts of B for a model's layers. Raises KeyError for a name that is not in PRESETS."""
    return PRESETS[name](layers, rng or random.Random())


def _band(name: str) -> Callable[[Sequence[LayerInfo], random.Random], Curve]:
    return lambda layers, _: tuple(float(layer.band == name) for layer in layers)


def _ramp(layers: Sequence[LayerInfo], _: random.Random) -> Curve:
    last = max(len(layers) - 1, 1)
    return tuple(round(at / last, 2) for at in range(len(layers)))


def _alternating(layers: Sequence[LayerInfo], _: random.Random) -> Curve:
    return tuple(float(at % 2) for at in range(len(layers)))


def _random(layers: Sequence[LayerInfo], rng: random.Random) -> Curve:
    return tuple(round(rng.random(), 2) for _ in layers)


PRESETS: dict[str, Callable[[Sequence[LayerInfo], random.Random], Curve]] = {
    **{name: _band(name) for name in BANDS},
    "alternating": _alternating,
    "ramp": _ramp,
    "ramp back": lambda layers, rng: _ramp(layers, rng)[::-1],
    "random": _random,
    "all A": lambda layers, _: (0.0,) * len(layers),
    "all B": lambda layers, _: (1.0,) * len(layers),
}

HINTS = {
    "coarse": "Pose and broad shapes from B",
    "middle": "Features and forms from B",
    "fine": "Colours and texture from B",
    "alternating": "Every other layer from B",
    "ramp": "From A in the coarse layers to B in the fine ones",
    "ramp back": "From B in the coarse layers to A in the fine ones",
    "random": "Every layer by chance; choose it again for another",
    "all A": "Nothing from B",
    "all B": "Everything from B",
}
