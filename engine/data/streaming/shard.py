"""What one tar shard holds: looked through once, and kept on disk as 16 bytes a picture, and its caption where there are some."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from io import FileIO
from pathlib import Path, PurePosixPath
from typing import IO, cast

import msgspec
import numpy as np

from engine.data.archives import BadArchive, Member, Slice, hidden, in_tar, read
from engine.data.labels import TEXTS, beside
from engine.data.scan import NoPictures
from engine.data.streaming.addresses import name_of, on_the_web, shown
from engine.data.streaming.web import AT_ONCE, Web, WebFile
from engine.whole import write_bytes

VERSION = 2  # raise it when other members count as pictures
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
MAX_PICTURE = 2**26
ROWS, CAPTIONS, ENDS, CARD = ".rows", ".captions", ".ends", ".json"
END = np.dtype("<u8")  # of the captions' bytes those of a picture end here
ROW = np.dtype([("offset", "<u8"), ("bytes", "<u4"), ("label", "<i4")])
REASONS = 20  # that are kept of each shard
SCOUTING = 2**23  # bytes of pieces that are kept for each shard on a server


class Shard(msgspec.Struct, frozen=True):
    """One tar file: where it is, what tells whether it changed, how many pictures it holds, and its classes.

    `labelled` says that the classes stand beside the pictures (.cls, .json); else they are the folders in the shard.
    """

    address: str
    size: int
    stamp: str
    count: int
    classes: list[str]
    labelled: bool
    left_out: list[tuple[str, str]]
    """Names and reasons of the first members that cannot be used."""
    captioned: bool = False
    """Some pictures have a caption beside them (.txt, .json)."""

    @property
    def name(self) -> str:
        return name_of(self.address)

    @property
    def kept(self) -> tuple[str, ...]:
        """The endings of the files that keep what is known of it."""
        return (ROWS, CAPTIONS, ENDS, CARD) if self.captioned else (ROWS, CARD)


def recalled(web: Web, folder: Path, address: str) -> Shard | None:
    """What the folder knows of a shard that has not changed. Raises NoPictures with one sentence."""
    try:
        return remembered(folder / f"{key(address)}{CARD}", address, *identity(web, address))
    except OSError as error:
        raise NoPictures(f"{shown(address)} cannot be read: {error.strerror or error}.") from error


def look_into(folder: Path, address: str, web: Web | None = None) -> Shard:
    """One shard; written down before it is given back. Raises NoPictures with one sentence."""
    web = web or Web(0)
    if shard := recalled(web, folder, address):
        return shard
    try:
        size, stamp = identity(web, address)
        file = WebFile(web, address, size) if on_the_web(address) else Bounded(address, "rb")
        with closing(file):
            told = Told(web, address, size)
            rows = list(told.rows(in_tar(Path(name_of(address)), cast(IO[bytes], file))))
    except (OSError, BadArchive) as error:
        raise NoPictures(f"{shown(address)} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    captions = [caption.encode() for caption in told.captions]
    shard = Shard(address, size, stamp, len(rows), told.classes, told.labelled, told.left_out, any(captions))
    path = folder / f"{key(address)}{CARD}"
    write_bytes(path.with_suffix(ROWS), np.array(rows, ROW).tobytes())
    if shard.captioned:
        write_bytes(path.with_suffix(CAPTIONS), b"".join(captions))
        write_bytes(path.with_suffix(ENDS), np.cumsum([len(caption) for caption in captions], dtype=END).tobytes())
    write_bytes(path, msgspec.json.encode(shard))
    return shard


def identity(web: Web, address: str) -> tuple[int, str]:
    """Size and stamp of a shard. Raises NoPictures with one sentence, and OSError."""
    if on_the_web(address):
        return web.look(address)
    status = os.stat(address)
    return status.st_size, str(status.st_mtime_ns)


def remembered(path: Path, address: str, size: int, stamp: str) -> Shard | None:
    """What is known of a shard that has not changed."""
    try:
        shard = msgspec.json.decode(path.read_bytes(), type=Shard)
        whole = path.with_suffix(ROWS).stat().st_size == shard.count * ROW.itemsize
        if shard.captioned:
            whole &= path.with_suffix(ENDS).stat().st_size == shard.count * END.itemsize
            whole &= path.with_suffix(CAPTIONS).is_file()
    except (OSError, msgspec.MsgspecError):
        return None
    return shard if whole and (shard.address, shard.size, shard.stamp) == (address, size, stamp) else None


def key(address: str) -> str:
    """Under which name a shard is remembered."""
    return hashlib.sha256(f"{VERSION} {address}".encode()).hexdigest()[:32]


class Bounded(FileIO):
    """A file of which headers are read, none of them larger than sensible."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= AT_ONCE:
            raise tarfile.ReadError("a header is far too large")
        return super().read(size) or b""


