"""The layers of StyleGAN3: modulated convolutions whose input is brought to unit magnitude, and alias-free activations."""

import math
from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .activations import full_precision
from .alias_free import AliasFreeActivation, Resampling
from .bandlimits import Passage, Signal
from .filters import as_type
from .generator import Canvas, Layer
from .layers import SQRT2, Equalized, normal
from .lowpass import lowpass
from .modulation import Affine, demodulation, power_of
from .winograd import KERNEL, convolve_tiles, tiled

LARGE = 2**14  # weights at one place of the kernel from which on Winograd's way is quicker


InTurn = Callable[[Tensor], Iterable[tuple[bool, Tensor]]]


def alone(value: Tensor) -> Iterable[tuple[bool, Tensor]]:
    """What all processes bring, where there is one."""
    return ((True, value),)


class Magnitude(nn.Module):
    """A moving average of the mean square of features (Karras et al. 2021, section 3.2, D); follows them where `beta` is set."""

    square: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.beta: float | None = None
        self.in_turn: InTurn = alone
        self.register_buffer("square", torch.ones(()))

    def gain(self, x: Tensor) -> Tensor:
        """The factor [] that brings x to unit magnitude."""
        if self.beta is None:
            return self.square.rsqrt()
        gain = self.square
        for own, now in self.in_turn(x.detach().float().square().mean()):
            self.square.copy_(torch.lerp(now, self.square, self.beta))
            gain = self.square.rsqrt() if own else gain
        return gain


def even(style: Tensor) -> Tensor:
    """A style [N, I] at unit magnitude, each picture's by itself.

    The original divides by the magnitude over the whole batch. Demodulation cancels whatever factor this is, but for its
    1e-8, so that a picture by itself gives the same to rounding and cannot depend on its neighbours.
    """
    return style * style.square().mean(1, keepdim=True).rsqrt()


def convolve(
    x: Tensor, weight: Tensor, before: Tensor, after: Tensor | None, padding: int, bias: Tensor | None = None
) -> Tensor:
    """x [N, I, H, W] · before [N, I], correlated with weight [O, I, k, k], · after [N, O], plus bias [O].

    A single picture scales the weights where those are fewer than the features, which is the same.
    """
    after = torch.ones_like(before[:, :1]) if after is None else after
    if x.shape[0] == 1 and weight.numel() < x.numel():
        scaled = weight * (after.t() * before)[..., None, None]
        return F.conv2d(x, scaled.to(x.dtype), None if bias is None else bias.to(x.dtype), padding=padding)
    x = F.conv2d(x * before.to(x.dtype)[..., None, None], weight.to(x.dtype), padding=padding)
    after = after.to(x.dtype)[..., None, None]
    return x * after if bias is None else torch.addcmul(bias.to(x.dtype)[:, None, None], x, after)


class EvenConv2d(Equalized):
    """A demodulated convolution of every place that the kernel touches; each filter is brought to unit magnitude before.

    Packed on a CPU, a large 3×3 convolution keeps its weight in the four times larger form that Winograd's way needs.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int):
        shape = (outputs, inputs, kernel, kernel)
        super().__init__(shape, gain=math.sqrt(math.prod(shape[1:])))
        self._power: Tensor | None = None
        self._tiles: Tensor | None = None

    def derived(self) -> Tensor:
        weight = self.weight * self.weight.square().mean((1, 2, 3), keepdim=True).rsqrt()
        return weight.contiguous() if weight.device.type == "cpu" else weight

    def pack(self) -> None:
        with torch.no_grad():
            weight = self.derived()
            self._packed, self._power, self._tiles = weight, power_of(weight), None
            large = weight.shape[-1] == KERNEL and math.prod(weight.shape[:2]) >= LARGE
            if large and weight.device.type == "cpu":
                self._tiles = tiled(weight)

    def forward(self, x: Tensor, style: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
        """x [N, I, H, W] by style [N, I], its input scaled by `gain` ([], [I] or [N, I]) without demodulation cancelling it."""
        weight = self.operand(torch.promote_types(style.dtype, torch.float32))
        with full_precision(x):
            style = even(style)
            after = demodulation(style, power_of(weight) if self._power is None else self._power)
        before = style * gain
        if self._tiles is not None and x.dtype == torch.float32 and not torch.is_grad_enabled():
            each = zip(x, before, after, strict=True)
            drawn = [convolve_tiles(one, self._tiles, s, d, bias) for one, s, d in each]
            return torch.stack(drawn) if len(drawn) > 1 else drawn[0][None]
        return convolve(x, weight, before, after, weight.shape[-1] - 1, bias)


class AliasFreeLayer(Layer):
    """style → modulated convolution → bias → up-sampling → leaky ReLU → clamp → down-sampling (figure 4b)."""

    def __init__(self, row: int, w_dim: int, passage: Passage, clamp: float | None = None):
        super().__init__()
        source, target = passage.source, passage.target
        self.row, self.resolution, self.rate, self.passage = row, target.resolution, target.rate, passage
        self.dtype: torch.dtype | None = None
        self.affine = Affine(w_dim, source.features)
        self.conv = EvenConv2d(source.features, target.features, passage.kernel)
        self.bias = nn.Parameter(torch.zeros(target.features))
        self.measure = Magnitude()
        self.activation = activation(passage, clamp)

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert w is not None
        assert canvas.features is not None
        gain = self.measure.gain(canvas.features)
        x = self.conv(as_type(canvas.features, self.dtype), self.affine(w, strength), gain, self.bias)
        return Canvas(self.activation(x))


def designed(passage: Passage) -> tuple[np.ndarray, np.ndarray]:
    """The filters of a layer, before and after its leaky ReLU, without the gains that they carry in the network."""
    source, target = passage.source, passage.target
    up = lowpass(passage.up_taps, source.cutoff, 2 * source.half_width, passage.inner)
    return up, lowpass(passage.down_taps, target.cutoff, 2 * target.half_width, passage.inner, passage.radial)


def activation(passage: Passage, clamp: float | None) -> AliasFreeActivation:
    """The leaky ReLU of a layer between its two filters."""
    (low, high), (up, down) = passage.padding, designed(passage)
    return AliasFreeActivation(
        Resampling(up, passage.up, 1, (low, high, low, high), passage.up**2 * SQRT2),
        Resampling(down, 1, passage.down),
        clamp=clamp,
    )


class AliasFreeRGB(Layer):
    """A modulated 1×1 convolution without demodulation, clamp, and the picture's scale; the picture is in float32."""

    def __init__(self, row: int, w_dim: int, source: Signal, target: Signal, scale: float, clamp: float | None = None):
        super().__init__()
        self.row, self.resolution, self.rate = row, target.resolution, target.rate
        self.source, self.target, self.scale, self.clamp = source, target, scale, clamp
        self.dtype: torch.dtype | None = None
        self.affine = Affine(w_dim, source.features)
        self.weight = nn.Parameter(normal((target.features, source.features, 1, 1)))
        self.bias = nn.Parameter(torch.zeros(target.features))
        self.measure = Magnitude()

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert w is not None
        assert canvas.features is not None
        before = self.affine(w, strength) * (self.measure.gain(canvas.features) / math.sqrt(self.weight.shape[1]))
        x = as_type(canvas.features, self.dtype)
        weight = (self.weight.flatten(1) * before[:, None]).to(x.dtype)
        x = torch.baddbmm(self.bias.to(x.dtype)[:, None], weight, x.flatten(2)).unflatten(2, x.shape[2:])
        x = x if self.clamp is None else x.clamp(-self.clamp, self.clamp)
        return Canvas(None, x.float() * self.scale)
