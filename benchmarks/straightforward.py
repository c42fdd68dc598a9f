"""StyleGAN 1, 2 and 3 the straightforward way, as their papers write them down, to check and to time ours against.

Every operation by itself in float32, weights as they were trained and in torch's own memory layout, constant noise. Small things
that cost next to nothing, such as the affine maps of styles, are ours.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.alias_free import AliasFreeActivation, Resampling
from engine.networks.alias_free_layers import AliasFreeLayer
from engine.networks.generator import Canvas, Generator, Layer
from engine.networks.modulation import StyledConv, ToRGB
from engine.networks.progressive import SynthesisLayer
from engine.networks.progressive import ToRGB as ProgressiveToRGB


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


def alias_free(step: Layer, canvas: Canvas, w: Tensor) -> Canvas:
    """A layer of StyleGAN3; the wave plane and toRGB are as ours, they cost next to nothing."""
    if not isinstance(step, AliasFreeLayer):
        return step(canvas, w)
    assert canvas.features is not None
    return Canvas(layer(step, canvas.features, w))


def modulated(step: Layer, canvas: Canvas, w: Tensor, noise: Tensor | None = None) -> Canvas:
    """A layer of StyleGAN2: weights scaled by the style, one grouped convolution, the filter by itself (2019, section 2.2).

    Its noise is constant unless some is given, [N, 1, R, R].
    """
    if isinstance(step, ToRGB):
        return _coloured(step, canvas, w)
    assert isinstance(step, StyledConv)
    x = canvas.features if step.start is None else step.start.expand(len(w), -1, -1, -1)
    assert x is not None
    own = step.conv.weight * step.affine(w)[:, None, :, None, None]
    own = own * (own.square().sum((2, 3, 4), keepdim=True) + 1e-8).rsqrt()
    y = _grouped(x, own, step.conv.up)
    y = resampled(y, step.conv.resample.kernel * 4, 1, 1, (1, 1, 1, 1)) if step.conv.up > 1 else y
    if step.constant is not None and step.strength is not None:
        y = y + (step.constant if noise is None else noise) * step.strength
    root = 1.0 if step.skip is None else 0.5**0.5
    y = F.leaky_relu(y + step.bias[:, None, None], 0.2) * 2**0.5 * root
    y = y if step.clamp is None else y.clamp(-step.clamp, step.clamp)
    if step.skip is not None:
        weight = step.skip.weight * (root / step.skip.weight.shape[1] ** 0.5)
        y = y + F.conv2d(resampled(canvas.kept[0], step.skip.resample.kernel * 4, 2, 1, (2, 1, 2, 1)), weight)
    return canvas._replace(features=y, kept=(x,) if step.keep else ())


def _grouped(x: Tensor, own: Tensor, up: int) -> Tensor:
    """x [N, I, H, W] by weights of its own for every picture [N, O, I, 3, 3]; doubled by a transposed convolution."""
    n, outputs, inputs = own.shape[:3]
    x = x.reshape(1, -1, *x.shape[2:])
    if up == 1:
        y = F.conv2d(x, own.flatten(0, 1), padding=1, groups=n)
    else:
        y = F.conv_transpose2d(x, own.transpose(1, 2).reshape(n * inputs, outputs, 3, 3), stride=2, groups=n)
    return y.unflatten(1, (n, outputs)).squeeze(0)


def _coloured(step: ToRGB, canvas: Canvas, w: Tensor) -> Canvas:
    """toRGB, added to the picture so far, doubled with zeros between its pixels."""
    x = canvas.features
    assert x is not None
    style = step.affine(w) / x.shape[1] ** 0.5
    own = (step.weight * style[:, None])[..., None, None]
    color = F.conv2d(x.reshape(1, -1, *x.shape[2:]), own.flatten(0, 1), groups=len(x))
    color = color.view(len(x), -1, *x.shape[2:]) + step.bias[:, None, None]
    color = color if step.clamp is None else color.clamp(-step.clamp, step.clamp)
    before = canvas.picture
    doubled = None if before is None else resampled(before, step.resample.kernel * 4, 2, 1, (2, 1, 2, 1))
    return canvas._replace(picture=color if doubled is None else color + doubled)


def styled(step: Layer, canvas: Canvas, w: Tensor) -> Canvas:
    """A layer of StyleGAN: doubling, convolution, blur, noise, bias, leaky ReLU, instance norm, style (2018, figure 1b)."""
    x: Any = canvas.features
    if isinstance(step, ProgressiveToRGB):
        weight = step.conv.weight * step.conv.scale
        return canvas._replace(picture=F.conv2d(x, weight) + step.bias.bias[:, None, None])
    assert isinstance(step, SynthesisLayer)
    source: Any = step.source
    if x is None:
        x = source.const.expand(len(w), -1, -1, -1)
    else:
        x = x if step.blur is None else F.interpolate(x, scale_factor=2.0)
        x = F.conv2d(x, source.weight * source.scale, padding=1)
    x = (
        x
        if step.blur is None
        else F.conv2d(x, step.blur.kernel.expand(x.shape[1], 1, -1, -1), padding=1, groups=x.shape[1])
    )
    assert step.noise is not None
    assert step.style is not None
    x = x + step.noise.constant * step.noise.strength[:, None, None]
    x = F.leaky_relu(x + step.bias.bias[:, None, None], 0.2)
    x = x - x.mean((2, 3), keepdim=True)
    x = x * (x.square().mean((2, 3), keepdim=True) + 1e-8).rsqrt()
    scale, shift = (w @ (step.style.affine.weight * step.style.affine.scale).t() + step.style.shift.bias).chunk(2, 1)
    return canvas._replace(features=x * (scale[..., None, None] + 1) + shift[..., None, None])


FAMILIES: dict[str, Callable[[Layer, Canvas, Tensor], Canvas]] = {
    "stylegan1": styled,
    "stylegan2": modulated,
    "stylegan3": alias_free,
}


def drawn(generator: Generator, ws: Tensor) -> Tensor:
    """ws [N, rows, w_dim] → picture [N, channels, R, R], with constant noise."""
    spec: Any = generator.spec
    draw, canvas = FAMILIES[spec.__struct_config__.tag], Canvas()
    for step in generator.steps():
        canvas = draw(step.layer, canvas, ws[:, step.layer.row or 0])
    assert canvas.picture is not None
    return canvas.picture


def apart(ours: Tensor, theirs: Tensor) -> float:
    """The largest difference, relative to the largest number."""
    return float((ours - theirs).abs().max() / theirs.abs().max().clamp_min(torch.finfo(theirs.dtype).tiny))
