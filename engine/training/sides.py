"""How large the pictures of a folder mostly are, by looking at some of them. No torch."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from PIL import Image

from engine.data.pictures import FORMATS, BadPicture, check_file, one_sentence
from engine.data.scan import Found

LOOKED_AT = 64


def side_of(folder: Path, files: Sequence[Found]) -> int:
    """The shorter side that pictures of a folder mostly have; 0 where none can be read."""
    sides = [side for file in files[:: max(len(files) // LOOKED_AT, 1)] if (side := _side(folder / file.path))]
    return int(median(sides)) if sides else 0


def _side(path: Path) -> int:
    """The shorter side of a picture, without decoding it; 0 where it cannot be read."""
    try:
        with one_sentence():
            check_file(path)
            with Image.open(path, formats=FORMATS) as image:
                return min(image.size)
    except BadPicture:
        return 0
