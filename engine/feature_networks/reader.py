"""A reader of words that a generator carries with it, so that its prompts are read as they were in training, wherever it goes."""

from collections.abc import Sequence
from typing import Annotated

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn

from .sentences import SentenceEncoder, SentenceNetwork, SentenceSize
from .wordpiece import WordPiece

OWN = "own"  # what a model says of its encoder when it carries it
Size = Annotated[int, Meta(ge=1, le=8192)]


class Reader(Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes of a reader, the pieces of words that it knows, in their order, and whose weights it began with."""

    pieces: Annotated[tuple[str, ...], Meta(max_length=100_000)] = ()
    width: Size = 64
    depth: Annotated[int, Meta(ge=1, le=64)] = 2
    heads: Annotated[int, Meta(ge=1, le=64)] = 4
    inner: Size = 256
    read: Annotated[int, Meta(ge=2, le=4096)] = 64
    """Pieces of a text that are read."""
    context: Annotated[int, Meta(ge=2, le=4096)] = 64
    """Pieces that there are places for."""
    origin: Annotated[str, Meta(max_length=100)] = ""

    @property
    def size(self) -> SentenceSize:
        return SentenceSize(
            self.width, self.depth, self.heads, self.inner, len(self.pieces), self.context, min(self.read, self.context)
        )

    def build(self) -> SentenceNetwork:
        """One with random weights. Raises ValueError for sizes that do not fit one another."""
        if self.width % self.heads:
            raise ValueError(f"a reader of width {self.width} cannot have {self.heads} heads of equal size")
        return SentenceNetwork(self.size)

    def vocabulary(self) -> WordPiece:
        """Raises BadWeights with one sentence where the pieces are no vocabulary."""
        return WordPiece(self.pieces)

    def encoder(self, network: SentenceNetwork) -> SentenceEncoder:
        """A network of this reader for prompts. Raises BadWeights with one sentence."""
        return SentenceEncoder(network, self.vocabulary(), self.size)


def read_rows(network: nn.Module, rows: Sequence[Sequence[int]], device: torch.device) -> Tensor:
    """Features [N, width] of texts given as numbers of their pieces; those of equal length are read together.

    Gradients flow into the network.
    """
    places: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(len(row), []).append(place)
    found = [network(torch.tensor([rows[place] for place in same], device=device)) for same in places.values()]
    order = torch.tensor([place for same in places.values() for place in same], device=device)
    return torch.cat(found)[order.argsort()]
