"""A small text encoder with random weights in the place of the published one, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from engine.feature_networks.sentences import SentenceEncoder, SentenceNetwork, SentenceSize
from engine.feature_networks.wordpiece import WordPiece
from engine.render import words

SIZE = SentenceSize(5, 1, 1, 8, 8, 16, 8)
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "hair", "##y", "blue"]


@contextmanager
def small_encoder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SentenceEncoder]:
    """Read under the name of the one that models are trained with, for as long as this lasts; it knows the words of `PIECES`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = SentenceNetwork(SIZE).eval()
    (folder / "vocab.txt").write_text("\n".join(PIECES))
    found = SentenceEncoder(network, WordPiece(folder / "vocab.txt"), SIZE)
    with monkeypatch.context() as patch:
        patch.setattr(words, "ENCODERS", {SentenceEncoder.name: lambda: found})
        words._read.cache_clear()
        yield found
        words._read.cache_clear()
