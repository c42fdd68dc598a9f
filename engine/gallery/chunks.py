"""A PNG file as its chunks: another text put into it, or everything but the pixels taken out, without decoding any."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from engine.render.png import SIGNATURE

MOST_BYTES = 256 * 2**20
MOST_PIXELS = 64 * 10**6
PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def read(path: Path) -> bytes:
    """A PNG file's bytes. Raises OSError, or ValueError with one sentence."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"{path.name} is larger than {MOST_BYTES >> 20} MiB, which no picture made here is")
    return data


def size(path: Path) -> tuple[int, int]:
    """Width and height in pixels. Raises OSError, or ValueError with one sentence."""
    with path.open("rb") as file:
        head = file.read(24)
    if head[:8] != SIGNATURE or head[12:16] != b"IHDR" or len(head) < 24:
        raise ValueError(f"{path.name} is not a PNG picture")
    width, height = struct.unpack(">II", head[16:])
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError(f"{path.name} claims to be {width} by {height} pixels, which no picture made here is")
    return width, height


def with_text(data: bytes, key: str, text: bytes) -> bytes:
    """The PNG file `data` with this text under a keyword (iTXt), in the place of any that was there.

    Raises ValueError with the rest of a sentence that begins with the file's name.
    """
    own, placed = key.encode() + b"\0", False
    content = own + b"\1\0\0\0" + zlib.compress(text)
    new = b"".join((struct.pack(">I", len(content)), b"iTXt", content, struct.pack(">I", _check(b"iTXt", content))))
    parts = [SIGNATURE]
    for kind, chunk in _chunks(data):
        if kind == b"iTXt" and chunk[8 : 8 + len(own)] == own:
            continue
        if kind in (b"IDAT", b"IEND") and not placed:
            parts.append(new)
            placed = True
        parts.append(chunk)
    return b"".join(parts)


def only_pixels(data: bytes) -> bytes:
    """The PNG file without what is not needed to draw it, so that no other part can be hostile to its decoder.

    Raises ValueError with the rest of a sentence that begins with the file's name.
    """
    return SIGNATURE + b"".join(chunk for kind, chunk in _chunks(data) if kind in PIXELS)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and whole chunk, up to the end of the picture (PNG specification, 5.3)."""
    if not data.startswith(SIGNATURE):
        raise ValueError("is not a PNG picture")
    at, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        if at + 12 > len(data):
            raise ValueError("is damaged or cut off")
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("is damaged or cut off")
        yield kind, data[at:end]
        at = end


def _check(kind: bytes, content: bytes) -> int:
    return zlib.crc32(content, zlib.crc32(kind))
