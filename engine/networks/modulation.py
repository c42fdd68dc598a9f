"""Layers whose convolution weights are scaled by the style, instead of their features (StyleGAN2 2019, section 2.2)."""

import math
from collections.abc import Sequence

import torch
from msgspec import Struct
from torch import Tensor, nn
from torch.nn import functional as F

from . import bands, tiles
from .activations import ACTIVATIONS, Dense, finish, full_precision
from .endings import Ending
from .filters import FilteredConv2d, Manner, Resampler, as_type, columns, convolve, doubled
from .generator import Canvas, Layer
from .layers import Equalized

FEW = 32  # pixels a side up to which a doubling is quicker as one matrix product


class Habit(Struct, frozen=True):
    """What all layers of a synthesis network share."""

    w_dim: int
    manner: Manner
    noise: bool = True


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
    bias: Tensor | None = None,
    power: Tensor | None = None,
) -> Tensor:
    """x [N, I, H, W] convolved with weight [O, I, k, k] · style [N, I], each output map to unit variance, times `gain`, plus bias.

    `power` is Σ_k w² where it is known already. A single picture scales the weights where those are fewer than the
    features; otherwise features are scaled before and after, which is the same (equations 1 and 3).
    """
    half = demodulate and working_type(x) == torch.float16
    alone = x.shape[0] == 1 and weight.numel() < x.numel()
    with full_precision(x):
        if half:
            weight, style, power = *bounded(weight.float(), style), None
        after = torch.full_like(style[:, :1], gain)
        if demodulate:
            after = demodulation(style, power_of(weight.float()) if power is None else power) * gain
        weight = (weight * (after.t() * style)[..., None, None] if alone else weight).to(x.dtype)
    bias = None if bias is None else bias.to(x.dtype)
    if alone:
        return convolve(x, weight, kernel, up, down, padding, flip, bias)
    x = convolve(x * style.to(x.dtype)[..., None, None], weight, kernel, up, down, padding, flip)
    after = after.to(x.dtype)[..., None, None]
    return x * after if bias is None else torch.addcmul(bias.to(x.dtype)[:, None, None], x, after)


def added(x: Tensor, noise: Tensor) -> Tensor:
    """x + noise [N or 1, 1, H, W]; in place of x where no gradient wants it."""
    return x + noise if torch.is_grad_enabled() else x.add_(noise)


def working_type(x: Tensor) -> torch.dtype:
    """In which precision a convolution of x would compute."""
    kind = x.device.type
    if torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind):
        return torch.get_autocast_dtype(kind)
    return x.dtype


