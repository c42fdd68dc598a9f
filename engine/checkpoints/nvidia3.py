"""Keyword arguments and tensor names of the official StyleGAN3, as our spec and our names."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import torch
from torch import Tensor

from engine.networks import StyleGAN3
from engine.networks.alias_free_layers import designed
from engine.networks.bandlimits import Passage, signals

from .nvidia import Official, Settings, mapped
from .places import Place, layout, same

PLANE = "synthesis.input.freqs"  # the tensor that only alias-free generators have
FILTERS = (".up_filter", ".down_filter")
PARTS = {"conv.weight": "weight", "measure.square": "magnitude_ema"}  # ours → theirs, where they differ
SIZES = {  # official keyword → our field
    "img_resolution": "resolution",
    "img_channels": "channels",
    "c_dim": "label_size",
    "z_dim": "z_dim",
    "w_dim": "w_dim",
    "channel_base": "feature_base",
    "channel_max": "feature_max",
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
HABITS = ("num_layers", "num_critical", "margin_size", "output_scale")  # that the synthesis network keeps as attributes


def spec_of(generator: Settings, discriminator: Settings | None = None) -> StyleGAN3:
    """Our spec of official keyword arguments; those that are not given have the defaults of the official code.

    Raises ValueError where our network cannot be what they ask for.
    """
    mapping, judge = generator.get("mapping_kwargs", {}), discriminator or {}
    fields: dict[str, Any] = {ours: generator[theirs] for theirs, ours in SIZES.items() if theirs in generator}
    fields |= {
        "variant": "r" if generator.get("use_radial_filters") else "t",
        "clamp": generator.get("conv_clamp", 256) or 0.0,
        "mapping_layers": mapping.get("num_layers", 2),
        "mapping_rate": mapping.get("lr_multiplier", 0.01),
        "judge_base": judge.get("channel_base", 32768),
        "judge_max": judge.get("channel_max", 512),
        "judge_dim": judge.get("cmap_dim") or 0,
        "judge_mapping_layers": judge.get("mapping_kwargs", {}).get("num_layers", 8),
        "stddev_group": judge.get("epilogue_kwargs", {}).get("mbstd_group_size", 4) or 0,
        "stddev_features": judge.get("epilogue_kwargs", {}).get("mbstd_num_channels", 1),
    }
    try:
        return msgspec.convert({"family": "stylegan3", **fields}, StyleGAN3)
    except msgspec.ValidationError as error:
        raise ValueError(f"its settings describe no StyleGAN3 that is known here: {error}") from None


def told_by(official: Official) -> dict[str, Any]:
    """The keyword arguments that a generator's names and shapes tell. Raises ValueError that names what is missing."""
    named = (re.fullmatch(r"synthesis\.L(\d+)_(\d+)_(\d+)\.weight", name) for name in official)
    found = {int(match[1]): match for match in named if match}
    if len(found) < 2:
        raise ValueError("it has no synthesis layers such as synthesis.L0_36_512, so it is no StyleGAN3")
    last = found[max(found)]
    widths = [int(match[3]) for number, match in found.items() if number < max(found)]
    return {
        "num_layers": max(found),
        "img_resolution": int(last[2]),
        "img_channels": int(last[3]),
        "channel_max": max(widths),
        "use_radial_filters": any(official[match.string].shape[-1] == 1 for match in found.values() if match != last),
        **mapped(official),
    }


def scopes(spec: StyleGAN3) -> dict[str, str]:
    """Our layers' names and theirs, which hold the number, the size and the feature maps."""
    carried = signals(spec.limits, spec.channels)
    found = {f"l{number}": f"L{number}_{signal.size}_{signal.features}" for number, signal in enumerate(carried)}
    found["rgb"] = found.pop(f"l{spec.depth}")
    return {"input": "input", **found}


def theirs(name: str, spec: StyleGAN3) -> str:
    """The official name of a tensor of ours."""
    scope, _, rest = name.partition(".")
    if scope == "mapping":
        return re.sub(r"\.dense\.(\d+)\.", r".fc\1.", name)
    layer, _, part = rest.partition(".")
    return f"synthesis.{scopes(spec)[layer]}.{PARTS.get(part, part)}"


def places(spec: StyleGAN3) -> Iterator[Place]:
    """Where every official tensor of a generator belongs, filters aside."""
    for name in layout(spec):
        yield Place(theirs(name, spec), name, same)


def weights(official: Official, spec: StyleGAN3) -> dict[str, Tensor]:
    """All but the filters. Raises ValueError where a filter is not the one that the spec describes."""
    for name, filter in filters(spec):
        found = official.get(name)
        if found is None or found.shape != filter.shape or not torch.allclose(found.float(), filter, atol=1e-6):
            raise ValueError(f"the tensor {name} is missing or not the filter that its network is described with")
    return {name: tensor for name, tensor in official.items() if not name.endswith(FILTERS)}


def filters(spec: StyleGAN3) -> Iterator[tuple[str, Tensor]]:
    """Every filter that the official layers keep, by its name; one tap is no filter."""
    for number, passage in enumerate(spec.passages()):
        scope = scopes(spec)[f"l{number}"]
        for part, filter in filters_of(passage):
            if filter is not None:
                yield f"synthesis.{scope}{part}", filter


def filters_of(passage: Passage) -> Iterator[tuple[str, Tensor | None]]:
    """Both filters of a layer; None for one tap."""
    for part, taps in zip(FILTERS, designed(passage), strict=True):
        yield part, torch.from_numpy(taps) if taps.size > 1 else None
