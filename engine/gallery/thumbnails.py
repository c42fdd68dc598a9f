"""Small pictures of favourites, kept in the index so that a folder of thousands opens at once."""

import sqlite3
from collections.abc import Generator, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from engine.progress import Progress

from . import chunks
from .favourite import Favourite
from .index import Index

SIDE = 192  # pixels of the longer side; shown at 160 or less
SMALL = 64  # up to here pixels are kept as they are
QUALITY = 88


class ThumbnailFile:
    """For the thread that made it."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._index = Index(folder) if folder.is_dir() else None

    def get(self, item: Favourite) -> bytes:
        """A small JPEG or PNG. Raises ValueError with one sentence when the picture cannot be read."""
        try:
            kept = self._index.thumbnail(item.name, item.stamp) if self._index is not None else None
        except sqlite3.DatabaseError:  # which the next look at the folder mends
            kept, self._index = None, None
        return kept if kept is not None else self._made(item)

    def make_again(self, item: Favourite) -> bytes:
        """The same where what was kept turned out to be no picture."""
        return self._made(item)

    def close(self) -> None:
        if self._index is not None:
            self._index.close()

    def _made(self, item: Favourite) -> bytes:
        data = made(self._folder / item.name)
        if self._index is not None:
            try:
                self._index.put_thumbnail(item.name, item.stamp, data)
            except sqlite3.DatabaseError:
                self._index = None
        return data


def made(path: Path) -> bytes:
    """The picture in a file, small. Raises ValueError with one sentence."""
    try:
        small = picture(path)
    except OSError as error:
        raise ValueError(f"{path.name} cannot be read: {error.strerror or 'it is damaged'}") from None
    file = BytesIO()
    if max(small.size) <= SMALL:
        small.save(file, "PNG")
    else:
        small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        small.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def picture(path: Path) -> Image.Image:
    """The pixels in a PNG file, as RGB; whatever else is in it is not looked at. Raises OSError or ValueError."""
    chunks.size(path)
    try:
        return Image.open(BytesIO(chunks.only_pixels(chunks.read(path))), formats=["PNG"]).convert("RGB")
    except (SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path.name} is damaged: {error}") from None


def pictures(paths: Sequence[Path]) -> Generator[Progress, None, list[np.ndarray]]:
    """The pixels [H, W, 3] uint8 of several files. Raises OSError or ValueError."""
    found: list[np.ndarray] = []
    for path in paths:
        found.append(np.asarray(picture(path)))
        yield Progress(len(found), len(paths), path.name)
    return found
