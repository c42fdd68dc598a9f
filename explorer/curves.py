"""Curves of the equalizer that a person has given a name, in one small file of the settings."""

from pathlib import Path

from msgspec import Struct
from platformdirs import user_config_path

from .settings import NAME, read, write

Values = tuple[float, ...]


class Saved(Struct, frozen=True):
    """A curve with its name; `face` says which of the equalizer's faces it is for."""

    name: str
    face: str
    values: Values


class Shelf(Struct, frozen=True):
    """All saved curves, in the order they were saved."""

    curves: tuple[Saved, ...] = ()


class SavedCurves:
    """The shelf in its file, which is read anew each time: several windows may share it."""

    def __init__(self, path: Path | None = None):
        self.path = path or user_config_path(NAME, appauthor=False) / "curves.json"

    def all(self, face: str) -> list[Saved]:
        """Those for one face."""
        return [curve for curve in read(Shelf, self.path).curves if curve.face == face]

    def save(self, curve: Saved) -> None:
        """Adds a curve; one of the same name and face is replaced. Raises OSError."""
        write(Shelf((*self._without(curve.name, curve.face), curve)), self.path)

    def delete(self, name: str, face: str) -> None:
        """Raises OSError."""
        write(Shelf(self._without(name, face)), self.path)

    def _without(self, name: str, face: str) -> tuple[Saved, ...]:
        curves = read(Shelf, self.path).curves
        return tuple(curve for curve in curves if (curve.name, curve.face) != (name, face))


def fitted(values: Values, rows: int) -> Values:
    """A curve drawn over another number of layers, stretched over `rows` of them."""
    if len(values) == rows or not values:
        return values
    if rows == 1:
        return values[:1]
    places = [at * (len(values) - 1) / (rows - 1) for at in range(rows)]
    pairs = [(values[int(p)], values[min(int(p) + 1, len(values) - 1)], p - int(p)) for p in places]
    return tuple(round(a + (b - a) * t, 3) for a, b, t in pairs)
