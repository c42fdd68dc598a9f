"""Finite impulse response filters where resolutions change: up-sampling, filtering, down-sampling, convolutions joined with them.

A filter is float32, [h, w] or, where it is separable, [taps]. "Convolution" is meant as in mathematics: the filter is reversed
before it is laid over the picture. Padding is (left, right, top, bottom); where it is negative, pixels are cut off.
"""

from collections.abc import Sequence

import torch
from msgspec import Struct
from torch import Tensor, nn
from torch.nn import functional as F

from .activations import ACTIVATIONS, Name, finish
from .layers import Equalized
from .pauses import pause

SEPARABLE = 8  # taps from which on two passes are worth it
Padding = tuple[int, int, int, int]
Pair = tuple[int, int]  # x, y


def fir(
    taps: Sequence[float] | Sequence[Sequence[float]] | float | None,
    normalize: bool = True,
    flip: bool = False,
    gain: float = 1.0,
    separable: bool | None = None,
) -> Tensor:
    """Taps as a filter: fewer than 8 become their outer product [n, n]; None is the impulse."""
    kernel = torch.as_tensor(1.0 if taps is None else taps, dtype=torch.float32)
    kernel = kernel.reshape(1) if kernel.ndim == 0 else kernel
    separable = kernel.ndim == 1 and kernel.numel() >= SEPARABLE if separable is None else separable
    kernel = torch.outer(kernel, kernel) if kernel.ndim == 1 and not separable else kernel
    kernel = kernel / kernel.sum() if normalize else kernel
    kernel = kernel.flip(tuple(range(kernel.ndim))) if flip else kernel
    return kernel * gain ** (kernel.ndim / 2)


def pair(x: int | Sequence[int]) -> Pair:
    """One number, or one for x and one for y."""
    return (x, x) if isinstance(x, int) else (x[0], x[1])


def four(x: int | Sequence[int]) -> Padding:
    """One number, one for x and one for y, or one for each side."""
    if isinstance(x, int):
        return x, x, x, x
    return (x[0], x[0], x[1], x[1]) if len(x) == 2 else (x[0], x[1], x[2], x[3])


def as_type(x: Tensor, dtype: torch.dtype | None) -> Tensor:
    """x in the given type; None: as it comes."""
    return x if dtype is None else x.to(dtype)


def size_of(kernel: Tensor) -> Pair:
    """(width, height)"""
    return kernel.shape[-1], kernel.shape[0]


def plus(padding: int | Sequence[int], before: Sequence[int], after: Sequence[int]) -> Padding:
    """More padding before and after, each for (x, y)."""
    left, right, top, bottom = four(padding)
    return left + before[0], right + after[0], top + before[1], bottom + after[1]


def upfirdn(
    x: Tensor,
    kernel: Tensor,
    up: int | Sequence[int] = 1,
    down: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    flip: bool = False,
    gain: float = 1.0,
) -> Tensor:
    """[N, C, H, W]: `up - 1` zeros after each pixel, padding, convolution, then every `down`-th pixel from the first.

    With `flip` the filter is not reversed. `gain` multiplies the result.
    """
    kernel = kernel * gain ** (kernel.ndim / 2)
    kernel = kernel.flip(tuple(range(kernel.ndim))) if flip else kernel
    (ux, uy), (dx, dy), sides = pair(up), pair(down), four(padding)
    if kernel.ndim == 2:
        return _pass(x, kernel, (ux, uy), (dx, dy), sides)
    x = _pass(x, kernel[None], (ux, 1), (dx, 1), (*sides[:2], 0, 0))
    return _pass(x, kernel[:, None], (1, uy), (1, dy), (0, 0, *sides[2:]))


