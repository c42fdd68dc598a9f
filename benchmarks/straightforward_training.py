"""Training StyleGAN2 the straightforward way: both players' layers compute each operation by itself, everything else is ours."""

from collections.abc import Callable
from functools import partial

from torch import Tensor, nn
from torch.nn import functional as F

from engine.networks.filters import FilteredConv2d, down_padding
from engine.networks.generator import Canvas
from engine.networks.modulation import StyledConv, ToRGB
from engine.training.players import Players

from .straightforward import modulated, resampled


def as_written(players: Players) -> None:
    """From now on the layers of these players of a StyleGAN2 compute as the paper writes them."""
    for layer in players.generator.layers.values():
        if isinstance(layer, StyledConv | ToRGB):
            _replace(layer, partial(_drawn, layer))
    for layer in players.discriminator.modules():
        if isinstance(layer, FilteredConv2d):
            _replace(layer, partial(convolved, layer))


def _replace(layer: nn.Module, forward: Callable[..., object]) -> None:
    object.__setattr__(layer, "forward", forward)


def _drawn(layer: StyledConv | ToRGB, canvas: Canvas, w: Tensor, noise: Tensor | None = None, _: float = 1.0) -> Canvas:
    return modulated(layer, canvas, w, noise)


def convolved(layer: FilteredConv2d, x: Tensor) -> Tensor:
    """A layer of the discriminator: the filter, the convolution, bias, activation, gain and clamp one after the other."""
    weight, kernel = layer.weight * layer.scale, layer.resample.kernel
    size = weight.shape[-1]
    if layer.down == 1:
        y = F.conv2d(x, weight, padding=size // 2)
    else:
        sides = down_padding(kernel, (layer.down, layer.down), size // 2)
        first = layer.down if size == 1 else 1  # a 1×1 convolution comes after all of the resampling
        y = F.conv2d(resampled(x, kernel, 1, first, sides), weight, stride=layer.down // first)
    y = y if layer.bias is None else y + (layer.bias * layer.before)[:, None, None]
    y = layer.activation.function(y) * layer.after
    return y if layer.clamp is None else y.clamp(-layer.clamp, layer.clamp)
