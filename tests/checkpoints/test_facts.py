"""What a file tells of itself comes at once, also where its network cannot be drawn."""

import json
import math
import struct
import time
import tracemalloc
from argparse import Namespace
from pathlib import Path

import msgspec
import pytest
import torch
from safetensors.torch import save_file

from engine.checkpoints import BadCheckpoint, load, native, nvidia, rosinality2
from engine.checkpoints.facts import read_facts
from engine.checkpoints.outline import outline
from engine.networks import FAMILIES, StyleGAN2
from tests.models import model_file, random_generator

from .files import pickle_of


@pytest.mark.parametrize("family", FAMILIES)
def test_of_our_own_files(tmp_path: Path, family: str) -> None:
    path, generator = model_file(tmp_path, family), random_generator(family)
    facts = read_facts(path)
    assert (facts.family, facts.resolution, facts.licence) == (family, generator.resolution, "CC0")
    assert facts.parameters == sum(x.numel() for x in generator.parameters())
    assert facts.shapes == {name: tuple(x.shape) for name, x in generator.state_dict().items()}
    assert facts.card == load(path)[1]


def test_of_the_training(tmp_path: Path) -> None:
    facts = read_facts(pickle_of("sg2_tiny"))
    assert facts.training["training_set_kwargs.resolution"] == 32
    assert facts.holds == ("G", "D", "G_ema", "augment_pipe")
    state = rosinality2.to_theirs(*_small())
    torch.save(
        {"g_ema": state, "g": state, "args": Namespace(batch=16, path="hills"), "ada_aug_p": 0.5}, tmp_path / "m.pt"
    )
    facts = read_facts(tmp_path / "m.pt")
    assert facts.training == {"args.batch": 16, "args.path": "hills", "ada_aug_p": 0.5}
    assert facts.holds == ("g_ema", "g")
    assert facts.made_by == "rosinality stylegan2-pytorch file"


def _small() -> tuple:
    generator = random_generator("stylegan2", z_dim=10, mapping_dim=0, embedding=0)
    return generator.state_dict(), generator.spec


@pytest.mark.parametrize("kind", ["ours", "rosinality", "official"])
def test_a_large_file_tells_at_once(tmp_path: Path, kind: str) -> None:
    spec, path = StyleGAN2(resolution=1024 if kind == "ours" else 64, clamp=0.0), tmp_path / "m"
    state = outline(spec).state_dict()
    if kind == "ours":
        hollow(path, {"more": (350 * 2**18,), **{name: tuple(x.shape) for name, x in state.items()}}, native.Card(spec))
        assert path.stat().st_size > 450 * 2**20
    else:
        torch.save({"g_ema": rosinality2.to_theirs(state, spec) if kind == "rosinality" else _official(state)}, path)
        assert path.stat().st_size > 50 * 2**20
    tracemalloc.start()
    begun = time.process_time()
    facts = read_facts(path)
    taken, memory = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken < 1.0
    assert memory < 10 * 2**20
    assert facts.resolution == spec.resolution


def hollow(path: Path, shapes: dict[str, tuple[int, ...]], card: native.Card) -> None:
    """A safetensors file of zeros that takes no room on the disk."""
    header, end = {"__metadata__": {native.KEY: json.dumps(msgspec.to_builtins(card))}}, 0
    for name, shape in shapes.items():
        start, end = end, end + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)


def _official(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    found = {nvidia.theirs(name): x for name, x in state.items()}
    return {name: x[..., None, None] if name.endswith("torgb.weight") else x for name, x in found.items()}


def test_what_is_no_model_is_one_sentence(tmp_path: Path) -> None:
    save_file({"x": torch.ones(2)}, tmp_path / "m")
    with pytest.raises(BadCheckpoint, match="not one of Latent Explorer"):
        read_facts(tmp_path / "m")
