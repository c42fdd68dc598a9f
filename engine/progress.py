"""What every long job yields: how far it is, and one line about what it is doing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """`done` of `total` items; `note` is a short line for a person."""

    done: int
    total: int
    note: str = ""
