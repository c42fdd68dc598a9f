"""The gallery's folder: what is in it, as fast as the index allows, whoever put it there."""

import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.recipe import BadRecipe

from . import favourite
from .favourite import Favourite, Refused, Stamp
from .index import Index, Known

BATCH = 50  # new files between two looks at what there is so far
KIND = ".png"


@dataclass(frozen=True)
class Contents:
    """What the folder holds, as far as it is known: `waiting` files have not been opened yet."""

    favourites: tuple[Favourite, ...] = ()
    refused: tuple[Refused, ...] = ()
    waiting: int = 0


def contents(folder: Path) -> Generator[Contents, None, Contents]:
    """At once what the index knows and the folder confirms, then what is new, in batches; returns everything.

    The index is brought up to date, or made again where it is damaged. A folder that is missing is empty.
    Raises OSError when it cannot be listed.
    """
    stamps = _stamps(folder)
    if not folder.is_dir():
        return Contents()
    index = Index(folder)
    try:
        return (yield from _read(folder, stamps, index))
    except sqlite3.DatabaseError:
        index.start_again()
        return (yield from _read(folder, stamps, index))
    finally:
        index.close()


def known(path: Path) -> Known:
    """What a file says of itself, or why it is no picture of ours."""
    try:
        return Known(favourite=favourite.read(path))
    except BadRecipe as error:
        return Known(refused=Refused(path.name, str(error)))


def _read(folder: Path, stamps: dict[str, Stamp], index: Index) -> Generator[Contents, None, Contents]:
    before = index.known()
    now = {name: known for name, (stamp, known) in before.items() if stamps.get(name) == stamp and _fits(name, known)}
    new = [name for name in stamps if name not in now]
    gone = [name for name in before if name not in stamps]
    if gone:
        index.drop(gone)
    yield _contents(now, len(new))
    for start in range(0, len(new), BATCH):
        found = [(name, stamps[name], known(folder / name)) for name in new[start : start + BATCH]]
        index.put(found)
        now.update({name: one for name, _, one in found})
        yield _contents(now, len(new) - start - len(found))
    return _contents(now, 0)


def _fits(name: str, known: Known) -> bool:
    """Whether the index speaks of this very file."""
    told = known.favourite or known.refused
    return told is not None and told.name == name


def _contents(now: dict[str, Known], waiting: int) -> Contents:
    favourites = tuple(known.favourite for known in now.values() if known.favourite is not None)
    return Contents(favourites, tuple(known.refused for known in now.values() if known.refused is not None), waiting)


def _stamps(folder: Path) -> dict[str, Stamp]:
    """Every PNG file right in the folder; hidden ones, folders and what only looks like a file are left out."""
    found: dict[str, Stamp] = {}
    for entry in _entries(folder):
        with suppress(OSError):  # it has just gone, or a link leads nowhere
            if entry.is_file():
                stat = entry.stat()
                found[entry.name] = Stamp(stat.st_size, stat.st_mtime_ns)
    return found


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            yield from (e for e in entries if e.name.lower().endswith(KIND) and not e.name.startswith("."))
    except FileNotFoundError:
        return
