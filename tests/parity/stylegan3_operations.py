"""Golden single operations of StyleGAN3: alias-free activation, modulated convolution, filter design, moved pictures, blur."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.metrics.equivariance import (
    as_if_turned,
    rotation,
    translated,
    translated_finely,
    turned,
    turning_filter,
)
from engine.networks.alias_free import AliasFreeActivation, Resampling
from engine.networks.alias_free_layers import convolve, even
from engine.networks.lowpass import lowpass
from engine.networks.modulation import demodulation, power_of
from engine.training.blur import blur_taps, blurred

from .golden import Golden
from .stylegan2 import FORWARD, SLOPE

Call = Mapping[str, Any]
Inputs = dict[str, Tensor]


def check_operations(golden: Golden) -> None:
    """Every call of the sidecar with its slopes of half the sum of squares, and the operations that judge equivariance."""
    for name, call in golden.notes["calls"].items():
        if call["op"] == "filtered_lrelu":
            _compare_activation(golden, name, call)
        elif call["op"].startswith("modulated_conv2d"):
            inputs = {key: _learning(golden, call[key]) for key in ("x", "w", "s")}
            y = modulated(golden, call, inputs)
            golden.compare(name, y, FORWARD)
            _compare_slopes(golden, name, y, inputs)
        elif call["op"] == "design_lowpass_filter":
            _compare_design(golden, name, call)
        elif name.startswith("blur"):
            _compare_blur(golden, name, call["sigma"])
    for name in golden.outputs("eq."):
        golden.compare(name, _moved(golden, name), FORWARD)


def _learning(golden: Golden, name: str) -> Tensor:
    return golden.read(f"in.{name}").clone().requires_grad_()


def _compare_slopes(golden: Golden, name: str, y: Tensor, inputs: Inputs) -> None:
    slopes = torch.autograd.grad(0.5 * y.square().sum(), list(inputs.values()))
    for key, slope in zip(inputs, slopes, strict=True):
        if f"{name}.grad{key}" in golden:
            golden.compare(f"{name}.grad{key}", slope, SLOPE)


def _compare_activation(golden: Golden, name: str, call: Call) -> None:
    """The way of training, with its slopes, and that of drawing."""
    inputs = {"x": _learning(golden, call["x"])}
    if call["b"] is not None:
        inputs["b"] = _learning(golden, call["b"])
    activation = _activation(golden, call)
    x = inputs["x"] + inputs["b"][:, None, None] if "b" in inputs else inputs["x"]
    y = activation(x)
    golden.compare(name, y, FORWARD)
    _compare_slopes(golden, name, y, inputs)
    golden.compare(name, activation(x.detach()), FORWARD)


def _activation(golden: Golden, call: Call) -> AliasFreeActivation:
    up, down = (_taps(golden, call[key], call["flip_filter"]) for key in ("fu", "fd"))
    return AliasFreeActivation(
        Resampling(up, call["up"], 1, call["padding"], call["up"] ** 2 * call["gain"]),
        Resampling(down, 1, call["down"]),
        call["slope"],
        call["clamp"],
    )


def _taps(golden: Golden, name: str | None, flip: bool) -> np.ndarray:
    if name is None:
        return np.ones(1)
    taps = golden.read(f"in.{name}")
    return (taps.flip(tuple(range(taps.ndim))) if flip else taps).numpy()


def modulated(golden: Golden, call: Call, inputs: Inputs) -> Tensor:
    """As our layers do it, each picture's style evened by itself, and singly where weights are scaled instead of features."""
    x, weight, style = inputs["x"], inputs["w"], inputs["s"]
    gain = torch.ones(()) if call["input_gain"] is None else golden.read(f"in.{call['input_gain']}")
    after = None
    if call["demodulate"]:
        weight = weight * weight.square().mean((1, 2, 3), keepdim=True).rsqrt()
        style = even(style)
        after = demodulation(style, power_of(weight))
    return convolve(x, weight, style * gain, after, call["padding"])


def _compare_design(golden: Golden, name: str, call: Call) -> None:
    filter = lowpass(call["numtaps"], call["cutoff"], call["width"], call["fs"], call["radial"])
    if name in golden:
        golden.compare(name, torch.from_numpy(filter), FORWARD)
    else:
        golden.compare_number(name, filter.size, 1)


def _compare_blur(golden: Golden, name: str, sigma: float) -> None:
    taps = blur_taps(sigma)
    if f"{name}.filter" in golden:
        assert taps is not None
        golden.compare(f"{name}.filter", taps, FORWARD)
        golden.compare(f"{name}.out", blurred(golden.read("in.img"), sigma), FORWARD)
    else:
        golden.compare_number(name, float(taps is None), 1.0)


MOVES: dict[str, Callable[..., tuple[Tensor, Tensor]]] = {
    "int_translate": translated,
    "frac_translate": translated_finely,
    "frac_rotate": turned,
    "pseudo_rotate": as_if_turned,
}


def _moved(golden: Golden, name: str) -> Tensor:
    if match := re.fullmatch(r"eq\.rotation_matrix\.(-?[\d.]+)", name):
        return torch.from_numpy(rotation(float(match[1]))).float()
    if match := re.fullmatch(r"eq\.bandlimit_filter\.up(\d)\.(-?[\d.]+)", name):
        up, angle = int(match[1]), float(match[2])
        return torch.from_numpy(turning_filter(rotation(-angle if up == 1 else angle), up)).float()  # as they are used
    number = r"-?\d+\.\d+"
    match = re.fullmatch(rf"eq\.([a-z_]+?)(_ns)?((?:\.{number})+)\.([zm])", name)
    assert match is not None, name
    numbers = [float(one) for one in re.findall(number, match[3])]
    picture, mask = MOVES[match[1]](golden.read("in.img_ns" if match[2] else "in.img"), *numbers)
    return picture if match[4] == "z" else mask
