"""All tar shards of a data set: what each holds, and the classes of them all."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import msgspec
import numpy as np

from engine.data.labels import CARD, MAX_CARD, padded
from engine.data.scan import NoPictures
from engine.data.streaming.addresses import name_of, on_the_web, shown
from engine.data.streaming.shard import CAPTIONS, END, ENDS, ROW, ROWS, SCOUTING, Shard, key, look_into, recalled
from engine.data.streaming.web import Web
from engine.data.workers import spread
from engine.progress import Progress

AT_A_TIME = 8  # shards on servers that are looked through at once
LOOK = 0.1  # seconds between two looks whether that is done
LOOKING = "Looking through "


@dataclass(frozen=True)
class Shards:
    """All shards in the order in which they are listed, the folder that keeps their rows, and the names of the classes."""

    name: str
    folder: Path
    all: tuple[Shard, ...]
    numbers: Mapping[str, int]
    """The number of every class, by what the shards call it."""
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return sum(shard.count for shard in self.all)

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(shard.count for shard in self.all)

    @cached_property
    def starts(self) -> np.ndarray:
        """The first picture of each shard, and the end of the last."""
        return np.cumsum((0, *self.sizes))

    @property
    def mean_bytes(self) -> int:
        """Of one picture and what lies beside it."""
        return sum(shard.size for shard in self.all) // max(len(self), 1) + 1

    def rows(self, shard: int, first: int, count: int) -> np.ndarray:
        """ROW [count] of a shard: offset and bytes of its pictures, and the number of each class in the shard's own list."""
        return np.fromfile(self._file(shard, ROWS), ROW, count, offset=first * ROW.itemsize)

    @property
    def captioned(self) -> bool:
        """Whether any picture has a caption."""
        return any(shard.captioned for shard in self.all)

    def where(self, picture: int) -> tuple[int, int]:
        """The number of the shard that holds a picture, and of the row in it."""
        shard = int(np.searchsorted(self.starts, picture, side="right")) - 1
        return shard, int(picture - self.starts[shard])

    def caption(self, picture: int) -> str:
        """What is said beside a picture; "" for nothing."""
        shard, row = self.where(picture)
        if not self.all[shard].captioned:
            return ""
        first = max(row - 1, 0)
        ends = np.fromfile(self._file(shard, ENDS), END, row - first + 1, offset=first * END.itemsize)
        start, end = (int(ends[0]) if row else 0), int(ends[-1])
        with self._file(shard, CAPTIONS).open("rb") as file:
            file.seek(start)
            return file.read(end - start).decode(errors="replace")

    def _file(self, shard: int, suffix: str) -> Path:
        return self.folder / f"{key(self.all[shard].address)}{suffix}"

    def copy_to(self, folder: Path) -> None:
        """What is known of them is known there too. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        for shard in self.all:
            for suffix in shard.kept:
                name = key(shard.address) + suffix
                shutil.copyfile(self.folder / name, folder / name)

    def labels(self) -> np.ndarray:
        """The class of every picture, int32 [N]. Raises NoPictures with one sentence where one has none."""
        parts = [
            np.array([self.numbers.get(name, -1) for name in shard.classes], np.int32)[
                self.rows(place, 0, shard.count)["label"]
            ]
            for place, shard in enumerate(self.all)
        ]
        found = np.concatenate(parts)
        if (found < 0).any():
            raise NoPictures(f"{int((found < 0).sum())} pictures of {self.name} have no class; leave --labels out.")
        return found


def look_through(
    source: str, found: Sequence[str], folder: Path, processes: int | None = None
) -> Generator[Progress, None, Shards]:
    """What the shards hold; what `folder` knows of shards that have not changed is taken from there.

    Yields Progress. Raises NoPictures with one sentence.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, Shard] = {}
    yield from from_disks([address for address in found if not on_the_web(address)], folder, known, processes)
    yield from from_servers([address for address in found if on_the_web(address)], folder, known)
    shards = [known[address] for address in found]
    shards = [shard for shard in shards if shard.count]
    if not shards:
        raise NoPictures(f"{shown(source)} holds no PNG, JPEG or WebP pictures in its {len(found)} tar files.")
    labelled = any(shard.labelled for shard in shards)  # then folders are no classes
    there = {name: name for shard in shards if shard.labelled == labelled for name in shard.classes if name}
    places = padded(there) if labelled else there
    ordered = sorted(there, key=places.__getitem__)
    numbers = {name: number for number, name in enumerate(ordered)}
    classes = named(source, tuple(places[name] for name in ordered))
    return Shards(name_of(source) or source, folder, tuple(shards), numbers, classes)


def from_disks(
    found: Sequence[str], folder: Path, known: dict[str, Shard], processes: int | None
) -> Generator[Progress, None, None]:
    """Files, by several processes where many of them are new. Raises NoPictures with one sentence."""
    web = Web(0)
    for address in found:
        if shard := recalled(web, folder, address):
            known[address] = shard
    new = [address for address in found if address not in known]
    with closing(spread(partial(look_into, folder), new, processes, chunk=1, worth=4)) as work:
        for shard in work:
            known[shard.address] = shard
            yield Progress(len(known), len(found), f"{LOOKING}{shard.name}")


def from_servers(found: Sequence[str], folder: Path, known: dict[str, Shard]) -> Generator[Progress, None, None]:
    """Files on servers, some at once; says so when the network goes. Raises NoPictures with one sentence."""
    if not found:
        return
    said: deque[str] = deque()
    web, pool = Web(AT_A_TIME * SCOUTING, said.append), ThreadPoolExecutor(AT_A_TIME, "shards")
    try:
        waiting = [pool.submit(look_into, folder, address, web) for address in found]
        for done, future in enumerate(waiting):
            while not future.done() or said:
                yield Progress(done, len(found), said.popleft() if said else f"{LOOKING}{name_of(found[done])}")
                wait([future], LOOK)
            known[found[done]] = future.result()
    finally:
        web.close()
        pool.shutdown(cancel_futures=True)


class Names(msgspec.Struct):
    """What of dataset.json is read here."""

    classes: list[str] = []


def named(source: str, classes: tuple[str, ...]) -> tuple[str, ...]:
    """The classes' names as the dataset.json beside the shards has them, where they are its numbers; else as they are."""
    path = Path(source) / CARD
    try:
        if path.stat().st_size > MAX_CARD:
            return classes
        names = msgspec.json.decode(path.read_bytes(), type=Names).classes
    except (OSError, msgspec.MsgspecError):
        return classes
    numbers = [int(name) for name in classes if name.isdecimal()]
    fits = len(numbers) == len(classes) and max(numbers, default=0) < len(names)
    return tuple(names[number] for number in numbers) if fits else classes
