"""Curves for the style equalizer: the named ones, and those a person has saved. Pure, but for the one file they are saved in."""

import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from platformdirs import user_config_path

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


def fitted(values: Curve, rows: int) -> Curve:
    """A curve drawn over another number of layers, stretched over `rows` of them."""
    if len(values) == rows or not values:
        return values
    if rows == 1:
        return values[:1]
    places = [at * (len(values) - 1) / (rows - 1) for at in range(rows)]
    pairs = [(values[int(p)], values[min(int(p) + 1, len(values) - 1)], p - int(p)) for p in places]
    return tuple(round(a + (b - a) * t, 3) for a, b, t in pairs)


class Saved(msgspec.Struct, frozen=True):
    """A curve that a person has given a name; `face` says which of the equalizer's faces it is for."""

    name: str
    face: str
    values: Curve


class SavedCurves:
    """The saved curves, in one small file that is written whole or not at all. A damaged one counts as empty and is kept aside."""

    def __init__(self, path: Path | None = None):
        self.path = path or user_config_path("latent-explorer", appauthor=False) / "curves.json"

    def all(self, face: str) -> list[Saved]:
        """Those for one face, in the order they were saved."""
        return [curve for curve in self._read() if curve.face == face]

    def save(self, curve: Saved) -> None:
        """Adds a curve; one of the same name and face is replaced. Raises OSError."""
        self._write([*self._without(curve.name, curve.face), curve])

    def delete(self, name: str, face: str) -> None:
        """Raises OSError."""
        self._write(self._without(name, face))

    def _without(self, name: str, face: str) -> list[Saved]:
        return [curve for curve in self._read() if (curve.name, curve.face) != (name, face)]

    def _read(self) -> list[Saved]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=list[Saved])
        except OSError:
            return []
        except msgspec.MsgspecError:
            self.path.replace(self.path.with_suffix(".damaged"))
            return []

    def _write(self, curves: list[Saved]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        part.write_bytes(msgspec.json.format(msgspec.json.encode(curves), indent=1))
        os.replace(part, self.path)
