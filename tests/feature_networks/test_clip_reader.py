"""The words' half of CLIP as a reader: the published layouts' names and shapes, its vocabulary among its tensors, its refusals."""

from pathlib import Path

import pytest
import torch

from engine.feature_networks.bytepairs import VOCABULARY
from engine.feature_networks.clip import CLIP, CLIPS, CLIPSize, Tower
from engine.feature_networks.clip_pair import read_pair
from engine.feature_networks.clip_reader import ClipReader, reader_in, taught
from engine.feature_networks.reader import Reader
from engine.networks import StyleGANT
from engine.weights import BadWeights

SIZE = CLIPSize(8, Tower(64, 1), 8, 16, Tower(64, 1), 7, 516)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny CLIP with random weights under the published names."""
    kind = CLIPS["clip-b32"]
    monkeypatch.setitem(CLIPS, "clip-b32", type(kind)(kind.title, SIZE, kind.source))
    torch.save(CLIP(SIZE).state_dict(), tmp_path / kind.source.file)
    (tmp_path / VOCABULARY.file).write_text("version\nr e\nre d</w>\n")
    return tmp_path


@pytest.mark.parametrize(("name", "millions"), [("clip-b32", 63.4), ("clip-l14", 123.7)])
def test_it_has_the_names_and_shapes_of_the_whole(name: str, millions: float) -> None:
    with torch.device("meta"):
        tower, whole = ClipReader(name, 5).build(), CLIP(CLIPS[name].size).state_dict()
    shapes = {key: x.shape for key, x in tower.state_dict().items()}
    assert shapes.pop("vocabulary") == (5,)
    assert shapes == {key: whole[key].shape for key in shapes}
    assert sum(x.numel() for x in tower.parameters()) == pytest.approx(millions * 1e6, rel=1e-3)
    with torch.device("meta"):
        spec = StyleGANT.paper(
            512, full=True, encoder="own", tower=ClipReader(name, 5), text_size=CLIPS[name].size.features
        )
        assert sum(x.numel() for x in spec.build().parameters()) < 2**31


def test_it_reads_as_the_pair_that_it_was_taken_from(folder: Path) -> None:
    pair, reader = read_pair("clip-b32", folder), reader_in(folder, "clip-b32")
    tower = reader.build()
    taught(tower, pair)
    (folder / VOCABULARY.file).unlink()  # it carries that too
    texts = ["red", "a red thing", ""]
    torch.testing.assert_close(reader.encoder(tower)(texts), pair.texts(texts), atol=0, rtol=0)


def test_what_does_not_fit_is_named(folder: Path) -> None:
    pair = read_pair("clip-b32", folder)
    with pytest.raises(BadWeights, match="is not the vocabulary that this run began with"):
        taught(ClipReader("clip-b32", 3).build(), pair)
    with pytest.raises(BadWeights, match="is no vocabulary of byte pairs"):
        ClipReader("clip-b32", 3).encoder(ClipReader("clip-b32", 3).build())
    more = b"version\nr e\nb l\nu e\n"
    tower = ClipReader("clip-b32", len(more)).build()
    tower.vocabulary.copy_(torch.frombuffer(bytearray(more), dtype=torch.uint8))
    with pytest.raises(BadWeights, match="the vocabulary of this reader has 517 pieces, and it knows 516"):
        ClipReader("clip-b32", len(more)).encoder(tower)
    with pytest.raises(ValueError, match="a reader of the kind clip-x is not known here"):
        ClipReader("clip-x", 3).build()
    (folder / VOCABULARY.file).unlink()
    with pytest.raises(ValueError, match="lacks CLIP's vocabulary: put bpe_simple_vocab"):
        reader_in(folder, "clip-b32")
    with pytest.raises(ValueError, match="carries one reader of words, not two"):
        StyleGANT.tiny(text_size=8, encoder="own", reader=Reader(), tower=ClipReader("clip-b32", 3)).build()
