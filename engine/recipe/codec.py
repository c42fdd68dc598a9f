"""One codec for all frozen data: JSON in and out, ranges enforced, bounded in size, older versions brought up to date."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from .recipe import VERSION, Recipe

T = TypeVar("T", bound=Struct)

MAX_BYTES = 16 * 2**20


class BadRecipe(ValueError):
    """A text that is not a recipe; the message is one sentence for a person."""


def checked(kind: type[T], data: T) -> T:
    """`data` again, after all its types and ranges have been enforced.

    Raises msgspec.ValidationError. (Constructors and `structs.replace` do not validate, so every border calls this.)
    """
    return msgspec.convert(msgspec.to_builtins(data, builtin_types=(bytes,)), kind, builtin_types=(bytes,))


def encode(data: Struct) -> bytes:
    """The data as JSON. Floats are written so that they are read back bit for bit."""
    return msgspec.json.encode(data)


def decode(kind: type[T], text: bytes | str) -> T:
    """Read what `encode` wrote; a missing field has its default, an unknown one is an error.

    Raises BadRecipe with one sentence that says what is wrong.
    """
    if len(text) > MAX_BYTES:
        raise BadRecipe(f"this is {len(text) >> 20} MiB long; a {kind.__name__.lower()} is never larger than 16 MiB")
    try:
        plain = msgspec.json.decode(text)
        if kind is Recipe:
            plain = upgraded(plain)
        return msgspec.convert(plain, kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadRecipe(f"this is no {kind.__name__.lower()} that can be read here: {error}") from None


def upgraded(plain: Any) -> Any:
    """A recipe of an older version, as plain data, brought to the present one, step by step."""
    version = plain.get("version", 1) if isinstance(plain, dict) else 1
    if not isinstance(version, int) or version < 1:
        raise BadRecipe(f"a recipe's version is a whole number, not {version!r}")
    if version > VERSION:
        raise BadRecipe(
            f"it was made by a newer Latent Explorer (version {version}, this one reads {VERSION}); update it"
        )
    for step in range(version, VERSION):
        plain = UPGRADES[step](plain)
    return plain


UPGRADES: dict[int, Any] = {}  # version -> function from its plain data to the next version's


def schema() -> dict[str, Any]:
    """The JSON schema of a recipe."""
    return msgspec.json.schema(Recipe)
