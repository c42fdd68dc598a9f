"""StyleGAN-T's pickles: classes named only, a text encoder carried along; what is drawn is what the original draws."""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from engine.checkpoints import BadCheckpoint, load, native, nvidia_t
from engine.checkpoints.facts import read_facts
from engine.networks import StyleGANT
from engine.recipe import Recipe, put, seeded
from engine.render.renderer import Renderer
from tests.weights.written import Made, Named

from .files import REFERENCE
from .test_pickles import FORWARD, near
from .written import write

CLIP = {
    "mapping.clip.model.token_embedding.weight": torch.ones(5, 3),
    "mapping.clip.model.ln_final.bias": torch.ones(3),
}
BUFFERS = ("freqs", "phases", "transform", "noise_const", "resample_filter", "x_avg")
NORM = "synthesis.b8.convs1.1.norm"


def golden() -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """All tensors of the golden generator, and the state dict in it."""
    found = load_file(REFERENCE / "stylegan_t" / "generator_text_64.safetensors")
    return found, {name.removeprefix("state/"): x for name, x in found.items() if name.startswith("state/")}


def by_reference(
    kind: str, tensors: Mapping[str, Tensor], said: Mapping[str, Mapping[str, Any]], path: str = ""
) -> Made:
    """A module as dill writes it: its class by name alone, its parts within; `said` are attributes of parts by their paths."""
    state: dict[str, Any] = {"_parameters": {}, "_buffers": {}, "_modules": {}, "training": False, **said.get(path, {})}
    parts: dict[str, dict[str, Tensor]] = {}
    for name, x in tensors.items():
        part, _, rest = name.partition(".")
        if rest:
            parts.setdefault(part, {})[rest] = x
        else:
            state["_buffers" if part in BUFFERS else "_parameters"][part] = x
    for part, inside in parts.items():
        state["_modules"][part] = by_reference("SynthesisBlock", inside, said, f"{path}.{part}".removeprefix("."))
    return Made(Named("networks.generator", kind), (), state)


def written(folder: Path, change: Callable[[dict[str, Tensor]], object] = lambda state: None, **said: Any) -> Path:
    state = {**golden()[1], **CLIP}
    change(state)
    told = {NORM: {"num_groups": said.pop("groups", 32)}, NORM.removesuffix(".norm"): {"conv_clamp": 256, **said}}
    network = by_reference("Generator", state, told)
    hook = Made(Named("dill._dill", "_create_function"), (None, {}, "hook", None, None))
    judge = Made(Named("networks.discriminator", "ProjectedDiscriminator"), (), {
        "_parameters": {}, "_buffers": {}, "_modules": {}, "_forward_hooks": {7: hook}})  # fmt: skip
    whole = {
        "G": network,
        "D": judge,
        "G_ema": copy.deepcopy(network),
        "training_set_kwargs": {"path": "/data/words.zip"},
    }
    return write(folder / "m.pkl", whole)


def test_it_draws_the_golden_picture_and_becomes_ours(tmp_path: Path) -> None:
    found, _ = golden()
    generator, card = load(written(tmp_path))
    assert isinstance(card.network, StyleGANT)
    assert (card.network.pairs, card.network.text_size, card.network.encoder) == (1, 12, "")
    assert (card.data, card.made_by) == ("words", "StyleGAN-T pickle")
    with torch.no_grad():
        ws = generator.broadcast(generator.mapping(found["in/z"], found["in/c"]))
        near(ws, found["out/ws"], FORWARD)
        near(generator.synthesize(ws), found["out/img_noise_const"], FORWARD)
    native.write(tmp_path / "ours.safetensors", generator, card)
    again, ours = load(tmp_path / "ours.safetensors")
    assert ours.identity == card.identity
    assert torch.equal(again.synthesize(ws), generator.synthesize(ws))


def test_the_facts_say_what_is_inside(tmp_path: Path, say: Callable) -> None:
    facts = read_facts(written(tmp_path))
    assert (facts.family, facts.resolution, facts.label_size, facts.text) == ("stylegan-t", 64, 0, True)
    assert (facts.z_dim, facts.w_dim, facts.holds) == (8, 20, ("G", "D", "G_ema"))
    assert not facts.obstacle
    said = say("info", tmp_path / "m.pkl")
    assert "stylegan-t" in said.out
    assert "text" in said.out
    assert say("render", "--model", tmp_path / "m.pkl", "--seeds", 1, "--out", tmp_path / "x.png").code == 0


def test_without_words_it_draws_from_the_seed_and_truncates_beside_them(tmp_path: Path) -> None:
    renderer = Renderer("cpu")
    info = renderer.open(written(tmp_path))
    recipes = [put(Recipe(model=info.model, latent=seeded(seed)), "truncation.psi", 0.0) for seed in (1, 2)]
    ends = [renderer.render(recipe).pixels for recipe in recipes]
    assert np.array_equal(*ends)
    assert (info.label_size, info.has_noise, info.transforms) == (0, True, False)
    assert not np.array_equal(ends[0], renderer.render(put(recipes[0], "truncation.psi", 1.0)).pixels)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.pop("mapping.x_avg"), "the tensor mapping.x_avg is missing"),
        (lambda t: t.pop(f"{NORM}.weight"), f"the tensor {NORM}.weight is missing"),
        (lambda t: t.pop("synthesis.b16.conv0.weight"), "the tensor synthesis.b16.conv0.weight is missing"),
        (lambda t: t.update({"synthesis.extra": torch.zeros(1)}), "the tensor synthesis.extra is left over"),
        (lambda t: t["synthesis.b16.resample_filter"].mul_(1.1), "is not the filter that every StyleGAN-T"),
        (lambda t: t.update({"synthesis.b8.convs1.1.gamma": torch.ones(2)}), "synthesis.b8.convs1.1.gamma is (2,)"),
        (lambda t: t.update({"mapping.x_avg": torch.zeros(2, 2)}), "where 1 axes are needed"),
        (lambda t: t.update({"mapping.x_avg": torch.zeros(30)}), "describe no StyleGAN-T that is known here"),
        (lambda t: [t.pop(name) for name in list(t) if "torgb" in name], "no synthesis layers such as"),
    ],
)
def test_a_tensor_that_does_not_fit_is_named(tmp_path: Path, change: Callable, says: str) -> None:
    with pytest.raises(BadCheckpoint) as caught:
        load(written(tmp_path, change))
    assert says in str(caught.value)
    assert str(caught.value).startswith("m.pkl")


@pytest.mark.parametrize(
    "said", [{"conv_clamp": "x"}, {"conv_clamp": -1.0}, {"groups": 0}, {"groups": 48}, {"groups": None}]
)
def test_settings_that_no_network_has(tmp_path: Path, said: dict[str, Any]) -> None:
    with pytest.raises(BadCheckpoint, match=r"m\.pkl"):
        load(written(tmp_path, **said))


def test_what_it_reads_with_is_told_by_the_size_of_its_features() -> None:
    with torch.device("meta"):
        spec = StyleGANT.paper(16, feature_base=512, feature_max=32)
        official = {nvidia_t.theirs(name): x for name, x in spec.build().state_dict().items()}
    official = {name: x[..., None, None] if name.endswith("torgb.weight") else x for name, x in official.items()}
    assert nvidia_t.spec_of(official, {}) == spec
    assert spec.encoder == "clip-l14"


def test_a_plain_state_dict_of_official_names(tmp_path: Path) -> None:
    torch.save(golden()[1], tmp_path / "m.pt")
    assert load(tmp_path / "m.pt")[1].identity == load(written(tmp_path))[1].identity
