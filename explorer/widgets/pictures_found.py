"""What there is to learn from: how many pictures, how large, how many classes, and whether tar files can be read as they come."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.progress import Progress

if TYPE_CHECKING:
    from engine.data.scan import Found

TAR = ".tar"


@dataclass(frozen=True)
class PicturesFound:
    """Where they are, what that is called, how many and how large they mostly are, and how many classes there are to learn."""

    source: str
    name: str
    count: int
    side: int
    classes: int = 0
    shards: bool = False
    """They are in tar files, which can be read while a training goes on."""
    streams: bool = False
    """They are read so, and in no other way."""


def looked(folder: Path) -> Generator[Progress, None, PicturesFound]:
    """What a folder or an archive holds. Raises NoPictures with one sentence."""
    yield Progress(0, 1, "Looking for pictures")
    from engine.data.scan import scan
    from engine.training.sides import side_of

    files = scan(folder)[0]
    yield Progress(0, 1, "Looking at the pictures")
    shards = all(file.place is not None and file.place.archive.lower().endswith(TAR) for file in files)
    name = folder.name if folder.is_dir() else folder.stem
    return PicturesFound(str(folder), name, len(files), side_of(folder, files), classes_of(folder, files), shards)


def classes_of(folder: Path, files: Sequence[Found]) -> int:
    """How many classes its pictures have, where each has one; else 0."""
    from engine.data.scan import NoPictures, scan

    try:
        found = scan(folder, by_class=True)[0]
    except NoPictures:
        return 0
    return len({file.group for file in found}) if len(found) == len(files) else 0


def streamed(source: str) -> Generator[Progress, None, PicturesFound]:
    """What tar files hold: a folder of them, one, a list, or many by their numbers. Raises NoPictures with one sentence."""
    from engine.caches import cache_folder
    from engine.cli.pictures import place
    from engine.data.scan import NoPictures
    from engine.training.sides import side_of
    from engine.training.streaming import indexed

    source = place(source)
    shards = yield from indexed(source, cache_folder())
    try:
        classes = len(shards.classes) if shards.labels() is not None else 0
    except NoPictures:  # some have none
        classes = 0
    side = side_of(Path(source), shards)
    return PicturesFound(source, title(shards.name), len(shards), side, classes, shards=True, streams=True)


def title(name: str) -> str:
    """shard-{000..042}.tar as shard."""
    return re.sub(r"[^\w-]+", "-", re.sub(r"\{[^}]*\}|\.\w+$", "", name)).strip("-_") or "pictures"
