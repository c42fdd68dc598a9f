"""CLIP's tokens from a small vocabulary in the layout of the published one; the whole pair from a folder."""

import gzip
from pathlib import Path

import pytest
import torch
from msgspec import structs

from engine.feature_networks.bytepairs import VOCABULARY, BytePairs, byte_letters, words
from engine.feature_networks.clip import CLIP, CLIPS, CLIPSize, Tower
from engine.feature_networks.clip_pair import named, read_pair
from engine.feature_networks.published import MissingWeights
from engine.weights import BadWeights

MERGES = ["r e", "re d</w>", "h a", "i r</w>", "ha ir</w>", "' s</w>", "e d</w>"]
SIZE = CLIPSize(8, Tower(64, 1), 8, 16, Tower(64, 1), 7, 512 + len(MERGES) + 2)
BYTES = 2 * 256


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / VOCABULARY.file
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.write("\n".join(['"bpe_simple_vocab" version: 0.2', *MERGES, ""]))
    return path


def test_letters_stand_for_bytes() -> None:
    letters = byte_letters()
    assert len(set(letters.values())) == 256
    assert list(letters.values()).index("a") + 256 == 320  # as CLIP numbers the word "a"
    assert (letters[ord("a")], letters[0], letters[32], letters[173]) == ("a", "Ā", "Ġ", chr(256 + 67))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Red  hair!?", ["a", "red", "hair", "!?"]),
        ("it's 42 &amp;amp; don't", ["it", "'s", "4", "2", "&", "don", "'t"]),
        ("naïve – 漢字²", ["naïve", "–", "漢字", "²"]),
        ("\"'s", ["\"'", "s"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


def test_the_most_frequent_pair_is_merged_first(file: Path) -> None:
    read = BytePairs(file)
    assert read.pieces("red") == ["red</w>"]
    assert read.pieces("hair") == ["hair</w>"]
    assert read.pieces("redhair") == ["re", "d", "hair</w>"]
    assert read.pieces("haha") == ["ha", "h", "a</w>"]
    assert read.pieces("é") == ["Ã", "©</w>"]


def test_rows_are_as_long_as_the_context(file: Path) -> None:
    read = BytePairs(file)
    start, end = BYTES + len(MERGES), BYTES + len(MERGES) + 1
    assert read("Red hair", 7) == [start, BYTES + 1, BYTES + 4, end, 0, 0, 0]
    assert read("red " * 9, 7) == [start, *[BYTES + 1] * 5, end]
    assert read("!", 4) == [start, 256, end, 0]
    assert read("", 3) == [start, end, 0]


@pytest.mark.parametrize("content", [b"", b"version\none two three\n", b"\x1f\x8bbroken", b"\xff\xfe\nx y"])
def test_what_is_no_vocabulary_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "words.txt").write_bytes(content)
    with pytest.raises(BadWeights, match=r"words\.txt is no vocabulary of byte pairs"):
        BytePairs(tmp_path / "words.txt")
    with pytest.raises(
        MissingWeights, match=r"there is no file .*; CLIP's vocabulary bpe_simple_vocab_16e6\.txt\.gz is"
    ):
        BytePairs(tmp_path / "missing")


def test_a_folder_with_clip_is_a_pair(file: Path) -> None:
    folder, kind = file.parent, structs.replace(CLIPS["clip-b32"], size=SIZE)
    assert named(folder) == ""
    with pytest.raises(MissingWeights, match=r"which is not here: put ViT-B-32\.pt from https"):
        read_pair("clip-b32", folder, kind)
    torch.manual_seed(0)
    network = CLIP(SIZE).eval()
    torch.save(network.state_dict(), folder / kind.source.file)
    assert named(folder) == "clip-b32"
    pair = read_pair("clip-b32", folder, kind)
    found = pair.texts(["red hair", "hair red", "red hair"])
    torch.testing.assert_close(found.norm(dim=1), torch.ones(3))
    assert torch.equal(found[0], found[2])
    assert not torch.allclose(found[0], found[1], atol=1e-4)
    pictures = torch.rand(2, 3, 16, 16, requires_grad=True)
    seen = pair.pictures(pictures)
    expected = torch.nn.functional.normalize(network(pictures * 255), dim=1)
    torch.testing.assert_close(seen, expected, rtol=1e-4, atol=1e-5)
    seen[0, 0].backward()
    assert pictures.grad is not None
    assert pictures.grad[0].abs().sum() > 0
