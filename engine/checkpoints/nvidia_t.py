"""Tensors of the official StyleGAN-T, as our spec and our names; the text encoder that its files carry along stays where it is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import torch
from torch import Tensor

from engine.networks import StyleGANT
from engine.networks.filters import Manner, fir
from engine.networks.stylegan_t import CLIP_FEATURES

from .modules import State, walked
from .nvidia import FILTER, Official, Settings, placed
from .places import Place, layout

TELLING = re.compile(r"mapping\.(x_avg|mlp\..+)|synthesis\.b\d+\.input\..+")  # tensors that only a StyleGAN-T has
ENCODER = "mapping.clip."  # how names of the text encoder begin
READS_WITH = "clip-l14"
BLOCK = re.compile(r"synthesis\.b(\d{1,4})\.torgb\.weight")
INPUT = "synthesis.b8.input.affine.weight"
PARTS = {  # ours → theirs, where they differ, within a layer
    "conv.weight": "weight",
    "strength": "noise_strength",
    "constant": "noise_const",
    "norm_weight": "norm.weight",
    "norm_bias": "norm.bias",
    "affine.weight": "affine.proj.weight",
    "affine.bias": "affine.proj.bias",
}


def recognises(names: Mapping[str, Any]) -> bool:
    """Whether tensors of such names are a StyleGAN-T's."""
    return any(TELLING.fullmatch(name) for name in names)


def reads(names: Mapping[str, Any]) -> bool:
    """Whether a text encoder is among them."""
    return any(name.startswith(ENCODER) for name in names)


def settings_of(generator: State) -> dict[str, Any]:
    """What a pickled generator says of itself and its shapes do not: groups, clamp, classes."""
    parts = dict(walked(generator))
    layer = parts.get("synthesis.b8.convs1.1.", {})
    norm = parts.get("synthesis.b8.convs1.1.norm.", {})
    said = {"conv_clamp": layer["conv_clamp"]} if "conv_clamp" in layer else {}
    return said | ({"num_groups": norm["num_groups"]} if "num_groups" in norm else {})


def spec_of(official: Official, settings: Settings) -> StyleGANT:
    """Our spec of a generator's tensors; `settings` are what it says of itself beside them.

    Raises ValueError that says what our networks cannot be.
    """
    widths = {int(found[1]): _shape(official, name, 4)[1] for name in official if (found := BLOCK.fullmatch(name))}
    if 8 not in widths:
        raise ValueError("it has no synthesis layers such as synthesis.b8.torgb, so it is no StyleGAN-T")
    z_dim, w_dim = _shape(official, "mapping.x_avg", 1)[0], _shape(official, INPUT, 2)[1]
    text = w_dim - z_dim
    known = text == CLIP_FEATURES
    fields = {
        "resolution": max(widths),
        "channels": _shape(official, f"synthesis.b{max(widths)}.torgb.weight", 4)[0],
        "z_dim": z_dim,
        "text_size": text,
        "encoder": READS_WITH if known else "",
        "mapping_layers": _count(official, "mapping.mlp.fc{}.weight"),
        "pairs": _count(official, "synthesis.b8.convs1.{}.weight") // 2,
        "feature_base": max(size * width for size, width in widths.items()),
        "feature_max": max(widths.values()),
        "clamp": settings.get("conv_clamp", 256) or 0.0,
        "groups": settings.get("num_groups", 32),
    }
    try:
        return msgspec.convert({"family": "stylegan-t", **fields}, StyleGANT)
    except msgspec.ValidationError as error:
        raise ValueError(f"its tensors describe no StyleGAN-T that is known here: {error}") from None


def _shape(official: Official, name: str, axes: int) -> torch.Size:
    if name not in official:
        raise ValueError(f"the tensor {name} is missing, which its network needs")
    if official[name].ndim != axes:
        raise ValueError(f"the tensor {name} is {tuple(official[name].shape)}, where {axes} axes are needed")
    return official[name].shape


def _count(official: Official, template: str) -> int:
    """How many layers there are, from number 0 on."""
    count = 0
    while template.format(count) in official:
        count += 1
    return count


def theirs(name: str) -> str:
    """The official name of a tensor of ours."""
    scope, layer, part = name.split(".", 2) if name.startswith("layers.") else (*name.split(".", 1), "")
    if scope == "mapping":
        return "mapping.x_avg" if layer == "w_avg" else re.sub(r"^dense\.(\d+)", r"mapping.mlp.fc\1", layer)
    if layer == "input":
        return f"synthesis.b8.input.{part}"
    match = re.fullmatch(r"(b\d+)_(up|plain|residual|rgb)(\d*)", layer)
    if match is None:
        raise KeyError(f"no place for {name}")
    size, kind, number = match.groups()
    pair = {"plain": 0, "residual": 1}.get(kind)
    place = {"up": "conv0", "rgb": "torgb"}.get(kind) if pair is None else f"convs1.{2 * int(number) + pair}"
    return f"synthesis.{size}.{place}.{PARTS.get(part, part)}"


def places(spec: StyleGANT) -> Iterator[Place]:
    """Where every official tensor of a generator belongs, filters and text encoder aside."""
    for name in layout(spec):
        official = theirs(name)
        if official.endswith("gamma"):
            yield Place(official, name, lambda gamma: gamma.squeeze((0, 2, 3)))
        else:
            yield placed(official, name)


def weights(official: Official, spec: StyleGANT) -> dict[str, Tensor]:
    """All but the filters and the text encoder. Raises ValueError where a filter is another than ours."""
    kernel = fir(Manner().taps)
    for name, x in official.items():
        if name.endswith(FILTER) and (x.shape != kernel.shape or not torch.allclose(x.float(), kernel, atol=1e-6)):
            raise ValueError(f"the tensor {name} is not the filter that every StyleGAN-T resamples with")
    return {name: x for name, x in official.items() if not name.endswith(FILTER) and not name.startswith(ENCODER)}
