"""Fills dictionaries and sets with keys whose hashing and comparing cannot be made slow."""

from collections.abc import Iterable, Sized
from typing import Any

from .limits import ODD_KEYS
from .refusals import BadWeights, Forbidden


def add_pairs(target: dict[Any, Any], pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    for key, value in pairs:
        _check(target, key)
        target[key] = value
    return target


def add_members(target: set[Any], members: Iterable[Any]) -> set[Any]:
    for member in members:
        _check(target, member)
        target.add(member)
    return target


def _check(container: Sized, key: Any) -> None:
    if type(key) is str:
        return
    if type(key) not in (int, bool, float, bytes, type(None)):
        raise Forbidden(f"asks for an object of type {type(key).__name__} as a key, where weights need only names")
    if len(container) >= ODD_KEYS:
        raise BadWeights(f"holds a collection of more than {ODD_KEYS:,} keys that are not names")
