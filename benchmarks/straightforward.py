"""StyleGAN3 the straightforward way, as its paper writes it down, to check and to time ours against."""

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.alias_free import AliasFreeActivation, Resampling
from engine.networks.alias_free_layers import AliasFreeLayer, AliasFreeRGB
from engine.networks.generator import Canvas
from engine.networks.stylegan3 import StyleGAN3Generator


def resampled(x: Tensor, kernel: Tensor, up: int, down: int, padding: tuple[int, int, int, int]) -> Tensor:
    """Zeros between pixels, padding, a convolution of every feature map, every `down`-th pixel; x is [N, C, H, W]."""
    n, c, h, w = x.shape
    x = F.pad(x.reshape(n, c, h, 1, w, 1), [0, up - 1, 0, 0, 0, up - 1]).reshape(n, c, h * up, w * up)
    x = F.pad(x, padding)
    if kernel.ndim == 2:
        x = F.conv2d(x, kernel.flip(0, 1).expand(c, 1, -1, -1), groups=c)
    else:
        x = F.conv2d(x, kernel.flip(0)[None, None, None].expand(c, -1, -1, -1), groups=c)
        x = F.conv2d(x, kernel.flip(0)[None, None, :, None].expand(c, -1, -1, -1), groups=c)
    return x[:, :, ::down, ::down]


def through(x: Tensor, resampling: Resampling) -> Tensor:
    """`resampled` by the filter and the factors of one of ours."""
    return resampled(x, resampling.filter, resampling.up, resampling.down, resampling.padding)


def activated(x: Tensor, activation: AliasFreeActivation) -> Tensor:
    """The filtered leaky ReLU, each operation by itself."""
    x = F.leaky_relu(through(x, activation.up), activation.slope)
    return through(x if activation.clamp is None else x.clamp(-activation.clamp, activation.clamp), activation.down)


def layer(ours: AliasFreeLayer, x: Tensor, w: Tensor) -> Tensor:
    """Weights of its own for every picture, as one grouped convolution, then each operation by itself."""
    stored, style = ours.conv.weight, ours.affine(w)
    weight = stored * stored.square().mean((1, 2, 3), keepdim=True).rsqrt()
    style = style * style.square().mean(1, keepdim=True).rsqrt()
    own = weight * style[:, None, :, None, None]
    own = own * (own.square().sum((2, 3, 4), keepdim=True) + 1e-8).rsqrt() * ours.measure.square.rsqrt()
    n, _, h, _ = x.shape
    x = F.conv2d(x.reshape(1, -1, h, h), own.flatten(0, 1), padding=weight.shape[-1] - 1, groups=n)
    return activated(x.unflatten(1, (n, -1)).squeeze(0) + ours.bias[:, None, None], ours.activation)


def drawn(generator: StyleGAN3Generator, ws: Tensor) -> Tensor:
    """ws [N, rows, w_dim] → picture; the wave plane and toRGB are as ours, they cost next to nothing."""
    canvas = Canvas()
    for step in generator.named_layers().values():
        assert step.row is not None
        if isinstance(step, AliasFreeLayer):
            assert canvas.features is not None
            canvas = Canvas(layer(step, canvas.features, ws[:, step.row]))
        else:
            assert isinstance(step, AliasFreeRGB) or canvas.features is None
            canvas = step(canvas, ws[:, step.row])
    assert canvas.picture is not None
    return canvas.picture


def apart(ours: Tensor, theirs: Tensor) -> float:
    """The largest difference, relative to the largest number."""
    return float((ours - theirs).abs().max() / theirs.abs().max().clamp_min(torch.finfo(theirs.dtype).tiny))
