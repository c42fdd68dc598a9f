"""A leaky ReLU between two resamplings, which makes no frequencies that its output cannot hold (Karras et al. 2021, section 3.2).

No zeros are stuffed in and none are multiplied. Where a GPU computes, transposed convolutions skip them. On a CPU a row of
pixels is resampled by small matrix products: every `block` pixels that come out need a short stretch of those that go in, and
all stretches share one matrix, which holds the taps of each phase of the filter in its rows.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .filters import four, upfirdn
from .lowpass import separated
from .pauses import pause

BLOCK, DOWN_BLOCK = 64, 16  # pixels that one matrix product makes, without and with down-sampling
CACHED, KEPT = (
    2**18,
    2**22,
)  # numbers that are worked on and that wait while drawing: at the higher rate, half-way through
TOGETHER = 16  # feature maps that a processor's vectors hold


class Stretch(NamedTuple):
    """Pixels [start, end) that come out, [first, last) that they are made of, and where those begin in the matrix."""

    start: int
    end: int
    first: int
    last: int
    offset: int


class Axis(nn.Module):
    """One direction of a resampling by a sum of separable filters [rank, taps], each with its matrix in [block, rank, stretch].

    Pixel m of the output is Σ_n f[taps - 1 - (n · up + low - m · down)] · x[n], where x is 0 outside. A block of `block`
    pixels of the output begins every `every` pixels, a multiple of `up`; blocks overlap where `every` is less.
    """

    matrix: Tensor

    def __init__(
        self,
        taps: np.ndarray,
        up: int,
        down: int,
        low: int,
        high: int,
        block: int | None = None,
        every: int | None = None,
    ):
        super().__init__()
        count = taps.shape[1]
        self.up, self.down, self.reach = up, down, low + high - count + 1
        self.block = block or max((BLOCK if down == 1 else DOWN_BLOCK) // up, 1) * up
        self.every = every or self.block
        self.first, self.step = -(low // up), self.every // up * down
        length = ((self.block - 1) * down + count - 1 - low) // up - self.first + 1
        row, column = np.arange(self.block)[:, None], np.arange(length) + self.first
        tap = count - 1 - (column * up + low - row * down)
        matrix = np.where((tap >= 0) & (tap < count), taps[:, tap.clip(0, count - 1)], 0.0).swapaxes(0, 1)
        self.register_buffer("matrix", torch.tensor(matrix, dtype=torch.float32), persistent=False)

    @property
    def rank(self) -> int:
        return self.matrix.shape[1]

    def size(self, size: int) -> int:
        """How many pixels come out of `size`."""
        return (size * self.up + self.reach - 1) // self.down + 1

    def stretches(self, size: int) -> Iterator[Stretch]:
        """All blocks of the output, in order."""
        outputs, length = self.size(size), self.matrix.shape[2]
        for number, start in enumerate(range(0, outputs, self.every)):
            begin = self.first + number * self.step
            first, last = min(max(begin, 0), size), max(min(begin + length, size), 0)
            yield Stretch(start, min(start + self.block, outputs), first, max(first, last), first - begin)

    def part(self, at: Stretch, dtype: torch.dtype) -> Tensor:
        """The matrix cut to a stretch, [pixels out, rank, pixels in]."""
        return self.matrix[: at.end - at.start, :, at.offset : at.offset + at.last - at.first].to(dtype)

    def product(self, at: Stretch, count: int) -> Tensor:
        """The same for a batch of pictures' columns, [count, pixels out · rank, pixels in]."""
        return self.part(at, torch.float32).flatten(0, 1).expand(count, -1, -1)

    def columns(self, x: Tensor) -> Tensor:
        """[..., H, W] → [..., H' · rank, W], one row for each term."""
        parts = [
            self.part(at, x.dtype).flatten(0, 1) @ x[..., at.first : at.last, :] for at in self.stretches(x.shape[-2])
        ]
        return torch.cat(parts, -2)

    def rows(self, x: Tensor) -> Tensor:
        """[..., H · rank, W] → [..., H, W'], summed over terms."""
        x = x.unflatten(-2, (-1, self.rank))
        parts = [
            torch.einsum("...rn,mrn->...m", x[..., at.first : at.last], self.part(at, x.dtype))
            for at in self.stretches(x.shape[-1])
        ]
        return torch.cat(parts, -1)

    def rows_into(self, out: Tensor, x: Tensor) -> Tensor:
        """`rows` of x [N, H · rank, W], written to out."""
        size = x.shape[2]
        flat, drawn = x.view(-1, self.rank, size), out.flatten(0, 1)
        for at in self.stretches(size):
            part, place = self.part(at, x.dtype), drawn[:, at.start : at.end]
            torch.mm(flat[:, 0, at.first : at.last], part[:, 0].t(), out=place)
            for term in range(1, self.rank):
                place.addmm_(flat[:, term, at.first : at.last], part[:, term].t())
        return out


