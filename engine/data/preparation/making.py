"""One picture of a person becomes finished training pictures: cut, resized once, padded, flipped, packed as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import log2

import numpy as np
from PIL import Image

from engine.data.pictures import BadPicture
from engine.data.preparation.cutting import Rect, cut, share
from engine.data.preparation.items import Item, Refused
from engine.data.preparation.packing import png
from engine.data.preparation.plan import EDGE, REFLECT, Plan, colour
from engine.data.preparation.reading import Opened, pictures

FLIPS = {"x": Image.Transpose.FLIP_LEFT_RIGHT, "y": Image.Transpose.FLIP_TOP_BOTTOM}


@dataclass(frozen=True)
class Made:
    """The finished files of one item, as PNG."""

    name: str
    files: tuple[bytes, ...]
    enlarged: bool = False


def make_batch(plan: Plan, items: Sequence[Item]) -> list[Made | Refused]:
    """One piece of work for a helping process: every item made, or why not."""
    out: list[Made | Refused] = []
    for each in pictures(items, partial(share, plan), colour(plan.background)):
        if isinstance(each, Refused):
            out.append(each)
            continue
        try:
            files = tuple(png(np.asarray(image), plan.stored) for image in make(plan, each))
            out.append(Made(each.item.name, files, min(each.width, each.height) < plan.size))
        except BadPicture as error:
            out.append(Refused(each.item.name, str(error)))
    return out


def make(plan: Plan, opened: Opened) -> list[Image.Image]:
    """All pictures of `size` x `size` that the plan makes of one. Raises BadPicture with one sentence."""
    image = opened.image.convert("L") if plan.grey else opened.image
    # A JPEG decoder shrinks by 1, 2, 4 or 8 exactly; its last pixel may then stand for less than a whole one.
    scale = 0.5 ** round(log2(opened.width / image.width))
    out: list[Image.Image] = []
    for left, top, right, bottom in cut(plan, opened.item.name, opened.image, opened.width, opened.height):
        part = (left * scale, top * scale, right * scale, bottom * scale)
        out += flipped(resized(image, part, plan), plan.flip)
    return out


def resized(image: Image.Image, part: Rect, plan: Plan) -> Image.Image:
    """The part at the plan's size: whole pixels are first averaged where many fall on one, then Lanczos decides."""
    size = fitting(part, plan)
    left, top, right, bottom = (round(edge) for edge in part)
    if max(abs(edge - round(edge)) for edge in part) > 1e-6:
        out = image.resize(size, Image.Resampling.LANCZOS, box=part, reducing_gap=3.0)
    else:
        out = image.crop((left, top, right, bottom))
        out = out if out.size == size else out.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return out if out.size == (plan.size, plan.size) else padded(out, plan)


def fitting(part: Rect, plan: Plan) -> tuple[int, int]:
    """Width and height before padding."""
    if not plan.pad:
        return plan.size, plan.size
    width, height = part[2] - part[0], part[3] - part[1]
    scale = plan.size / max(width, height)
    return max(1, min(plan.size, round(width * scale))), max(1, min(plan.size, round(height * scale)))


def padded(image: Image.Image, plan: Plan) -> Image.Image:
    """The picture in the middle of a square, with what the plan says beside it."""
    left, top = (plan.size - image.width) // 2, (plan.size - image.height) // 2
    if plan.pad in (REFLECT, EDGE):
        sides = ((top, plan.size - image.height - top), (left, plan.size - image.width - left))
        pixels = np.asarray(image)
        rest = ((0, 0),) * (pixels.ndim - 2)
        return Image.fromarray(np.pad(pixels, (*sides, *rest), "reflect" if plan.pad == REFLECT else "edge"))
    canvas = Image.new("RGB", (plan.size, plan.size), colour(plan.pad)).convert(image.mode)
    canvas.paste(image, (left, top))
    return canvas


def flipped(image: Image.Image, ways: Sequence[str]) -> list[Image.Image]:
    """The picture and its mirrored copies: one for x or y, three for both."""
    out = [image]
    for way in ways:
        out += [each.transpose(FLIPS[way]) for each in out]
    return out
