"""Small pictures of what a data set is made of, and what a plan makes of one, for somebody who is choosing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.data.pictures import BadPicture
from engine.data.preparation.cutting import Rect, cut, share
from engine.data.preparation.faces import require
from engine.data.preparation.items import Item, Refused, batches
from engine.data.preparation.making import make
from engine.data.preparation.plan import Plan, checked, colour
from engine.data.preparation.reading import pictures


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """One item as it is seen, uint8 [h, w, 3], its longer side as long as asked for, or shorter."""

    name: str
    pixels: np.ndarray


@dataclass(frozen=True, eq=False)
class Preview:
    """A picture before, uint8 [H, W, 3], the parts of it that are used, in its full `size`, and what becomes of them."""

    before: np.ndarray
    size: tuple[int, int]
    parts: tuple[Rect, ...]
    after: tuple[np.ndarray, ...]


def thumbnails(items: Sequence[Item], side: int = 96) -> Iterator[Thumbnail | Refused]:
    """Every item small, one after the other; one that cannot be read says why."""
    for batch in batches(items):
        for each in pictures(batch, lambda name, width, height: 2 * side / max(width, height)):
            if isinstance(each, Refused):
                yield each
                continue
            image = each.image
            image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
            yield Thumbnail(each.item.name, np.asarray(image))


def preview(item: Item, plan: Plan) -> Preview:
    """What the plan makes of one item, by the very same way. Raises BadPlan or BadPicture with one sentence."""
    plan = checked(plan)
    if plan.crop == "faces":
        require()
    (each,) = pictures([item], lambda *name_and_size: share(plan, *name_and_size), colour(plan.background))
    if isinstance(each, Refused):
        raise BadPicture(each.reason)
    after = tuple(np.asarray(image) for image in make(plan, each))
    size = (each.width, each.height)
    return Preview(np.asarray(each.image), size, tuple(cut(plan, item.name, each.image, *size)), after)