def _pass(x: Tensor, kernel: Tensor, up: Pair, down: Pair, padding: Padding) -> Tensor:
    channels = x.shape[1]
    kernel = kernel.to(x.dtype)
    if up == (1, 1):
        weight = kernel.flip(0, 1).expand(channels, 1, *kernel.shape)
        x, (px, py) = _padded(x, padding)
        return F.conv2d(x, weight, stride=(down[1], down[0]), padding=(py, px), groups=channels)
    weight = kernel.expand(channels, 1, *kernel.shape)
    width, height = size_of(kernel)
    grown = plus(padding, (1 - width, 1 - height), (up[0] - width, up[1] - height))
    (px, py), rest = _cropped(grown)
    x = F.conv_transpose2d(x, weight, stride=(up[1], up[0]), padding=(py, px), groups=channels)
    x = F.pad(x, rest) if any(rest) else x
    return x if down == (1, 1) else x[:, :, :: down[1], :: down[0]]


def _padded(x: Tensor, padding: Padding) -> tuple[Tensor, Pair]:
    """The part of the padding that a convolution cannot do itself done, and the rest as its (x, y)."""
    left, right, top, bottom = padding
    if left == right >= 0 and top == bottom >= 0:
        return x, (left, top)
    return F.pad(x, padding), (0, 0)


def _cropped(padding: Padding) -> tuple[Pair, Padding]:
    """What a transposed convolution can cut off itself, as its (x, y), and the padding that is left to do."""
    left, right, top, bottom = padding
    px, py = max(min(-left, -right), 0), max(min(-top, -bottom), 0)
    return (px, py), (left + px, right + px, top + py, bottom + py)