class Resampling(nn.Module):
    """[N, C, H, W] at another rate: `up - 1` zeros after each pixel, padding, convolution with a fixed filter, every `down`-th.

    The filter is [taps] or [h, w]; the padding is (left, right, top, bottom), where negative numbers cut off.
    """

    filter: Tensor

    def __init__(
        self, filter: np.ndarray, up: int = 1, down: int = 1, padding: int | Sequence[int] = 0, gain: float = 1.0
    ):
        super().__init__()
        filter = filter * gain ** (filter.ndim / 2)
        self.up, self.down, self.padding = up, down, four(padding)
        self.register_buffer("filter", torch.tensor(filter, dtype=torch.float32), persistent=False)
        self.vertical, horizontal = separated(filter)
        left, right, top, bottom = self.padding
        block = None if down == 1 else max(2 * DOWN_BLOCK // up, 1) * up  # measured: rows like longer blocks
        self.x = Axis(horizontal, up, down, left, right, block)
        self.y = Axis(self.vertical, up, down, top, bottom)

    def size(self, x: Tensor) -> tuple[int, int]:
        """(height, width) of what becomes of x."""
        return self.y.size(x.shape[-2]), self.x.size(x.shape[-1])

    def strips(self, after: Axis) -> Axis:
        """`y` in blocks of those rows that each block of what comes after is made of."""
        return Axis(self.vertical, self.up, 1, *self.padding[2:], block=after.matrix.shape[2], every=after.step)

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type != "cpu":
            return upfirdn(x, self.filter, self.up, self.down, self.padding)
        x = x.contiguous()
        return self.x.rows(self.y.columns(x))


class AliasFreeActivation(nn.Module):
    """[N, C, H, W] → up-sampling → leaky ReLU → clamp → down-sampling → [N, C, H', W'].

    A gain of the leaky ReLU belongs in the up-sampling filter, since it bends a · x as it bends x for a > 0.
    What is only drawn, on a CPU, takes a faster way.
    """

    def __init__(self, up: Resampling, down: Resampling, slope: float = 0.2, clamp: float | None = None):
        super().__init__()
        self.up, self.down, self.slope, self.clamp = up, down, slope, clamp
        fits = up.x.rank == 1 and down.up == 1 and not any(down.padding) and down.y.step % up.up == 0
        self.strips = up.strips(down.y) if fits else None

    def forward(self, x: Tensor) -> Tensor:
        learning = torch.is_grad_enabled() and x.requires_grad
        if learning or x.device.type != "cpu" or x.dtype != torch.float32 or self.strips is None:
            return self.down(self._bend(self.up(x)))
        radial = self.down.y.rank > 1 and torch.backends.mkldnn.is_available()
        drawn = self._drawn_radially if radial else self._drawn
        return drawn(x.flatten(0, 1), self.strips).unflatten(0, x.shape[:2])

    def _drawn(self, x: Tensor, strips: Axis) -> Tensor:
        """[C, H, W] → [C, H', W'], some rows of few feature maps at a time: what is between the filters stays in the cache."""
        (height, width), down = self.up.size(x), self.down.y
        low = down.size(height)
        out = x.new_empty(len(x), low, self.down.x.size(width))
        some = max(min(CACHED // (strips.block * width), KEPT // (low * down.rank * width), len(x)), 1)
        wide, short = x.new_empty(some, x.shape[1], width), x.new_empty(some, low * down.rank, width)
        steps = list(zip(strips.stretches(x.shape[1]), down.stretches(height), strict=False))
        for maps, drawn in zip(x.split(some), out.split(some), strict=True):
            pause()
            n = len(maps)
            rows = self.up.x.rows_into(wide[:n], maps.contiguous())
            for above, below in steps:
                strip = torch.bmm(strips.product(above, n), rows[:, above.first : above.last])
                part = torch.bmm(down.product(below, n), self._bend(strip, inplace=True))
                short[:n, below.start * down.rank : below.end * down.rank] = part  # quicker than written there at once
            self.down.x.rows_into(drawn, short[:n])
        return out

    def _drawn_radially(self, x: Tensor, strips: Axis) -> Tensor:
        """The same where the second filter is no product: oneDNN's convolutions of `TOGETHER` maps, each by itself, are quicker."""
        height, width = self.up.size(x)
        out = x.new_empty(len(x), self.down.y.size(height), self.down.x.size(width))
        some = min(TOGETHER, len(x))
        kernel, wide = self.down.filter.flip(0, 1).expand(some, 1, -1, -1), x.new_empty(some, x.shape[1], width)
        steps = list(zip(strips.stretches(x.shape[1]), self.down.y.stretches(height), strict=False))
        for first in (*range(0, len(x) - some, some), len(x) - some):  # the last overlap, since an odd number is slow
            pause()
            maps = slice(first, first + some)
            rows = self.up.x.rows_into(wide, x[maps].contiguous())
            for above, below in steps:
                strip = torch.bmm(strips.product(above, some), rows[:, above.first : above.last])
                strip = self._bend(strip, inplace=True)
                out[maps, below.start : below.end] = F.conv2d(strip[None], kernel, stride=self.down.down, groups=some)[
                    0
                ]
        return out

    def _bend(self, x: Tensor, inplace: bool = False) -> Tensor:
        """Leaky ReLU and clamp."""
        x = F.leaky_relu(x, self.slope, inplace)
        if self.clamp is None:
            return x
        return x.clamp_(-self.clamp, self.clamp) if inplace else x.clamp(-self.clamp, self.clamp)
