"""`guide` trains from a folder; `train` takes what it wrote, and goes on in the next phase of a StyleGAN-T."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.checkpoints import native
from engine.metrics import guides
from engine.training.run import Run
from tests.training.guides import Averages, coloured_pictures

TINY = (
    "--set", "network.feature_max=16", "--set", "network.feature_base=64", "--set", "network.groups=2", "--batch", 4,
    "--set", "network.projection.side=64", "--set", "network.projection.width=4", "--set", "network.projection.most=8",
    "--kimg", 0.004, "--device", "cpu", "--precision", "fp32", "--set", "network.resolution=8",
)  # fmt: skip


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(guides, "lite0_pyramid", Averages)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return coloured_pictures(tmp_path / "pictures")


def test_from_captions_to_the_second_phase(pictures: Path, tmp_path: Path, say: Callable) -> None:
    pair, first, second = tmp_path / "pair.safetensors", tmp_path / "first", tmp_path / "second"
    said = say("guide", pictures, "--out", pair, "--steps", 3, "--device", "cpu")
    assert said.code == 0, said.err
    assert "of those held back it finds the right text among 32 for" in said.out
    train = ("train", pictures, "--preset", "stylegan-t-tiny", *TINY)
    said = say(*train, "--out", first, "--guide", pair)
    assert said.code == 0, said.err
    assert native.read_card(Run(first).snapshots()[-1]).network.encoder == "own"
    said = say(*train, "--out", second, "--transfer", first, "--learns", "text-encoder")
    assert said.code == 0, said.err
    config = Run(second).config()
    assert (config.learns, config.guidance.weight, config.guidance.by) == ("text-encoder", 50.0, str(pair))
    assert config.growth.rate == 3e-6


def test_a_classifier_of_folders(pictures: Path, tmp_path: Path, say: Callable) -> None:
    out = tmp_path / "classes.safetensors"
    said = say("guide", pictures, "--out", out, "--labels", "--steps", 3, "--device", "cpu")
    assert said.code == 0, said.err
    assert guides.read_design(out).classes == ("blue", "red")
    told = say("train", pictures, "--out", tmp_path / "run", "--preset", "stylegan-t-tiny", "--guide", out).complaint()
    assert "is a classifier; a StyleGAN-T needs a pair for words" in told
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--guide", "x.safetensors", "--captions"), "--guide and --captions contradict each other"),
        (("--learns", "freeze64"), "--learns freeze64 goes on with an earlier run; name it with --transfer RUN"),
        (("--guide", "x.safetensors"), "there is no file x.safetensors"),
        (("--set", "learns=text-encoder"), "needs a model that carries its reader"),
    ],
)
def test_what_does_not_fit_is_told(
    pictures: Path, tmp_path: Path, say: Callable, words: tuple[str, ...], says: str
) -> None:
    assert says in say("train", pictures, "--out", tmp_path / "run", "--preset", "stylegan-t-tiny", *words).complaint()


@pytest.mark.parametrize(
    ("words", "says"),
    [(("--out", "x.pt"), "should end in .safetensors"), (("--out", "x.safetensors", "--steps", 0), "should be 1 to")],
)
def test_what_a_guide_needs(pictures: Path, say: Callable, words: tuple[object, ...], says: str) -> None:
    assert says in say("guide", pictures, *words).complaint()
