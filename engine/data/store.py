"""Prepared pictures on disk: one file of raw pixels and one of what they are, keyed by the files they came from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.data.scan import Found, NoPictures, Skipped

# Raise it when pictures are prepared in another way, so that older stores are not used again.
VERSION = 1


@dataclass(frozen=True)
class Store:
    """Where the prepared pictures of one state of a folder lie."""

    folder: Path
    resolution: int
    by_class: bool
    pixels: Path
    card: Path

    @property
    def row_bytes(self) -> int:
        """Bytes of one picture [3, R, R]."""
        return 3 * self.resolution**2

    @property
    def part(self) -> Path:
        """Where this process writes before the pixels are whole."""
        return self.pixels.with_name(f"{self.pixels.name}.{os.getpid()}.part")


def locate(cache: Path, folder: Path, resolution: int, by_class: bool, files: Sequence[Found]) -> Store:
    """The store of these files: another file, size or date gives another name."""
    rows = [[file.path, file.bytes, file.modified] for file in files]
    state = digest([VERSION, rows])
    stem = f"{digest([str(folder.resolve()), by_class])[:16]}-{resolution}-{state[:24]}"
    return Store(folder, resolution, by_class, cache / f"{stem}.pixels", cache / f"{stem}.json")


def digest(value: object) -> str:
    """A name for any plain value."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def make_room(store: Store, count: int) -> None:
    """Make the cache folder and refuse pictures that its disk cannot hold."""
    try:
        store.pixels.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(store.pixels.parent).free
    except OSError as error:
        raise NoPictures(f"The cache folder {store.pixels.parent} cannot be used: {error.strerror}.") from error
    needed = count * store.row_bytes
    if needed > free:
        gigabytes = f"{needed / 1e9:.1f} GB, and only {free / 1e9:.1f} GB are free in {store.pixels.parent}"
        raise NoPictures(f"{count} pictures of {store.resolution} pixels need {gigabytes}.")


def write_row(part: Path, row: int, picture: np.ndarray) -> None:
    """Put one picture [3, R, R] in its place; written, not mapped, since a full disk kills a process that maps."""
    with part.open("r+b") as file:
        file.seek(row * picture.nbytes)
        file.write(np.ascontiguousarray(picture).tobytes())


def close_gaps(part: Path, rows: Sequence[int], row_bytes: int) -> None:
    """Move the rows that hold pictures to the front and cut off the rest."""
    with part.open("r+b") as file:
        for target, row in enumerate(rows):
            if target != row:
                file.seek(row * row_bytes)
                data = file.read(row_bytes)
                file.seek(target * row_bytes)
                file.write(data)
        file.truncate(len(rows) * row_bytes)


def keep(store: Store, used: Sequence[Found], skipped: Sequence[Skipped]) -> None:
    """Give the finished pixels and their card their names, and drop those of older states of the folder."""
    card = {
        "files": [file.path for file in used],
        "skipped": [[os.path.relpath(each.path, store.folder), each.reason] for each in skipped],
    }
    written = store.part.with_suffix(".card")
    written.write_text(json.dumps(card), encoding="utf-8")
    os.replace(store.part, store.pixels)
    os.replace(written, store.card)
    forget_older(store)


def forget_older(store: Store) -> None:
    """Remove what was prepared from the folder before it changed."""
    state = store.pixels.stem.rpartition("-")[0]
    for path in store.pixels.parent.glob(f"{state}-*"):
        if path.stem != store.pixels.stem and path.suffix in (".pixels", ".json"):
            # Windows does not remove a file that another run still maps.
            with contextlib.suppress(OSError):
                path.unlink()


def read_card(store: Store) -> tuple[tuple[str, ...], tuple[Skipped, ...]] | None:
    """The names of the stored pictures and what was skipped; None where nothing whole is stored."""
    try:
        card = json.loads(store.card.read_text(encoding="utf-8"))
        names = tuple(card["files"])
        skipped = tuple(Skipped(store.folder / path, reason) for path, reason in card["skipped"])
        whole = store.pixels.stat().st_size == len(names) * store.row_bytes
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (names, skipped) if whole and names else None


def map_pixels(store: Store, count: int) -> np.ndarray:
    """The stored pictures uint8 [N, 3, R, R], read from disk as they are needed."""
    shape = (count, 3, store.resolution, store.resolution)
    return np.memmap(store.pixels, np.uint8, "r", shape=shape)
