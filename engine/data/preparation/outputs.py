"""The three forms of a finished data set: zip, folder, tar shards; each grows at its end and can be taken up again."""

from __future__ import annotations

import io
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

TAR_END = bytes(2 * tarfile.BLOCKSIZE)
EARLY = (1980, 1, 1, 0, 0, 0)  # one date for all files, so that the same pictures make the same zip


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A finished picture: its name in the data set and where its bytes lie in the file `part` that is being written."""

    name: str
    bytes: int
    crc: int
    part: int
    begin: int
    end: int


class Torn(Exception):
    """Less was kept of an earlier try than its journal says, as after a loss of power; it has to begin again."""


class Output(Protocol):
    """Where finished pictures go, inside a folder that is renamed at the end."""

    def add(self, number: int, data: bytes, label: str, caption: str) -> Entry:
        """Put picture `number` at the end."""

    def finish(self, card: bytes) -> Path:
        """Write what comes last; gives the file or folder that is the data set now."""

    def close(self) -> None:
        """Let go of the files; what was added so far stays."""


def image_name(number: int) -> str:
    """00000/img00000042.png, as other tools name and order them; each folder holds a thousand."""
    return f"{number // 1000:05}/img{number:08}.png"


class Zip:
    """A zip of stored members with dataset.json at its end."""

    def __init__(self, folder: Path, before: Sequence[Entry]) -> None:
        self._path = folder / "pictures.zip"
        self._file = taken_up(self._path, before[-1].end if before else 0)
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        for entry in before:
            info = zip_info(entry.name)
            info.header_offset, info.CRC = entry.begin, entry.crc
            info.file_size = info.compress_size = entry.bytes
            self._zip.filelist.append(info)
            self._zip.NameToInfo[entry.name] = info

    def add(self, number: int, data: bytes, label: str, caption: str) -> Entry:
        begin, name = self._file.tell(), image_name(number)
        self._zip.writestr(zip_info(name), data)
        return Entry(name, len(data), zlib.crc32(data), 0, begin, self._file.tell())

    def finish(self, card: bytes) -> Path:
        self._zip.writestr(zip_info("dataset.json"), card)
        self._zip.close()
        return self._path

    def close(self) -> None:
        self._file.close()
        self._zip.fp = None  # it would try to write its directory when it is forgotten


class Folder:
    """A folder with a file for each picture, by classes where there are some, and dataset.json."""

    def __init__(self, folder: Path, before: Sequence[Entry]) -> None:
        self._path = folder / "pictures"
        self._path.mkdir(parents=True, exist_ok=True)

    def add(self, number: int, data: bytes, label: str, caption: str) -> Entry:
        name = f"{folder_name(label)}/img{number:08}.png" if label else image_name(number)
        path = self._path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return Entry(name, len(data), zlib.crc32(data), 0, 0, 0)

    def finish(self, card: bytes) -> Path:
        (self._path / "dataset.json").write_bytes(card)
        return self._path

    def close(self) -> None:
        pass


class Shards:
    """A folder of tar files with `size` pictures each, beside every picture its .cls and .txt (as WebDataset reads)."""

    def __init__(self, folder: Path, before: Sequence[Entry], size: int, classes: Sequence[str]) -> None:
        self._path, self._size = folder / "pictures", size
        self._classes = {name: number for number, name in enumerate(classes)}
        self._path.mkdir(parents=True, exist_ok=True)
        self._part = before[-1].part if before else 0
        self._count = sum(entry.part == self._part for entry in before)
        self._file = taken_up(self._shard(), before[-1].end if before else 0)

    def _shard(self) -> Path:
        return self._path / f"shard-{self._part:06}.tar"

    def add(self, number: int, data: bytes, label: str, caption: str) -> Entry:
        if self._count == self._size:
            self._seal()
            self._part, self._count = self._part + 1, 0
            self._file = taken_up(self._shard(), 0)
        begin, stem = self._file.tell(), f"{number:08}"
        self._member(f"{stem}.png", data)
        if label in self._classes:
            self._member(f"{stem}.cls", str(self._classes[label]).encode())
        if caption:
            self._member(f"{stem}.txt", caption.encode())
        self._count += 1
        return Entry(
            f"{self._shard().name}/{stem}.png", len(data), zlib.crc32(data), self._part, begin, self._file.tell()
        )

    def _member(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        rest = -len(data) % tarfile.BLOCKSIZE
        self._file.write(info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(rest))

    def _seal(self) -> None:
        self._file.write(TAR_END)
        self._file.close()

    def finish(self, card: bytes) -> Path:
        self._seal()
        for path in self._path.glob("shard-*.tar"):  # of an earlier try that had come further
            if int(path.stem.partition("-")[2]) > self._part:
                path.unlink()
        (self._path / "dataset.json").write_bytes(card)
        return self._path

    def close(self) -> None:
        self._file.close()


def zip_info(name: str) -> zipfile.ZipInfo:
    """A member that everybody may read."""
    info = zipfile.ZipInfo(name, EARLY)
    info.external_attr = 0o644 << 16
    return info


def taken_up(path: Path, end: int) -> io.BufferedRandom:
    """The file, opened at `end`, what lies beyond cut off. Raises Torn where it ends before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    file = os.fdopen(descriptor, "r+b")
    if file.seek(0, os.SEEK_END) < end:
        file.close()
        raise Torn
    file.truncate(end)
    file.seek(end)
    return file


def folder_name(label: str) -> str:
    """A class as the name of a folder on any system."""
    plain = re.sub(r"[^\w\- .]", "_", label).strip(". ")[:80]
    return plain if plain == label else f"{plain}-{zlib.crc32(label.encode()):08x}"
