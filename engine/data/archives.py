"""Zip and tar files as lists of slices that any process reads for itself; nothing in them is unpacked to disk or run."""

from __future__ import annotations

import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO

from engine.data.pictures import BadPicture

ZIP, TAR = ".zip", ".tar"
PACKED = frozenset({".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst"})
MAX_BYTES = 2**29
BOMB_BYTES, BOMB_RATIO = 2**24, 100
LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, then the lengths of name and extra field (APPNOTE 4.3.7)
METHODS = {zipfile.ZIP_STORED: False, zipfile.ZIP_DEFLATED: True}


class BadArchive(ValueError):
    """An archive that cannot be used at all; its message is one sentence for the person."""


@dataclass(frozen=True)
class Slice:
    """Where the bytes of one member lie in an archive: `packed` of them from `offset`, `bytes` once unpacked."""

    archive: str
    offset: int
    packed: int
    bytes: int
    zipped: bool = False
    deflated: bool = False
    crc: int = 0


@dataclass(frozen=True)
class Member:
    """One member: its name with forward slashes and its slice, or the reason why it is refused."""

    name: str
    place: Slice | None
    reason: str = ""


def is_archive(path: Path) -> bool:
    """Whether the name is that of an archive that can be read, or of one to be unpacked first."""
    return path.suffix.lower() in {ZIP, TAR} | PACKED


def members(path: Path) -> list[Member]:
    """All members but folders and hidden files. Raises BadArchive with one sentence, and OSError."""
    suffix = path.suffix.lower()
    if suffix in PACKED:
        raise BadArchive(f"{path.name} is packed in a way that cannot be read in pieces; unpack it first.")
    found = list(in_zip(path) if suffix == ZIP else in_tar(path))
    return [member for member in found if not hidden(member.name)]


def in_zip(path: Path) -> Iterator[Member]:
    """The members that the directory of a zip file lists."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise BadArchive(f"{path.name} is no zip file, or it is damaged ({error}).") from error
    overlapping = overlaps(listed)
    for info in listed:
        if info.is_dir():
            continue
        name = info.filename.replace("\\", "/")
        reason = refusal(name, info.file_size) or zip_refusal(info, overlapping)
        place = Slice(
            str(path), info.header_offset, info.compress_size, info.file_size, True, info.compress_type != 0, info.CRC
        )
        yield Member(name, None if reason else place, reason)


def overlaps(listed: list[zipfile.ZipInfo]) -> set[int]:
    """Offsets of members whose bytes also belong to the next one, as only zip bombs have them."""
    ordered = sorted(listed, key=lambda info: info.header_offset)
    pairs = pairwise(ordered)
    return {
        a.header_offset for a, b in pairs if a.header_offset + LOCAL_HEADER.size + a.compress_size > b.header_offset
    }


def zip_refusal(info: zipfile.ZipInfo, overlapping: set[int]) -> str:
    """Why a member of a zip is not read, or nothing."""
    if info.flag_bits & 1:
        return "It is locked with a password."
    if info.compress_type not in METHODS:
        return "It is packed by a method that is not read here; pack it again as an ordinary zip."
    if info.header_offset in overlapping:
        return "It shares its bytes with other members, as zip bombs do."
    if info.file_size > max(BOMB_BYTES, BOMB_RATIO * info.compress_size):
        return f"It would unpack to {info.file_size / 2**20:.0f} MiB from {info.compress_size} bytes, as zip bombs do."
    return ""


def in_tar(path: Path, file: IO[bytes] | None = None) -> Iterator[Member]:
    """The members of a plain tar file, which may be open elsewhere; after damage the ones before it still count."""
    some = False
    try:
        with tarfile.open(path, "r:", file) as archive:
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # it would keep millions of them
                some = True
                if not info.isdir():
                    yield tar_member(path, info)
    except (tarfile.TarError, ValueError) as error:
        reason = f"{path.name} is no tar file, or it is damaged or cut off ({error})."
        if not some:
            raise BadArchive(reason) from error
        yield Member(path.name, None, reason)


def tar_member(path: Path, info: tarfile.TarInfo) -> Member:
    """The slice of a plain file; a link could lead anywhere."""
    name = info.name.removeprefix("./")
    plain = info.isreg() and not info.issparse()
    reason = refusal(name, info.size) if plain else "It is a link or a device, not a file."
    return Member(name, None if reason else Slice(str(path), info.offset_data, info.size, info.size), reason)


def refusal(name: str, size: int) -> str:
    """Why no member of this name and size is read, or nothing."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "\0" in name or ":" in parts[0]:
        return "Its name points outside of the archive."
    if size > MAX_BYTES:
        return f"It is larger than {MAX_BYTES // 2**20} MiB."
    if Path(name).suffix.lower() in {ZIP, TAR} | PACKED:
        return "It is an archive inside an archive; unpack it first."
    return ""


def hidden(name: str) -> bool:
    """Files that systems leave behind without being asked."""
    parts = name.split("/")
    return "__MACOSX" in parts or any(part.startswith(".") and part not in (".", "..") for part in parts)


def read(place: Slice) -> bytes:
    """The member's bytes, never more than its directory promised. Raises BadPicture with one sentence, and OSError."""
    with open(place.archive, "rb") as file:
        file.seek(place.offset)
        if place.zipped:
            header = file.read(LOCAL_HEADER.size)
            if len(header) < LOCAL_HEADER.size or header[:4] != b"PK\3\4":
                raise BadPicture("The archive is damaged or cut off where this file should be.")
            _, name, extra = LOCAL_HEADER.unpack(header)
            file.seek(name + extra, 1)
        packed = file.read(place.packed)
    data = inflated(packed, place.bytes) if place.deflated else packed
    if len(data) != place.bytes or (place.zipped and zlib.crc32(data) != place.crc):
        raise BadPicture("The file is damaged or cut off inside its archive.")
    return data


def inflated(packed: bytes, size: int) -> bytes:
    """The deflated bytes, and one more than `size` of them where there are more."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    except zlib.error as error:
        raise BadPicture("The file is damaged inside its archive.") from error
