"""StyleGAN-XL's pickles: stem and stages are told by the tensors alone, and what is drawn is what the original draws."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from engine.checkpoints import BadCheckpoint, load, native, nvidia_xl
from engine.checkpoints.facts import read_facts
from engine.networks import StyleGANXL
from engine.networks.superresolution import Rise
from engine.recipe import Recipe, put, seeded
from engine.render.renderer import Renderer
from tests.weights.written import Made, Named

from .files import REFERENCE
from .test_pickles import FORWARD, near
from .written import network, write

FILTER = "synthesis.L10_52_12.up_filter"


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def golden(name: str = "superres32") -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """All tensors of a golden file, and the state dict in it."""
    found = load_file(REFERENCE / "stylegan_xl" / f"{name}.safetensors")
    return found, {key.removeprefix("state/"): x for key, x in found.items() if key.startswith("state/")}


def discriminator() -> Made:
    """As theirs: plain classes, whose hooks are functions of dill; it comes before the generator's average."""
    code = Made(Named("dill._dill", "_create_code"), (0, b"\x64\x00\x53\x00" * 40, "hook"))
    hook = Made(Named("dill._dill", "_create_function"), (code, {}, "hook", None, None), {"__doc__": None})
    vit = Made(Named("timm.models.vision_transformer", "VisionTransformer"))
    vit.state = {"_parameters": {"w": torch.ones(2)}, "_modules": {}, "_forward_hooks": OrderedDict({7: hook})}
    state = {"_parameters": {}, "_buffers": {}, "_modules": {"vit": vit}}
    return Made(Named("pg_modules.discriminator", "ProjectedDiscriminator"), (), state)


def official(spec: StyleGANXL) -> dict[str, Tensor]:
    """Random weights of a spec under the official names, with filters and the table of classes that all have."""
    generator, names = spec.build(), nvidia_xl.scopes(spec)
    found = {nvidia_xl.theirs(name, spec, names): x for name, x in generator.state_dict().items()}
    found |= dict(nvidia_xl.filters(spec, nvidia_xl.layers_of(found)))
    return {"mapping.embed.weight": torch.ones(spec.table_rows, spec.table_features), **found}


def written(folder: Path, change: Callable[[dict[str, Tensor]], object] = lambda state: None, **said: Any) -> Path:
    state = golden()[1]
    change(state)
    progress = {"cur_nimg": 5_000, "best_fid": 2.5}
    whole = {"G": network(state, said), "D": discriminator(), "G_ema": network(state, said), "augment_pipe": None}
    path = {"path": "/data/hills.zip"}
    return write(folder / "m.pkl", {**whole, "training_set_kwargs": path, "progress": progress})


def test_it_draws_the_golden_picture_and_becomes_ours(tmp_path: Path) -> None:
    found, _ = golden()
    generator, card = load(written(tmp_path))
    assert isinstance(card.network, StyleGANXL)
    assert (card.network.stages, card.network.resolution, card.network.label_size) == ((Rise(2, 7),), 32, 7)
    assert (card.images, card.data, card.made_by) == (5_000, "hills", "StyleGAN-XL pickle")
    with torch.no_grad():
        ws = generator.broadcast(generator.mapping(found["in/z"], found["in/c"].float()))
        near(ws, found["out/ws"], FORWARD)
        near(generator.synthesize(ws), found["out/img"], FORWARD)
    native.write(tmp_path / "ours.safetensors", generator, card)
    again, ours = load(tmp_path / "ours.safetensors")
    assert ours.identity == card.identity
    assert torch.equal(again.synthesize(ws), generator.synthesize(ws))


def test_the_facts_say_what_is_inside(tmp_path: Path, say: Callable) -> None:
    facts = read_facts(written(tmp_path))
    assert (facts.family, facts.resolution, facts.label_size, facts.z_dim) == ("stylegan-xl", 32, 7, 8)
    assert facts.holds == ("G", "D", "G_ema")
    assert facts.training["progress.best_fid"] == 2.5
    assert not facts.obstacle
    said = say("info", tmp_path / "m.pkl")
    assert "stylegan-xl" in said.out
    assert say("render", "--model", tmp_path / "m.pkl", "--seeds", 1, "--out", tmp_path / "x.png").code == 0


