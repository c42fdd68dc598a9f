"""Official names and layouts: every configuration goes there and back, and strangers are named."""

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from msgspec import structs
from torch import Tensor, nn

from engine.checkpoints.tensorflow import (
    COPY,
    HWIO,
    HWIO_FUSED,
    HWOI_FUSED,
    MATRIX,
    Entry,
    Layout,
    entries,
    spec_of,
    spec_of_discriminator,
    to_ours,
    to_theirs,
)
from engine.networks import ProGAN, Spec, StyleGAN1

SPECS: dict[str, tuple[Spec, dict[str, Any]]] = {  # and the keyword arguments that shapes do not tell
    "stylegan1": (StyleGAN1.tiny(), {}),
    "stylegan1 with labels": (StyleGAN1.tiny(label_size=5), {}),
    "stylegan1 large enough to be fused": (StyleGAN1.tiny(resolution=128, feature_base=256), {}),
    "stylegan1 configuration B": (
        StyleGAN1(
            16, z_dim=8, w_dim=8, mapping_dim=8, mapping_layers=0, feature_base=64, feature_max=8,
            constant_input=False, noise=False, styles=False, instance_norm=False, pixel_norm=True,
        ),
        {"use_instance_norm": False, "use_pixel_norm": True},
    ),
    "stylegan1 at 4x4": (StyleGAN1.tiny(resolution=4, feature_base=16), {}),
    "stylegan1 switched": (
        StyleGAN1.tiny(relu=True, blur=False, equalize=False, normalize_latents=False, stddev_features=2),
        {"nonlinearity": "relu", "blur_filter": None, "use_wscale": False, "normalize_latents": False},
    ),
    "stylegan1 grey": (StyleGAN1.tiny(channels=1, stddev_group=0), {"mbstd_group_size": 0}),
    "progan": (ProGAN.tiny(classify=False), {}),
    "progan with labels": (ProGAN.tiny(label_size=3), {}),
    "progan unfused": (ProGAN.tiny(pool_last=True, classify=False), {}),
}  # fmt: skip
CASES = pytest.mark.parametrize(("spec", "settings"), SPECS.values(), ids=SPECS)


def official(network: nn.Module, spec: Spec) -> dict[str, Tensor]:
    """The network's weights as an official file would hold them."""
    unfused = {"8x8/Conv0/weight": torch.empty(0)} if isinstance(spec, ProGAN) and spec.pool_last else {}
    judge = {"FromRGB_lod0/weight": torch.empty(0)} if hasattr(network, "from_rgb") else {}
    table = entries({**unfused, **judge}, spec)
    return {"lod": torch.zeros(()), **to_theirs(network.state_dict(), table)}


@CASES
def test_there_and_back(spec: Spec, settings: Mapping[str, Any]) -> None:
    networks = spec.build(), spec.build_discriminator()
    variables = [official(network, spec) for network in networks]
    assert spec_of(*variables, settings) == spec
    for network, own in zip(networks, variables, strict=True):
        state = to_ours(own, spec)
        assert state.keys() == network.state_dict().keys()
        assert all(torch.equal(state[name], value) for name, value in network.state_dict().items())


@CASES
def test_a_discriminator_alone_gives_its_own_sizes(spec: Spec, settings: Mapping[str, Any]) -> None:
    variables = official(spec.build_discriminator(), spec)
    found = spec_of_discriminator(variables, type(spec), settings)
    assert found.build_discriminator().state_dict().keys() == spec.build_discriminator().state_dict().keys()
    assert (found.resolution, found.features()) == (spec.resolution, spec.features())


@pytest.mark.parametrize("layout", [COPY, HWIO, HWIO_FUSED, HWOI_FUSED], ids=str)
def test_layouts_undo_themselves(layout: Layout) -> None:
    x = torch.arange(24.0).reshape(2, 1, 3, 4)
    assert torch.equal(layout.theirs(layout.ours(x)), x)


def test_layout_of_a_matrix() -> None:
    assert MATRIX.ours(torch.zeros(2, 3)).shape == (3, 2)


def test_strangers_and_the_missing_are_named() -> None:
    spec = StyleGAN1.tiny()
    variables = official(spec.build(), spec)
    variables["stranger"] = variables.pop("dlatent_avg")
    with pytest.raises(ValueError, match="missing dlatent_avg; left over stranger"):
        to_ours(variables, spec)


@pytest.mark.parametrize("name", ["dlatent_avg", "G_synthesis/ToRGB_lod0/weight", "G_mapping/Dense0/weight"])
def test_a_spec_needs_what_it_is_told_by(name: str) -> None:
    spec = StyleGAN1.tiny()
    variables = official(spec.build(), spec)
    del variables[name]
    with pytest.raises(ValueError, match="missing"):
        to_ours(variables, spec_of(variables))


def test_the_port_of_progan_keeps_outputs_last() -> None:
    spec = ProGAN.tiny(classify=False, feature_base=32)
    generator = spec.build()
    variables = official(generator, spec)
    name, ours = "16x16/Conv0_up/weight", "layers.b16_up.source.weight"
    for own in ("8x8/Conv0_up/weight", name):
        variables[own] = variables[own].permute(0, 1, 3, 2)
    assert variables[name].shape[2] == 2 * variables[name].shape[3]
    assert torch.equal(to_ours(variables, spec)[ours], generator.state_dict()[ours])
    assert Entry(name, ours, HWIO_FUSED) in entries(variables, spec)


def test_widths_of_the_paper() -> None:
    paper = StyleGAN1(mapping_layers=1)
    with torch.device("meta"):
        variables = official(paper.build(), paper)
    assert spec_of(variables) == structs.replace(paper)


@pytest.mark.parametrize("settings", [{"tanh_at_end": True}, {"blur_filter": [1, 3, 3, 1]}, {"mapping_lrmul": 1.0}])
def test_what_our_networks_cannot_be_is_refused(settings: dict[str, Any]) -> None:
    spec = StyleGAN1.tiny()
    with pytest.raises(ValueError, match="not supported"):
        spec_of(official(spec.build(), spec), settings=settings)


def test_widths_that_no_base_gives_are_refused() -> None:
    spec = ProGAN.tiny(classify=False)
    variables = official(spec.build(), spec)
    variables["ToRGB_lod0/weight"] = torch.zeros(1, 1, 9, 3)
    with pytest.raises(ValueError, match="do not follow"):
        spec_of(variables)
