"""All metrics of the registry, on tiny models with tiny feature networks: figures, sources, caches, refusals."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.metrics import bench as benches
from engine.metrics.asked import Asked, asked
from engine.metrics.drawing import Model, Piece, fresh, pieces
from engine.metrics.extraction import Reals
from engine.metrics.registry import METRICS, Result, understood
from tests.metrics.conftest import Corners

pytestmark = pytest.mark.usefixtures("small")
Judging = Callable[..., list[Result]]


MODELS = {
    "eqt_int": "stylegan3",
    "eqt_frac": "stylegan3",
    "eqr": "stylegan3",
    "fid_class": "classes",
    "fd_lite0_class": "classes",
}


@pytest.mark.parametrize("name", [name for name in METRICS if name not in ("ls", "clip_score", "words")])
def test_every_metric_gives_figures(judge: Judging, name: str) -> None:
    (result,) = judge(f"{name}_12", MODELS.get(name, "stylegan2"))
    assert result.values
    assert all(math.isfinite(value) for value in result.values.values())
    assert all(value >= 0 or name.startswith("k") for value in result.values.values())
    assert result.title == METRICS[name].title
    assert set(result.pictures.values()) == (
        {24} if name.startswith("ppl") else {6, 8} if name.endswith("class") else {12}
    )


def test_the_same_seed_gives_the_same_figures(judge: Judging) -> None:
    names = "fid_12,ppl_w_12"
    first, again, other = judge(names), judge(names), judge(names, seed=1)
    assert [x.values for x in first] == [x.values for x in again]
    assert [x.values for x in first] != [x.values for x in other]


def test_pictures_like_the_data_are_nearer(judge: Judging, models: dict[str, Path], tmp_path: Path) -> None:
    """Other pictures of the same model are nearer to it than noise is, by every metric that compares."""
    like, noise = tmp_path / "like", tmp_path / "noise"
    like.mkdir()
    noise.mkdir()
    drawn = Model(models["stylegan1"], seed=5).pictures(Piece(0, 0, 30, "cpu")).permute(0, 2, 3, 1).numpy()
    random = np.random.RandomState(0)
    for number, picture in enumerate(drawn):
        Image.fromarray(picture).save(like / f"{number}.png")
        Image.fromarray(random.randint(0, 256, picture.shape).astype(np.uint8)).save(noise / f"{number}.png")
    near, far = (judge("fid_30,kid_30,pr_lite0_30", data=folder) for folder in (like, noise))
    for one, other in zip(near[:2], far[:2], strict=True):
        assert one.values[one.name] < other.values[other.name] / 3
    assert near[2].values["pr_lite0_30_precision"] > 0.5 > far[2].values["pr_lite0_30_precision"]


def test_metrics_share_features_and_the_data_are_remembered(
    judge: Judging, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    looked: list[int] = []
    real = Corners.forward
    monkeypatch.setattr(Corners, "forward", lambda self, x: looked.append(len(x)) or real(self, x))  # type: ignore[func-returns-value]
    first = judge("fd_lite0_12,kd_lite0_20,pr_lite0_16")
    assert sum(looked) == 20 + 20  # the most of each kind, once
    looked.clear()
    again = judge("fd_lite0_12,kd_lite0_20")
    assert sum(looked) == 20  # the real ones are known
    assert again[1].values == first[1].values
    looked.clear()
    judge("fd_lite0_12")
    assert sum(looked) == 12  # fewer are among more
    assert len(list((tmp_path / "cache").glob("*.features"))) == 1


def test_features_of_a_changed_folder_are_taken_anew(judge: Judging, photos: Path, tmp_path: Path) -> None:
    changing, cache = tmp_path / "changing", tmp_path / "cache"
    shutil.copytree(photos / "dark", changing)
    first = judge("fd_lite0_12", data=changing)
    known = list(cache.glob("*.features"))
    Image.new("RGB", (16, 16), "white").save(changing / "0.png")
    second = judge("fd_lite0_12", data=changing)
    assert first[0].values != second[0].values
    (left,) = cache.glob("*.features")
    assert left not in known


def test_all_real_pictures_and_mirrored_ones(judge: Judging) -> None:
    plain, full, mirrored = (
        judge("fd_lite0_12,fd_lite0_12_full")[0],
        *judge("fd_lite0_12_full,fd_lite0_40", mirror=True),
    )
    assert plain.pictures == {"real": 12, "generated": 12}
    assert full.pictures == {"real": 24, "generated": 12}
    assert mirrored.pictures == {"real": 40, "generated": 40}
    (few,) = judge("fd_lite0_40")
    assert "only 24 real pictures" in few.note
    assert "of so few pictures it is too high" in few.note


def test_figures_say_when_they_are_not_verified(judge: Judging) -> None:
    results = judge("fid_12,fd_lite0_12,ppl_zend_12")
    assert ["not verified with published weights" in result.note for result in results] == [True, False, True]


def test_mirrored_reals_come_after_all_others(tmp_path: Path) -> None:
    pixels = np.random.RandomState(0).randint(0, 256, (3, 3, 4, 4)).astype(np.uint8)
    (tmp_path / "x").write_bytes(pixels.tobytes())
    source = Reals(tmp_path / "x", 3, 4, mirror=True)
    assert len(source) == 6
    found = source.pictures(Piece(0, 2, 3, "cpu")).numpy()
    np.testing.assert_array_equal(found, [pixels[2], pixels[0, :, :, ::-1], pixels[1, :, :, ::-1]])


def test_pieces_cover_everything_in_turn() -> None:
    found = pieces(10, ("cpu", "meta"), 4)
    assert [(p.start, p.count, p.device) for p in found] == [(0, 4, "cpu"), (4, 4, "meta"), (8, 2, "cpu")]


def test_pictures_of_a_piece_do_not_depend_on_the_others(models: dict[str, Path]) -> None:
    model = Model(models["stylegan2"], seed=3)
    one, other = (model.pictures(Piece(number, 0, 3, "cpu")) for number in (0, 1))
    assert one.shape == (3, 3, 32, 32)
    assert one.dtype == torch.uint8
    assert torch.equal(one, model.pictures(Piece(0, 0, 3, "cpu")))
    assert not torch.equal(one, other)


def test_noise_is_fresh_or_shared(models: dict[str, Path]) -> None:
    model = Model(models["stylegan1"])
    generator = model.generator("cpu")
    ws = generator.mapping(torch.zeros(1, generator.z_dim) + 1).unsqueeze(1).expand(2, generator.rows, -1)
    shared, own = (fresh(generator, ws, torch.Generator().manual_seed(0), count) for count in (1, 2))
    torch.testing.assert_close(shared[0], shared[1])
    assert not torch.allclose(own[0], own[1], atol=1e-3)


def test_classes_are_drawn_as_the_data_has_them(judge: Judging, models: dict[str, Path]) -> None:
    model = Model(models["classes"], classes=(16.0, 8.0))
    generator = model.generator("cpu")
    _, labels = model.latents(generator, 900, torch.Generator().manual_seed(0))
    assert labels is not None
    assert labels.sum(0).tolist() == pytest.approx([600, 300], abs=60)
    (result,) = judge("fd_lite0_12,", "classes")
    assert result.pictures == {"real": 12, "generated": 12}


def test_the_bench_reads_class_shares(models: dict[str, Path], photos: Path, tmp_path: Path) -> None:
    settings = benches.Settings(models["classes"], photos, tmp_path, tmp_path, device="cpu")
    bench = benches.Bench(settings, {})
    assert len(list(bench.data())) > 0
    assert bench.model.classes == (8.0, 16.0)  # bright, dark


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fid50k", ("fid", 50_000, False)),
        ("fid50k_full", ("fid", 50_000, True)),
        ("pr50k3_full", ("pr3", 50_000, True)),
        ("eqt50k_int", ("eqt_int", 50_000, False)),
        ("fd_lite0_5k", ("fd_lite0", 5_000, False)),
        ("fd_lite0", ("fd_lite0", 0, False)),
        ("ppl2_wend", ("ppl2_wend", 0, False)),
        ("ppl100k_w", ("ppl_w", 100_000, False)),
    ],
)
def test_names_hold_counts(name: str, expected: tuple[str, int, bool]) -> None:
    found = asked(name)
    assert (found.metric, found.count, found.full) == expected
    assert understood([name])[0].count == (expected[1] or 50_000)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["fed50k"], "there is no metric 'fed50k'"),
        (["fid99999999"], "asks for 99999999 pictures"),
        (["is50k_full"], "compares with no real pictures"),
        ([" "], "name at least one metric"),
    ],
)
def test_names_that_mean_nothing(names: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        understood(names)


@pytest.mark.parametrize(
    ("name", "model", "changes", "sentence"),
    [
        ("eqr_12", "stylegan2", {}, "only StyleGAN3 models"),
        ("ppl_w_12", "progan", {}, "needs a model with W"),
        ("fid_12", "stylegan1", {"data": None}, "--data FOLDER"),
        ("ls_12", "stylegan1", {"data": None}, "--data FOLDER"),
        ("fid_12", "stylegan1", {"weights": Path("nowhere")}, "there is no folder nowhere"),
        ("fid_12", "stylegan1", {"device": "abacus"}, "no device 'abacus'"),
        ("ppl_w_12", "stylegan3", {}, "at least 16 pixels"),
    ],
)
def test_what_cannot_be_measured(
    judge: Judging, name: str, model: str, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        judge(name, model, **changes)


def test_a_broken_model_is_a_sentence(judge: Judging, tmp_path: Path, models: dict[str, Path]) -> None:
    models["broken"] = tmp_path / "broken.safetensors"
    models["broken"].write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"broken\.safetensors"):
        judge("is_12", "broken")


def test_aliases_are_the_same_metric() -> None:
    assert understood(["ppl_w"]) == [Asked("ppl_w", "ppl_wfull", 50_000)]
