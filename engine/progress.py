"""What every long job yields: how far it is, and one line about what it is doing."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """`done` of `total` items; `note` is a short line for a person."""

    done: int
    total: int
    note: str = ""


def ended(work: Generator[Any, None, T]) -> T:
    """What a long job gives, after all of it is done at once and unheard."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            given: T = end.value
            return given
