"""Metrics of models that are asked for something: class by class, and how well pictures fit their words."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.feature_networks.efficientnet import EfficientNetLite0
from engine.feature_networks.inception import Inception
from engine.feature_networks.published import MissingWeights
from engine.feature_networks.variants import SpatialInception, SpatialLite0, drawn
from engine.metrics import conditional, guides
from engine.metrics.conditional import fit
from engine.metrics.drawing import Model, Piece, chosen
from engine.metrics.frechet import Moments, frechet_distance
from engine.metrics.registry import Result
from tests.training.guides import Averages, coloured_pictures, small_guide

Judging = Callable[..., list[Result]]


class Reds:
    """A pair that knows red from blue: features are the mean colour, and a text's colour."""

    name, size, side = "clip-reds", 3, 4

    def texts(self, texts: list[str]) -> Tensor:
        return torch.tensor([[1.0, 0.0, 0.0] if "red" in text else [0.0, 0.0, 1.0] for text in texts])

    def pictures(self, pictures: Tensor) -> Tensor:
        return pictures.mean((2, 3))


def test_the_score_is_a_cosine() -> None:
    red = torch.tensor([1.0, -1.0, -1.0])[:, None, None].expand(3, 8, 8)
    purple = torch.tensor([1.0, -1.0, 1.0])[:, None, None].expand(3, 8, 8)
    said = Reds().texts(["red", "blue", "red"])
    found = fit(Reds(), torch.stack([red, red, purple]), said)
    torch.testing.assert_close(found, torch.tensor([1.0, 0.0, 0.5**0.5]))


@pytest.mark.usefixtures("small")
def test_classes_are_compared_one_by_one(judge: Judging, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clouds that the network sees at 0 for bright and at 3 for dark, generated ones at 1 for both: (1² + 2²) / 2."""
    seen = {"bright": 0.0, "dark": 3.0}
    real = np.concatenate([np.full((8, 1), seen["bright"]), np.full((16, 1), seen["dark"])]).astype(np.float32)
    monkeypatch.setattr("engine.metrics.bench.Bench.real", lambda *_: _done(real))
    monkeypatch.setattr(conditional, "gathered", lambda work, parts, *_: _done(np.ones((6, 1), np.float32)))
    (result,) = judge("fd_lite0_class_12", "classes")
    assert result.values == {"fd_lite0_class_12": 2.5, "fd_lite0_class_12_worst (dark)": 4.0}
    assert result.pictures == {"real": 8, "generated": 6}
    with pytest.raises(ValueError, match="fid_class needs a model of several classes"):
        judge("fid_class", "stylegan1")


def _done(value: np.ndarray):
    yield from ()
    return value


@pytest.mark.usefixtures("small")
def test_a_model_of_words_is_asked_for_captions(
    judge: Judging, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "said"
    shutil.copytree(photos, folder)
    for name in ("dark", "bright"):
        for path in (folder / name).glob("*.png"):
            path.with_suffix(".txt").write_text(f"{name} tone")
    monkeypatch.setattr(guides, "lite0_pyramid", Averages)
    pair = tmp_path / "pair.safetensors"
    small_guide(coloured_pictures(tmp_path / "coloured"), pair, steps=2)
    (score,) = judge("clip_score_10", "words", data=folder, pair=pair)
    assert list(score.values) == ["pair_score_10"]
    assert -1 <= score.values["pair_score_10"] <= 1
    assert score.pictures == {"generated": 10}
    (plain,) = judge("fd_lite0_12", "words", data=folder)
    assert plain.pictures == {"real": 12, "generated": 12}
    with pytest.raises(ValueError, match="have no captions"):
        judge("fd_lite0_12", "words")
    with pytest.raises(MissingWeights, match="needs a pair of encoders for words and pictures: name with --pair"):
        judge("clip_score_10", "words", data=folder)


def test_words_that_nobody_can_judge_are_named(judge: Judging) -> None:
    with pytest.raises(ValueError, match="clip_score_10 needs a model that draws what words say"):
        judge("clip_score_10", "stylegan1")


def test_captions_are_drawn_alike_on_every_device(models: dict[str, Path], tmp_path: Path) -> None:
    words = np.random.RandomState(0).randn(3, 6).astype(np.float32)
    np.save(tmp_path / "words.npy", words)
    model = Model(models["words"], seed=1, words=tmp_path / "words.npy")
    piece = Piece(0, 0, 4, "cpu")
    z, labels = model.latents(model.generator("cpu"), 4, model.chance(piece))
    assert labels is not None
    again = model.chance(piece)
    assert torch.equal(z, torch.randn(4, 8, generator=again))
    assert torch.equal(labels, torch.from_numpy(words[chosen(3, 4, again)]))
    assert model.pictures(piece).shape == (4, 3, 16, 16)


@pytest.mark.parametrize(("network", "size"), [(SpatialInception, 2023), (SpatialLite0, 1372)])
def test_maps_by_place(network: type[SpatialInception | SpatialLite0], size: int) -> None:
    with torch.device("meta"):
        found = network()
        assert found(torch.zeros(2, 3, 32, 32, dtype=torch.uint8)).shape == (2, size)
        plain = {SpatialInception: Inception, SpatialLite0: EfficientNetLite0}[network]()
    assert found.state_dict().keys() == plain.state_dict().keys()
    assert found.size == size


def test_random_weights_are_always_the_same_and_keep_pictures_apart() -> None:
    one, other = drawn(EfficientNetLite0()), drawn(EfficientNetLite0())
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True) if a.ndim == 4)
    with torch.no_grad():
        seen = one.eval()(torch.stack([torch.zeros(3, 32, 32), torch.full((3, 32, 32), 255.0)]))
    assert bool(seen.isfinite().all())
    assert float((seen[0] - seen[1]).abs().mean()) > 1e-3


def test_the_distance_of_two_lines_is_the_square_of_their_difference() -> None:
    one, other = Moments(), Moments()
    one.add(torch.tensor([[0.0], [2.0]]))
    other.add(torch.tensor([[1.0], [7.0]]))
    assert frechet_distance(one, other) == pytest.approx((4 - 1) ** 2 + (3 - 1) ** 2)
