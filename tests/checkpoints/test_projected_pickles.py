"""Projected GAN's pickles: a FastGAN whose classes are only named, in every kind that its program makes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.checkpoints import BadCheckpoint, load, native, projected
from engine.checkpoints.ensemble import load_all
from engine.checkpoints.facts import read_facts
from engine.networks import FastGAN
from engine.networks.generator import Canvas, draw

from .files import golden_of
from .test_pickles import FORWARD, near
from .test_stylegan_t_pickles import by_reference
from .written import write

KINDS: dict[str, dict[str, Any]] = {
    "full": {}, "light": {"light": True}, "classes": {"label_size": 3}, "light classes": {"label_size": 3, "light": True},
}  # fmt: skip


def made(**changes: Any) -> tuple[FastGAN, dict[str, Tensor]]:
    """A tiny generator with random weights, and its tensors under official names, with the counters that files have."""
    spec = FastGAN.tiny(resolution=32, **changes)
    torch.manual_seed(3)
    state = spec.build().state_dict()
    for name, x in state.items():
        if name.endswith(("own", "bias", "running_mean")):
            x.normal_()
    theirs = {projected.theirs(name, spec): x for name, x in state.items()}
    return spec, theirs | {"synthesis.init.init.1.num_batches_tracked": torch.tensor(7)}


def written(folder: Path, official: dict[str, Tensor], **said: Any) -> Path:
    network = by_reference("Generator", official, {"": {"img_channels": 3, **said}})
    judge = by_reference("Discriminator", {"feature_network.pretrained.layer0.0.weight": torch.ones(2)}, {})
    whole = {"G": network, "D": judge, "G_ema": network, "training_set_kwargs": {"path": "/data/hills.zip"}}
    return write(folder / "m.pkl", whole)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_back_as_it_was(tmp_path: Path, kind: str) -> None:
    spec, official = made(**KINDS[kind])
    path = written(tmp_path, official, img_resolution=32, c_dim=spec.label_size)
    generator, card = load(path)
    found = card.network
    assert isinstance(found, FastGAN)
    assert (found.resolution, found.light, found.label_size) == (32, spec.light, spec.label_size)
    assert (found.features, found.z_dim) == (spec.features, spec.z_dim)
    assert (card.made_by, card.data) == ("Projected GAN pickle", "hills")
    theirs = {projected.theirs(name, found): x for name, x in generator.state_dict().items()}
    assert all(torch.equal(x, theirs[name]) for name, x in official.items() if name in theirs)
    assert len(theirs) == len(official) - 1
    native.write(tmp_path / "ours.safetensors", generator, card)
    assert load(tmp_path / "ours.safetensors")[1].identity == card.identity
    assert load_all(path).discriminator is None, "heads on a feature network are not taken along"


@pytest.mark.parametrize("name", ["fastgan_256", "fastgan_lite_256"])
def test_it_draws_the_golden_picture(tmp_path: Path, name: str) -> None:
    golden = golden_of(name)
    official = {key.removeprefix("state/"): x for key, x in golden.items() if key.startswith("state/")}
    generator, card = load(written(tmp_path, official, img_resolution=256))
    assert card.network == FastGAN(256, z_dim=12, features=4, light="lite" in name, judge=card.network.judge)
    ws, canvas = generator.broadcast(generator.mapping(golden["in/z"])), Canvas()
    noises = iter(sorted(key for key in golden if key.startswith("rand/noise")))
    with torch.no_grad():
        for step in generator.steps():
            canvas = draw(step, canvas, ws, golden[next(noises)] if step.layer.constant_noise is not None else None)
    assert canvas.picture is not None
    near(canvas.picture, golden["out/img"], FORWARD)


def test_rows_of_classes_that_the_data_does_not_have_are_left_out(tmp_path: Path, say: Callable) -> None:
    _, official = made(label_size=9)
    path = written(tmp_path, official, img_resolution=32, c_dim=4)
    facts = read_facts(path)
    assert (facts.family, facts.label_size, facts.holds, facts.obstacle) == ("fastgan", 4, ("G", "D", "G_ema"), "")
    assert load(path)[0].state_dict()["mapping.embedding"].shape[0] == 4
    assert say("render", "--model", path, "--seeds", 1, "--out", tmp_path / "x.png").code == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.pop("synthesis.to_big.bias"), "the tensor synthesis.to_big.bias is missing"),
        (lambda t: t.pop("synthesis.to_big.weight_orig"), "the tensor synthesis.to_big.weight_orig is missing"),
        (lambda t: t.pop("synthesis.feat_16.5.weight_u"), "the tensor synthesis.feat_16.5.weight_u is missing"),
        (lambda t: t.update({"synthesis.feat_16.9.weight": torch.zeros(1)}), "synthesis.feat_16.9.weight is left over"),
        (lambda t: t.update({"synthesis.feat_8.3.bias": torch.zeros(1)}), "the tensor synthesis.feat_8.3.bias is (1,)"),
    ],
)
def test_a_tensor_that_does_not_fit_is_named(tmp_path: Path, change: Callable, says: str) -> None:
    _, official = made()
    change(official)
    with pytest.raises(BadCheckpoint, match=r"m\.pkl") as caught:
        load(written(tmp_path, official, img_resolution=32))
    assert says in str(caught.value)


def test_a_plain_state_dict(tmp_path: Path) -> None:
    spec, official = made()
    torch.save(official, tmp_path / "m.pt")
    generator, card = load(tmp_path / "m.pt")
    assert isinstance(card.network, FastGAN)
    assert card.network.resolution == spec.resolution
    assert torch.equal(
        generator.state_dict()["layers.b8_conv0.conv.weight"], official["synthesis.feat_8.1.weight_orig"]
    )
