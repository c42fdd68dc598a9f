"""3×3 convolutions of one picture on a processor, channels last, with a quarter of the multiplications: F(4×4, 3×3) of Winograd.

Lavin and Gray 2015. Features are [H, W, C], so that whatever is gathered, changed or scattered are long runs of memory. Where a
convolution comes after up-sampling by two, each of the four phases of what comes out is a 3×3 convolution of what goes in:
all four share the first two steps, and no filter is left to do.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from .endings import Ending
from .pauses import pause
from .winograd import KERNEL, TILE, WINDOW, bases, changed, tiled

TILES = 2**8  # that are worked on at a time: fewer would read the weights too often, more would leave the cache
PRODUCTS = 12  # of 36, after which a picture can be given up; as many for each of two, three or four threads
MANY = 2**6  # tiles from which on the larger weights are worth reading
WIDE = 2**7  # feature maps from which on fewer multiplications make up for two more changes of basis


class Tiling(NamedTuple):
    """How a picture of [H, W] is laid out in tiles: tiles down and across, and rows of tiles that are worked on at a time."""

    down: int
    across: int
    rows: int

    @classmethod
    def of(cls, height: int, width: int) -> "Tiling":
        """For a result of [H, W], before it is doubled."""
        down, across = -(-height // TILE), -(-width // TILE)
        return cls(down, across, min(-(-TILES // across), down))

    def parts(self) -> Iterator[tuple[int, int]]:
        """First row of tiles and how many rows, for each part of the picture."""
        for top in range(0, self.down, self.rows):
            yield top, min(self.rows, self.down - top)


class Room(NamedTuple):
    """Memory between the steps, for the largest part of a picture."""

    frame: Tensor
    gathered: Tensor
    half: Tensor
    spectra: Tensor
    products: Tensor
    folded: Tensor
    pixels: Tensor


def pays(shape: Sequence[int], size: int, up: int) -> bool:
    """Whether a convolution by a weight of this shape [O, I, k, k] of a picture of `size` pixels a side is quicker this way.

    Measured on Zen 3: oneDNN's own convolution is as quick where there are few maps, and few tiles do not repay reading the
    larger weight. Up-sampling saves the filter besides, but its weight is four times larger still.
    """
    outputs, inputs, *kernel = shape
    if tuple(kernel) != (KERNEL, KERNEL):
        return False
    return (size // TILE) ** 2 >= MANY * up**2 and min(inputs, outputs * up**2) >= WIDE // up


def transformed(weight: Tensor) -> Tensor:
    """A weight [O, I, 3, 3] as `convolve` takes it, [36, I, O]."""
    return tiled(weight).transpose(1, 2).contiguous()


def phases(weight: Tensor, filter: Tensor) -> Tensor | None:
    """A weight [O, I, 3, 3], laid flipped over a picture doubled by a filter [k, k], as four on the small picture.

    [4 · O, I, 3, 3], ordered by row phase, column phase, output; brightness stays. None where the filter reaches too far.
    """
    taps = filter.shape[-1]
    if filter.ndim != 2 or filter.shape[0] != taps or taps > 4:
        return None
    flipped, outputs = weight.flip(2, 3).flatten(0, 1)[:, None], weight.shape[0]
    both = F.conv2d(F.pad(flipped, (taps - 1,) * 4), filter[None, None] * 4.0)  # flipped twice is as it is
    before = KERNEL - 1 - (taps + 1) // 2
    after = 2 * KERNEL - before - both.shape[-1]
    both = F.pad(both, (before, after, before, after))  # tap t of row 2q + p meets row q + (t + p - 3) / 2
    parts = [both[..., 1 - p :: 2, 1 - q :: 2] for p in range(2) for q in range(2)]
    return torch.cat([part.reshape(outputs, -1, KERNEL, KERNEL) for part in parts])


def convolve(x: Tensor, before: Tensor, tiles: Tensor, ending: Ending, padding: int = 1, up: int = 1) -> Tensor:
    """x [H, W, I] · before [I], correlated with a transformed weight in a frame of zeros, then its ending: [H', W', O].

    H' = (H + 2 · padding - 2) · up. With `up` of 2 the weight is that of `phases`.
    """
    height, width = (side + 2 * padding - KERNEL + 1 for side in x.shape[:2])
    tiling = Tiling.of(height, width)
    outputs = tiles.shape[2] // up**2
    out = x.new_empty(tiling.down * TILE * up, tiling.across * TILE * up, outputs)
    noise = None if ending.noise is None else _fitted(ending.noise, out)
    ending, room = ending.repeated(up**2), _room(x, tiling, tiles)
    for top, rows in tiling.parts():
        pause()
        _frame(room.frame, x, before, top * TILE - padding, padding)
        pixels = _pixels(tiles, room, rows, tiling.across)
        torch.addcmul(ending.bias, pixels, ending.scale, out=pixels)
        place = slice(top * TILE * up, (top + rows) * TILE * up)
        shape = (TILE, TILE, rows, tiling.across, up, up, outputs)
        pixels = pixels.view(shape)
        if noise is not None:
            pixels.add_(_tiled(noise[place], tiling.across, up))
        ending.into(_tiled(out[place], tiling.across, up), pixels)
    return out[: height * up, : width * up]


def _fitted(noise: Tensor, out: Tensor) -> Tensor:
    """Noise [H, W] as [H', W', 1], with zeros where the last tiles reach beyond."""
    height, width = noise.shape
    return F.pad(noise, (0, out.shape[1] - width, 0, out.shape[0] - height))[..., None]


def _tiled(x: Tensor, across: int, up: int) -> Tensor:
    """Pixels [rows · 4 · up, across · 4 · up, C] as [4, 4, rows, across, up, up, C], still in their places."""
    parts = x.unflatten(0, (-1, TILE, up)).unflatten(3, (across, TILE, up))
    return parts.permute(1, 4, 0, 3, 2, 5, 6)


def _room(x: Tensor, tiling: Tiling, tiles: Tensor) -> Room:
    count, (_, inputs, outputs) = tiling.rows * tiling.across, tiles.shape
    frame = x.new_zeros(tiling.rows * TILE + KERNEL - 1, tiling.across * TILE + KERNEL - 1, inputs)
    sizes = (
        WINDOW**2 * inputs,
        WINDOW**2 * inputs,
        WINDOW**2 * inputs,
        WINDOW**2 * outputs,
        TILE * WINDOW * outputs,
        TILE**2 * outputs,
    )
    return Room(frame, *(x.new_empty(size * count) for size in sizes))


def _frame(frame: Tensor, x: Tensor, before: Tensor, top: int, padding: int) -> None:
    """Rows of x · before from `top` on, with zeros where x has none."""
    first, last = max(top, 0), min(top + frame.shape[0], x.shape[0])
    frame[: first - top] = 0.0
    frame[max(last - top, 0) :] = 0.0
    if last > first:
        torch.mul(x[first:last], before, out=frame[first - top : last - top, padding : padding + x.shape[1]])


def _pixels(tiles: Tensor, room: Room, rows: int, across: int) -> Tensor:
    """The tiles of what is in the frame, [16, rows · across, outputs]."""
    count, (_, inputs, outputs) = rows * across, tiles.shape
    windows = room.frame.unfold(0, WINDOW, TILE).unfold(1, WINDOW, TILE).permute(3, 4, 0, 1, 2)
    gathered = room.gathered[: WINDOW**2 * count * inputs]
    gathered.view(WINDOW, WINDOW, rows, across, inputs).copy_(windows[:, :, :rows])
    half, spectra = room.half[: gathered.numel()], room.spectra[: gathered.numel()]
    changed(bases().window, gathered, half, spectra)
    products = room.products[: WINDOW**2 * count * outputs]
    for some in range(0, WINDOW**2, PRODUCTS):
        pause()
        part = slice(some, some + PRODUCTS)
        torch.bmm(spectra.view(-1, count, inputs)[part], tiles[part], out=products.view(-1, count, outputs)[part])
    pixels = room.pixels[: TILE**2 * count * outputs]
    changed(bases().tile, products, room.folded[: TILE * WINDOW * count * outputs], pixels)
    return pixels.view(-1, count, outputs)
