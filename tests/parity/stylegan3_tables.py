"""Golden tables of the official StyleGAN3 sizes: schedules of every resolution, names and shapes of tensors, designed filters."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from engine.networks.alias_free_layers import AliasFreeLayer, AliasFreeRGB
from engine.networks.bandlimits import Passage
from engine.networks.fourier import FourierInput
from engine.networks.stylegan3 import StyleGAN3, StyleGAN3Generator, mixed_precision

from .golden import Golden, Tolerance
from .stylegan3 import FILTER, designed
from .stylegan3_names import is_filter, ours, scopes

ROUNDING = Tolerance(1e-12)


def network(name: str) -> StyleGAN3Generator:
    """The official configuration `stylegan3-t-256`, without memory for its weights."""
    match = re.fullmatch(r"stylegan3-([tr])-(\d+)", name)
    assert match is not None, name
    with torch.device("meta"):
        generator = StyleGAN3.paper(int(match[2]), "r" if match[1] == "r" else "t").build()
    assert isinstance(generator, StyleGAN3Generator)
    mixed_precision(generator, 4)
    return generator


def check_tables(golden: Golden) -> None:
    """Every number of every layer's schedule; whole numbers exactly."""
    for name, table in golden.notes.items():
        generator = network(name)
        golden.compare_number(f"{name}.num_ws", generator.rows, table["num_ws"])
        first = generator.layers["input"]
        assert isinstance(first, FourierInput)
        plane = {
            "channels": len(first.phases), "size": len(first.places),
            "sampling_rate": 2 * first.stopped, "bandwidth": first.passed,
        }  # fmt: skip
        for key, value in table["input"].items():
            golden.compare_number(f"{name}.input.{key}", plane[key], value, ROUNDING)
        described = {scope.removeprefix("synthesis."): layer for scope, layer in scopes(generator).items()}
        for row in table["layers"]:
            layer = described[row["name"]]
            assert isinstance(layer, AliasFreeLayer | AliasFreeRGB)
            mine = dict(_schedule(layer, generator.spec))
            for key, value in row.items():
                for part, (a, b) in enumerate(zip(_numbers(mine[key]), _numbers(value), strict=True)):
                    golden.compare_number(f"{name}.{row['name']}.{key}.{part}", a, b, ROUNDING)


def _numbers(value: Any) -> list[float]:
    """A number, a list, nothing or a name as numbers."""
    if value is None or isinstance(value, str):
        return []
    return [float(x) for x in value] if isinstance(value, list | tuple) else [float(value)]


def _schedule(layer: AliasFreeLayer | AliasFreeRGB, spec: StyleGAN3) -> Iterator[tuple[str, Any]]:
    """A layer's schedule under the official names."""
    rgb = isinstance(layer, AliasFreeRGB)
    passage = Passage(layer.source, layer.target, 1, layer.target.rate, 1, False) if rgb else layer.passage
    for side, signal in (("in", passage.source), ("out", passage.target)):
        yield f"{side}_channels", signal.features
        yield f"{side}_size", signal.size
        yield f"{side}_sampling_rate", signal.rate
        yield f"{side}_cutoff", signal.cutoff
        yield f"{side}_half_width", signal.half_width
    low, high = passage.padding
    yield from {
        "name": "", "is_torgb": rgb, "use_fp16": layer.dtype == torch.float16,
        "is_critically_sampled": rgb or layer.row > spec.depth - spec.critical, "tmp_sampling_rate": passage.inner,
        "conv_kernel": passage.kernel, "up_factor": passage.up, "up_taps": passage.up_taps,
        "down_factor": passage.down, "down_taps": passage.down_taps, "down_radial": passage.radial,
        "padding": [low, high, low, high],
    }.items()  # fmt: skip
    for name in ("up_filter", "down_filter"):
        yield name, None if rgb else list(designed(layer)[name].shape)


def check_layouts(golden: Golden) -> None:
    """Every official tensor has a place of its shape and kind in ours, every place is filled; rows of ws, totals."""
    for name, layout in golden.notes.items():
        generator = network(name)
        golden.compare_number(f"{name}.num_ws", generator.rows, layout["num_ws"])
        total = sum(p.numel() for p in generator.parameters())
        golden.compare_number(f"{name}.num_params", total, layout["num_params"])
        filters = [int(np.prod(shape)) for official, shape, _ in layout["tensors"] if is_filter(official)]
        buffers = sum(x.numel() for x in generator.state_dict().values()) - total
        golden.compare_number(f"{name}.num_buffers", buffers + sum(filters), layout["num_buffers"])
        golden.compare_number(f"{name}.differences", len(_differences(generator, layout["tensors"])), 0)


def _differences(generator: StyleGAN3Generator, tensors: list[tuple[str, list[int], str]]) -> set[Any]:
    """(name, shape, kind) of what only one of both has."""
    parameters = {name for name, x in generator.named_parameters() if isinstance(x, nn.Parameter)}
    mine = {
        (name, tuple(x.shape), "param" if name in parameters else "buffer")
        for name, x in generator.state_dict().items()
    }
    official = {
        (ours(name, generator.spec), tuple(shape), kind) for name, shape, kind in tensors if not is_filter(name)
    }
    return mine ^ official


def check_filters(golden: Golden) -> None:
    """Every filter of the official sizes."""
    for name in sorted({name.split(".")[0] for name in golden.tensors}):
        for scope, layer in _designing(name):
            for part, filter in designed(layer).items():
                golden.compare(f"{name}.{scope}.{part}", filter, FILTER)


def _designing(name: str) -> Iterator[tuple[str, AliasFreeLayer]]:
    """Layers by official name, with their filters and little else."""
    described = network(name)
    for scope, layer in scopes(described).items():
        if isinstance(layer, AliasFreeLayer):
            small = AliasFreeLayer(layer.row or 0, 1, layer.passage)
            yield scope.removeprefix("synthesis."), small
