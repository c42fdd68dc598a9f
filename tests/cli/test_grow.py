"""`grow` starts a larger run from the newest model of a smaller one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.checkpoints import native
from engine.networks import StyleGANXL
from engine.training.classes import stylegan_xl
from engine.training.run import Run


@pytest.fixture
def stem(tmp_path: Path) -> Run:
    """A run that has a model, and the pictures that it learnt."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    random = np.random.default_rng(0)
    for number in range(4):
        Image.fromarray(random.integers(0, 255, (16, 16, 3), np.uint8)).save(pictures / f"{number}.png")
    network = StyleGANXL.tiny(resolution=8, stages=())
    run = Run.create(tmp_path / "stem", stylegan_xl(network, 4, data=str(pictures), device="cpu", precision="fp32"))
    run.snapshot_file(4).parent.mkdir()
    native.write(run.snapshot_file(4), network.build(), native.Card(network))
    return run


def test_a_run_grows_beside_itself(stem: Run, say: Callable) -> None:
    said = say("grow", stem.folder, "--to", 16, "--kimg", 0.004, "--layers", 3)
    assert said.code == 0, said.err
    larger = Run(stem.folder.with_name("stem-16"))
    assert (larger.config().network.resolution, larger.config().kimg) == (16, 0.004)
    assert larger.config().stem == str(stem.snapshots()[-1])
    assert native.read_card(larger.snapshots()[-1]).network == stem.config().network.grown(
        larger.config().network.stages[-1]
    )


@pytest.mark.parametrize("to", [24, 8, 4])
def test_sizes_that_cannot_be_reached_are_refused(stem: Run, say: Callable, tmp_path: Path, to: int) -> None:
    assert (
        "from 8 pixels it grows to one of 16, 32, 64, 128"
        in say("grow", stem.folder, "--to", to, "--out", tmp_path / "none").complaint()
    )
    assert not (tmp_path / "none").exists()


def test_a_run_without_a_model_is_named(stem: Run, say: Callable) -> None:
    stem.snapshots()[-1].unlink()
    assert "holds no model yet to grow from" in say("grow", stem.folder, "--to", 16).complaint()
