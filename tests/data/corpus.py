"""Pictures of every odd kind, built byte by byte or by pillow."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

# Windows allows neither line breaks nor bytes that are no text in a name.
ODD_NAME = "Zoë\n☃ ' $(touch x).png" if os.name == "posix" else "Zoë ☃ ' $(touch x).png"
GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6


def chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png16(values: np.ndarray, kind: int, transparent: bytes | None = None) -> bytes:
    """A 16-bit PNG of [H, W, C], which pillow itself cannot write in colour."""
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    extra = chunk(b"tRNS", transparent) if transparent is not None else b""
    return header(width, height, 16, kind) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def header(width: int, height: int, depth: int, kind: int) -> bytes:
    """The beginning of a PNG of that size."""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))


def ramp16(channels: int) -> np.ndarray:
    """Sixteen-bit greys from black to white, [1, 5, C]."""
    return np.repeat(np.array([0, 257 * 64, 257 * 128, 257 * 192, 65535])[None, :, None], channels, axis=2)


def two_colours(mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue, 24 wide and 16 high."""
    image = Image.new("RGB", (24, 16), (255, 0, 0))
    image.paste((0, 0, 255), (12, 0, 24, 16))
    return image.convert(mode)


def half_clear(mode: str) -> Image.Image:
    """Left half red, right half fully transparent."""
    image = Image.new("RGBA", (24, 16), (255, 0, 0, 255))
    image.paste((0, 255, 0, 0), (12, 0, 24, 16))
    return image.convert(mode)


def clear_palette() -> Image.Image:
    """A palette picture whose second colour is transparent."""
    image = Image.new("P", (24, 16), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(1, (12, 0, 24, 16))
    image.info["transparency"] = 1
    return image


def frames() -> list[Image.Image]:
    """Two frames of which only the first shows red and blue."""
    return [two_colours(), Image.new("RGB", (24, 16), (0, 255, 0))]


def rotated(path: Path) -> None:
    """A JPEG stored lying on its side, with the EXIF note to turn it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    two_colours().transpose(Image.Transpose.ROTATE_90).save(path, quality=95, exif=exif)


def animated(path: Path) -> None:
    """Two frames in one file."""
    first, second = frames()
    options: dict[str, Any] = {"lossless": True} if path.suffix == ".webp" else {}
    first.save(path, save_all=True, append_images=[second], **options)


# Every file here shows red on the left and blue on the right.
RED_BLUE: dict[str, Callable[[Path], None]] = {
    "plain.png": lambda path: two_colours().save(path),
    "plain.JPG": lambda path: two_colours().save(path, quality=95),
    "plain.webp": lambda path: two_colours().save(path, lossless=True),
    "plain.bmp": lambda path: two_colours().save(path),
    "plain.tiff": lambda path: two_colours().save(path),
    "plain.tga": lambda path: two_colours().save(path),
    "plain.ppm": lambda path: two_colours().save(path),
    "palette.png": lambda path: two_colours("P").save(path),
    "cmyk.jpg": lambda path: two_colours("CMYK").save(path, quality=95),
    "cmyk.tif": lambda path: two_colours("CMYK").save(path),
    "ycbcr.tif": lambda path: two_colours("YCbCr").save(path),
    "progressive.jpg": lambda path: two_colours().save(path, quality=95, progressive=True),
    "turned.jpg": rotated,
    "moving.gif": animated,
    "moving.webp": animated,
    "moving.png": animated,
    ODD_NAME: lambda path: two_colours().save(path, format="PNG"),
}

# Every file here shows red on the left and nothing on the right.
RED_CLEAR: dict[str, Callable[[Path], None]] = {
    "alpha.png": lambda path: half_clear("RGBA").save(path),
    "alpha.webp": lambda path: half_clear("RGBA").save(path, lossless=True),
    "alpha.tif": lambda path: half_clear("RGBA").save(path),
    "palette.png": lambda path: clear_palette().save(path, transparency=1),
    "palette.gif": lambda path: clear_palette().save(path, transparency=1),
}


def half_of(path: Path, suffix: str) -> bytes:
    """The first half of a picture file with enough detail to be long."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    whole = path.with_name(f"whole{suffix}")
    Image.fromarray(noise).save(whole)
    data = whole.read_bytes()
    whole.unlink()
    return data[: len(data) // 2]


# Bytes of files that are no usable picture, and a word of the sentence about each.
BROKEN: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "empty.png": (lambda path: b"", "empty"),
    "text.png": (lambda path: b"Hello, I am a text.\n", "not a picture"),
    "script.png": (lambda path: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n", "not a picture"),
    "half.png": (lambda path: half_of(path, ".png"), "cut off"),
    "half.jpg": (lambda path: half_of(path, ".jpg"), "cut off"),
    "half.webp": (lambda path: half_of(path, ".webp"), ""),
    "half.tif": (lambda path: half_of(path, ".tif"), ""),
    "half.bmp": (lambda path: half_of(path, ".bmp"), "cut off"),
    "bomb.png": (lambda path: header(60000, 60000, 8, RGB) + chunk(b"IDAT", b""), "pixels"),
    "large.png": (lambda path: header(12000, 12000, 8, RGB) + chunk(b"IDAT", b""), "134"),
    "long.png": (lambda path: header(100000, 4, 8, RGB) + chunk(b"IDAT", b""), "along a side"),
    "headless.png": (lambda path: header(0, 0, 8, RGB), ""),
    "damaged.png": (lambda path: header(8, 8, 8, RGB) + chunk(b"IDAT", b"nonsense") + chunk(b"IEND", b""), "damaged"),
}
