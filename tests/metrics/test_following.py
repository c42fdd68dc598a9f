"""How often pictures show what was asked for: attributes out of captions, a network that learns them, the share that follows."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.checkpoints.card import BadCheckpoint
from engine.metrics import following, recognition
from engine.metrics.drawing import Model, Piece
from engine.metrics.kept import keep
from engine.metrics.phrases import UNKNOWN, Attribute, Told, phrases, told
from engine.metrics.recognition import Design, Learning, Pace, Recogniser, opened, shares, train
from engine.metrics.registry import Result
from engine.progress import ended

Judging = Callable[..., list[Result]]
TONES = Design(8, (Attribute("tone", ("dark", "bright")),), width=4)


def test_captions_become_attributes() -> None:
    """Colour and length of hair stand apart, glasses are there or not, what all say or hardly anyone says is left out."""
    said = [
        "pixel art, red short hair, glasses",
        "pixel art, blue long hair",
        "pixel art, blue Short hair, glasses.",
    ] * 10
    found = told([*said, "pixel art, green hat"])
    assert [attribute.name for attribute in found.attributes] == ["hair long or short", "hair colour", "glasses"]
    assert [attribute.values for attribute in found.attributes] == [("long", "short"), ("blue", "red"), ("no", "yes")]
    assert found.values[:3].tolist() == [[1, 1, 1], [0, 0, 0], [1, 0, 1]]
    assert found.values[-1].tolist() == [UNKNOWN, UNKNOWN, 0]


@pytest.mark.parametrize("said", [["a dog that runs through the park in the rain"] * 9, ["red hair"] * 9, [""] * 9, []])
def test_captions_that_tell_nothing_apart(said: list[str]) -> None:
    assert not told(said).attributes


def test_a_thing_that_is_said_twice_counts_once() -> None:
    assert phrases("Red  hair., ,blue hair") == {"hair": ("red",)}
    assert told(["no words", "", "", ""]).values.shape == (4, 0)


def tones(count: int = 60) -> tuple[np.ndarray, Told]:
    random = np.random.RandomState(0)
    bright = random.rand(count) > 0.5
    pixels = random.randint(0, 100, (count, 3, 16, 16)) + 150 * bright[:, None, None, None]
    return pixels.astype(np.uint8), Told(TONES.attributes, bright.astype(np.int64)[:, None])


def test_a_network_learns_and_is_kept(tmp_path: Path) -> None:
    pixels, known = tones()
    known.values[:5] = UNKNOWN
    network, design = ended(train(Learning(pixels, known, 0.4, mirror=True), TONES, 1, "cpu"))
    assert design.accuracy[0] == 1.0
    assert 0.3 < design.commonest[0] < 0.9
    keep(tmp_path / "x.recogniser", network, design)
    again, kept = opened(tmp_path / "x.recogniser", "cpu")
    assert kept == design
    pictures = torch.from_numpy(pixels[5:25])
    assert torch.equal(again(pictures), network(pictures))
    assert again.read(pictures)[:, 0].tolist() == known.values[5:25, 0].tolist()
    (tmp_path / "y.recogniser").write_bytes(b"nothing")
    with pytest.raises(BadCheckpoint, match=r"y\.recogniser"):
        opened(tmp_path / "y.recogniser", "cpu")


def test_it_learns_as_long_as_it_gets_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "STRETCH", 2 * recognition.BATCH)
    pace, (first, second) = Pace(), recognition.RATES
    rates = [pace.after(right, 10) for right in (3, 5, 6, 6, 6, 6, 9, 9, 9, 8)]
    assert rates == [first] * 5 + [second] * 4 + [0.0]


def test_nothing_is_asked_of_what_is_unknown() -> None:
    network = Recogniser(Design(8, (Attribute("a", ("x", "y")), Attribute("b", ("x", "y", "z"))), width=4))
    logits = torch.tensor([[0.0, 5.0, 9.0, 0.0, 0.0], [0.0, 5.0, 0.0, 9.0, 0.0]])
    assert network.chosen(logits).tolist() == [[1, 0], [1, 1]]
    sure = network.loss(logits, torch.tensor([[1, UNKNOWN], [UNKNOWN, 1]]))
    assert 0 < float(sure) < 0.01
    assert float(network.loss(logits, torch.full((2, 2), UNKNOWN))) == 0.0
    assert shares(np.array([[1, 0], [1, 1]]), np.array([[1, UNKNOWN], [0, UNKNOWN]])) == (0.5, 0.0)


def test_the_share_that_follows(models: dict[str, Path], tmp_path: Path) -> None:
    """A network that always reads "dark": right are the pictures that were asked to be dark, and what is unknown stays so."""
    network = TONES.build().eval()
    with torch.no_grad():
        network.head.weight.zero_()
        network.head.bias.copy_(torch.tensor([1.0, 0.0]))
    keep(tmp_path / "x.recogniser", network, TONES)
    np.save(tmp_path / "said.npy", np.array([[0], [1], [UNKNOWN]]))
    np.save(tmp_path / "words.npy", np.eye(3, 6, dtype=np.float32))
    model = Model(models["words"], batch=4, words=tmp_path / "words.npy")
    with torch.no_grad():
        rows = following.judged(model, tmp_path / "x.recogniser", tmp_path / "said.npy", Piece(0, 0, 10, "cpu"))
    chance = model.chance(Piece(0, 0, 10, "cpu"), following.PURPOSE)
    expected = []
    for count in (4, 4, 2):
        torch.randn(count, 8, generator=chance)
        numbers = model.asked(model.generator("cpu"), count, chance)[0]
        expected += [{0: 1.0, 1: 0.0, 2: UNKNOWN}[int(number)] for number in numbers]
        noise = model.generator("cpu")
        following.fresh(noise, noise.broadcast(torch.zeros(count, noise.w_dim)), chance, count)
    assert rows[:, 0].tolist() == expected


@pytest.mark.usefixtures("small")
def test_models_of_words_and_of_classes(
    judge: Judging, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "Design", partial(Design, width=4))
    folder = tmp_path / "said"
    shutil.copytree(photos, folder)
    for path in folder.rglob("*.png"):
        path.with_suffix(".txt").write_text(f"photo, {path.parent.name} tone")
    for _ in range(2):
        (result,) = judge("words_20", "words", data=folder, classifier_kimg=0.2)
    assert list(result.values) == ["words_20", "words_20 tone bright or dark"]
    assert result.values["words_20"] == result.values["words_20 tone bright or dark"]
    assert "it reads rightly (in brackets, who always says the commonest value) tone bright or dark" in result.note
    (classes,) = judge("words_20", "classes", classifier_kimg=0.2)
    assert list(classes.values) == ["words_20", "words_20 class"]
    assert classes.pictures == {"generated": 20}
    assert len(list((tmp_path / "cache").glob("*.recogniser"))) == 2, "the first was trained once"


def test_what_cannot_be_followed_is_named(judge: Judging, photos: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="words_20 needs a model that is asked for words or classes"):
        judge("words_20", "stylegan1")
    with pytest.raises(ValueError, match="words_20 learns from prepared pictures"):
        judge("words_20", "words", data=None, shards="https://server/{0..2}.tar")
    folder = tmp_path / "said"
    shutil.copytree(photos, folder)
    for path in folder.rglob("*.png"):
        path.with_suffix(".txt").write_text("somewhere someone did something that nobody understood")
    with pytest.raises(ValueError, match="needs captions of phrases between commas that differ"):
        judge("words_20", "words", data=folder)
    shutil.rmtree(folder / "dark")
    with pytest.raises(ValueError, match="needs a folder for each of the model's 2 classes"):
        judge("words_20", "classes", data=folder)
