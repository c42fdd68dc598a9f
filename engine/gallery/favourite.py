"""A picture of the gallery as plain data: everything that lists, searches and sorts need, without opening its file."""

import hashlib
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from engine.recipe import BadRecipe, Condition, Latent, Recipe, Seed, conditions, encode
from engine.render import png

from . import chunks, marks
from .marks import Marks

NAMED_SEEDS = 4  # so many are written out


class Stamp(Struct, frozen=True):
    """What changes when a file does: its size in bytes, and when it was written, in nanoseconds."""

    size: int
    written: int


class Favourite(Struct, frozen=True):
    """One picture: its file, what it shows and what was said of it."""

    name: str
    """Of the file, within the gallery's folder."""
    stamp: Stamp
    width: Annotated[int, Meta(ge=1)]
    height: Annotated[int, Meta(ge=1)]
    model: str
    identity: str
    words: str
    """What its recipe begins with, such as `seed 12`."""
    digest: str
    """Of its recipe: equal pictures have equal digests."""
    marks: Marks = Marks()

    @property
    def added(self) -> float:
        """Seconds since 1970."""
        return self.marks.added or self.stamp.written / 1e9

    @property
    def title(self) -> str:
        return Path(self.name).stem


class Refused(Struct, frozen=True):
    """A file in the folder that is no picture made here, and why, in one sentence."""

    name: str
    reason: str


def stamp(path: Path) -> Stamp:
    """Raises OSError."""
    found = path.stat()
    return Stamp(found.st_size, found.st_mtime_ns)


def read(path: Path) -> Favourite:
    """What a picture's file says of it; its pixels are not read. Raises BadRecipe with one sentence."""
    try:
        when = stamp(path)
        width, height = chunks.size(path)
    except OSError as error:
        raise BadRecipe(f"{path.name} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadRecipe(str(error)) from None
    texts = png.texts(path, (png.KEY, marks.KEY))
    recipe = png.decoded(path, texts)
    return Favourite(
        path.name, when, width, height, recipe.model.name, recipe.model.identity, words(recipe), digest(recipe),
        marks.decoded(texts),
    )  # fmt: skip


def digest(recipe: Recipe) -> str:
    """The same for equal recipes."""
    return hashlib.sha256(encode(recipe)).hexdigest()[:32]


def words(recipe: Recipe) -> str:
    """`seed 12`, `seeds 12, 13`, `seed 12 with seed 97`: what A is, and B where there is any of it.

    Classes and prompts follow their seeds: `seed 12, class 3`, `seed 12, “red hair” and “a hat”`.
    """
    others = [style.latent for style in recipe.styles if style.seen]
    return " with ".join(_words(latent) for latent in [recipe.latent, *others][:2])


def _words(latent: Latent) -> str:
    heavy = sorted(latent.points, key=lambda item: -abs(item.weight))[:NAMED_SEEDS]
    numbers = list(dict.fromkeys(str(item.point.number) for item in heavy if isinstance(item.point, Seed)))
    if not numbers:
        return "stored styles"
    kinds = [_said(condition) for condition, _ in conditions(latent)[:NAMED_SEEDS] if condition != Condition()]
    named = ("seed " if len(numbers) == 1 else "seeds ") + ", ".join(numbers)
    return f"{named}, {' and '.join(kinds)}" if kinds else named


def _said(condition: Condition) -> str:
    return f"“{condition.prompt}”" if condition.prompt else f"class {condition.label}"
