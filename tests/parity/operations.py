"""Golden single operations, each recomputed by the building block that our networks use for it."""

import re
from collections.abc import Callable

import torch
from torch import Tensor, nn

from engine.checkpoints.tensorflow import HWIO, HWIO_FUSED, HWOI_FUSED, MATRIX, Layout
from engine.networks.layers import (
    SQRT2,
    Bias,
    Blur,
    DownConv2d,
    EqualizedConv2d,
    EqualizedLinear,
    NoiseInput,
    UpConv2d,
    downscale,
    instance_norm,
    minibatch_stddev,
    pixel_norm,
    upscale,
)
from engine.networks.progressive import Activation, DenseStart, Style, modulate
from engine.render.pixels import to_uint8
from engine.training.adam import Adam
from engine.training.ema import ema_beta
from engine.training.growth import fade_reals

from .golden import ADAM, CLOSE, DEGENERATE, EXACT, Golden, Tolerance
from .importer import load


def check_operations(golden: Golden) -> None:
    """Every output that one of the operations below computes."""
    for name in golden.outputs():
        if name in OPERATIONS:
            tolerance = TOLERANCES.get(name, CLOSE)
            golden.compare(name, OPERATIONS[name](golden), tolerance)
        for pattern, compute in FAMILIES.items():
            if match := re.fullmatch(pattern, name):
                tolerance = ADAM if name.startswith("adam/") else CLOSE
                golden.compare(name, compute(golden, *match.groups()), tolerance)


def _slope(golden: Golden, function: Callable[[Tensor], Tensor], x: str = "x", dy: str | None = "dy") -> Tensor:
    """The vector-Jacobian product of a function at x, with a golden dy or with ones."""
    x_ = golden.read(x).clone().requires_grad_()
    y = function(x_)
    return torch.autograd.grad(y, x_, torch.ones_like(y) if dy is None else golden.read(dy))[0]


def _convolution(golden: Golden, kind: type[EqualizedConv2d], layout: Layout, name: str = "conv/w_tf_hwio") -> Tensor:
    weight = layout.ours(golden.read(name))
    layer = load(kind(weight.shape[1], weight.shape[0], 3), {"weight": weight})
    return layer(golden.read("x"))


def _pointwise(golden: Golden) -> Tensor:
    weight = HWIO.ours(golden.read("conv/w_tf_hwio")[:1, :1])
    layer = load(EqualizedConv2d(weight.shape[1], weight.shape[0], 1, gain=1.0), {"weight": weight})
    return layer(golden.read("x"))


def _dense(golden: Golden) -> Tensor:
    weight, bias = MATRIX.ours(golden.read("dense/w_tf_io")), golden.read("dense/b")
    layer = nn.Sequential(EqualizedLinear(tuple(weight.shape), SQRT2, 0.01), Bias(len(bias), 0.01))
    return load(layer, {"0.weight": weight, "1.bias": bias})(golden.read("dense/x"))


def _first_dense(golden: Golden) -> Tensor:
    weight, bias = MATRIX.ours(golden.read("first_dense/w_tf_io")), golden.read("first_dense/b")
    layer = nn.Sequential(DenseStart(weight.shape[1], len(bias)), Bias(len(bias)))
    return load(layer, {"0.dense.weight": weight, "1.bias": bias})(golden.read("pixel_norm/x2d"))


