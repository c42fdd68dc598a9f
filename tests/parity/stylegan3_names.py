"""Keyword arguments and tensor names of the official StyleGAN3, as our spec and our names."""

import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from engine.networks.alias_free_layers import AliasFreeLayer, AliasFreeRGB
from engine.networks.fourier import FourierInput
from engine.networks.stylegan3 import StyleGAN3, StyleGAN3Generator

Official = Mapping[str, Tensor]

NAMES: tuple[tuple[str, str], ...] = (  # official → ours inside a layer, the first that matches
    (r"mapping\.fc(\d+)\.(\w+)", r"mapping.dense.\1.\2"),
    (r"mapping\.(.+)", r"mapping.\1"),
    (r"synthesis\.input\.(.+)", r"layers.input.\1"),
    (r"synthesis\.(L\d+)_\d+_\d+\.weight", r"layers.\1.conv.weight"),
    (r"synthesis\.(L\d+)_\d+_\d+\.magnitude_ema", r"layers.\1.measure.square"),
    (r"synthesis\.(L\d+)_\d+_\d+\.(.+)", r"layers.\1.\2"),
)


def ours(name: str, spec: StyleGAN3) -> str:
    """Our name of an official tensor. Raises KeyError where we have none."""
    for pattern, replacement in NAMES:
        if match := re.fullmatch(pattern, name):
            place = match.expand(replacement).replace(f"layers.L{spec.depth}.conv.", f"layers.L{spec.depth}.")
            return place.replace(f".L{spec.depth}.", ".rgb.").replace(".L", ".l")
    raise KeyError(f"no place for {name}")


def is_filter(name: str) -> bool:
    """Whether a tensor can be told from the spec, so that we do not store it."""
    return name.endswith((".up_filter", ".down_filter"))


def load(network: StyleGAN3Generator, official: Official) -> StyleGAN3Generator:
    """The network with exactly these weights; anything missing, left over or of another shape rises."""
    network.load_state_dict({ours(name, network.spec): x for name, x in official.items() if not is_filter(name)})
    return network.eval().requires_grad_(False)


def theirs(network: StyleGAN3Generator, official: Official) -> dict[str, nn.Parameter]:
    """Our parameters by their official names."""
    own = dict(network.named_parameters())
    found = {name: ours(name, network.spec) for name in official if not is_filter(name)}
    return {name: own[mine] for name, mine in found.items() if mine in own}


def scopes(network: StyleGAN3Generator) -> dict[str, FourierInput | AliasFreeLayer | AliasFreeRGB]:
    """Our layers by their official names, which hold the index, the size and the number of feature maps."""
    found: dict[str, FourierInput | AliasFreeLayer | AliasFreeRGB] = {}
    spec = network.spec
    for name, layer in network.layers.items():
        if isinstance(layer, AliasFreeLayer):
            found[f"synthesis.{name.upper()}_{layer.passage.target.size}_{layer.passage.target.features}"] = layer
        elif isinstance(layer, AliasFreeRGB):
            found[f"synthesis.L{spec.depth}_{spec.resolution}_{spec.channels}"] = layer
        elif isinstance(layer, FourierInput):
            found["synthesis.input"] = layer
    return found


def spec_of(generator: Mapping[str, Any], discriminator: Mapping[str, Any] | None = None) -> StyleGAN3:
    """Our spec of official keyword arguments."""
    mapping = generator.get("mapping_kwargs", {})
    judge = discriminator or {}
    return StyleGAN3(
        resolution=generator["img_resolution"],
        variant="r" if generator.get("use_radial_filters") else "t",
        channels=generator["img_channels"],
        label_size=generator["c_dim"],
        z_dim=generator["z_dim"],
        w_dim=generator["w_dim"],
        mapping_layers=mapping.get("num_layers", 2),
        mapping_rate=mapping.get("lr_multiplier", 0.01),
        feature_base=generator.get("channel_base", 32768),
        feature_max=generator.get("channel_max", 512),
        **{name: generator[key] for key, name in SCHEDULE.items() if key in generator},
        clamp=generator.get("conv_clamp", 256) or 0.0,
        judge_base=judge.get("channel_base", 32768),
        judge_max=judge.get("channel_max", 512),
        stddev_group=judge.get("epilogue_kwargs", {}).get("mbstd_group_size", 4) or 0,
    )


SCHEDULE = {
    "num_layers": "depth",
    "num_critical": "critical",
    "first_cutoff": "first_cutoff",
    "first_stopband": "first_stopband",
    "last_stopband_rel": "last_stopband",
    "margin_size": "margin",
    "output_scale": "output_scale",
    "filter_size": "taps",
    "lrelu_upsampling": "oversampling",
}