class ModulatedConv2d(Equalized):
    """A demodulated convolution; its weight is used as it is stored, since demodulation sets the scale.

    Packed on a processor, it keeps its weight in another form as well where that draws a picture of `size` pixels a side sooner:
    the larger one of `tiles`, or for the first few doublings that of `columns`. A size of 0 is not known.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, taps: Sequence[float], up: int = 1, size: int = 0):
        shape = (outputs, inputs, kernel, kernel)
        super().__init__(shape, gain=math.sqrt(math.prod(shape[1:])))
        self.resample, self.up, self.size = Resampler(taps), up, size
        self._power: Tensor | None = None
        self._tiles: Tensor | None = None
        self._columns: Tensor | None = None

    def derived(self) -> Tensor:
        return self.weight

    def pack(self) -> None:
        with torch.no_grad():
            self._packed = self.weight.detach().contiguous(memory_format=torch.channels_last)
            self._power, self._tiles = power_of(self.weight), self._tiled()
            few = self.up == 2 and self._tiles is None and 0 < self.size <= FEW and self.weight.device.type == "cpu"
            self._columns = columns(self.weight) if few else None

    def _tiled(self) -> Tensor | None:
        if self.weight.device.type != "cpu" or not tiles.pays(self.weight.shape, self.size, self.up):
            return None
        weight = self.weight if self.up == 1 else tiles.phases(self.weight, self.resample.kernel)
        return None if weight is None else tiles.transformed(weight)

    def forward(self, x: Tensor, style: Tensor, gain: float = 1.0, bias: Tensor | None = None) -> Tensor:
        weight = self.derived() if self._packed is None else self._packed
        kernel, padding = self.resample.kernel, weight.shape[-1] // 2
        return modulated_convolve(
            x, weight, style, kernel, self.up, 1, padding, self.up > 1, gain=gain, bias=bias, power=self._power
        )

    def _suits(self, x: Tensor) -> bool:
        """Whether one picture is only drawn, by a processor, and there is a better way than `forward`."""
        if self._power is None or torch.is_grad_enabled() or working_type(x) != torch.float32 or len(x) != 1:
            return False
        if self._tiles is not None or self._columns is not None:
            return True
        return self.up == 1 and x.device.type == "cpu" and bands.pays(x, self.weight)

    def drawn(self, x: Tensor, style: Tensor, ending: Ending) -> Tensor | None:
        """The same with all that follows, ending.scale [] before it; None where it cannot be had this way."""
        if not self._suits(x):
            return None
        assert self._power is not None
        ending = ending._replace(scale=demodulation(style, self._power)[0] * ending.scale)
        if self._tiles is not None:
            last = x[0].permute(1, 2, 0).contiguous()
            return tiles.convolve(last, style[0], self._tiles, ending, up=self.up).permute(2, 0, 1)[None]
        if self._columns is None:
            return bands.convolve(x, self.weight * (ending.scale[:, None] * style)[..., None, None], ending)
        return ending.after(doubled(x[0] * style[0, :, None, None], self._columns, self.resample.kernel))


class StyledConv(Layer):
    """style → modulated convolution → noise → bias → activation → clamp (figure 2d).

    The layer at 4×4 begins from the learned constant. In the resnet architecture the first layer of a block `keep`s its input
    on the canvas; the second adds it by a 1×1 convolution from `skip` feature maps, both branches at half the variance
    (figure 7c).
    """

    constant: Tensor | None

    def __init__(
        self,
        row: int,
        resolution: int,
        inputs: int,
        outputs: int,
        habit: Habit,
        up: int = 1,
        keep: bool = False,
        skip: int = 0,
    ):
        super().__init__()
        self.row, self.resolution, self.keep = row, resolution, keep
        self.dtype: torch.dtype | None = None
        manner, gain = habit.manner, math.sqrt(0.5) if skip else 1.0
        self.activation = ACTIVATIONS[manner.activation]
        self.before, self.after = self.activation.gains(gain)
        self.clamp = None if manner.clamp is None else manner.clamp * gain
        self.start = nn.Parameter(torch.randn(inputs, 4, 4)) if resolution == 4 else None
        self.affine = Affine(habit.w_dim, inputs)
        self.conv = ModulatedConv2d(inputs, outputs, 3, manner.taps, up, resolution // up)
        self.strength = nn.Parameter(torch.zeros(())) if habit.noise else None
        self.register_buffer("constant", torch.randn(1, 1, resolution, resolution) if habit.noise else None)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.skip = FilteredConv2d(skip, outputs, 1, manner.linear, up=2, bias=False, gain=gain) if skip else None

    @property
    def constant_noise(self) -> Tensor | None:
        return self.constant

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert w is not None
        x = as_type(self._source(canvas, w), self.dtype)
        y = self.branch(x, self.affine(w, strength), noise)
        if self.skip is not None:
            y = y + self.skip(as_type(canvas.kept[0], self.dtype))
        return canvas._replace(features=y, kept=(x,) if self.keep else ())

    def branch(self, x: Tensor, style: Tensor, noise: Tensor | None) -> Tensor:
        """Everything but the way around it: [N, I, H, W] → [N, O, H · up, W · up]."""
        scale = torch.full_like(self.bias, self.before)
        if noise is not None:
            noise = None if self.strength is None else noise * (self.strength * self.before)
        alone = None if noise is None else noise[0, 0]
        ending = Ending(scale, self.bias * self.before, alone, self.activation, self.after, self.clamp)
        if (drawn := self.conv.drawn(x, style, ending)) is not None:
            return drawn
        y = self.conv(x, style, self.before, ending.bias)
        y = y if noise is None else added(y, noise.to(y.dtype))
        return finish(y, self.activation, self.after, self.clamp)

    def _source(self, canvas: Canvas, w: Tensor) -> Tensor:
        if self.start is not None:
            return self.start.expand(w.shape[0], -1, -1, -1)
        assert canvas.features is not None
        return canvas.features


class ToRGB(Layer):
    """A modulated 1×1 convolution without demodulation to the picture's channels, added to the doubled picture so far (figure 7b).

    The picture stays in float32.
    """

    def __init__(self, row: int, resolution: int, features: int, channels: int, habit: Habit):
        super().__init__()
        self.row, self.resolution, self.clamp = row, resolution, habit.manner.clamp
        self.dtype: torch.dtype | None = None
        self.affine = Affine(habit.w_dim, features)
        self.weight = nn.Parameter(torch.randn(channels, features))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.resample = Resampler(habit.manner.taps)

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert canvas.features is not None
        assert w is not None
        color = self.color(as_type(canvas.features, self.dtype), self.affine(w, strength)).float()
        before = canvas.picture
        return canvas._replace(picture=color if before is None else self.resample(before, up=2) + color)

    def color(self, x: Tensor, style: Tensor) -> Tensor:
        """What this layer adds to the picture, [N, channels, H, W]."""
        weight = self.weight * (style * (1.0 / math.sqrt(style.shape[1])))[:, None]
        last = x.permute(0, 2, 3, 1)
        # For one picture twice as quick as a product with all pixels in rows; what is exported is for any number of them.
        if not torch.compiler.is_exporting() and len(x) == 1 and last.is_contiguous():
            y = F.linear(last, weight[0].to(x.dtype), self.bias.to(x.dtype)).permute(0, 3, 1, 2)
        else:
            y = torch.baddbmm(self.bias.to(x.dtype)[:, None], weight.to(x.dtype), x.flatten(2)).unflatten(
                2, x.shape[2:]
            )
        return y if self.clamp is None else F.hardtanh(y, -self.clamp, self.clamp)
