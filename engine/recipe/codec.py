"""One codec for all frozen data: JSON in and out, ranges enforced, bounded in size, older versions brought up to date."""

from collections.abc import Callable
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


def decode(kind: type[T], text: bytes | str, upgrade: Callable[[Any], Any] | None = None) -> T:
    """Read what `encode` wrote; a missing field has its default, an unknown one is an error.

    `upgrade` brings plain data of an older version up to date; recipes bring their own.
    Raises BadRecipe with one sentence that says what is wrong.
    """
    if len(text) > MAX_BYTES:
        raise BadRecipe(f"this is {len(text) >> 20} MiB long; a {kind.__name__.lower()} is never larger than 16 MiB")
    try:
        plain = msgspec.json.decode(text)
        upgrade = upgraded if kind is Recipe else upgrade
        plain = upgrade(plain) if upgrade is not None else plain
        return msgspec.convert(plain, kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadRecipe(f"this is no {kind.__name__.lower()} that can be read here: {error}") from None


def upgraded(plain: Any) -> Any:
    """A recipe of an older version, as plain data, brought to the present one, step by step."""
    if not isinstance(plain, dict):
        return plain  # whose type the check will name
    version = plain.get("version", 1)
    if not isinstance(version, int) or version < 1:
        raise BadRecipe(f"a recipe's version is a whole number, not {version!r}")
    if version > VERSION:
        raise BadRecipe(
            f"it was made by a newer Latent Explorer (version {version}, this one reads {VERSION}); update it"
        )
    for step in range(version, VERSION):
        plain = UPGRADES[step](plain)
    return plain


def _joined(plain: dict[str, Any]) -> dict[str, Any]:
    """The next version, where fields only joined: their defaults are what the older one did."""
    return {**plain, "version": plain.get("version", 1) + 1}


UPGRADES: dict[int, Any] = {
    1: _joined,
    2: _joined,
    3: _joined,
    4: _joined,
    5: _joined,
}  # version -> function from its plain data to the next version's


def schema() -> dict[str, Any]:
    """The JSON schema of a recipe."""
    return msgspec.json.schema(Recipe)
