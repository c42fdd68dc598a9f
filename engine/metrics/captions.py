"""Captions of a data set's pictures: those that lie beside them."""

import json
from pathlib import Path

import numpy as np

from engine.data.folder import Images
from engine.data.scan import contents
from engine.data.streaming.index import Shards
from engine.data.streaming.pictures import Streamed

from .shards import passed

MOST = 10_000  # captions of shards, from all over them, that a model is asked for


def captions(folder: Path, images: Images) -> list[str]:
    """One for every prepared picture, of shards those of some; "" where there is none.

    Raises ValueError with one sentence where no picture has any.
    """
    if isinstance(images.pixels, Streamed):
        shards = captioned(images.pixels.shards)
        return [shards.caption(int(number)) for number in passed(len(shards), np.arange(min(len(shards), MOST)))]
    said = contents(folder).words().captions
    found = [said.get(name, "") for name in names_of(images)]
    if not any(found):
        raise ValueError(
            f"the pictures of {folder} have no captions: neither a .txt beside each, nor a dataset.json with texts"
        )
    return found


def captioned(shards: Shards) -> Shards:
    """The same. Raises ValueError with one sentence where none has a caption."""
    if not shards.captioned:
        raise ValueError(
            f"the pictures in the shards of {shards.name} have no captions: neither a .txt nor a .json beside each"
        )
    return shards


def names_of(images: Images) -> list[str]:
    """The paths of prepared pictures below their folder, as their card has them."""
    card = Path(getattr(images.pixels, "filename", "")).with_suffix(".json")
    return [str(name) for name in json.loads(card.read_text(encoding="utf-8"))["files"]]
