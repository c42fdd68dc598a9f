"""Which pictures somebody left out of data sets and how they were cropped by hand, kept from session to session.

A picture is known again by its file's name, size and date, wherever the folder has gone; the file itself is never touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from engine.data.preparation.items import Item

from .settings import read, write

Box = tuple[int, int, int, int]
MOST = 100_000  # pictures; those that were not seen for the longest time are forgotten


class Chosen(msgspec.Struct, frozen=True, array_like=True):
    """What was chosen for one picture: whether it stays out, and left, top, right, bottom of its square."""

    out: bool = False
    box: Box | None = None


class Memory(msgspec.Struct):
    """By the identities of pictures."""

    chosen: dict[str, Chosen] = {}


class DataMemory:
    """Knows what is in the file, and what has changed since, of the pictures that are seen now."""

    def __init__(self, path: Path):
        self._path = path
        self._keys: dict[str, str] = {}  # identities by name
        self._now: dict[str, Chosen] = {}  # by name

    def recall(self, items: Iterable[Item]) -> Mapping[str, Chosen]:
        """These are seen now; gives what was chosen for them before, by their names."""
        known = read(Memory, self._path).chosen
        self._keys = {item.name: identity(item) for item in items}
        self._now = {name: known[key] for name, key in self._keys.items() if key in known}
        return self._now

    def keep(self, out: Collection[str], boxes: Mapping[str, Box]) -> None:
        """This holds for those that are seen now; written beside what other windows wrote meanwhile. Raises OSError."""
        names = {*out, *boxes} & self._keys.keys()
        now = {name: Chosen(name in out, boxes.get(name)) for name in names}
        if now == self._now:
            return
        known = read(Memory, self._path).chosen
        for name in {*self._now, *now}:
            known.pop(self._keys[name], None)
        known |= {self._keys[name]: chosen for name, chosen in now.items()}
        write(Memory(dict(list(known.items())[-MOST:])), self._path)
        self._now = now


def identity(item: Item) -> str:
    """The same for the same picture, wherever it lies: its name, size and date, and its place in an archive or film."""
    place = item.place.offset if item.place is not None else 0
    told = [item.path.name, item.name.rpartition("/")[2], item.bytes, item.modified, place, item.stamp]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:24]