def _modulated(golden: Golden, x: Tensor) -> Tensor:
    weight, bias = MATRIX.ours(golden.read("style_mod/w_tf_io")), golden.read("style_mod/b")
    style = load(Style(weight.shape[1], len(bias) // 2), {"affine.weight": weight, "shift.bias": bias})
    return modulate(x, style(golden.read("style_mod/dlatent")))


def _noisy(golden: Golden) -> Tensor:
    noise, strength = golden.read("noise/noise"), golden.read("noise/w")
    layer = load(NoiseInput(len(strength), noise.shape[-1]), {"strength": strength, "constant": noise})
    return layer(golden.read("x"), layer.constant)


def _statistic(golden: Golden, group: str, features: str | None = None) -> Tensor:
    x = golden.read("mbstd/x")
    return minibatch_stddev(x, int(group), int(features or 1))[:, x.shape[1] :]


def _first_statistic(golden: Golden, first: str, group: str) -> Tensor:
    x = golden.read("mbstd/x")[: int(first)]
    return minibatch_stddev(x, int(group))[:, x.shape[1] :]


def _reals(golden: Golden, lod: str) -> Tensor:
    pictures = fade_reals(golden.read("process_reals/x_uint8").float() / 127.5 - 1.0, float(lod))
    return upscale(pictures, 2 ** int(float(lod)))


def _adam(golden: Golden, rate: str) -> Tensor:
    """The parameters after each step."""
    parameter = nn.Parameter(golden.read("adam/p0").clone())
    optimizer = Adam([parameter], lr=float(rate))
    path = []
    for gradient in golden.read("adam/grads"):
        parameter.grad = gradient.clone()
        optimizer.step()
        path.append(parameter.detach().clone())
    return torch.stack(path)


def _betas(golden: Golden) -> Tensor:
    batches = golden.tensors["ema/beta"][:, 0]
    return torch.stack([batches, torch.tensor([ema_beta(int(batch)) for batch in batches])], 1)


OPERATIONS: dict[str, Callable[[Golden], Tensor]] = {
    "blur2d/y": lambda g: Blur()(g.read("x")),
    "blur2d/dx": lambda g: _slope(g, Blur()),
    "blur2d_1331/y": lambda g: Blur((1, 3, 3, 1))(g.read("x")),
    "blur2d_124/y": lambda g: Blur((1, 2, 4))(g.read("x")),
    "blur2d_124/dx": lambda g: _slope(g, Blur((1, 2, 4))),
    "upscale2d/y": lambda g: upscale(g.read("x")),
    "downscale2d/y": lambda g: downscale(g.read("x")),
    "downscale2d_f4/y": lambda g: downscale(g.read("x"), 4),
    "conv2d/y": lambda g: _convolution(g, EqualizedConv2d, HWIO),
    "conv1x1_gain1/y": _pointwise,
    "upscale2d_conv2d_fused/y": lambda g: _convolution(g, UpConv2d, HWIO_FUSED),
    "upscale2d_conv2d_unfused/y": lambda g: _convolution(g, UpConv2d, HWIO),
    "upscale2d_conv2d/y": lambda g: _convolution(g, UpConv2d, HWOI_FUSED, "up/w_tf_hwoi"),
    "conv2d_downscale2d_fused/y": lambda g: _convolution(g, DownConv2d, HWIO),
    "conv2d_downscale2d_unfused/y": lambda g: downscale(_convolution(g, EqualizedConv2d, HWIO)),
    "conv2d_downscale2d/y": lambda g: _convolution(g, DownConv2d, HWIO),
    "dense/y_lrmul0.01": _dense,
    "dense/lrelu": lambda g: Activation()(_dense(g)),
    "first_dense/y": _first_dense,
    "lrelu/y": lambda g: Activation()(g.read("lrelu/x")),
    "lrelu/dx": lambda g: _slope(g, Activation(), "lrelu/x", dy=None),
    "leaky_relu/y": lambda g: Activation()(g.read("x")),
    "pixel_norm/y": lambda g: pixel_norm(g.read("x")),
    "pixel_norm/y4d": lambda g: pixel_norm(g.read("x")),
    "pixel_norm/y2d": lambda g: pixel_norm(g.read("pixel_norm/x2d" if "pixel_norm/x2d" in g else "dense/x")),
    "instance_norm/y": lambda g: instance_norm(g.read("x")),
    "instance_norm/y_flat": lambda g: instance_norm(g.read("instance_norm/x_flat")),
    "style_mod/y": lambda g: _modulated(g, g.read("x")),
    "adain/y": lambda g: _modulated(g, instance_norm(g.read("x"))),
    "adain/dx": lambda g: _slope(g, lambda x: _modulated(g, instance_norm(x))),
    "noise/y": _noisy,
    "to_uint8/y": lambda g: to_uint8(g.read("to_uint8/x")),
    "to_uint8/y_nhwc_shrink2": lambda g: to_uint8(downscale(g.read("to_uint8/x"))).permute(0, 2, 3, 1),
    "ema/beta": _betas,
}

FAMILIES: dict[str, Callable[..., Tensor]] = {
    r"mbstd/y_group(\d+)(?:_feat(\d+))?": _statistic,
    r"mbstd/y_first(\d+)_group(\d+)": _first_statistic,
    r"process_reals/lod([\d.]+)": _reals,
    r"adam/p_lr([\d.]+)": _adam,
}

TOLERANCES: dict[str, Tolerance] = {
    "instance_norm/y_flat": DEGENERATE,
    "to_uint8/y": EXACT,
    "to_uint8/y_nhwc_shrink2": EXACT,
}
