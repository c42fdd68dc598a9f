"""Zip and tar files as careless or hostile people make them."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from pathlib import Path

from PIL import Image


def png(colour: tuple[int, int, int] = (200, 30, 40), size: tuple[int, int] = (24, 16)) -> bytes:
    """A small picture file."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def write_zip(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of these names and bytes, whatever the names are."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return path


def write_tar(path: Path, files: dict[str, bytes], links: dict[str, str] | None = None) -> Path:
    """A plain tar of these names and bytes, and of symbolic links."""
    with tarfile.open(path, "w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return path


def locked(path: Path) -> Path:
    """A zip that says of its only member that it is locked."""
    data = bytearray(write_zip(path, {"a.png": png()}).read_bytes())
    directory = data.index(b"PK\1\2")
    struct.pack_into("<H", data, directory + 8, 1)
    path.write_bytes(data)
    return path


def overlapping(path: Path) -> Path:
    """A zip whose two members are said to begin at the same place."""
    data = bytearray(write_zip(path, {"a.png": png(), "b.png": png()}).read_bytes())
    second = data.index(b"PK\1\2", data.index(b"PK\1\2") + 4)
    struct.pack_into("<I", data, second + 42, 0)
    path.write_bytes(data)
    return path


def changed(path: Path) -> Path:
    """A stored zip in which one byte of the picture is another one."""
    data = bytearray(write_zip(path, {"a.png": png()}, zipfile.ZIP_STORED).read_bytes())
    data[60] ^= 255
    path.write_bytes(data)
    return path


def understated(path: Path) -> Path:
    """A zip whose member unpacks to more than its directory says."""
    data = bytearray(write_zip(path, {"a.png": png() + bytes(5000)}).read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\1\2") + 24, 100)
    path.write_bytes(data)
    return path
