"""What a person has said of a picture: rating, tags and note. They travel inside its PNG, so no index is needed to keep them."""

import os
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from engine.recipe import BadRecipe, codec
from engine.whole import write_bytes

from . import chunks

KEY = "latent-explorer-marks"
MOST_TAGS, LONGEST_TAG, LONGEST_NOTE = 50, 60, 10_000


class Marks(Struct, frozen=True):
    """Unknown fields are left out when reading, so that an older version can read a newer one's pictures."""

    rating: Annotated[int, Meta(ge=0, le=5, title="Rating", description="Stars: 0 is none, 5 the best")] = 0
    tags: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=LONGEST_TAG)], ...], Meta(max_length=MOST_TAGS)
    ] = ()
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""
    added: Annotated[float, Meta(ge=0)] = 0.0
    """When it became a favourite, in seconds since 1970; 0: the time of its file counts."""


def decoded(texts: dict[str, bytes]) -> Marks:
    """The marks among a picture's texts. Unreadable ones count as none: the picture is worth more than they are."""
    try:
        return codec.decode(Marks, texts[KEY])
    except (KeyError, BadRecipe):
        return Marks()


def write(path: Path, marks: Marks) -> None:
    """Puts marks into a PNG, in the place of those that were there; pixels and recipe stay bit for bit.

    Raises OSError, or ValueError with one sentence.
    """
    checked = codec.checked(Marks, marks)
    mode = path.stat().st_mode
    try:
        data = chunks.with_text(chunks.read(path), KEY, codec.encode(checked))
    except ValueError as error:
        raise ValueError(str(error) if path.name in str(error) else f"{path.name} {error}") from None
    write_bytes(path, data)
    os.chmod(path, mode)


def tags(text: str) -> tuple[str, ...]:
    """Tags as a person types them, with commas or # between: in their order, each once, whatever its capitals."""
    found: dict[str, str] = {}
    for part in text.replace("#", ",").split(","):
        tag = " ".join(part.split())[:LONGEST_TAG].strip()
        if tag:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:MOST_TAGS]
