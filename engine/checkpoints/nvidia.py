"""Keyword arguments and tensor names of the official PyTorch networks, as our spec and our names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import torch
from torch import Tensor

from engine.networks import StyleGAN2, StyleGAN3
from engine.networks.filters import fir

from .places import Place, fill, layout, layout_of_judge, same

Official = Mapping[str, Tensor]
Settings = Mapping[str, Any]

NAMES: tuple[tuple[str, str], ...] = (  # official, ours; both ways the first that matches
    ("mapping.fc{i}.{part}", "mapping.dense.{i}.{part}"),
    ("mapping.{part}", "mapping.{part}"),
    ("synthesis.b4.const", "layers.b4_conv1.start"),
    ("synthesis.b{r}.torgb.{part}", "layers.b{r}_rgb.{part}"),
    ("synthesis.b{r}.skip.weight", "layers.b{r}_conv1.skip.weight"),
    ("synthesis.b{r}.{conv}.weight", "layers.b{r}_{conv}.conv.weight"),
    ("synthesis.b{r}.{conv}.noise_strength", "layers.b{r}_{conv}.strength"),
    ("synthesis.b{r}.{conv}.noise_const", "layers.b{r}_{conv}.constant"),
    ("synthesis.b{r}.{conv}.{part}", "layers.b{r}_{conv}.{part}"),
    ("b4.conv.{part}", "head.conv.{part}"),
    ("b4.fc.{part}", "head.dense.{part}"),
    ("b4.out.{part}", "head.out.{part}"),
    ("b{r}.fromrgb.{part}", "from_rgb.b{r}.{part}"),
    ("b{r}.skip.{part}", "blocks.b{r}.skip.{part}"),
    ("b{r}.{conv}.{part}", "blocks.b{r}.{conv}.{part}"),
)
FIELDS = {"i": r"\d+", "r": r"\d+", "conv": r"conv\d", "part": r".+"}
FILTER = "resample_filter"  # the name of tensors that follow from the settings
USED = re.compile(r"synthesis\.b\d+\.(conv0\.|skip\.)?resample_filter")  # other layers have one that they never use
JUDGE_USED = re.compile(r"b\d+\.((conv1|skip)\.)?resample_filter")
USUAL_TAPS = (1, 3, 3, 1)


def pattern(template: str) -> re.Pattern[str]:
    """`b{r}.x` as what it matches, its fields as named groups."""
    literal = template.replace(".", r"\.")
    return re.compile(re.sub(r"\{(\w+)\}", lambda field: f"(?P<{field[1]}>{FIELDS[field[1]]})", literal))


TO_OURS = [(pattern(theirs), ours) for theirs, ours in NAMES]
TO_THEIRS = [(pattern(ours), theirs) for theirs, ours in NAMES]


def ours(name: str) -> str:
    """Our name of an official tensor. Raises KeyError where we have none."""
    return _translated(name, TO_OURS)


def theirs(name: str) -> str:
    """The official name of a tensor of ours. Raises KeyError where there is none."""
    return _translated(name, TO_THEIRS)


def _translated(name: str, table: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for known, replacement in table:
        if match := known.fullmatch(name):
            return replacement.format(**match.groupdict())
    raise KeyError(f"no place for {name}")


def places(spec: StyleGAN2) -> Iterator[Place]:
    """Where every official tensor of a generator belongs, filters aside."""
    for name in layout(spec):
        yield placed(theirs(name), name)


def placed(official: str, name: str) -> Place:
    """Where one official tensor belongs: ours has noise with axes for pictures and maps, and toRGB without those of a kernel."""
    if official.endswith("noise_const"):
        return Place(official, name, lambda noise: noise[None, None])
    if official.endswith("torgb.weight"):
        return Place(official, name, lambda weight: weight.squeeze((2, 3)))
    return Place(official, name, same)


def judge_weights(official: Official, spec: StyleGAN2 | StyleGAN3) -> dict[str, Tensor]:
    """Our state dict of a discriminator of either family. Raises ValueError that names what does not fit."""
    kernel = fir(spec.taps if isinstance(spec, StyleGAN2) else USUAL_TAPS)
    for name, tensor in official.items():
        if JUDGE_USED.fullmatch(name) and not _alike(tensor, kernel):
            raise ValueError(f"the tensor {name} of its discriminator is not the filter that the generator has")
    shapes = layout_of_judge(spec)
    found = {name: x for name, x in official.items() if not name.endswith(FILTER)}
    return fill(spec, (Place(theirs(name), name, same) for name in shapes), found, shapes)


def weights(official: Official, spec: StyleGAN2) -> dict[str, Tensor]:
    """All but the filters. Raises ValueError where a filter is not the one that the spec describes."""
    kernel = fir(spec.taps)
    for name, tensor in official.items():
        if USED.fullmatch(name) and not _alike(tensor, kernel):
            raise ValueError(
                f"the tensor {name} is not the filter {list(spec.taps)} that its network is described with"
            )
    return {name: tensor for name, tensor in official.items() if not name.endswith(FILTER)}


def _alike(found: Tensor, kernel: Tensor) -> bool:
    return found.shape == kernel.shape and torch.allclose(found.float(), kernel, atol=1e-6)


def spec_of(generator: Settings | None = None, discriminator: Settings | None = None) -> StyleGAN2:
    """Our spec of official keyword arguments; the defaults are those of the ADA code, what both say is the generator's.

    Raises ValueError where our networks cannot be what they ask for.
    """
    fields: dict[str, Any] = {"clamp": 0.0}
    if discriminator is not None:
        fields |= _judge(discriminator) | (_common(discriminator) if generator is None else {})
    if generator is not None:
        fields |= _common(generator) | _synthesis({**generator, **generator.get("synthesis_kwargs", {})})
        fields |= {"z_dim": generator["z_dim"], "w_dim": generator["w_dim"]}
        fields |= _mapping(generator.get("mapping_kwargs", {}))
    try:
        return msgspec.convert({"family": "stylegan2", **fields}, StyleGAN2)
    except msgspec.ValidationError as error:
        raise ValueError(f"its settings describe no StyleGAN2 that is known here: {error}") from None


def _common(settings: Settings) -> dict[str, Any]:
    return {
        "resolution": settings["img_resolution"],
        "channels": settings["img_channels"],
        "label_size": settings["c_dim"],
    }


def _synthesis(settings: Settings) -> dict[str, Any]:
    return {
        "feature_base": settings.get("channel_base", 32768),
        "feature_max": settings.get("channel_max", 512),
        "clamp": settings.get("conv_clamp") or 0.0,
        "architecture": settings.get("architecture", "skip"),
        "taps": tuple(settings.get(FILTER, USUAL_TAPS)),
        "noise": settings.get("use_noise", True),
        "activation": settings.get("activation", "lrelu"),
    }


def _mapping(settings: Settings) -> dict[str, Any]:
    return {
        "mapping_layers": settings.get("num_layers", 8),
        "embedding": settings.get("embed_features") or 0,
        "mapping_dim": settings.get("layer_features") or 0,
        "mapping_activation": settings.get("activation", "lrelu"),
        "mapping_rate": settings.get("lr_multiplier", 0.01),
    }


def _judge(settings: Settings) -> dict[str, Any]:
    blocks, mapping = settings.get("block_kwargs", {}), settings.get("mapping_kwargs", {})
    epilogue = settings.get("epilogue_kwargs", {})
    return {
        "judge_architecture": settings.get("architecture", "resnet"),
        "feature_base": settings.get("channel_base", 32768),
        "feature_max": settings.get("channel_max", 512),
        "clamp": settings.get("conv_clamp") or 0.0,
        "activation": blocks.get("activation", "lrelu"),
        "taps": tuple(blocks.get(FILTER, USUAL_TAPS)),
        "stddev_group": epilogue.get("mbstd_group_size", 4) or 0,
        "stddev_features": epilogue.get("mbstd_num_channels", 1),
        "judge_dim": settings.get("cmap_dim") or 0,
        "judge_mapping_layers": mapping.get("num_layers", 8),
        "judge_embedding": mapping.get("embed_features") or 0,
        "judge_mapping_dim": mapping.get("layer_features") or 0,
        "judge_mapping_rate": mapping.get("lr_multiplier", 0.01),
    }


def told_by(official: Official) -> dict[str, Any]:
    """The keyword arguments that a generator's names and shapes tell. Raises ValueError that names what is missing."""
    blocks = sorted({int(found[1]) for name in official if (found := re.match(r"synthesis\.b(\d+)\.", name))})
    if not blocks:
        raise ValueError("it has no synthesis layers such as synthesis.b4, so it is no StyleGAN2")
    widths = {size: _shape(official, f"synthesis.b{size}.conv1.bias")[0] for size in blocks}
    pictures = [name for name in official if name.endswith(".torgb.weight")]
    skips = any(name.endswith(".skip.weight") for name in official)
    return {
        "img_resolution": blocks[-1],
        "img_channels": _shape(official, f"synthesis.b{blocks[-1]}.torgb.weight")[0],
        "channel_base": max(size * width for size, width in widths.items()),
        "channel_max": max(widths.values()),
        "architecture": "resnet" if skips else "skip" if len(pictures) > 1 or len(blocks) == 1 else "orig",
        "use_noise": any(name.endswith("noise_const") for name in official),
        FILTER: _taps(official),
        **mapped(official),
    }


