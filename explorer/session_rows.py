"""The rows of stored latents, taken out of plain data and put back: a file holds each of them once, by its hash."""

import binascii
from base64 import b64decode
from hashlib import sha256
from typing import Any

from engine.recipe import BadRecipe

Rows = dict[str, bytes]  # by hash


def stripped(plain: Any, rows: Rows) -> Any:
    """Plain data in which the hash stands for the bytes of stored points; those go into `rows`."""
    if isinstance(plain, dict):
        return {name: stripped(value, rows) for name, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [stripped(value, rows) for value in plain]
    if not isinstance(plain, bytes):
        return plain
    key = sha256(plain).hexdigest()
    rows[key] = plain
    return key


def filled(plain: Any, rows: Rows) -> Any:
    """The opposite. Raises BadRecipe for a hash that is not there."""
    if isinstance(plain, dict):
        found = {name: filled(value, rows) for name, value in plain.items()}
        if found.get("type") == "stored":
            found["rows"] = _found(found.get("rows"), rows)
        return found
    return [filled(value, rows) for value in plain] if isinstance(plain, list) else plain


def read_rows(plain: Any) -> Rows:
    """The table as a file has it: base64 by hash. Raises BadRecipe."""
    if not isinstance(plain, dict):
        raise BadRecipe("its stored latents are not a table")
    try:
        return {key: b64decode(text, validate=True) for key, text in plain.items()}
    except (binascii.Error, TypeError, ValueError):
        raise BadRecipe("its stored latents are damaged") from None


def _found(key: Any, rows: Rows) -> bytes:
    found = rows.get(key) if isinstance(key, str) else None
    if found is None:
        raise BadRecipe("one of its stored latents is missing")
    return found
