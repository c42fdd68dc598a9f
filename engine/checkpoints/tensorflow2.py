"""The variables of TensorFlow StyleGAN2s (also ADA), as the official PyTorch names and layouts that came after them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from .places import same
from .tensorflow import HWIO, HWIO_FUSED, MATRIX, Settings, Variables

Convert = Callable[[Tensor], Tensor]

PARTS: dict[str, tuple[str, Convert]] = {  # of a layer with a style
    "weight": ("weight", HWIO.ours),
    "bias": ("bias", same),
    "noise_strength": ("noise_strength", same),
    "mod_weight": ("affine.weight", MATRIX.ours),
    "mod_bias": ("affine.bias", lambda bias: bias + 1.0),  # TensorFlow's code adds the 1 while it runs
}
LAYERS = {"Conv": "conv1", "Conv0_up": "conv0", "Conv1": "conv1", "ToRGB": "torgb", "Skip": "skip"}
RISING = ("Conv0_up", "Skip")  # their kernels are stored the other way round
KEYWORDS = {  # TensorFlow's → PyTorch's
    **{"latent_size": "z_dim", "label_size": "c_dim", "dlatent_size": "w_dim", "resolution": "img_resolution"},
    **{"num_channels": "img_channels", "fmap_max": "channel_max", "conv_clamp": "conv_clamp"},
    **{"architecture": "architecture", "resample_kernel": "resample_filter", "use_noise": "use_noise"},
    "nonlinearity": "activation",
}
JUDGE_KEYWORDS = {
    **{
        "label_size": "c_dim",
        "resolution": "img_resolution",
        "num_channels": "img_channels",
        "fmap_max": "channel_max",
    },
    **{"conv_clamp": "conv_clamp", "architecture": "architecture", "mapping_fmaps": "cmap_dim"},
}
JUDGE_LAYERS: dict[str, tuple[str, Convert]] = {  # of a discriminator: what a layer is called, and its weight's layout
    **{"FromRGB": ("fromrgb", HWIO.ours), "Conv0": ("conv0", HWIO.ours), "Conv1_down": ("conv1", HWIO.ours)},
    **{"Skip": ("skip", HWIO.ours), "Conv": ("conv", HWIO.ours), "Dense0": ("fc", MATRIX.ours)},
}
MAPPING_KEYWORDS = {
    **{"mapping_layers": "num_layers", "label_fmaps": "embed_features", "mapping_fmaps": "layer_features"},
    **{"mapping_nonlinearity": "activation", "mapping_lrmul": "lr_multiplier"},
}


def is_stylegan2(variables: Mapping[str, Any]) -> bool:
    return any(name.endswith("/mod_weight") for name in variables)


def official(variables: Variables) -> dict[str, Tensor]:
    """The same under PyTorch's names and in its layouts; what has no name there keeps its own.

    Raises ValueError for labels of the kind that only TensorFlow's first StyleGAN2 had.
    """
    if "G_mapping/LabelConcat/weight" in variables:
        raise ValueError("it is a StyleGAN2 that mixes labels in as StyleGAN did, which this version cannot draw")
    found = {}
    for name, value in variables.items():
        renamed, convert = _renamed(name)
        found[renamed] = convert(value)
    return found


def settings_of(keywords: Settings) -> dict[str, Any]:
    """PyTorch's keyword arguments, as far as TensorFlow's are given."""
    base = {"channel_base": keywords["fmap_base"] * 2} if "fmap_base" in keywords else {}
    mapping = {theirs: keywords[name] for name, theirs in MAPPING_KEYWORDS.items() if name in keywords}
    return base | {theirs: keywords[name] for name, theirs in KEYWORDS.items() if name in keywords} | {
        "mapping_kwargs": mapping
    }  # fmt: skip


def official_judge(variables: Variables) -> dict[str, Tensor]:
    """A discriminator's variables under PyTorch's names and in its layouts; what has no name there keeps its own."""
    found = {}
    for name, value in variables.items():
        renamed, convert = _renamed_judge(name)
        found[renamed] = convert(value)
    return found


def judge_settings_of(keywords: Settings) -> dict[str, Any]:
    """PyTorch's keyword arguments of a discriminator; where TensorFlow's are silent, the converter's defaults."""
    width = keywords.get("mapping_fmaps")
    mapping = {
        "num_layers": keywords.get("mapping_layers", 0), "lr_multiplier": keywords.get("mapping_lrmul", 0.1),
        "embed_features": width, "layer_features": width,
    }  # fmt: skip
    blocks = {theirs: keywords[name] for name, theirs in KEYWORDS.items() if name in ("nonlinearity", "resample_kernel")
              and name in keywords}  # fmt: skip
    epilogue = {
        "mbstd_group_size": keywords.get("mbstd_group_size"), "mbstd_num_channels": keywords.get("mbstd_num_features", 1),
    }  # fmt: skip
    return {theirs: keywords[name] for name, theirs in JUDGE_KEYWORDS.items() if name in keywords} | {
        "channel_base": keywords.get("fmap_base", 16384) * 2, "mapping_kwargs": mapping, "block_kwargs": blocks,
        "epilogue_kwargs": epilogue,
    }  # fmt: skip


def _renamed_judge(name: str) -> tuple[str, Convert]:
    if found := re.fullmatch(r"(Mapping(?P<i>\d+)|LabelEmbed)/(?P<part>weight|bias)", name):
        layer = "embed" if found["i"] is None else f"fc{found['i']}"
        return f"mapping.{layer}.{found['part']}", MATRIX.ours if found["part"] == "weight" else same
    if found := re.fullmatch(r"Output/(weight|bias)", name):
        return f"b4.out.{found[1]}", MATRIX.ours if found[1] == "weight" else same
    found = re.fullmatch(r"(\d+)x\1/(\w+)/(weight|bias)", name)
    if not found or found[2] not in JUDGE_LAYERS:
        return name, same
    layer, convert = JUDGE_LAYERS[found[2]]
    return f"b{found[1]}.{layer}.{found[3]}", convert if found[3] == "weight" else same


def _renamed(name: str) -> tuple[str, Convert]:
    if name == "dlatent_avg":
        return "mapping.w_avg", same
    if name == "G_synthesis/4x4/Const/const":
        return "synthesis.b4.const", lambda const: const.squeeze(0)
    if found := re.fullmatch(r"G_mapping/(Dense(?P<i>\d+)|LabelEmbed)/(?P<part>weight|bias)", name):
        layer = "embed" if found["i"] is None else f"fc{found['i']}"
        return f"mapping.{layer}.{found['part']}", MATRIX.ours if found["part"] == "weight" else same
    if found := re.fullmatch(r"G_synthesis/noise(\d+)", name):
        index = int(found[1])  # 4×4 has one noise input, every larger size two
        return f"synthesis.b{2 ** ((index + 5) // 2)}.conv{1 - index % 2}.noise_const", lambda noise: noise[0, 0]
    if found := re.fullmatch(r"G_synthesis/(\d+)x\1/(\w+)/(\w+)", name):
        return _layer(name, *found.groups())
    return name, same


def _layer(name: str, size: str, layer: str, part: str) -> tuple[str, Convert]:
    if layer not in LAYERS or part not in PARTS:
        return name, same
    renamed, convert = PARTS[part]
    turned = HWIO_FUSED.ours if layer in RISING and part == "weight" else convert
    return f"synthesis.b{size}.{LAYERS[layer]}.{renamed}", turned
