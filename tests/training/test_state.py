"""The state of a run: whose it is, and who asked it to stop."""

from pathlib import Path

import pytest
import torch

from engine.checkpoints import native
from engine.networks import StyleGAN1
from engine.training.config import Config
from engine.training.run import Run
from engine.training.state import load_state, save_state
from engine.training.step import Players


def players(**changes: int) -> Players:
    return Players(Config(network=StyleGAN1.tiny(**changes)), torch.device("cpu"))


def test_a_state_of_an_older_version_lacks_what_came_later(tmp_path: Path) -> None:
    before, path = players(), tmp_path / "state"
    before.images = 40
    save_state(path, before)
    header, tensors = native.read_tensors(path)
    del header["network"]["norm_epsilon"], header["network"]["bias_before_blur"]
    native.write_tensors(path, tensors, header)
    after = players()
    load_state(path, after)
    assert after.images == 40


def test_another_network_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    path, other = tmp_path / "state", players(feature_max=4)
    save_state(path, players())
    kept = {name: x.clone() for name, x in other.generator.state_dict().items()}
    with pytest.raises(native.BadCheckpoint, match="another network"):
        load_state(path, other)
    assert all(torch.equal(x, kept[name]) for name, x in other.generator.state_dict().items())


def test_only_old_requests_to_stop_are_forgotten(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.request_stop()
    asked = run.stop_file.stat().st_mtime
    run.forget_stop_before(asked)
    assert run.stop_requested()
    run.forget_stop_before(asked + 1)
    assert not run.stop_requested()
