"""What a model file says of itself, and the error of one that cannot be read."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from engine.networks import Spec

UNKNOWN_LICENCE = "unknown (see where the file came from)"


class BadCheckpoint(ValueError):
    """A file that cannot be read as a model; the message is one sentence for a person."""


class Card(Struct, frozen=True):
    """What a model file says of itself."""

    network: Spec
    format: Annotated[int, Meta(ge=1, le=1)] = 1
    name: str = ""
    lod: Annotated[float, Meta(ge=0, le=16)] = 0.0
    images: Annotated[int, Meta(ge=0)] = 0
    """Pictures seen in training."""
    data: str = ""
    classes: tuple[str, ...] = ()
    licence: str = "unknown"
    made_by: str = ""
    identity: str = ""


def checked(card: Card) -> Card:
    """The card again, after its ranges were looked at. Raises msgspec.ValidationError."""
    return msgspec.convert(msgspec.to_builtins(card), Card)
