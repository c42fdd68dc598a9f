"""Captions of a data set's pictures: those that lie beside them, else sentences made of the attributes of sample data."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from engine.data.folder import Images
from engine.data.scan import contents

from .attributes import COLOUR, FILE, read

COLOURS = {
    "black": (20, 20, 25), "dark grey": (75, 80, 85), "grey": (130, 130, 135), "light grey": (195, 200, 205),
    "white": (250, 250, 250), "dark red": (130, 20, 25), "red": (215, 40, 45), "pink": (225, 60, 130),
    "light pink": (245, 180, 190), "orange": (240, 130, 40), "light orange": (250, 200, 150), "brown": (130, 80, 45),
    "dark brown": (75, 45, 30), "light brown": (195, 150, 110), "yellow": (240, 200, 40), "light yellow": (250, 235, 150),
    "olive": (130, 130, 40), "green": (45, 150, 60), "dark green": (20, 80, 45), "light green": (160, 225, 150),
    "teal": (20, 130, 120), "turquoise": (80, 220, 205), "light turquoise": (165, 235, 225), "blue": (40, 90, 200),
    "dark blue": (30, 45, 100), "light blue": (155, 190, 245), "violet": (125, 60, 200), "light violet": (195, 180, 250),
    "purple": (160, 35, 170), "light purple": (235, 170, 245),
}  # fmt: skip
BEHIND = "canvas"  # what sample pictures say of the colour behind them, which nothing else may cover
SILENT = {"none", "flip"}


def captions(folder: Path, images: Images) -> list[str]:
    """One for every prepared picture, "" where there is none. Raises ValueError with one sentence where no picture has any."""
    if not isinstance(images.pixels, np.ndarray):
        raise ValueError("captions are read of prepared pictures only; leave --stream out")
    names = names_of(images)
    said = contents(folder).words().captions
    found = [said.get(name, "") for name in names] if said else from_attributes(folder, names)
    if not any(found):
        raise ValueError(
            f"the pictures of {folder} have no captions: neither a .txt beside each, nor a dataset.json with texts, "
            f"nor the {FILE} of sample pictures"
        )
    return found


def names_of(images: Images) -> list[str]:
    """The paths of prepared pictures below their folder, as their card has them."""
    card = Path(getattr(images.pixels, "filename", "")).with_suffix(".json")
    return [str(name) for name in json.loads(card.read_text(encoding="utf-8"))["files"]]


def from_attributes(folder: Path, names: Sequence[str]) -> list[str]:
    """Sentences for pictures with a labels.json in their folder. Raises ValueError with one sentence for a broken one."""
    found = dict.fromkeys(names, "")
    for here in {PurePosixPath(name).parent for name in names}:
        file = folder / here / FILE
        if folder.is_dir() and file.is_file():
            mine = [name for name in names if PurePosixPath(name).parent == here]
            rows = read(file, [PurePosixPath(name).name for name in mine])
            words = telling(rows)
            found |= {name: sentence(row, words, here.name) for name, row in zip(mine, rows, strict=True)}
    return [found[name] for name in names]


def telling(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The attributes that are words or colours and differ between pictures, in the order of their names' first use."""
    keys = dict.fromkeys(key for row in rows for key in row)
    seen = {key: {row.get(key) for row in rows if not isinstance(row.get(key), dict | list)} for key in keys}
    kept = [key for key in keys if len(seen[key]) > 1 and any(isinstance(value, str) for value in seen[key])]
    covered = any(plain(key).startswith("background") for key in kept)
    return [key for key in kept if not (covered and plain(key).startswith(BEHIND))]


def sentence(row: Mapping[str, Any], keys: Sequence[str], style: str = "") -> str:
    """Such as "blue background, wide face, light red face, angry eyes"; a style's name comes first."""
    parts = [style] if style else []
    for key in keys:
        value = row.get(key)
        if isinstance(value, str) and value not in SILENT and key not in SILENT:
            parts.append(f"{told(value)} {plain(key)}")
    return ", ".join(parts)


def told(value: str) -> str:
    """A colour's name, whatever shines through it, or a word in small letters."""
    colour = COLOUR.fullmatch(value[:7]) if value.startswith("#") else None
    return colour_name([int(part, 16) for part in colour.groups()]) if colour else plain(value)


def plain(name: str) -> str:
    """faceVariant → face, bigSmile → big smile."""
    cut = re.sub(r"(Variant|Color)$", "", name)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-]+", " ", cut).lower()


def colour_name(colour: Sequence[int]) -> str:
    """The nearest name of a colour in red, green and blue from 0 to 255."""
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(COLOURS[name], colour, strict=True)))
