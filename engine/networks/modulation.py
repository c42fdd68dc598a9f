"""Layers whose convolution weights are scaled by the style, instead of their features (StyleGAN2 2019, section 2.2)."""

import math
from collections.abc import Sequence

import torch
from msgspec import Struct
from torch import Tensor, nn

from .activations import ACTIVATIONS, Dense, Name, finish, full_precision
from .filters import FilteredConv2d, Resampler, convolve
from .generator import Canvas, Layer
from .layers import Equalized


class Habit(Struct, frozen=True):
    """What all layers of a synthesis network share."""

    w_dim: int
    taps: tuple[float, ...]
    activation: Name
    clamp: float | None
    noise: bool


class Affine(Dense):
    """The learned affine map A: w [N, w_dim] → style s [N, features], one scale a feature map, 1 where w says nothing.

    Style strength a makes it s' = 1 + a (s - 1).
    """

    def __init__(self, w_dim: int, features: int):
        super().__init__(w_dim, features, bias=1.0)

    def forward(self, w: Tensor, strength: float = 1.0) -> Tensor:
        with full_precision(w):
            style = super().forward(w.float())
        return style if strength == 1.0 else 1.0 + strength * (style - 1.0)


def demodulation(style: Tensor, power: Tensor) -> Tensor:
    """d [N, O] of style s [N, I] and power Σ_k w² [O, I]: 1 / sqrt(Σ_i s² Σ_k w² + 1e-8) (equation 3)."""
    return torch.addmm(style.new_full((1,), 1e-8), style.square(), power.t()).rsqrt()


def power_of(weight: Tensor) -> Tensor:
    """[O, I, k, k] → Σ_k w² [O, I]"""
    return weight.square().sum((2, 3))


def bounded(weight: Tensor, style: Tensor) -> tuple[Tensor, Tensor]:
    """Weight and style scaled so that products fit into float16; demodulation cancels it (StyleGAN2-ADA 2020, appendix)."""
    scale = 1.0 / math.sqrt(math.prod(weight.shape[1:]))
    return (
        weight * (scale / weight.abs().amax((1, 2, 3), keepdim=True)),
        style / style.abs().amax(1, keepdim=True),
    )


def modulated_convolve(
    x: Tensor,
    weight: Tensor,
    style: Tensor,
    kernel: Tensor,
    up: int = 1,
    down: int = 1,
    padding: int = 0,
    flip: bool = False,
    demodulate: bool = True,
    gain: float = 1.0,
    power: Tensor | None = None,
) -> Tensor:
    """x [N, I, H, W] convolved with weight [O, I, k, k] · style [N, I], each output map to unit variance, times `gain`.

    `power` is Σ_k w² where it is known already. A single picture scales the weights where those are fewer than the
    pixels; otherwise features are scaled before and after, which is the same (equations 1 and 3).
    """
    with full_precision(x):
        if demodulate and working_type(x) == torch.float16:
            weight, style = bounded(weight.float(), style)
            power = None
        after = demodulation(style, power_of(weight.float()) if power is None else power) * gain if demodulate else None
    weight, before = weight.to(x.dtype), style.to(x.dtype)
    if x.shape[0] == 1 and weight.numel() < x.numel():
        weight = weight * before[0, :, None, None]
        weight = weight * (gain if after is None else after[0, :, None, None, None].to(x.dtype))
        return convolve(x, weight, kernel, up, down, padding, flip)
    x = convolve(x * before[..., None, None], weight, kernel, up, down, padding, flip)
    return x * (gain if after is None else after[..., None, None].to(x.dtype))


def working_type(x: Tensor) -> torch.dtype:
    """In which precision a convolution of x would compute."""
    kind = x.device.type
    if torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind):
        return torch.get_autocast_dtype(kind)
    return x.dtype


class ModulatedConv2d(Equalized):
    """A demodulated convolution; its weight is used as it is stored, since demodulation sets the scale."""

    def __init__(self, inputs: int, outputs: int, kernel: int, taps: Sequence[float], up: int = 1):
        shape = (outputs, inputs, kernel, kernel)
        super().__init__(shape, gain=math.sqrt(math.prod(shape[1:])))
        self.resample, self.up = Resampler(taps), up
        self._power: Tensor | None = None

    def derived(self) -> Tensor:
        return self.weight

    def pack(self) -> None:
        super().pack()
        self._power = power_of(self.weight.detach())

    def forward(self, x: Tensor, style: Tensor, gain: float = 1.0) -> Tensor:
        weight = self.derived() if self._packed is None else self._packed
        padding = weight.shape[-1] // 2
        kernel = self.resample.kernel
        return modulated_convolve(
            x, weight, style, kernel, self.up, 1, padding, self.up > 1, gain=gain, power=self._power
        )


class StyledConv(Layer):
    """style → modulated convolution → noise → bias → activation → clamp (figure 2c and 2d).

    A layer with `start` begins from the learned constant. In the resnet architecture the second layer of a block adds the
    input of the first, which that one keeps on the canvas, and each branch has half the variance (figure 7c).
    """

    def __init__(
        self, row: int, resolution: int, inputs: int, outputs: int, habit: Habit, up: int = 1, residual: str = ""
    ):
        super().__init__()
        self.row, self.resolution, self.dtype = row, resolution, None
        self.keeps = residual == "keep"
        gain = math.sqrt(0.5) if residual == "add" else 1.0
        self.activation = ACTIVATIONS[habit.activation]
        self.before, self.after = self.activation.gains(gain)
        self.clamp = None if habit.clamp is None else habit.clamp * gain
        self.start = nn.Parameter(torch.randn(inputs, 4, 4)) if resolution == 4 else None
        self.affine = Affine(habit.w_dim, inputs)
        self.conv = ModulatedConv2d(inputs, outputs, 3, habit.taps, up)
        self.strength = nn.Parameter(torch.zeros(())) if habit.noise else None
        self.register_buffer("constant", torch.randn(1, 1, resolution, resolution) if habit.noise else None)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.skip: FilteredConv2d | None = None

    constant: Tensor | None
    dtype: torch.dtype | None
