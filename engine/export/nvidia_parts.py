"""The smallest objects of NVIDIA's networks: a module with its attributes, dense layers, convolutions, mappings."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from torch import Tensor, nn

from engine.checkpoints.nvidia import USUAL_TAPS
from engine.networks.filters import fir

from .references import Named, Reference

Kwargs = dict[str, Any]
Tensors = Mapping[str, Tensor]

HALVES = 4  # the resolutions in half precision, as NVIDIA's programs choose; only networks that clamp are fit for it
GAINS = dict.fromkeys(("relu", "lrelu", "swish"), math.sqrt(2))  # of activations; of all others 1


class Code(NamedTuple):
    """Where classes are found, and whether they are of the age of StyleGAN3's code, whose objects know their sizes."""

    place: str
    newer: bool


ADA = Code("training.networks", newer=False)
SG2 = Code("training.networks_stylegan2", newer=True)  # StyleGAN2 as StyleGAN3's code has it
SG3 = Code("training.networks_stylegan3", newer=True)


def clamp_of(clamp: float) -> float | int | None:
    """As keyword arguments have it: whole numbers as such, None where nothing is clamped."""
    return int(clamp) if clamp == int(clamp) and clamp else clamp or None


def taps_of(taps: tuple[float, ...]) -> list[float]:
    return [int(tap) if tap == int(tap) else tap for tap in taps]


def made(
    code: Code,
    name: str,
    attributes: Kwargs,
    parts: Mapping[str, Reference] | None = None,
    own: Tensors | None = None,
    buffers: Mapping[str, Tensor | None] | None = None,
    args: tuple[Any, ...] = (),
    kwargs: Kwargs | None = None,
) -> Reference:
    """An object with what every torch module has, its own attributes, and what it would be made with."""
    state = {
        **nn.Module().eval().__dict__,
        "_parameters": {name: nn.Parameter(alone(x), False) for name, x in (own or {}).items()},
        "_buffers": {name: None if x is None else alone(x) for name, x in (buffers or {}).items()},
        "_modules": dict(parts or {}),
        **attributes,
        "_init_args": args,
        "_init_kwargs": dict(kwargs or {}),
    }
    return Reference(Named(code.place, name), state)


def alone(x: Tensor) -> Tensor:
    """The same in memory of its own, since a pickle holds all memory that a tensor is a part of."""
    x = x.contiguous()
    return x if x.untyped_storage().nbytes() == x.numel() * x.element_size() else x.clone()


def dense(
    code: Code,
    tensors: Tensors,
    place: str,
    activation: str = "linear",
    rate: float = 1,
    kwargs: Kwargs | None = None,
) -> Reference:
    """[N, inputs] → [N, outputs]; `kwargs` are those of its making."""
    own = {name: tensors[f"{place}.{name}"] for name in ("weight", "bias")}
    outputs, inputs = own["weight"].shape
    sizes = {"in_features": inputs, "out_features": outputs} if code.newer else {}
    gains = {"activation": activation, "weight_gain": rate / math.sqrt(inputs), "bias_gain": rate}
    return made(code, "FullyConnectedLayer", {**sizes, **gains}, own=own, args=(inputs, outputs), kwargs=kwargs)


def conv(
    code: Code,
    tensors: Tensors,
    place: str,
    activation: str = "lrelu",
    clamp: float | None = None,
    up: int = 1,
    down: int = 1,
    taps: tuple[float, ...] = USUAL_TAPS,
    kwargs: Kwargs | None = None,
) -> Reference:
    """A plain convolution; it has a bias where `tensors` has one. Only where it resamples are its `taps` its own."""
    weight, bias = tensors[f"{place}.weight"], tensors.get(f"{place}.bias")
    outputs, inputs, size, _ = weight.shape
    sizes = {"in_channels": inputs, "out_channels": outputs} if code.newer else {}
    attributes: Kwargs = {
        **sizes, "activation": activation, "up": up, "down": down, "conv_clamp": clamp, "padding": size // 2,
        "weight_gain": 1 / math.sqrt(inputs * size**2), "act_gain": GAINS.get(activation, 1),
    }  # fmt: skip
    own = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    buffers = {"resample_filter": fir(taps if up * down > 1 else USUAL_TAPS)}
    attributes |= {"bias": None} if bias is None else {}
    said = {"kernel_size": size, **(kwargs or {})}
    return made(code, "Conv2dLayer", attributes, own=own, buffers=buffers, args=(inputs, outputs), kwargs=said)


def mapping(code: Code, tensors: Tensors, sizes: Kwargs, layers: Kwargs, rows: int | None) -> Reference:
    """z, labels → w; `sizes` are z_dim, c_dim and w_dim, `layers` the keyword arguments beside them.

    Without `rows` it keeps no average of w, as in discriminators.
    """
    activation, rate = layers.get("activation", "lrelu"), layers.get("lr_multiplier", 0.01)
    depth, beta = layers.get("num_layers", 8), None if rows is None else 0.998 if code.newer else 0.995
    parts = {"embed": dense(code, tensors, "mapping.embed")} if sizes["c_dim"] else {}
    for number in range(depth):
        place = f"mapping.fc{number}"
        kwargs = {"activation": activation, "lr_multiplier": rate}
        parts[f"fc{number}"] = dense(code, tensors, place, activation, rate, kwargs)
    attributes = {**sizes, "num_ws": rows, "num_layers": depth, "w_avg_beta": beta}
    attributes |= {"embed": None} if code is SG3 and not sizes["c_dim"] else {}
    buffers = {} if rows is None else {"w_avg": tensors["mapping.w_avg"]}
    made_with = {**sizes, "num_ws": rows, **({"w_avg_beta": None} if rows is None else {}), **layers}
    return made(code, "MappingNetwork", attributes, parts, buffers=buffers, kwargs=made_with)


def layers_of(depth: int, usual: int | None = None, **unusual: tuple[Any, Any]) -> Kwargs:
    """Keyword arguments of a mapping: its depth, unless that is `usual`, and of pairs (value, usual value) what is unusual."""
    found = {} if depth == usual else {"num_layers": depth}
    return found | {name: value for name, (value, normal) in unusual.items() if value != normal}
