"""One door for every model file."""

from pathlib import Path

from engine.networks import Generator

from . import native
from .native import BadCheckpoint, Card

__all__ = ["BadCheckpoint", "Card", "load", "read_card"]


def load(path: Path) -> tuple[Generator, Card]:
    """The generator in float32 on the CPU, and its card with its identity. Raises BadCheckpoint with one sentence."""
    return native.read(path)


def read_card(path: Path) -> Card:
    """Only what a file says of itself. Raises BadCheckpoint with one sentence."""
    return native.read_card(path)
