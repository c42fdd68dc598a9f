"""Keyword arguments and tensor names of the official PyTorch networks, as our spec and our names."""

import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from engine.networks.stylegan2 import StyleGAN2

Official = Mapping[str, Tensor]

NAMES: tuple[tuple[str, str], ...] = (  # official → ours, the first that matches
    (r"mapping\.fc(\d+)\.(\w+)", r"mapping.dense.\1.\2"),
    (r"mapping\.(.+)", r"mapping.\1"),
    (r"synthesis\.b4\.const", r"layers.b4_conv1.start"),
    (r"synthesis\.b(\d+)\.torgb\.(.+)", r"layers.b\1_rgb.\2"),
    (r"synthesis\.b(\d+)\.skip\.weight", r"layers.b\1_conv1.skip.weight"),
    (r"synthesis\.b(\d+)\.(conv\d)\.weight", r"layers.b\1_\2.conv.weight"),
    (r"synthesis\.b(\d+)\.(conv\d)\.noise_strength", r"layers.b\1_\2.strength"),
    (r"synthesis\.b(\d+)\.(conv\d)\.noise_const", r"layers.b\1_\2.constant"),
    (r"synthesis\.b(\d+)\.(conv\d)\.(.+)", r"layers.b\1_\2.\3"),
    (r"b4\.conv\.(\w+)", r"head.conv.\1"),
    (r"b4\.fc\.(\w+)", r"head.dense.\1"),
    (r"b4\.out\.(\w+)", r"head.out.\1"),
    (r"b(\d+)\.fromrgb\.(\w+)", r"from_rgb.b\1.\2"),
    (r"b(\d+)\.(conv\d|skip)\.(\w+)", r"blocks.b\1.\2.\3"),
)


def ours(name: str) -> str:
    """Our name of an official tensor. Raises KeyError where we have none."""
    for pattern, replacement in NAMES:
        if match := re.fullmatch(pattern, name):
            return match.expand(replacement)
    raise KeyError(f"no place for {name}")


def load(network: nn.Module, official: Official) -> nn.Module:
    """The network with exactly these weights; anything missing, left over or of another size rises."""
    own = network.state_dict()
    state = {ours(name): tensor for name, tensor in official.items() if "resample_filter" not in name}
    network.load_state_dict({name: x.reshape(own[name].shape) if name in own else x for name, x in state.items()})
    return network.eval().requires_grad_(False)


def theirs(network: nn.Module, official: Official) -> dict[str, nn.Parameter]:
    """Our parameters by their official names."""
    own = dict(network.named_parameters())
    found = {name: ours(name) for name in official if "resample_filter" not in name}
    return {name: own[mine] for name, mine in found.items() if mine in own}


def spec_of(generator: Mapping[str, Any] | None = None, discriminator: Mapping[str, Any] | None = None) -> StyleGAN2:
    """Our spec of official keyword arguments; the defaults are those of the ADA code."""
    fields: dict[str, Any] = {"clamp": 0.0}
    if generator is not None:
        fields |= _common(generator) | _synthesis({**generator, **generator.get("synthesis_kwargs", {})})
        fields |= {"z_dim": generator["z_dim"], "w_dim": generator["w_dim"]}
        fields |= _mapping(generator.get("mapping_kwargs", {}))
    if discriminator is not None:
        fields |= _common(discriminator) | _judge(discriminator)
    return StyleGAN2(**fields)


def _common(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "resolution": settings["img_resolution"],
        "channels": settings["img_channels"],
        "label_size": settings["c_dim"],
    }


def _synthesis(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "feature_base": settings.get("channel_base", 32768),
        "feature_max": settings.get("channel_max", 512),
        "clamp": settings.get("conv_clamp") or 0.0,
        "architecture": settings.get("architecture", "skip"),
        "taps": tuple(settings.get("resample_filter", (1, 3, 3, 1))),
        "noise": settings.get("use_noise", True),
        "activation": settings.get("activation", "lrelu"),
    }


def _mapping(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "mapping_layers": settings.get("num_layers", 8),
        "embedding": settings.get("embed_features") or 0,
        "mapping_dim": settings.get("layer_features") or 0,
        "mapping_activation": settings.get("activation", "lrelu"),
        "mapping_rate": settings.get("lr_multiplier", 0.01),
    }


def _judge(settings: Mapping[str, Any]) -> dict[str, Any]:
    blocks, mapping = settings.get("block_kwargs", {}), settings.get("mapping_kwargs", {})
    epilogue = settings.get("epilogue_kwargs", {})
    return {
        "judge_architecture": settings.get("architecture", "resnet"),
        "feature_base": settings.get("channel_base", 32768),
        "feature_max": settings.get("channel_max", 512),
        "clamp": settings.get("conv_clamp") or 0.0,
        "activation": blocks.get("activation", "lrelu"),
        "taps": tuple(blocks.get("resample_filter", (1, 3, 3, 1))),
        "stddev_group": epilogue.get("mbstd_group_size", 4) or 0,
        "stddev_features": epilogue.get("mbstd_num_channels", 1),
        "judge_dim": settings.get("cmap_dim") or 0,
        "judge_mapping_layers": mapping.get("num_layers", 8),
        "judge_embedding": mapping.get("embed_features") or 0,
        "judge_mapping_dim": mapping.get("layer_features") or 0,
        "judge_mapping_rate": mapping.get("lr_multiplier", 0.01),
    }
