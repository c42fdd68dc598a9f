"""Find a person's pictures in a folder or an archive, each with its place in the list and its class."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.data.archives import PACKED, TAR, ZIP, BadArchive, Slice, is_archive, members, read
from engine.data.labels import TEXTS, Words, words
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
    """A picture file: its path below the folder, what tells whether it changed, and its slice where it is archived."""

    path: str
    bytes: int
    modified: int
    place: Slice | None = None
    label: str | None = None
    """The class that a file beside it gives; None where the sub-folders are the classes."""

    @property
    def group(self) -> str:
        """Its class: as labelled, else the sub-folder of the first level that holds it, or nothing."""
        if self.label is not None:
            return self.label
        return Path(self.path).parts[0] if len(Path(self.path).parts) > 1 else ""


@dataclass(frozen=True)
class Contents:
    """All that a folder or an archive holds: pictures and the texts beside them, each sorted, and what is unusable."""

    folder: Path
    pictures: tuple[Found, ...]
    texts: tuple[Found, ...]
    skipped: tuple[Skipped, ...]

    def words(self) -> Words:
        """What the texts say about the pictures."""
        texts = {file.path: file for file in self.texts}
        names = [file.path for file in self.pictures]
        return words(names, texts, lambda name, limit: read_found(self.folder, texts[name], limit))


def scan(folder: Path, by_class: bool = False) -> tuple[tuple[Found, ...], tuple[Skipped, ...]]:
    """All picture files below the folder, or in an archive, in the order of their names; with their classes if asked.

    Links into a loop are followed once. Raises NoPictures with one sentence.
    """
    held = contents(folder)
    found, skipped = list(held.pictures), list(held.skipped)
    if by_class:
        said = held.words()
        if said.labelled:
            found = [replace(file, label=said.classes.get(file.path, "")) for file in found]
        skipped += [
            Skipped(folder / file.path, "The picture lies in no class folder.") for file in found if not file.group
        ]
        found = [file for file in found if file.group]
    require_pictures(folder, found, by_class)
    return tuple(found), tuple(skipped)


def contents(folder: Path) -> Contents:
    """What the folder or archive holds; of a folder without loose pictures, what the archives in it hold."""
    if folder.suffix.lower() in {ZIP, TAR} | PACKED and folder.is_file():
        try:
            found, skipped = unpacked(folder, "")
        except (BadArchive, OSError) as error:
            raise NoPictures(str(error)) from error
        return sorted_out(folder, found, skipped)
    check_folder(folder)
    found, skipped = walk(folder, SUFFIXES | TEXTS)
    skipped = [each for each in skipped if each.path.suffix.lower() not in TEXTS]
    if not any(is_picture(file.path) for file in found):
        archived, broken = shards(folder)
        found, skipped = found + archived, skipped + broken
    return sorted_out(folder, found, skipped)


def sorted_out(folder: Path, found: Sequence[Found], skipped: Sequence[Skipped]) -> Contents:
    """The files by kind, in the order of their names."""
    ordered = sorted(found, key=lambda file: file.path)
    pictures = tuple(file for file in ordered if is_picture(file.path))
    texts = tuple(file for file in ordered if not is_picture(file.path))
    return Contents(folder, pictures, texts, tuple(skipped))


def is_picture(name: str) -> bool:
    """Whether it is named like a picture."""
    return os.path.splitext(name)[1].lower() in SUFFIXES


def walk(folder: Path, suffixes: frozenset[str]) -> tuple[list[Found], list[Skipped]]:
    """All files below the folder that end so, and those that cannot be reached."""
    found: list[Found] = []
    skipped: list[Skipped] = []
    walked: set[tuple[int, int]] = set()
    is_new(str(folder), "", walked)

    def unreadable(error: OSError) -> None:
        skipped.append(Skipped(Path(error.filename), f"The folder cannot be read: {error.strerror}."))

    for here, folders, names in os.walk(folder, onerror=unreadable, followlinks=True):
        folders[:] = [name for name in sorted(folders) if not name.startswith(".") and is_new(here, name, walked)]
        for name in names:
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in suffixes:
                note_file(folder, Path(here) / name, found, skipped)
    return found, skipped


def shards(folder: Path) -> tuple[list[Found], list[Skipped]]:
    """What the zip and tar files directly in a folder hold, as a data set in pieces has it."""
    found: list[Found] = []
    skipped: list[Skipped] = []
    for path in sorted(path for path in folder.iterdir() if is_archive(path) and not path.name.startswith(".")):
        try:
            more, broken = unpacked(path, f"{path.name}/")
        except (BadArchive, OSError) as error:
            skipped.append(Skipped(path, str(error)))
            continue
        found += more
        skipped += broken
    return found, skipped


def unpacked(path: Path, prefix: str) -> tuple[list[Found], list[Skipped]]:
    """The pictures and texts in one archive. Raises BadArchive with one sentence, and OSError."""
    modified = path.stat().st_mtime_ns
    found: list[Found] = []
    skipped: list[Skipped] = []
    for member in members(path):
        if member.place is None:
            skipped.append(Skipped(path / member.name, member.reason))
        elif os.path.splitext(member.name)[1].lower() in SUFFIXES | TEXTS:
            found.append(Found(prefix + member.name, member.place.bytes, modified, member.place))
    return found, skipped


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


def read_found(folder: Path, file: Found, limit: int) -> bytes:
    """The file's bytes. Raises ValueError or OSError, also where there are more than the limit."""
    if file.bytes > limit:
        raise ValueError(f"{file.path} is larger than {limit} bytes.")
    return read(file.place) if file.place else (folder / file.path).read_bytes()


def note_file(folder: Path, path: Path, found: list[Found], skipped: list[Skipped]) -> None:
    """Put the file on one of the two lists."""
    try:
        status = path.stat()
    except OSError as error:
        skipped.append(Skipped(path, f"The file cannot be read: {error.strerror}."))
        return
    found.append(Found(path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns))


def require_pictures(folder: Path, found: Sequence[Found], by_class: bool) -> None:
    """Say what was looked for where nothing was found."""
    if not found and by_class:
        raise NoPictures(f"The folder {folder} has no sub-folders with pictures, one for each class.")
    if not found:
        raise NoPictures(f"The folder {folder} holds no pictures (PNG, JPEG, WebP, GIF, TIFF, BMP and the like).")
