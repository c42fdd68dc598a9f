"""Captions of a data set's pictures: those that lie beside them."""

import json
from pathlib import Path

import numpy as np

from engine.data.folder import Images
from engine.data.scan import contents


def captions(folder: Path, images: Images) -> list[str]:
    """One for every prepared picture, "" where there is none. Raises ValueError with one sentence where no picture has any."""
    if not isinstance(images.pixels, np.ndarray):
        raise ValueError("captions are read of prepared pictures only; leave --stream out")
    said = contents(folder).words().captions
    found = [said.get(name, "") for name in names_of(images)]
    if not any(found):
        raise ValueError(
            f"the pictures of {folder} have no captions: neither a .txt beside each, nor a dataset.json with texts"
        )
    return found


def names_of(images: Images) -> list[str]:
    """The paths of prepared pictures below their folder, as their card has them."""
    card = Path(getattr(images.pixels, "filename", "")).with_suffix(".json")
    return [str(name) for name in json.loads(card.read_text(encoding="utf-8"))["files"]]
