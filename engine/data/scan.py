"""Find a person's pictures in a folder, each with its place in the list and its class."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine.data.pictures import SUFFIXES


class NoPictures(ValueError):
    """A folder that gives no data set; its message is one sentence for the person."""


@dataclass(frozen=True)
class Skipped:
    """A file or folder that could not be used, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Found:
    """A picture file: its path below the folder and what tells whether it changed."""

    path: str
    bytes: int
    modified: int

    @property
    def group(self) -> str:
        """The sub-folder of the first level that holds it, or nothing."""
        return Path(self.path).parts[0] if len(Path(self.path).parts) > 1 else ""


def scan(folder: Path, by_class: bool = False) -> tuple[tuple[Found, ...], tuple[Skipped, ...]]:
    """All picture files below the folder in the order of their names; links into a loop are followed once."""
    check_folder(folder)
    found: list[Found] = []
    skipped: list[Skipped] = []
    walked: set[tuple[int, int]] = set()
    is_new(str(folder), "", walked)

    def unreadable(error: OSError) -> None:
        skipped.append(Skipped(Path(error.filename), f"The folder cannot be read: {error.strerror}."))

    for here, folders, names in os.walk(folder, onerror=unreadable, followlinks=True):
        folders[:] = [name for name in sorted(folders) if not name.startswith(".") and is_new(here, name, walked)]
        for name in names:
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES:
                note_file(folder, Path(here) / name, found, skipped)
    if by_class:
        skipped += [
            Skipped(folder / file.path, "The picture lies in no class folder.") for file in found if not file.group
        ]
        found = [file for file in found if file.group]
    require_pictures(folder, found, by_class)
    return tuple(sorted(found, key=lambda file: file.path)), tuple(skipped)


def check_folder(folder: Path) -> None:
    """Refuse a folder that is missing, no folder or closed to us."""
    try:
        os.scandir(folder).close()
    except FileNotFoundError as error:
        raise NoPictures(f"The folder {folder} does not exist.") from error
    except NotADirectoryError as error:
        raise NoPictures(f"{folder} is a file, not a folder.") from error
    except OSError as error:
        raise NoPictures(f"The folder {folder} cannot be read: {error.strerror}.") from error


def is_new(here: str, name: str, walked: set[tuple[int, int]]) -> bool:
    """Whether this folder was not walked before under another name."""
    try:
        status = os.stat(os.path.join(here, name))
    except OSError:
        return False
    identity = (status.st_dev, status.st_ino)
    fresh = identity not in walked or not status.st_ino
    walked.add(identity)
    return fresh


def note_file(folder: Path, path: Path, found: list[Found], skipped: list[Skipped]) -> None:
    """Put the file on one of the two lists."""
    try:
        status = path.stat()
    except OSError as error:
        skipped.append(Skipped(path, f"The file cannot be read: {error.strerror}."))
        return
    found.append(Found(path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns))


def require_pictures(folder: Path, found: list[Found], by_class: bool) -> None:
    """Say what was looked for where nothing was found."""
    if not found and by_class:
        raise NoPictures(f"The folder {folder} has no sub-folders with pictures, one for each class.")
    if not found:
        raise NoPictures(f"The folder {folder} holds no pictures (PNG, JPEG, WebP, GIF, TIFF, BMP and the like).")
