"""StyleGAN3's pickles: configuration R with labels, what tensors tell where a file does not, and what does not fit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from engine.checkpoints import BadCheckpoint, load, native
from engine.networks import StyleGAN3
from engine.recipe import Recipe, Transform, seeded
from engine.render.renderer import Renderer

from .files import REFERENCE, pickle_of
from .test_pickles import FORWARD, near
from .written import network, write


def official() -> tuple[dict[str, Tensor], dict[str, Tensor], dict[str, Any]]:
    """The golden file of configuration R, the generator's state dict in it, and all keyword arguments."""
    path = REFERENCE / "stylegan3" / "pkl_sg3r_tiny.safetensors"
    golden, prefix = load_file(path), "sd.G_ema."
    state = {name.removeprefix(prefix): x for name, x in golden.items() if name.startswith(prefix)}
    return golden, state, json.loads(path.with_suffix(".json").read_text())["init_kwargs"]


def written(folder: Path, change: Callable[[dict[str, Tensor]], object] | None = None, **said: Any) -> Path:
    """The same as a pickle, with other tensors or other keyword arguments."""
    _, state, settings = official()
    if change is not None:
        change(state)
    return write(folder / "m.pkl", {"G_ema": network(state, {**settings["G_ema"], **said})})


def test_configuration_r_with_labels_draws_the_golden_pictures(tmp_path: Path) -> None:
    golden, state, settings = official()
    whole = {"G_ema": network(state, settings["G_ema"]), "D": network({}, settings["D"])}
    generator, card = load(write(tmp_path / "m.pkl", whole))
    assert isinstance(card.network, StyleGAN3)
    assert (card.network.variant, card.network.label_size, card.network.judge_max) == ("r", 3, 8)
    with torch.no_grad():
        ws = generator.broadcast(generator.mapping(golden["in.z"], golden["in.c"].float()))
        near(ws, golden["out.G_ema.ws"], FORWARD)
        near(generator.synthesize(ws), golden["out.G_ema.img_noise_const_fp32"], FORWARD)


@pytest.mark.parametrize("label", [0, 2])
def test_it_is_moved_and_turned_and_becomes_ours(tmp_path: Path, label: int) -> None:
    renderer = Renderer("cpu")
    info = renderer.open(written(tmp_path))
    assert (info.family, info.transforms, info.has_noise, info.label_size) == ("stylegan3", True, False, 3)
    still = Recipe(model=info.model, latent=seeded(3, label))
    turned = Recipe(model=info.model, latent=seeded(3, label), transform=Transform(0.1, 0.0, 30.0))
    pictures = [renderer.render(recipe).pixels for recipe in (still, turned)]
    assert not np.array_equal(*pictures)
    native.write(tmp_path / "ours.safetensors", *load(tmp_path / "m.pkl"))
    again = Renderer("cpu")
    again.open(tmp_path / "ours.safetensors")
    assert all(np.array_equal(again.render(r).pixels, p) for r, p in zip((turned, still), pictures[::-1], strict=True))


def test_sizes_that_a_file_does_not_say_are_seen_in_its_tensors(tmp_path: Path) -> None:
    _, state, settings = official()
    bare = write(tmp_path / "bare.pkl", network(state, {"channel_base": settings["G_ema"]["channel_base"]}))
    assert load(bare)[1].identity == load(written(tmp_path))[1].identity


def test_a_transform_of_the_models_own_stays(tmp_path: Path) -> None:
    """Whoever saved a model that is turned finds it turned, and a recipe's transform comes after that."""
    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    own = torch.tensor([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]).float()
    renderer = Renderer("cpu")
    plain, turned = (
        renderer.open(written(tmp_path, lambda t, by=by: t.update({"synthesis.input.transform": by}))).model
        for by in (torch.eye(3), own)
    )
    assert plain != turned
    pairs = [(Transform(angle=30.0), Transform()), (Transform(angle=45.0), Transform(angle=15.0))]
    for whole, rest in pairs:
        one = renderer.render(Recipe(model=plain, latent=seeded(1), transform=whole)).pixels
        two = renderer.render(Recipe(model=turned, latent=seeded(1), transform=rest)).pixels
        assert np.abs(one.astype(int) - two.astype(int)).max() <= 1


FILTER = "synthesis.L1_36_16.down_filter"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t[FILTER].mul_(1.01), f"the tensor {FILTER} is missing or not the filter"),
        (lambda t: t.pop(FILTER), f"the tensor {FILTER} is missing or not the filter"),
        (lambda t: t.pop("synthesis.input.phases"), "the tensor synthesis.input.phases is missing"),
        (lambda t: t.update({"synthesis.extra": torch.zeros(1)}), "the tensor synthesis.extra is left over"),
        (lambda t: t.update({"synthesis.input.freqs": torch.zeros(2)}), "the tensor synthesis.input.freqs is (2,)"),
        (lambda t: [t.pop(name) for name in list(t) if "synthesis.L" in name], "no synthesis layers"),
        (lambda t: t.pop("mapping.w_avg"), "mapping.w_avg is missing"),
    ],
)
def test_a_tensor_that_does_not_fit_is_named(tmp_path: Path, change: Callable, says: str) -> None:
    with pytest.raises(BadCheckpoint) as caught:
        load(written(tmp_path, change))
    assert says in str(caught.value)
    assert str(caught.value).startswith("m.pkl")


@pytest.mark.parametrize(
    "said",
    [
        {"img_resolution": 64}, {"img_resolution": 2**40}, {"img_channels": 1}, {"c_dim": 0}, {"z_dim": "many"},
        {"num_layers": 13}, {"num_critical": 14}, {"use_radial_filters": False}, {"conv_kernel": 3, "filter_size": 8},
        {"mapping_kwargs": [1]}, {"channel_max": 8}, {"conv_clamp": -1.0}, {"first_cutoff": 0.0}, {"num_critical": 30},
        {"lrelu_upsampling": 3}, {"channel_base": 64},
    ],
)  # fmt: skip
def test_settings_that_its_tensors_do_not_bear_out(tmp_path: Path, said: dict[str, Any]) -> None:
    with pytest.raises(BadCheckpoint, match=r"m\.pkl"):
        load(written(tmp_path, **said))


def test_the_command_line_turns_mixes_and_films(say: Callable, tmp_path: Path) -> None:
    model = ("--model", pickle_of("sg3t_tiny"), "--set", "transform.angle=30")
    said = say("info", pickle_of("sg3t_tiny"), "--json")
    facts = json.loads(said.out)
    assert (facts["family"], facts["transforms"]) == ("stylegan3", True)
    assert not any(layer["has_noise"] for layer in facts["layers"])
    assert say("render", *model, "--seeds", 5, "--out", tmp_path / "x.png").code == 0
    assert "transform.angle" in say("info", tmp_path / "x.png").out
    assert say("mix", *model, "--rows", 1, "--cols", "2-3", "--layers", "coarse", "--out", tmp_path / "m.png").code == 0
    film = ("--seeds", "1,2", "--seconds", 0.1, "--out", tmp_path / "f.mp4")
    assert say("video", *model, *film).code == 0
    assert all((tmp_path / name).exists() for name in ("x.png", "m.png", "f.mp4"))
    wrong = say(
        "render", "--model", pickle_of("sg3t_tiny"), "--set", "transform.angle=400", "--seeds", 5, "--out", "y.png"
    )
    assert wrong.code == 2
    assert "transform.angle cannot be" in wrong.err
