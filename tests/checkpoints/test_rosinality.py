"""rosinality's files draw what they drew in his programs, and ours become his."""

from argparse import Namespace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.checkpoints import BadCheckpoint, load, native, read_card, rosinality2
from engine.checkpoints.ensemble import load_all
from engine.checkpoints.places import layout
from engine.networks import FAMILIES, StyleGAN2
from tests.models import random_generator

from .rosinality import draw1, judge2, judged2, names2, state1

SPEC = {"z_dim": 10, "mapping_dim": 0, "embedding": 0}


def state2(**changes: int) -> tuple[torch.nn.Module, dict[str, torch.Tensor]]:
    generator = random_generator("stylegan2", **{**SPEC, **changes})
    return generator, rosinality2.to_theirs(generator.state_dict(), generator.spec)


def saved(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


def test_the_names_are_his() -> None:
    _, state = state2()
    average = state.pop("latent_avg")
    assert sorted(state) == sorted(names2(levels=3, depth=2))
    assert average.shape == (10,)
    shapes = {name: tuple(x.shape) for name, x in state.items()}
    for name, shape in {
        "input.input": (1, 8, 4, 4), "conv1.conv.weight": (1, 8, 8, 3, 3), "conv1.noise.weight": (1,),
        "to_rgb1.bias": (1, 3, 1, 1), "to_rgb1.conv.weight": (1, 3, 8, 1, 1), "noises.noise_4": (1, 1, 16, 16),
        "convs.2.conv.modulation.weight": (8, 10), "style.1.weight": (10, 10), "convs.0.conv.blur.kernel": (4, 4),
    }.items():  # fmt: skip
        assert shapes[name] == shape
    assert state["to_rgbs.0.upsample.kernel"].sum() == pytest.approx(4)


@pytest.mark.parametrize("way", ["trainer", "converter", "bare", "parallel", "encoder", "safetensors", "legacy"])
def test_stylegan2_in_every_wrapping(tmp_path: Path, way: str) -> None:
    generator, state = state2()
    bare = {name: x for name, x in state.items() if name != "latent_avg"}
    other = {name: torch.zeros_like(x) for name, x in bare.items()}
    content = {
        "trainer": {"g": other, "d": {"convs.0.0.weight": torch.zeros(2)}, "g_ema": bare, "g_optim": {"state": {}},
                    "args": Namespace(size=16), "ada_aug_p": 0.25},
        "converter": {"g_ema": bare, "latent_avg": state["latent_avg"]},
        "bare": bare, "legacy": bare,
        "parallel": {f"module.{name}": x for name, x in bare.items()},
        "encoder": {"state_dict": {**{f"decoder.{name}": x for name, x in bare.items()}, "encoder.x": torch.ones(2)},
                    "latent_avg": state["latent_avg"].expand(8, -1)[0], "opts": {"size": 16}},
    }.get(way)  # fmt: skip
    path = tmp_path / "m.pt"
    if way == "safetensors":
        save_file({name: x.contiguous() for name, x in state.items()}, path)
    else:
        torch.save(content, path, _use_new_zipfile_serialization=way != "legacy")
    found, card = load(path)
    known = way in ("converter", "encoder", "safetensors")
    assert card.network.features() == generator.spec.features()
    assert read_card(path).made_by == card.made_by
    assert card.made_by.endswith("file" if known else "average w estimated here")
    z = torch.randn(2, 10)
    assert torch.equal(found(z), generator(z))
    assert torch.equal(found.mapping.w_avg, generator.mapping.w_avg) == known
    if not known:
        w = generator.mapping(torch.randn(4000, 10))
        assert (found.mapping.w_avg - w.mean(0)).abs().max() < 0.1 * w.std()


def test_files_without_noise_get_some_that_stays(tmp_path: Path) -> None:
    generator, state = state2()
    path = saved(tmp_path / "m.pt", {"g_ema": {name: x for name, x in state.items() if "noises" not in name}})
    found, again = load(path)[0], load(path)[0]
    z = torch.randn(1, 10)
    assert torch.equal(found(z), again(z))
    ws = generator.broadcast(generator.mapping(z))
    assert torch.equal(found.synthesize(ws, "off"), generator.synthesize(ws, "off"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s.pop("convs.1.conv.weight"), "the tensor convs.1.conv.weight is missing"),
        (lambda s: s.pop("noises.noise_2"), "the tensor noises.noise_2 is missing"),
        (lambda s: s.update(extra=torch.zeros(2)), "the tensor extra is left over"),
        (lambda s: s.update({"conv1.noise.weight": torch.zeros(2)}), "conv1.noise.weight is (2,)"),
        (lambda s: s.update({"conv1.conv.weight": torch.zeros(2, 8, 8, 3, 3)}), "conv1.conv.weight is (2, 8, 8, 3, 3)"),
        (lambda s: s.update({"to_rgb1.conv.weight": torch.zeros(3)}), "to_rgb1.conv.weight is missing or has too few"),
        (lambda s: s["to_rgbs.0.upsample.kernel"].zero_(), "to_rgbs.0.upsample.kernel is not the filter"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, change, says: str) -> None:
    _, state = state2()
    change(state)
    with pytest.raises(BadCheckpoint) as caught:
        load(saved(tmp_path / "m.pt", {"g_ema": state}))
    assert says in str(caught.value)
    assert str(caught.value).startswith("m.pt")


def test_real_sizes_are_told(tmp_path: Path) -> None:
    spec = StyleGAN2(resolution=256, clamp=0.0)
    shapes = {name: torch.zeros(()).expand(tuple(shape)) for name, shape in layout(spec).items()}
    assert rosinality2.spec_of(rosinality2.to_theirs(shapes, spec)) == spec


@pytest.mark.parametrize(
    ("family", "changes", "says"),
    [("progan", {}, "ProGAN"), ("stylegan2", {"label_size": 3}, "labels"), ("stylegan2", {"architecture": "resnet"}, "resnet"),
     ("stylegan2", {"z_dim": 8}, "another width")],
)  # fmt: skip
def test_what_his_code_cannot_hold_is_said(family: str, changes: dict, says: str) -> None:
    spec = FAMILIES[family].tiny(**({**SPEC, **changes} if family == "stylegan2" else changes))
    with pytest.raises(ValueError, match=says):
        rosinality2.to_theirs({}, spec)


@pytest.mark.parametrize("fused", [2, 9])
def test_stylegan_draws_as_it_did(tmp_path: Path, fused: int) -> None:
    state = state1(blocks=4, fused=fused)
    generator, card = load(saved(tmp_path / "m.model", {"g_running": state, "discriminator": {"x": torch.ones(1)}}))
    assert (card.network.resolution, card.network.mapping_layers, card.lod) == (32, 2, 0.0)
    noises = [layer.constant_noise for layer in generator.layers.values() if layer.constant_noise is not None]
    z = torch.randn(3, 5, generator=torch.Generator().manual_seed(1))
    theirs, ours = draw1(state, z, noises), generator(z)
    assert (theirs - ours).abs().max() < 1e-5 * theirs.abs().max()
    assert not generator.mapping.w_avg.eq(0).any()


def test_stylegan_that_was_trained_to_a_lower_size(tmp_path: Path) -> None:
    state = state1(blocks=4, fused=2)
    for name in state:
        if ".progression.3." in name and name.endswith("bias"):
            state[name].zero_()
    generator, card = load(saved(tmp_path / "m.model", state))
    assert (card.lod, generator(torch.randn(1, 5)).shape[-1]) == (1.0, 16)
    assert native.write(tmp_path / "o.safetensors", generator, card).lod == 1.0


def test_a_blur_of_another_kind_is_refused(tmp_path: Path) -> None:
    state = state1(blocks=3, fused=2)
    state["generator.progression.1.conv1.2.weight"] += 0.1
    with pytest.raises(BadCheckpoint, match="is not the blur"):
        load(saved(tmp_path / "m.model", state))


def trained(tmp_path: Path, **changes: object) -> Path:
    """A file of the trainer, with all that it keeps."""
    _, average = state2()
    learnt = {name: x + 0.5 if name.startswith("style") else x for name, x in average.items() if name != "latent_avg"}
    content = {
        "g": learnt,
        "d": judge2(4, 8, 8),
        "g_ema": average,
        "latent_avg": average["latent_avg"],
        "ada_aug_p": 0.25,
    }
    return saved(tmp_path / "t.pt", {**content, **changes})


def test_the_trainers_other_networks(tmp_path: Path) -> None:
    found, pictures = load_all(trained(tmp_path)), torch.randn(8, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    assert found.generator is not None
    assert found.discriminator is not None
    assert found.p == 0.25
    with torch.no_grad():
        torch.testing.assert_close(
            found.discriminator(pictures), judged2(judge2(4, 8, 8), pictures), rtol=1e-5, atol=1e-5
        )
    learnt, average = (network.mapping.dense[0].bias for network in (found.generator, found.average))
    torch.testing.assert_close(learnt, average + 0.5)


def test_a_discriminator_that_does_not_fit_is_named(tmp_path: Path) -> None:
    judge = judge2(4, 8, 8)
    judge["convs.1.skip.0.kernel"] = torch.ones(4, 4) / 16
    with pytest.raises(BadCheckpoint, match=r"convs\.1\.skip\.0\.kernel of its discriminator is not the filter"):
        load_all(trained(tmp_path, d=judge))
    judge.pop("convs.1.skip.0.kernel")
    judge.pop("final_linear.1.bias")
    with pytest.raises(BadCheckpoint, match=r"final_linear\.1\.bias is missing, which the discriminator of"):
        load_all(trained(tmp_path, d=judge))
