"""Linear separability from end to end: attributes of data sets, classifiers that learn them, planes in latent space."""

import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.checkpoints.card import BadCheckpoint
from engine.metrics.attributes import Attributes, attributes
from engine.metrics.classifiers import Design, opened, reduced, seen, train
from engine.metrics.drawing import Model, Piece
from engine.metrics.kept import keep
from engine.metrics.registry import Result
from engine.metrics.separation import judged
from engine.progress import Progress

Judging = Callable[..., list[Result]]
TINY = Design(8, ("bright", "red"), base=4096, most=16)


def test_attributes_of_every_kind(tmp_path: Path) -> None:
    """Numbers and colours above the middle, words by the value that divides best, nothing that hardly varies."""
    rows = [
        {"size": 3, "skin": "#ffffff", "hat": "cap", "same": "yes"},
        {"size": 9, "skin": "#101010", "hat": "crown", "same": "yes"},
        {"size": 1, "skin": "#00ff00", "hat": "cap", "same": "yes"},
        {"size": 7, "skin": "#0000ff", "same": "yes"},
    ]
    names = [f"{number}.png" for number in range(4)]
    (tmp_path / "labels.json").write_text(json.dumps(dict(zip(names, rows, strict=True))))
    found = attributes(tmp_path, names)
    assert found.names == ("size above 5", "skin above 89.4", "hat cap")
    assert found.has.T.tolist() == [[False, True, False, True], [True, False, True, False], [True, False, True, False]]


def test_class_folders_are_attributes(tmp_path: Path) -> None:
    two = attributes(tmp_path, ["cat/1.png", "dog/2.png", "dog/3.png"])
    assert two.names == ("class cat",)
    assert two.has[:, 0].tolist() == [True, False, False]
    three = attributes(tmp_path, ["a/1.png", "b/2.png", "c/3.png"])
    assert three.names == ("class a", "class b", "class c")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "has no attributes"),
        ("{", "cannot be read as JSON"),
        ("[]", "should be an object"),
        ('{"1.png": {}}', "says nothing of 2.png"),
        ('{"1.png": {"a": 1}, "2.png": {"a": 1}}', "no attribute divides"),
    ],
)
def test_labels_that_say_nothing(tmp_path: Path, content: str | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / "labels.json").write_text(content)
    with pytest.raises(ValueError, match=sentence):
        attributes(tmp_path, ["1.png", "2.png"])


def dots(count: int = 60) -> tuple[np.ndarray, Attributes]:
    """Bright and dark, red and blue pictures, uint8 [N, 3, 8, 8]."""
    random = np.random.RandomState(0)
    has = random.rand(count, 2) > 0.5
    pixels = random.randint(0, 60, (count, 3, 8, 8)) + 120 * has[:, :1, None, None]
    pixels[has[:, 1], 0] += 70
    pixels[~has[:, 1], 2] += 70
    return pixels.astype(np.uint8), Attributes(TINY.attributes, has)


def test_a_classifier_learns_and_is_kept(tmp_path: Path) -> None:
    torch.manual_seed(0)
    pixels, known = dots()
    work = train(pixels, known, TINY, 0.5, 1, "cpu")
    while True:
        try:
            assert isinstance(next(work), Progress)
        except StopIteration as end:
            network, accuracy = end.value
            break
    assert accuracy > 0.9
    keep(tmp_path / "x.classifier", network, TINY)
    again, design = opened(tmp_path / "x.classifier", "cpu")
    assert design == TINY
    pictures = torch.from_numpy(pixels[:4])
    assert torch.equal(seen(again, pictures), seen(network, pictures))
    (tmp_path / "y.classifier").write_bytes(b"nothing")
    with pytest.raises(BadCheckpoint, match=r"y\.classifier"):
        opened(tmp_path / "y.classifier", "cpu")


def test_large_pictures_are_averaged() -> None:
    assert reduced(torch.ones(1, 3, 1024, 1024)).shape[-1] == 256
    assert reduced(torch.ones(1, 3, 64, 64)).shape[-1] == 64


def test_rows_hold_latents_and_what_the_classifier_says(tmp_path: Path, models: dict[str, Path]) -> None:
    keep(tmp_path / "x.classifier", Design(32, ("a",), 64, 8).build(), Design(32, ("a",), 64, 8))
    model = Model(models["stylegan2"], batch=2)
    generator = model.generator("cpu")
    with torch.no_grad():
        rows = torch.from_numpy(judged(model, tmp_path / "x.classifier", Piece(0, 0, 5, "cpu")))
        assert rows.shape == (5, generator.z_dim + generator.w_dim + 1)
        z, w, _ = rows.split([generator.z_dim, generator.w_dim, 1], 1)
        torch.testing.assert_close(generator.mapping(z), w)


def test_linear_separability_of_labelled_pictures(
    judge: Judging, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs on labels.json; the classifier, a narrow one, is trained once and kept."""
    pytest.importorskip("sklearn")
    monkeypatch.setattr("engine.metrics.separation.Design", partial(Design, base=64, most=8))
    pixels, known = dots(20)
    data = tmp_path / "data"
    data.mkdir()
    labels = {}
    for number, picture in enumerate(pixels):
        Image.fromarray(picture.transpose(1, 2, 0)).save(data / f"{number:02d}.png")
        labels[f"{number:02d}.png"] = {name: str(x) for name, x in zip(known.names, known.has[number], strict=True)}
    (data / "labels.json").write_text(json.dumps(labels))
    for _ in range(2):
        (result,) = judge("ls_40", "stylegan3", data=data, classifier_kimg=0.016)
        assert result.values["attributes"] == 2
        for space in "zw":
            assert 1 <= result.values[f"ls_40_{space}"] <= 4
            assert math.isfinite(result.values[f"ls_40_{space}"])
    (kept,) = (tmp_path / "cache").glob("*.classifier")
    assert kept.stat().st_size > 0
