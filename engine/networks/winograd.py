"""3×3 convolutions on a CPU with a quarter of the multiplications: F(4×4, 3×3) of Winograd (Lavin and Gray 2015)."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

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


class Steps(NamedTuple):
    """Kernel [36, 9], window [36, 36] and tile [16, 36]: the three changes of basis, both directions at once."""

    kernel: Tensor
    window: Tensor
    tile: Tensor


@cache
def steps() -> Steps:
    """Interpolation at `POINTS` and infinity (Toom and Cook), transposed."""
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
    return Steps(
        *(torch.tensor(np.kron(step, step), dtype=torch.float32, device="cpu") for step in (kernel, window, tile))
    )


def tiled(weight: Tensor) -> Tensor:
    """A weight [O, I, 3, 3] as `convolve_tiles` takes it, [36, O, I]."""
    return torch.mm(steps().kernel, weight.flatten(2).flatten(0, 1).t()).unflatten(1, weight.shape[:2]).contiguous()


def convolve_tiles(x: Tensor, tiles: Tensor, before: Tensor, after: Tensor, bias: Tensor) -> Tensor:
    """x [I, H, W] · before [I], correlated with a tiled weight in every place that it touches, · after [O], plus bias [O].

    [O, H + 2, W + 2]; as exact as torch's own convolution (2e-6 of the largest number).
    """
    height, width = x.shape[1] + KERNEL - 1, x.shape[2] + KERNEL - 1
    down, across = -(-height // TILE), -(-width // TILE)
    out = x.new_empty(tiles.shape[1], down * TILE, across * TILE)
    places = out.unflatten(1, (down, TILE)).unflatten(3, (across, TILE))
    some = max(TILES // across, 1)
    sizes = (WINDOW**2 * len(x), WINDOW**2 * len(x), WINDOW**2 * len(out), TILE**2 * len(out))
    room = [x.new_empty(size * some * across) for size in sizes]
    framed = x.new_zeros(len(x), some * TILE + KERNEL - 1, across * TILE + KERNEL - 1)
    windows = framed.unfold(1, WINDOW, TILE).unfold(2, WINDOW, TILE).permute(3, 4, 0, 1, 2)
    for top, drawn in zip(range(0, down, some), places.split(some, 1), strict=True):
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
    changes = [(WINDOW, inputs), (WINDOW, inputs), (WINDOW, outputs), (TILE, outputs)]
    gathered, spectra, products, pixels = (
        one[: side**2 * maps * count].view(side**2, maps, count)
        for one, (side, maps) in zip(room, changes, strict=True)
    )
    gathered.view(windows.shape).copy_(windows)
    torch.mm(steps().window, gathered.flatten(1), out=spectra.flatten(1))
    torch.bmm(tiles, spectra, out=products)
    torch.mm(steps().tile, products.flatten(1), out=pixels.flatten(1))
    ordered = pixels.view(TILE, TILE, *places.shape[:2], places.shape[3]).permute(2, 3, 0, 4, 1)
    torch.addcmul(bias[:, None, None, None, None], ordered, after[:, None, None, None, None], out=places)
