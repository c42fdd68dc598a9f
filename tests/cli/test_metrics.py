"""`metrics` on the command line: its table, its file, and one sentence for what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.metrics import Metrics
from engine.metrics.registry import METRICS
from tests.metrics.conftest import small, weights  # noqa: F401

Say = Callable[..., object]


@pytest.mark.usefixtures("small")
def test_figures_as_table_and_file(say: Callable, model: Path, photos: Path, weights: Path, tmp_path: Path) -> None:  # noqa: F811
    told = say(
        "metrics", "--model", model, "--data", photos, "--metrics", "fd_lite0_12,fid_12", "--weights-folder", weights,
        "--cache", tmp_path / "cache", "--json", tmp_path / "figures.json", "--device", "cpu",
    )  # fmt: skip
    assert told.code == 0, told
    assert "fd_lite0_12" in told.out
    written = json.loads((tmp_path / "figures.json").read_text())
    first, second = written["results"]
    assert first["values"]["fd_lite0_12"] > 0
    assert first["pictures"] == {"real": 12, "generated": 12}
    assert "not verified" in second["note"]
    assert written["data"] == str(photos)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--metrics", "fed"), "there is no metric 'fed'"),
        (("--batch", "0"), "--batch 0 should be 1 to 1024"),
        (("--seed", "-1"), "--seed -1 should be"),
        (("--metrics", "fd_lite0_12"), "name their folder with --data FOLDER"),
        (("--metrics", "eqr_12"), "only StyleGAN3 models"),
        (("--model", "nowhere"), "--model takes a name or a file"),
    ],
)
def test_one_sentence(say: Callable, model: Path, tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    given = ("--model", model) if "--model" not in words else ()
    told = say("metrics", *given, "--cache", tmp_path, "--device", "cpu", *words)
    assert sentence in told.complaint()


def test_the_help_text_names_every_metric() -> None:
    for name in METRICS:
        assert name in (Metrics.__doc__ or ""), name
