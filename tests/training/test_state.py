"""The state of a run: whose it is."""

from pathlib import Path

import pytest
import torch

from engine.checkpoints import native
from engine.networks import StyleGAN1
from engine.training.config import Config
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