def filtered(
    x: Tensor, kernel: Tensor, padding: int | Sequence[int] = 0, flip: bool = False, gain: float = 1.0
) -> Tensor:
    """Filtered at the same size."""
    width, height = size_of(kernel)
    sides = plus(padding, (width // 2, height // 2), ((width - 1) // 2, (height - 1) // 2))
    return upfirdn(x, kernel, 1, 1, sides, flip, gain)


def upsample(
    x: Tensor,
    kernel: Tensor,
    up: int | Sequence[int] = 2,
    padding: int | Sequence[int] = 0,
    flip: bool = False,
    gain: float = 1.0,
) -> Tensor:
    """Enlarged by `up`; brightness stays."""
    ux, uy = pair(up)
    return upfirdn(x, kernel, (ux, uy), 1, up_padding(kernel, (ux, uy), padding), flip, gain * ux * uy)


def downsample(
    x: Tensor,
    kernel: Tensor,
    down: int | Sequence[int] = 2,
    padding: int | Sequence[int] = 0,
    flip: bool = False,
    gain: float = 1.0,
) -> Tensor:
    """Shrunk by `down`; brightness stays."""
    return upfirdn(x, kernel, 1, down, down_padding(kernel, pair(down), padding), flip, gain)


def up_padding(kernel: Tensor, up: Pair, padding: int | Sequence[int] = 0) -> Padding:
    (width, height), (ux, uy) = size_of(kernel), up
    return plus(padding, ((width + ux - 1) // 2, (height + uy - 1) // 2), ((width - ux) // 2, (height - uy) // 2))


def down_padding(kernel: Tensor, down: Pair, padding: int | Sequence[int] = 0) -> Padding:
    (width, height), (dx, dy) = size_of(kernel), down
    return plus(padding, ((width - dx + 1) // 2, (height - dy + 1) // 2), ((width - dx) // 2, (height - dy) // 2))


def convolve(
    x: Tensor,
    weight: Tensor,
    kernel: Tensor,
    up: int = 1,
    down: int = 1,
    padding: int | Sequence[int] = 0,
    flip: bool = False,
    bias: Tensor | None = None,
) -> Tensor:
    """[N, I, H, W] with weight [O, I, k, k]: up-sampling with the filter, convolution, down-sampling with the filter, bias.

    `padding` counts in pixels after up-sampling. A layer correlates, as torch's conv2d does; with `flip` it convolves,
    as the up-sampling layers of StyleGAN2 do, which is what a transposed convolution does with its weight as it is.
    """
    size = weight.shape[-1]
    sides = up_padding(kernel, (up, up), padding) if up > 1 else four(padding)
    sides = down_padding(kernel, (down, down), sides) if down > 1 else sides
    if up > 1:
        x = _up_convolve(x, weight, kernel, up, down, sides, flip)
        return x if bias is None else x + bias[:, None, None]
    weight = weight.flip(2, 3) if flip else weight
    if down == 1:
        x, (px, py) = _padded(x, sides)
        return F.conv2d(x, weight, bias, padding=(py, px))
    if size == 1:
        return F.conv2d(upfirdn(x, kernel, 1, down, sides), weight, bias)
    return F.conv2d(upfirdn(x, kernel, 1, 1, sides), weight, bias, stride=down)


def _up_convolve(x: Tensor, weight: Tensor, kernel: Tensor, up: int, down: int, padding: Padding, flip: bool) -> Tensor:
    """Convolution and filter change places: zeros are never multiplied. A 1×1 convolution comes before all else."""
    size, gain = weight.shape[-1], float(up * up)
    if size == 1:
        x = upfirdn(F.conv2d(x, weight), kernel, up, 1, padding, gain=gain)
    else:
        weight = weight if flip else weight.flip(2, 3)
        (px, py), rest = _cropped(plus(padding, (1 - size, 1 - size), (up - size, up - size)))
        x = F.conv_transpose2d(x, weight.transpose(0, 1), stride=up, padding=(py, px))
        pause()
        x = upfirdn(x, kernel, 1, 1, rest, gain=gain)
    return upfirdn(x, kernel, 1, down) if down > 1 else x


def columns(weight: Tensor) -> Tensor:
    """A weight [O, I, 3, 3] as `doubled` takes it, [O · 9, I]."""
    return weight.flatten(2).transpose(1, 2).flatten(0, 1).contiguous()


def doubled(x: Tensor, weight: Tensor, kernel: Tensor) -> Tensor:
    """x [I, H, W] doubled and convolved as `convolve` does with `up` of 2 and `flip`, by one matrix product: [1, O, 2 H, 2 W].

    `weight` is that of `columns`. Few pixels take less time than oneDNN needs to bring a large weight in order.
    """
    size, height, width = 3, *x.shape[1:]
    spread = F.fold(torch.mm(weight, x.flatten(1))[None], (2 * height + 1, 2 * width + 1), size, stride=2)
    sides = plus(up_padding(kernel, (2, 2), size // 2), (1 - size, 1 - size), (2 - size, 2 - size))
    return upfirdn(spread, kernel, 1, 1, sides, gain=4.0)


class Resampler(nn.Module):
    """The filter that a network resamples with."""

    kernel: Tensor

    def __init__(self, taps: Sequence[float]):
        super().__init__()
        self.register_buffer("kernel", fir(taps), persistent=False)

    def forward(self, x: Tensor, up: int = 1, down: int = 1) -> Tensor:
        """[N, C, H, W] → [N, C, H · up / down, W · up / down]"""
        x = upsample(x, self.kernel, up) if up > 1 else x
        return downsample(x, self.kernel, down) if down > 1 else x


class Manner(Struct, frozen=True):
    """What all convolutions of a network share: the taps that they resample with, their activation, the clamp after it."""

    taps: tuple[float, ...] = (1.0, 3.0, 3.0, 1.0)
    activation: Name = "lrelu"
    clamp: float | None = None

    @property
    def linear(self) -> "Manner":
        return Manner(self.taps, "linear")


class FilteredConv2d(Equalized):
    """A convolution with equalized learning rate, resampling, bias, activation and clamp; `gain` scales all that comes out.

    [N, inputs, H, W] → [N, outputs, H · up / down, W · up / down].
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        manner: Manner,
        up: int = 1,
        down: int = 1,
        bias: bool = True,
        gain: float = 1.0,
    ):
        self.activation = ACTIVATIONS[manner.activation]
        self.before, self.after = self.activation.gains(gain)
        super().__init__((outputs, inputs, kernel, kernel), self.before)
        self.clamp = None if manner.clamp is None else manner.clamp * gain
        self.resample, self.up, self.down = Resampler(manner.taps), up, down
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        weight = self.operand(x.dtype)
        bias = None if self.bias is None else (self.bias * self.before).to(x.dtype)
        padding = weight.shape[-1] // 2
        x = convolve(x, weight, self.resample.kernel, self.up, self.down, padding, self.up > 1, bias)
        return finish(x, self.activation, self.after, self.clamp)
