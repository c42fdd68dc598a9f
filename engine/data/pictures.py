"""Read one picture file of any common kind into 8-bit RGB, or say in one sentence what is wrong with it."""

from __future__ import annotations

import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

# Only formats that pillow decodes itself: EPS would start Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000", "PPM", "TGA", "QOI")
SUFFIXES = frozenset(
    {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".dib"}
    | {".avif", ".jp2", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".qoi"}
)
MAX_BYTES = 2**30
MAX_PIXELS = 2**27
MAX_SIDE = 2**15
WHITE = (255, 255, 255)
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Colour = tuple[int, int, int]


class BadPicture(ValueError):
    """A file that cannot be used as a picture; its message is one sentence for the person."""


def read_picture(path: Path, background: Colour = WHITE, max_pixels: int = MAX_PIXELS) -> np.ndarray:
    """The picture upright, its transparency laid over the background: uint8 [H, W, 3]."""
    return np.array(open_picture(path, background, max_pixels))


def open_picture(
    path: Path, background: Colour = WHITE, max_pixels: int = MAX_PIXELS, at_least: int | None = None
) -> Image.Image:
    """The picture as upright RGB; with `at_least` a JPEG may come smaller, its sides no shorter than that."""
    with one_sentence():
        check_file(path)
        with path.open("rb") as file:
            return decode(file, background, max_pixels, at_least)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Whatever goes wrong while a picture is read rises as BadPicture."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of big and of slightly broken pictures; the limits here are our own.
            warnings.simplefilter("ignore")
            yield
    except BadPicture:
        raise
    except Exception as error:  # a hostile file makes pillow raise nearly anything
        raise BadPicture(reason(error)) from error


def check_file(path: Path) -> None:
    """Refuse what is not a plain file of a sensible size before it is opened: a pipe would block."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise BadPicture("This is not a file.")
    if status.st_size == 0:
        raise BadPicture("The file is empty.")
    if status.st_size > MAX_BYTES:
        raise BadPicture(f"The file is larger than {MAX_BYTES // 2**20} MiB.")


def decode(
    file: BinaryIO,
    background: Colour = WHITE,
    max_pixels: int = MAX_PIXELS,
    at_least: int | None = None,
    formats: tuple[str, ...] = FORMATS,
) -> Image.Image:
    """Decode the first frame once its header has shown a bearable size."""
    with Image.open(file, formats=formats) as image:
        check_size(*image.size, max_pixels)
        if at_least is not None:
            image.draft("RGB", (at_least, at_least))
        image.load()
        return flatten(upright(image), background)


def check_size(width: int, height: int, max_pixels: int = MAX_PIXELS) -> None:
    """Refuse more pixels than a machine bears."""
    # Pillow's time grows with the square of a row's length: a small WebP of 8 million columns takes minutes.
    if max(width, height) > MAX_SIDE:
        raise BadPicture(f"The picture has {width} x {height} pixels, more than {MAX_SIDE} along a side.")
    if width * height > max_pixels:
        raise BadPicture(f"The picture has {width} x {height} pixels, more than {max_pixels / 1e6:.0f} million.")


def upright(image: Image.Image) -> Image.Image:
    """Turn the picture as its EXIF orientation asks; damaged EXIF data turns nothing."""
    try:
        turn = UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # EXIF of any file may be damaged in any way
        turn = None
    return image.transpose(turn) if turn is not None else image


def flatten(image: Image.Image, background: Colour) -> Image.Image:
    """RGB over the background, whatever the picture's own mode."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return flatten_deep(image, background)
    if not image.has_transparency_data:
        return image.convert("RGB")
    drawn = image.convert("RGBA")
    canvas = Image.new("RGBA", drawn.size, (*background, 255))
    return Image.alpha_composite(canvas, drawn).convert("RGB")


def flatten_deep(image: Image.Image, background: Colour) -> Image.Image:
    """RGB from one deep channel; pillow's own conversion would clip it at 255."""
    values = np.asarray(image).astype(np.float64)
    grey = np.repeat(to_bytes(values, image.mode)[:, :, None], 3, axis=2)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[values == transparent] = background
    return Image.fromarray(grey)


def to_bytes(values: np.ndarray, mode: str) -> np.ndarray:
    """Scale 16-bit, 32-bit or floating grey values [H, W] to uint8."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    elif low >= 0:
        # These kinds do not say what white is: take the smallest usual range that holds every value.
        usual = (1.0, 255.0, 65535.0) if mode == "F" else (65535.0,)
        low, high = 0.0, next((white for white in usual if high <= white), high)
    scaled = (np.clip(values, low, high) - low) * (255.0 / max(high - low, 1e-30))
    return np.rint(np.nan_to_num(scaled, nan=0.0)).astype(np.uint8)


def reason(error: Exception) -> str:
    """One sentence about an error of the file system or of pillow."""
    if isinstance(error, UnidentifiedImageError):
        return "This is not a picture in a format that can be read."
    if isinstance(error, Image.DecompressionBombError):
        return "The picture has too many pixels."
    if isinstance(error, MemoryError):
        return "The picture does not fit into memory."
    if isinstance(error, OSError) and error.strerror:
        return f"The file cannot be read: {error.strerror}."
    detail = " ".join(str(error).split()).rstrip(".")[:120]
    return f"The picture is damaged or cut off ({detail or type(error).__name__})."