class Told:
    """What the members of one shard say: files of the same name belong together and follow one another."""

    def __init__(self, web: Web, address: str, size: int):
        self._web, self._address, self._size = web, address, size
        self.classes: list[str] = []
        self.labelled = False
        self.left_out: list[tuple[str, str]] = []
        self.captions: list[str] = []  # of each picture, "" where there is none
        self._numbers: dict[str, int] = {}

    def rows(self, members: Iterator[Member]) -> Iterator[tuple[int, int, int]]:
        """One row for each picture."""
        stem, pictures, texts = "", list[tuple[str, Slice]](), dict[str, Slice]()
        for member in members:
            suffix = PurePosixPath(member.name).suffix.lower()
            if hidden(member.name) or suffix not in SUFFIXES | TEXTS:
                continue
            if (here := member.name[: -len(suffix)]) != stem:
                yield from self._finished(stem, pictures, texts)
                stem, pictures, texts = here, [], {}
            place = member.place
            if place is None or (suffix in SUFFIXES and not 0 < place.bytes <= MAX_PICTURE):
                why = member.reason or f"The picture is empty or larger than {MAX_PICTURE // 2**20} MiB."
                self._leave_out(member.name, why)
            elif suffix in SUFFIXES:
                pictures.append((member.name, place))
            else:
                texts[member.name] = place
        yield from self._finished(stem, pictures, texts)

    def _finished(
        self, stem: str, pictures: Sequence[tuple[str, Slice]], texts: dict[str, Slice]
    ) -> Iterator[tuple[int, int, int]]:
        """The pictures of one name, with their class; their caption is noted."""
        if not pictures:
            return
        caption, said = beside(stem, set(texts), lambda name, limit: self._text(texts[name], limit))
        label = self._class(stem, said)
        for _, place in pictures:
            self.captions.append(caption)
            yield place.offset, place.bytes, label

    def _class(self, stem: str, said: str) -> int:
        """The number of its class: as said beside it, else the folder in the shard."""
        if said and not self.labelled:  # folders are no classes where something is said
            self.labelled, self.classes, self._numbers = True, [""] * len(self.classes), {}
        folder = stem.partition("/")[0] if "/" in stem else ""
        name = said if self.labelled else folder
        if name not in self._numbers:
            self._numbers[name] = len(self.classes)
            self.classes.append(name)
        return self._numbers[name]

    def _text(self, place: Slice, limit: int) -> bytes:
        """A text's bytes. Raises ValueError where there are too many."""
        if place.bytes > limit:
            raise ValueError("it is too long")
        if on_the_web(self._address):
            return self._web.read(self._address, place.offset, place.bytes, self._size)
        return read(Slice(self._address, place.offset, place.bytes, place.bytes))

    def _leave_out(self, name: str, reason: str) -> None:
        if len(self.left_out) < REASONS:
            self.left_out.append((f"{name_of(self._address)}/{name}", reason))
