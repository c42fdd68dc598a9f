"""The items of one piece of work as upright RGB pictures, JPEG files no larger than the work needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import ceil
from typing import BinaryIO

from PIL import Image

from engine.data.pictures import (
    FORMATS,
    ORIENTATION,
    WHITE,
    BadPicture,
    Colour,
    check_size,
    flatten,
    one_sentence,
    upright,
)
from engine.data.preparation import films
from engine.data.preparation.items import Item, Refused

Scale = Callable[[str, int, int], float]
"""Name, width and height of a picture → the share of its size that is enough, at most 1."""
SIDEWAYS = range(5, 9)  # EXIF orientations that exchange width and height


@dataclass(frozen=True)
class Opened:
    """A picture as upright RGB, perhaps smaller than the file's own size, which is given too; `traits` name its kind."""

    item: Item
    image: Image.Image
    width: int
    height: int
    traits: tuple[str, ...]


def pictures(items: Sequence[Item], scale: Scale, background: Colour = WHITE) -> Iterator[Opened | Refused]:
    """Every item opened, or the reason why it cannot be; a batch is frames of one video, or holds none."""
    if items and items[0].stamp is not None:
        yield from film_pictures(items)
        return
    for item in items:
        try:
            with one_sentence(), item.open() as file:
                opened = open_item(item, file, scale, background)
        except BadPicture as error:
            yield Refused(item.name, str(error))
        else:
            yield opened


def open_item(item: Item, file: BinaryIO, scale: Scale, background: Colour) -> Opened:
    """Decode one file; what is asked of a JPEG decoder is a share of its full size."""
    with Image.open(file, formats=FORMATS) as image:
        size = image.size
        check_size(*size)
        traits = kinds(image)
        if image.format == "JPEG":  # of other kinds the EXIF data cannot be asked for before they are decoded
            share = min(1.0, scale(item.name, *seen_size(image, size)))
            image.draft("RGB", (ceil(size[0] * share), ceil(size[1] * share)))
        image.load()
        full = seen_size(image, size)
        return Opened(item, flatten(upright(image), background), *full, traits)


def seen_size(image: Image.Image, size: tuple[int, int]) -> tuple[int, int]:
    """Width and height once the picture is upright."""
    return (size[1], size[0]) if lies_sideways(image) else size


def lies_sideways(image: Image.Image) -> bool:
    """Whether the picture is stored lying on its side; damaged EXIF data says nothing."""
    try:
        return image.getexif().get(ORIENTATION, 1) in SIDEWAYS
    except Exception:  # EXIF of any file may be damaged in any way
        return False


def kinds(image: Image.Image) -> tuple[str, ...]:
    """What is special about the file: how it keeps colours, transparency, motion."""
    mode = image.mode
    deep = mode in ("I", "F") or mode.startswith("I;16")
    traits = {
        "transparent": image.has_transparency_data,
        "grey": deep or mode in ("1", "L", "LA", "La"),
        "CMYK": mode == "CMYK",
        "palette": mode in ("P", "PA"),
        "deep": deep,
        "moving": bool(getattr(image, "is_animated", False)),
    }
    return tuple(name for name, there in traits.items() if there)


def film_pictures(items: Sequence[Item]) -> Iterator[Opened | Refused]:
    """The frames of one video; after damage the rest of them is refused."""
    waiting = list(items)
    work = films.frames(items[0].path, [item.stamp or 0 for item in items])
    with closing(work):
        while waiting:
            try:
                with one_sentence():
                    image = next(work)
            except BadPicture as error:
                yield from (Refused(item.name, str(error)) for item in waiting)
                return
            yield Opened(waiting.pop(0), image, *image.size, ())
