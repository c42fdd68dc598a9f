"""Pickles for NVIDIA's code: object by object what their own program writes, and read back bit for bit."""

import pickle
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.checkpoints import load, native
from engine.checkpoints.ensemble import Ensemble, load_all
from engine.checkpoints.modules import state_of
from engine.export.models import convert
from engine.export.nvidia_augment import bands
from engine.networks import FAMILIES, Generator
from engine.training import augment
from engine.weights import Stub, read
from tests.checkpoints.files import pickle_of
from tests.models import random_generator

LEAVES = (bool, int, float, str, np.generic, type(None))
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "skip": ("stylegan2", {}),
    "orig": ("stylegan2", {"architecture": "orig", "judge_architecture": "orig", "clamp": 0.5}),
    "resnet": ("stylegan2", {"architecture": "resnet", "judge_architecture": "skip", "taps": (1.0, 4.0, 2.0, 0.5)}),
    "labels": ("stylegan2", {"label_size": 3, "judge_dim": 5, "judge_embedding": 4, "judge_mapping_dim": 6}),
    "quiet": ("stylegan2", {"noise": False, "clamp": 0.0, "stddev_group": 0, "mapping_activation": "relu"}),
    "bare": ("stylegan2", {"stddev_features": 0, "activation": "swish", "mapping_rate": 0.1, "z_dim": 10, "mapping_layers": 0}),
    "t": ("stylegan3", {}),
    "r": ("stylegan3", {"variant": "r", "label_size": 3}),
    "odd": ("stylegan3", {"clamp": 0.8, "critical": 1, "output_scale": 0.5, "taps": 4, "oversampling": 4, "channels": 1}),
}  # fmt: skip


def ensemble(family: str, **changes: Any) -> Ensemble:
    """Tiny networks, all different, none of whose parameters is zero."""
    average, generator = (random_generator(family, **changes) for _ in range(2))
    spec = FAMILIES[family].tiny(**changes)
    judge = spec.build_discriminator()
    with torch.no_grad():
        for network in (generator, judge):
            for parameter in network.parameters():
                parameter.add_(torch.randn_like(parameter) * 0.1)
    card = native.Card(spec, name=family, licence="CC0", images=5)
    return Ensemble(card, average, generator, judge, 0.25, {"path": "/data/hills.zip", "resolution": 16})


def saved(folder: Path, held: Ensemble) -> Path:
    """The same as a file of our own."""
    path = folder / "all.safetensors"
    more = {"augmentation": {"p": held.p}, "training_set_kwargs": held.training_set}
    native.write_all(path, held.networks, held.card, more)
    return path


def same(one: nn.Module | None, other: nn.Module | None) -> bool:
    assert one is not None
    assert other is not None
    ours, theirs = one.state_dict(), other.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(x, theirs[name]) for name, x in ours.items())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_back_bit_for_bit(tmp_path: Path, kind: str) -> None:
    held = ensemble(KINDS[kind][0], **KINDS[kind][1])
    convert(saved(tmp_path, held), tmp_path / "o.pkl")
    found = load_all(tmp_path / "o.pkl")
    assert found.networks.keys() == set(native.NETWORKS)
    assert all(same(network, held.networks[name]) for name, network in found.networks.items())
    assert (found.p, found.training_set) == (held.p, held.training_set)
    assert found.card.network == held.card.network
    assert load(tmp_path / "o.pkl")[1].identity == native.identity(held.average)


def kind_of(stub: Stub) -> str:
    """The name of its class, as its own program stores it or as ours names it."""
    given = stub.args[0] if stub.args else None
    return given["class_name"] if isinstance(given, dict) else stub.name.rpartition(".")[2]


def compared(theirs: Any, ours: Any, place: str) -> int:
    """How many values are the same, in the same order; torch's own hooks, of which its versions have different ones, aside."""
    if isinstance(theirs, Stub):
        assert kind_of(theirs) == kind_of(ours), place
        theirs, ours = state_of(theirs), state_of(ours)
    if isinstance(theirs, dict):
        names, mine = ([name for name in one if "_hook" not in name] for one in (theirs, ours))
        assert names == mine, place
        return sum(compared(theirs[name], ours[name], f"{place}.{name}") for name in names)
    if isinstance(theirs, Tensor):
        assert theirs.dtype == ours.dtype, place
        assert torch.equal(theirs, ours) or (place.endswith("fbank") and torch.allclose(theirs, ours, atol=1e-7)), place
    elif isinstance(theirs, np.ndarray):
        assert theirs.dtype == ours.dtype, place
        assert np.array_equal(theirs, ours), place
    elif isinstance(theirs, LEAVES) and not isinstance(theirs, str | None):
        assert ours == pytest.approx(theirs, rel=1e-12), place
    else:
        assert ours == theirs, place
    return 1