def mapped(official: Official) -> dict[str, Any]:
    """The same for the mapping. Raises ValueError that names what is missing."""
    depth = 1 + max(
        (int(found[1]) for name in official if (found := re.match(r"mapping\.fc(\d+)\.", name))), default=-1
    )
    w_dim = _shape(official, "mapping.w_avg")[0]
    embedding, labels = _shape(official, "mapping.embed.weight") if "mapping.embed.weight" in official else (0, 0)
    hidden, inputs = _shape(official, "mapping.fc0.weight") if depth else (w_dim, w_dim)
    layers = {"num_layers": depth, "embed_features": embedding, "layer_features": hidden if depth > 1 else w_dim}
    unusual = {name: size for name, size in layers.items() if size != w_dim or name == "num_layers"}
    return {"z_dim": inputs - embedding, "c_dim": labels, "w_dim": w_dim, "mapping_kwargs": unusual}


def _taps(official: Official) -> tuple[float, ...]:
    """The filter, whose outer product with itself is kept where it is short."""
    kernel = next((tensor for name, tensor in official.items() if USED.fullmatch(name)), None)
    if kernel is None or _alike(kernel, fir(USUAL_TAPS)):
        return USUAL_TAPS
    return tuple((kernel.sum(0) if kernel.ndim == 2 else kernel).tolist())


def _shape(official: Official, name: str) -> torch.Size:
    if name not in official:
        raise ValueError(f"the tensor {name} is missing, which its network needs")
    return official[name].shape
