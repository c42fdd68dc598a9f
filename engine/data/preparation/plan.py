"""What is to be made of every picture: size, crop, padding, tiles, flips and colours, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from PIL import ImageColor

Crop = Literal["centre", "smart", "faces", "none"]
Box = tuple[int, int, int, int]
MAX_LIST = 2**28
REFLECT, EDGE = "reflect", "edge"


class BadPlan(ValueError):
    """A plan that contradicts itself or cannot be read; its message is one sentence for the person."""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one picture becomes training pictures."""

    size: Annotated[int, msgspec.Meta(ge=4, le=4096)]
    crop: Crop = "centre"
    """Which square of a picture that is none: its middle, where most is to be seen, a face, or all of it."""
    pad: str = ""
    """With crop `none`: `reflect`, `edge` or a colour beside the picture; nothing stretches it."""
    tile: Annotated[float, msgspec.Meta(ge=0, lt=0.9)] | None = None
    """Cut the picture into squares that overlap by this share instead."""
    tile_side: Annotated[int, msgspec.Meta(ge=0, le=32768)] = 0
    """Side of these squares in pixels of the original; 0 is the size itself."""
    flip: tuple[Literal["x", "y"], ...] = ()
    """Also make mirrored copies: x left to right, y top to bottom."""
    background: str = "white"
    """What shows through transparency."""
    grey: bool = False
    """One channel instead of three."""
    stored: bool = False
    """Pack nothing: the largest files, and the quickest to write and to read."""
    boxes: Mapping[str, Box] = {}
    """Left, top, right and bottom of the part to use, by the name of the picture."""


def checked(plan: Plan) -> Plan:
    """The plan itself. Raises BadPlan with one sentence."""
    try:
        plan = msgspec.convert(msgspec.to_builtins(plan), Plan)
    except msgspec.ValidationError as error:
        raise BadPlan(f"This cannot be made: {' '.join(str(error).split())}.") from error
    if plan.pad and plan.crop != "none":
        raise BadPlan("Padding keeps the whole picture, so it goes with --crop none only.")
    if plan.tile is not None and (plan.pad or plan.crop in ("smart", "faces")):
        raise BadPlan("Tiles cover the whole picture; leave cropping and padding out.")
    if plan.tile is None and plan.tile_side:
        raise BadPlan("A tile's side needs --tile OVERLAP, such as --tile 0.25.")
    colour(plan.background)
    if plan.pad and plan.pad not in (REFLECT, EDGE):
        colour(plan.pad)
    for name, (left, top, right, bottom) in plan.boxes.items():
        if not (0 <= left < right and 0 <= top < bottom):
            raise BadPlan(f"The box of {name} should be left, top, right, bottom, with left < right and top < bottom.")
    return plan


def colour(name: str) -> tuple[int, int, int]:
    """A colour by name or as #rrggbb. Raises BadPlan with one sentence."""
    try:
        return ImageColor.getrgb(name)[:3]
    except ValueError:
        raise BadPlan(f"{name!r} is no colour; write white, black, #rrggbb or the like.") from None


def read_boxes(path: Path) -> dict[str, Box]:
    """{"name": [left, top, right, bottom], …} from a file. Raises BadPlan with one sentence."""
    try:
        return msgspec.json.decode(read_bounded(path), type=dict[str, Box])
    except (ValueError, RecursionError) as error:
        raise BadPlan(f'{path} should hold {{"name": [left, top, right, bottom], …}}: {error}.') from error


def read_names(path: Path) -> frozenset[str]:
    """Names of pictures from a file, one on a line or as a JSON list. Raises BadPlan with one sentence."""
    data = read_bounded(path)
    try:
        if data.lstrip().startswith(b"["):
            return frozenset(msgspec.json.decode(data, type=list[str]))
        return frozenset(line.strip() for line in data.decode("utf-8-sig").splitlines() if line.strip())
    except (ValueError, RecursionError) as error:
        raise BadPlan(f"{path} should hold names of pictures, one on a line, or a JSON list of them.") from error


def read_bounded(path: Path) -> bytes:
    """A file that a person wrote. Raises BadPlan with one sentence."""
    try:
        if path.stat().st_size > MAX_LIST:
            raise BadPlan(f"{path} is larger than {MAX_LIST // 2**20} MiB.")
        return path.read_bytes()
    except OSError as error:
        raise BadPlan(f"{path} cannot be read: {error.strerror}.") from error
