"""A model file, read only as far as somebody asks, and what a format must know of one."""

import gc
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from torch import Tensor

from engine.weights import read

from .card import Card

PICKLES = (b"\x80", b"(", b"]", b"}", b"c", b"PK\x03\x04")  # of every protocol, and torch.save's zip
SAFETENSORS = b"\0\0\0{"  # the end of the header's length and the header's first letter; no pickle has them there


class File:
    """What it is is told by its first bytes, never by its name."""

    def __init__(self, path: Path):
        self.path = path

    @cached_property
    def pickled(self) -> bool:
        """Whether it begins as a pickle or a file of torch.save does; False also where nothing can be read."""
        try:
            with self.path.open("rb") as file:
                start = file.read(9)
        except OSError:
            return False
        return start.startswith(PICKLES) and start[5:] != SAFETENSORS

    @cached_property
    def data(self) -> Any:
        """A pickle as inert data, whose tensors are views of the file. Raises BadWeights with one sentence."""
        return read(self.path)

    def forget(self) -> None:
        """Lets go of what was read, once all that is wanted was copied: the file's memory is then free."""
        if self.__dict__.pop("data", None) is not None:
            gc.collect()  # the reader and what it has read hold one another


class Format(Protocol):
    """One kind of file; its module is named in `FORMATS`. Any ValueError it raises is shown as a sentence."""

    def recognises(self, file: File) -> bool:
        """Whether this format is the one to read it."""

    def card(self, file: File) -> Card:
        """What it says of itself, without building a network; the identity may still be missing."""

    def tensors(self, file: File, card: Card) -> dict[str, Tensor]:
        """The generator's tensors under our names, in float32 and in memory of their own."""