def test_classes_are_drawn_and_truncated_each_by_itself(tmp_path: Path) -> None:
    renderer = Renderer("cpu")
    info = renderer.open(written(tmp_path))
    assert (info.label_size, info.transforms, info.has_noise) == (7, True, False)
    recipes = [put(Recipe(model=info.model, latent=seeded(3, label)), "truncation.psi", 0.0) for label in (1, 5)]
    ends = [renderer.render(recipe).pixels for recipe in recipes]
    assert not np.array_equal(*ends)
    generator, _ = load(tmp_path / "m.pkl")
    with torch.no_grad():
        expected = generator.synthesize(generator.broadcast(generator.mapping.w_avg[[5]]))
    assert np.abs(ends[1].astype(int) - ((expected[0].permute(1, 2, 0) * 127.5 + 128).numpy())).max() < 1


SPECS = {
    "a stem": StyleGANXL.tiny(resolution=16, stages=(), label_size=3),
    "no labels": StyleGANXL.tiny(margin=10),
    "four times at once": StyleGANXL.tiny(resolution=64, stages=(Rise(4, 5),), label_size=2, depth=5),
    "three stages": StyleGANXL.tiny(
        resolution=128, stages=(Rise(2, 7), Rise(4, 5), Rise(2, 4)), depth=10, feature_base=512
    ),
    "r": StyleGANXL.tiny(variant="r", label_size=4),
    "a stem of 1×1 convolutions": StyleGANXL.tiny(kernel=1, label_size=2),
    "odd widths": StyleGANXL.tiny(widths=(7, 6, 6, 5, 3), label_size=2),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_stem_and_stages_are_told_by_the_tensors(spec: StyleGANXL) -> None:
    found = official(spec)
    told = nvidia_xl.spec_of(found, {"margin_size": spec.margin})
    layout, expected = told.layout(), spec.layout()
    assert layout == expected
    assert (told.stages, told.variant, told.label_size) == (spec.stages, spec.variant, spec.label_size)
    weights = nvidia_xl.weights(found, told)
    assert {place.theirs for place in nvidia_xl.places(told)} == weights.keys()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t[FILTER].mul_(1.01), f"the tensor {FILTER} is missing or not the filter"),
        (lambda t: t.pop(FILTER), f"the tensor {FILTER} is missing or not the filter"),
        (lambda t: t.pop("synthesis.input.phases"), "the tensor synthesis.input.phases is missing"),
        (lambda t: t.pop("mapping.w_avg"), "the tensor mapping.w_avg is missing"),
        (lambda t: t.update({"mapping.w_avg": torch.zeros(1, 2, 3)}), "(1, 2, 3), where a matrix is needed"),
        (lambda t: t.update({"mapping.embed.weight": torch.zeros(3, 6)}), "7 classes are more than the 3 rows"),
        (lambda t: t.update({"synthesis.extra": torch.zeros(1)}), "the tensor synthesis.extra is left over"),
        (lambda t: t.pop("synthesis.L11_52_12.weight"), "not those of a StyleGAN-XL's stem and stages"),
        (lambda t: [t.pop(name) for name in list(t) if "synthesis.L" in name], "no synthesis layers"),
    ],
)
def test_a_tensor_that_does_not_fit_is_named(tmp_path: Path, change: Callable, says: str) -> None:
    with pytest.raises(BadCheckpoint) as caught:
        load(written(tmp_path, change))
    assert says in str(caught.value)
    assert str(caught.value).startswith("m.pkl")


@pytest.mark.parametrize(
    "said",
    [{"margin_size": 9}, {"output_scale": -1.0}, {"conv_clamp": "x"}, {"first_cutoff": 0}, {"lrelu_upsampling": 4}],
)
def test_settings_that_its_tensors_do_not_bear_out(tmp_path: Path, said: dict[str, Any]) -> None:
    with pytest.raises(BadCheckpoint, match=r"m\.pkl"):
        load(written(tmp_path, **said))


def test_a_plain_state_dict_of_official_names(tmp_path: Path) -> None:
    torch.save(golden()[1], tmp_path / "m.pt")
    assert load(tmp_path / "m.pt")[1].identity == load(written(tmp_path))[1].identity
