"""Yes-or-no attributes of a data set's pictures: from its labels.json, or which class folder a picture lies in."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

FILE = "labels.json"  # {"000000.png": {"eyes": "round", "skinColor": "#c0a080", …}, …}
MOST = 40
RAREST = 0.1  # what fewer pictures have, or fewer have not, teaches a classifier too little
COLOUR = re.compile(r"#?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
BRIGHTNESS = (0.299, 0.587, 0.114)


class Attributes(NamedTuple):
    """Names, and for every picture which it has: bool [N, names]."""

    names: tuple[str, ...]
    has: np.ndarray


def attributes(folder: Path, pictures: Sequence[str]) -> Attributes:
    """Those of pictures, given by their paths below the folder. Raises ValueError with one sentence where there are none."""
    path = folder / FILE
    told = (
        read(path, pictures) if path.is_file() else [{"class": name.split("/")[0]} for name in pictures if "/" in name]
    )
    if len(told) != len(pictures):
        raise ValueError(f"{folder} has no attributes: neither a file {FILE} nor a folder for each class")
    names, columns = [], []
    for key in dict.fromkeys(key for row in told for key in row):
        for name, column in divided(key, [row.get(key) for row in told]):
            names.append(name)
            columns.append(column)
    if not names:
        raise ValueError(f"no attribute divides the pictures of {folder} so that a tenth is on each side")
    return Attributes(tuple(names[:MOST]), np.stack(columns[:MOST], 1))


def read(path: Path, pictures: Sequence[str]) -> list[dict[str, Any]]:
    """What the file says of each picture. Raises ValueError with one sentence."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise ValueError(f"{path} cannot be read as JSON") from None
    if not isinstance(found, dict) or not all(isinstance(row, dict) for row in found.values()):
        raise ValueError(f"{path} should be an object that holds an object of attributes for each picture")
    for name in pictures:
        if name not in found:
            raise ValueError(f"{path} says nothing of {name}")
    return [found[name] for name in pictures]


def divided(key: str, values: Sequence[Any]) -> list[tuple[str, np.ndarray]]:
    """One attribute of numbers or colours (above the middle) or of words (the one that divides best); of classes each."""
    if key == "class":
        found = [(f"{key} {value}", _same(values, value)) for value in sorted(set(values))]
        return found[:1] if len(found) == 2 else [each for each in found if telling(each[1])]
    sizes = [size(value) for value in values]
    known = [x for x in sizes if x is not None]
    if len(known) == len(values):
        middle = median(known)
        column = np.array([x > middle for x in known])
        return [(f"{key} above {middle:.3g}", column)] if telling(column) else []
    most = sorted(Counter(map(str, values)).items(), key=lambda item: (abs(item[1] - len(values) / 2), item[0]))
    column = _same([str(value) for value in values], most[0][0])
    return [(f"{key} {most[0][0]}", column)] if telling(column) else []


def _same(values: Sequence[Any], value: Any) -> np.ndarray:
    return np.array([each == value for each in values])


def telling(column: np.ndarray) -> bool:
    """Whether enough pictures are on each side."""
    return RAREST <= float(column.mean()) <= 1 - RAREST


def size(value: Any) -> float | None:
    """A number as it is, a colour as its brightness, nothing of anything else."""
    if isinstance(value, int | float):
        return float(value)
    match = COLOUR.fullmatch(value) if isinstance(value, str) else None
    return sum(int(part, 16) * share for part, share in zip(match.groups(), BRIGHTNESS, strict=True)) if match else None