@pytest.mark.parametrize("name", ["sg2_tiny", "sg3t_tiny"])
def test_it_is_what_their_own_program_writes(tmp_path: Path, name: str) -> None:
    """Both generators, discriminator, augmentation and settings, with all attributes, arguments and tensors, in order."""
    source, target = pickle_of(name), tmp_path / "o.pkl"
    convert(source, target)
    assert compared(read(source), read(target), "") > 1_000
    through = tmp_path / "all.safetensors"
    convert(source, through, networks="all")
    convert(through, tmp_path / "again.pkl")
    assert compared(read(source), read(tmp_path / "again.pkl"), "") > 1_000


def test_the_discriminators_order_is_that_of_larger_ones_with_labels(tmp_path: Path) -> None:
    convert(saved(tmp_path, ensemble("stylegan2", label_size=3)), tmp_path / "o.pkl")
    parts = list(state_of(read(tmp_path / "o.pkl")["D"])["_modules"])
    assert parts == ["b16", "b8", "mapping", "b4"]  # as state_dict_layouts.json has it


def test_the_filters_of_augmentation_are_those_that_our_training_has() -> None:
    ours = torch.from_numpy(augment.filter_bank()).float()
    assert torch.allclose(bands(), ours, atol=1e-7)
    assert torch.allclose(bands().sum(0), torch.eye(43)[21], atol=1e-6)


def test_without_a_discriminator_it_is_said_by_an_empty_one(tmp_path: Path) -> None:
    generator = random_generator("stylegan3")
    native.write(tmp_path / "m.safetensors", generator, native.Card(generator.spec))
    convert(tmp_path / "m.safetensors", tmp_path / "o.pkl")
    data = read(tmp_path / "o.pkl")
    assert (data["D"].name, data["augment_pipe"]) == ("torch.nn.modules.linear.Identity", None)
    assert data["G"] is data["G_ema"]
    found = load_all(tmp_path / "o.pkl")
    assert same(found.average, generator)


@pytest.mark.parametrize("family", ["stylegan2", "stylegan3"])
def test_an_ordinary_unpickler_makes_modules_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    """As where NVIDIA's code is installed: their classes are found by name, and get their attributes without a call."""
    convert(saved(tmp_path, ensemble(family)), tmp_path / "o.pkl")
    for place in ("training", "training.networks", "training.networks_stylegan2", "training.networks_stylegan3"):
        monkeypatch.setitem(sys.modules, place, Anything(place))
    monkeypatch.setitem(sys.modules, "training.augment", Anything("training.augment"))
    data = pickle.loads((tmp_path / "o.pkl").read_bytes())
    assert all(isinstance(data[name], nn.Module) for name in ("G", "D", "G_ema", "augment_pipe"))
    generator = data["G_ema"]
    assert not any(module.training for module in generator.modules())
    assert not any(parameter.requires_grad for parameter in generator.parameters())
    assert (generator.z_dim, generator.mapping.fc0.bias_gain) == (8, 0.01)
    own = load_all(tmp_path / "o.pkl").average
    assert isinstance(own, Generator)
    assert sum(x.numel() for x in generator.parameters()) == sum(x.numel() for x in own.parameters())
    if family == "stylegan3":
        assert generator.synthesis.input.size.tolist() == [24, 24]
    assert b"def " not in (tmp_path / "o.pkl").read_bytes()
    assert b"numpy._core.multiarray" not in (tmp_path / "o.pkl").read_bytes()  # which numpy 1 does not have


class Anything(types.ModuleType):
    """A module that has a class of every name, none of which may be made by a call."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("_"):
            raise AttributeError(name)

        def never(self: object) -> None:
            raise AssertionError("nothing is called")

        made = type(name, (nn.Module,), {"__init__": never, "__module__": self.__name__})
        setattr(self, name, made)
        return made
