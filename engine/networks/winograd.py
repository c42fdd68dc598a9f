"""3×3 convolutions on a CPU with a quarter of the multiplications: F(4×4, 3×3) of Winograd (Lavin and Gray 2015)."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from .pauses import pause

POINTS = (
    0.0,
    1.0,
    -1.0,
    2.0,
    -0.5,
)  # of those that are quick to multiply by, the ones with the least rounding (Barabasz et al. 2020)
TILE, KERNEL = 4, 3
WINDOW = TILE + KERNEL - 1
TILES = 320  # that are worked on at a time, so that what is between the steps stays in the cache


class Bases(NamedTuple):
    """Kernel [6, 3], window [6, 6] and tile [4, 6]: the three changes of basis, in one direction."""

    kernel: Tensor
    window: Tensor
    tile: Tensor


def interpolation() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Kernel, window and tile: interpolation at `POINTS` and infinity (Toom and Cook), transposed."""
    points = np.array(POINTS)
    others = [np.delete(points, number) for number in range(len(points))]
    tile, kernel = np.zeros((TILE, WINDOW)), np.zeros((WINDOW, KERNEL))
    window = np.zeros((WINDOW, WINDOW))
    for number, (point, rest) in enumerate(zip(points, others, strict=True)):
        tile[:, number] = point ** np.arange(TILE)
        kernel[number] = point ** np.arange(KERNEL) / np.prod(point - rest)
        window[number, :-1] = np.poly(rest)[::-1]
    tile[-1, -1] = kernel[-1, -1] = 1.0
    window[-1] = np.poly(points)[::-1]
    return kernel, window, tile


@cache
def bases() -> Bases:
    """The changes of basis as tensors."""
    return Bases(*(torch.tensor(step, dtype=torch.float32, device="cpu") for step in interpolation()))


def tiled(weight: Tensor) -> Tensor:
    """A weight [O, I, 3, 3] as `convolve_tiles` takes it, [36, O, I]."""
    kernel = bases().kernel
    return torch.einsum("ai,bj,ocij->aboc", kernel, kernel, weight).flatten(0, 1).contiguous()


def changed(basis: Tensor, x: Tensor, half: Tensor, out: Tensor) -> None:
    """x [n², m] in another basis both ways, [k², m] with a basis [k, n], by way of half [k · n, m], written to out.

    One direction after the other is quicker than both at once, which has a multiple of the arithmetic.
    """
    after, before = basis.shape
    torch.mm(basis, x.view(before, -1), out=half.view(after, -1))
    torch.bmm(basis.expand(after, -1, -1), half.view(after, before, -1), out=out.view(after, after, -1))


def convolve_tiles(x: Tensor, tiles: Tensor, before: Tensor, after: Tensor, bias: Tensor) -> Tensor:
    """x [I, H, W] · before [I], correlated with a tiled weight in every place that it touches, · after [O], plus bias [O].

    [O, H + 2, W + 2]; as exact as torch's own convolution (2e-6 of the largest number).
    """
    height, width = x.shape[1] + KERNEL - 1, x.shape[2] + KERNEL - 1
    down, across = -(-height // TILE), -(-width // TILE)
    out = x.new_empty(tiles.shape[1], down * TILE, across * TILE)
    places = out.unflatten(1, (down, TILE)).unflatten(3, (across, TILE))
    some = max(TILES // across, 1)
    sizes = (
        *(WINDOW**2 * len(x),) * 3,
        WINDOW**2 * len(out),
        WINDOW * TILE * len(out),
        TILE**2 * len(out),
    )
    room = [x.new_empty(size * some * across) for size in sizes]
    framed = x.new_zeros(len(x), some * TILE + KERNEL - 1, across * TILE + KERNEL - 1)
    windows = framed.unfold(1, WINDOW, TILE).unfold(2, WINDOW, TILE).permute(3, 4, 0, 1, 2)
    for top, drawn in zip(range(0, down, some), places.split(some, 1), strict=True):
        pause()
        _frame(framed, x, before, top * TILE - KERNEL + 1)
        _convolve(windows[:, :, :, : drawn.shape[1]], tiles, after, bias, drawn, room)
    return out[:, :height, :width]


def _frame(framed: Tensor, x: Tensor, before: Tensor, top: int) -> None:
    """Rows of x · before from `top` on, with zeros where x has none."""
    first, last = max(top, 0), min(top + framed.shape[1], x.shape[1])
    framed[:, : first - top] = 0.0
    framed[:, max(last - top, 0) :] = 0.0
    if last > first:
        inside = framed[:, first - top : last - top, KERNEL - 1 : KERNEL - 1 + x.shape[2]]
        torch.mul(x[:, first:last], before[:, None, None], out=inside)


def _convolve(
    windows: Tensor, tiles: Tensor, after: Tensor, bias: Tensor, places: Tensor, room: Sequence[Tensor]
) -> None:
    """Windows [6, 6, I, rows, columns] → the pixels at places [O, rows, 4, columns, 4]; `room` is memory for what is between."""
    inputs, outputs, count = windows.shape[2], len(places), windows.shape[3] * windows.shape[4]
    changes = [(WINDOW**2, inputs)] * 3 + [(WINDOW**2, outputs), (WINDOW * TILE, outputs), (TILE**2, outputs)]
    gathered, half, spectra, products, folded, pixels = (
        one[: numbers * maps * count].view(numbers, maps, count)
        for one, (numbers, maps) in zip(room, changes, strict=True)
    )
    gathered.view(windows.shape).copy_(windows)
    changed(bases().window, gathered, half, spectra)
    torch.bmm(tiles, spectra, out=products)
    changed(bases().tile, products, folded, pixels)
    ordered = pixels.view(TILE, TILE, *places.shape[:2], places.shape[3]).permute(2, 3, 0, 4, 1)
    torch.addcmul(bias[:, None, None, None, None], ordered, after[:, None, None, None, None], out=places)
