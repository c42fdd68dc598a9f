"""Golden single operations of StyleGAN2, as the sidecar describes each call, recomputed by the functions that our networks use."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.activations import ACTIVATIONS, Activation, finish
from engine.networks.filters import convolve, downsample, filtered, fir, upfirdn, upsample
from engine.networks.layers import minibatch_stddev, pixel_norm
from engine.networks.modulation import modulated_convolve

from .golden import EXACT, Golden
from .stylegan2 import FORWARD, SLOPE

Call = Mapping[str, Any]
Inputs = dict[str, Tensor]
SLOPES = {"x": "gradx", "b": "gradb", "w": "gradw", "weight": "gradw", "styles": "grads"}  # input → name of its slope


def check_operations(golden: Golden) -> None:
    """Every call of the sidecar, and its slopes of half the sum of squares where the file has them."""
    for name, call in golden.notes["calls"].items():
        if call["op"] not in OPERATIONS:
            continue
        inputs = {key: golden.read(f"in.{call[key]}").clone() for key in SLOPES if _is_input(golden, call, key)}
        for tensor in inputs.values():
            tensor.requires_grad_()
        y = OPERATIONS[call["op"]](golden, call, inputs)
        golden.compare(name, y, EXACT if call["op"] == "setup_filter" else FORWARD)
        _compare_slopes(golden, name.removesuffix(".fused"), y, inputs)


def _is_input(golden: Golden, call: Call, key: str) -> bool:
    return isinstance(call.get(key), str) and f"in.{call[key]}" in golden


def _compare_slopes(golden: Golden, name: str, y: Tensor, inputs: Inputs) -> None:
    for key, tensor in inputs.items():
        slope = f"{name}.{SLOPES[key]}"
        if slope in golden:
            ours = torch.autograd.grad(0.5 * y.square().sum(), tensor, retain_graph=True)[0]
            golden.compare(slope, ours, SLOPE)


def _kernel(golden: Golden, name: str | None) -> Tensor:
    return fir(None) if name is None else golden.read(f"in.{name}")


def _options(call: Call, *names: str, **renamed: str) -> dict[str, Any]:
    """Those arguments that the call has, under our names."""
    wanted = {name: name for name in names} | renamed
    return {ours: call[theirs] for ours, theirs in wanted.items() if theirs in call}


def _resampled(function: Callable[..., Tensor], golden: Golden, call: Call, inputs: Inputs) -> Tensor:
    options = _options(call, "up", "down", "padding", "gain", flip="flip_filter")
    return function(inputs["x"], _kernel(golden, call["f"]), **options)


def _filter(golden: Golden, call: Call, inputs: Inputs) -> Tensor:
    return fir(call["f"], **_options(call, "normalize", "gain", "separable", flip="flip_filter"))


def _activated(golden: Golden, call: Call, inputs: Inputs) -> Tensor:
    """Bias, activation, gain, clamp, as our layers share the gain between weights and what comes after."""
    activation = ACTIVATIONS[call["act"]]
    if call.get("alpha") is not None:
        function = partial(F.leaky_relu, negative_slope=call["alpha"])
        activation = Activation(function, activation.gain, homogeneous=True)
    gain = activation.gain if call.get("gain") is None else call["gain"]
    before, after = activation.gains(gain / activation.gain)
    x = inputs["x"] if "x" in inputs else _sliced(golden, call["x"])
    shape = [1] * x.ndim
    shape[call.get("dim", 1)] = -1
    return finish((x + inputs["b"].reshape(shape)) * before, activation, after, call.get("clamp"))


def _sliced(golden: Golden, text: str) -> Tensor:
    return {
        "xb[..., :5]": lambda: golden.read("in.xb")[..., :5],
        "zn[:, :5]": lambda: golden.read("in.zn")[:, :5],
    }[text]()


def _convolved(golden: Golden, call: Call, inputs: Inputs) -> Tensor:
    kernel = _kernel(golden, call["f"])
    options = _options(call, "up", "down", "padding")
    return convolve(inputs["x"], inputs["w"], kernel, **options, flip=not call["flip_weight"])


def _modulated(golden: Golden, call: Call, inputs: Inputs) -> Tensor:
    """Fused is our way of single pictures."""
    kernel = _kernel(golden, call["resample_filter"])
    options = _options(call, "up", "down", "padding", "demodulate")
    parts = 1 if call["fused_modconv"] else len(inputs["x"])
    y = torch.cat(
        [
            modulated_convolve(x, inputs["weight"], style, kernel, **options, flip=not call["flip_weight"])
            for x, style in zip(inputs["x"].split(parts), inputs["styles"].split(parts), strict=True)
        ]
    )
    return y if call["noise"] is None else y + golden.read(f"in.{call['noise']}")


def _statistic(golden: Golden, call: Call, inputs: Inputs) -> Tensor:
    return minibatch_stddev(inputs["x"], call["group_size"] or len(inputs["x"]), call["num_channels"])


def _multiplied_and_added(golden: Golden, call: Call, inputs: Inputs) -> Tensor:
    x = inputs["x"]
    return torch.addcmul(x[:1, :1] + 1, x, 2 * x[:, :, :1, :1])


OPERATIONS: dict[str, Callable[[Golden, Call, Inputs], Tensor]] = {
    "upfirdn2d": partial(_resampled, upfirdn),
    "filter2d": partial(_resampled, filtered),
    "upsample2d": partial(_resampled, upsample),
    "downsample2d": partial(_resampled, downsample),
    "setup_filter": _filter,
    "bias_act": _activated,
    "conv2d_resample": _convolved,
    "modulated_conv2d": _modulated,
    "MinibatchStdLayer": _statistic,
    "normalize_2nd_moment": lambda golden, call, inputs: pixel_norm(inputs["x"]),
    "x*b+c": _multiplied_and_added,
}
