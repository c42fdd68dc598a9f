"""How large the pictures of a folder mostly are, by looking at some of them. No torch."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import BinaryIO

from PIL import Image

from engine.data.archives import read
from engine.data.pictures import FORMATS, BadPicture, check_file, one_sentence
from engine.data.scan import Found
from engine.data.streaming.index import Shards
from engine.data.streaming.pictures import some

LOOKED_AT = 64


def side_of(folder: Path, files: Sequence[Found] | Shards) -> int:
    """The shorter side that pictures of a folder, archive or of shards mostly have; 0 where none can be read."""
    looks = (
        (_side(BytesIO(data)) for data in some(files, LOOKED_AT))
        if isinstance(files, Shards)
        else _sides(folder, files)
    )
    sides = [side for side in looks if side]
    return int(median(sides)) if sides else 0


def _sides(folder: Path, files: Sequence[Found]) -> Iterator[int]:
    for file in files[:: max(len(files) // LOOKED_AT, 1)]:
        try:
            with one_sentence():
                if file.place is not None:
                    yield _side(BytesIO(read(file.place)))
                    continue
                check_file(folder / file.path)
                with (folder / file.path).open("rb") as data:
                    yield _side(data)
        except BadPicture:
            continue


def _side(data: BinaryIO) -> int:
    """The shorter side of a picture, without decoding it; 0 where it cannot be read."""
    try:
        with one_sentence(), Image.open(data, formats=FORMATS) as image:
            return min(image.size)
    except BadPicture:
        return 0
