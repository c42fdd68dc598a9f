"""The variables of TensorFlow StyleGAN2s (also ADA), as the official PyTorch names and layouts that came after them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from .tensorflow import HWIO, HWIO_FUSED, MATRIX, Settings, Variables

Convert = Callable[[Tensor], Tensor]

PARTS: dict[str, tuple[str, Convert]] = {  # of a layer with a style
    "weight": ("weight", HWIO.ours),
    "bias": ("bias", lambda bias: bias),
    "noise_strength": ("noise_strength", lambda strength: strength),
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


def _renamed(name: str) -> tuple[str, Convert]:
    if name == "dlatent_avg":
        return "mapping.w_avg", lambda average: average
    if name == "G_synthesis/4x4/Const/const":
        return "synthesis.b4.const", lambda const: const.squeeze(0)
    if found := re.fullmatch(r"G_mapping/(Dense(?P<i>\d+)|LabelEmbed)/(?P<part>weight|bias)", name):
        layer = "embed" if found["i"] is None else f"fc{found['i']}"
        return f"mapping.{layer}.{found['part']}", MATRIX.ours if found["part"] == "weight" else lambda bias: bias
    if found := re.fullmatch(r"G_synthesis/noise(\d+)", name):
        index = int(found[1])  # 4×4 has one noise input, every larger size two
        return f"synthesis.b{2 ** ((index + 5) // 2)}.conv{1 - index % 2}.noise_const", lambda noise: noise[0, 0]
    if found := re.fullmatch(r"G_synthesis/(\d+)x\1/(\w+)/(\w+)", name):
        return _layer(name, *found.groups())
    return name, lambda value: value


def _layer(name: str, size: str, layer: str, part: str) -> tuple[str, Convert]:
    if layer not in LAYERS or part not in PARTS:
        return name, lambda value: value
    renamed, convert = PARTS[part]
    turned = HWIO_FUSED.ours if layer in RISING and part == "weight" else convert
    return f"synthesis.b{size}.{LAYERS[layer]}.{renamed}", turned
