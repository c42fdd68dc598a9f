"""All that several sources hold, folders, archives, videos and single pictures, as one list of pieces of work."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from engine.data.archives import PACKED, TAR, ZIP, Slice, is_archive, read
from engine.data.pictures import BadPicture, check_file
from engine.data.preparation import films
from engine.data.scan import Contents, NoPictures, contents, is_picture, walk
from engine.progress import Progress

BATCH = 16
ASIDE = "An archive that lies among pictures is not looked into."


@dataclass(frozen=True)
class Frames:
    """How videos become pictures: so many each second, or one for each scene."""

    rate: float = 1.0
    scenes: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.rate <= 240:
            raise ValueError(f"The rate must be more than 0 and at most 240 frames each second, not {self.rate:g}.")


ONE_A_SECOND = Frames()


@dataclass(frozen=True)
class Item:
    """One picture to be: the name it is shown by, where its bytes lie, and what is known of it."""

    name: str
    path: Path
    bytes: int
    modified: int
    place: Slice | None = None
    stamp: int | None = None
    """Time stamp of a frame where the path is a video."""
    label: str = ""
    caption: str = ""

    def open(self) -> BinaryIO:
        """The bytes of a picture, from its file or archive. Raises BadPicture or OSError."""
        if self.place is not None:
            return BytesIO(read(self.place))
        check_file(self.path)
        return self.path.open("rb")


@dataclass(frozen=True)
class Refused:
    """A file that gives no picture, and the reason in one sentence."""

    name: str
    reason: str


@dataclass(frozen=True)
class Gathered:
    """The items of all sources in their order, and what was refused while looking."""

    items: tuple[Item, ...]
    refused: tuple[Refused, ...]


def gather(sources: Sequence[Path], wanted: Frames = ONE_A_SECOND) -> Generator[Progress, None, Gathered]:
    """Look through the sources. Raises NoPictures with one sentence where a source is none, or nothing was found."""
    items: list[Item] = []
    refused: list[Refused] = []
    for number, source in enumerate(sources):
        yield Progress(number, len(sources), f"Looking through {source}")
        prefix = f"{source.name}/" if len(sources) > 1 else ""
        for found in look_into(source, wanted):
            if isinstance(found, Item):
                items.append(replace(found, name=prefix + found.name))
            else:
                refused.append(replace(found, name=prefix + found.name))
            if len(items) % 1000 == 999:
                yield Progress(number, len(sources), f"{len(items) + 1} pictures in {source}")
    if not items and not refused:
        names = ", ".join(map(str, sources))
        raise NoPictures(f"{names} holds no pictures and no videos (PNG, JPEG, WebP, …, MP4, MOV, WebM, …).")
    return Gathered(unique(items), tuple(refused))


def unique(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items, a name that comes again with a number to it."""
    seen: dict[str, int] = {}
    out: list[Item] = []
    for item in items:
        seen[item.name] = times = seen.get(item.name, 0) + 1
        out.append(item if times == 1 else replace(item, name=f"{item.name} ({times})"))
    return tuple(out)


def look_into(source: Path, wanted: Frames) -> Iterator[Item | Refused]:
    """The items of one folder, archive, video or picture."""
    if source.suffix.lower() in films.SUFFIXES and source.is_file():
        yield from film_items(source, source.name, wanted)
    elif is_picture(source.name) and source.is_file():
        status = source.stat()
        yield Item(source.name, source, status.st_size, status.st_mtime_ns)
    else:
        if source.is_file() and not is_archive(source):
            raise NoPictures(f"{source} is no folder, zip, tar, video or picture that can be read.")
        held = contents(source)
        yield from held_items(held)
        if source.is_dir():
            yield from left_aside(source, held)
            found, _ = walk(source, films.SUFFIXES)
            for file in sorted(found, key=lambda file: file.path):
                yield from film_items(source / file.path, file.path, wanted)


def left_aside(source: Path, held: Contents) -> Iterator[Refused]:
    """Archives that lie among pictures: a data set that was made here may be one of them, so that none is looked into."""
    used = {file.place.archive for file in held.pictures if file.place is not None}
    for file in walk(source, frozenset({ZIP, TAR}) | PACKED)[0]:
        if str(source / file.path) not in used and not any(source / file.path == each.path for each in held.skipped):
            yield Refused(file.path, ASIDE)


def held_items(held: Contents) -> Iterator[Item | Refused]:
    """The pictures of a folder or an archive, with the words that stand beside them."""
    said = held.words()
    for each in held.skipped:
        yield Refused(os.path.relpath(each.path, held.folder), each.reason)
    for file in held.pictures:
        label = said.classes.get(file.path, "") if said.labelled else file.group
        path = Path(file.place.archive) if file.place else held.folder / file.path
        caption = said.captions.get(file.path, "")
        yield Item(file.path, path, file.bytes, file.modified, file.place, None, label, caption)


def film_items(path: Path, name: str, wanted: Frames) -> Iterator[Item | Refused]:
    """The frames of one video that are wanted."""
    label = name.split("/", 1)[0] if "/" in name else ""
    try:
        status = path.stat()
        for stamp, seconds in films.moments(path, wanted.rate, wanted.scenes):
            shown = f"{name} at {seconds:.3f} s"
            yield Item(shown, path, status.st_size, status.st_mtime_ns, None, stamp, label)
    except BadPicture as error:
        yield Refused(name, str(error))
    except OSError as error:
        yield Refused(name, f"The video cannot be read: {error.strerror or error}.")


def batches(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """The items in their order, in pieces of work: frames of one video stay together, so that it is opened once."""
    out: list[tuple[Item, ...]] = []
    for _, group in groupby(items, key=lambda item: item.path if item.stamp is not None else None):
        run = list(group)
        out += [tuple(run[start : start + BATCH]) for start in range(0, len(run), BATCH)]
    return out
