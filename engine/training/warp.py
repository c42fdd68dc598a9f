"""Augmentation by moving pixels: flips, turns, shifts, scalings, resampled without aliasing (StyleGAN2-ADA 2020, appendix B)."""

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.filters import downsample, fir, upsample

from .dice import Draws

SYM6 = (  # the low-pass of the symlet with 6 vanishing moments
    0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633, 0.4910559419267466,
    0.787641141030194, 0.3379294217276218, -0.07263752278646252, -0.021060292512300564, 0.04472490177066578,
    0.0017677118642428036, -0.007800708325034148,
)  # fmt: skip
REACH = len(SYM6) // 4  # pixels that the low-pass reaches over the edge


def _matrices(rows: list[list[Tensor | float]], like: Tensor) -> Tensor:
    """[N, rows, columns] from numbers and [N] tensors."""
    entries = [x if isinstance(x, Tensor) else torch.full_like(like, x) for row in rows for x in row]
    return torch.stack(entries, 1).unflatten(1, (len(rows), len(rows[0])))


def translated(x: Tensor, y: Tensor) -> Tensor:
    return _matrices([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]], x)


def scaled(x: Tensor, y: Tensor) -> Tensor:
    return _matrices([[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, 1.0]], x)


def rotated(angle: Tensor) -> Tensor:
    cos, sin = angle.cos(), angle.sin()
    return _matrices([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]], angle)


def _turned(angle: Tensor, size: Tensor) -> Tensor:
    return rotated(angle)


MOVES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {  # each draw as a matrix, in the order of multiplication
    "flip": lambda i, size: scaled(1 - 2 * i, torch.ones_like(i)),
    "quarter": lambda i, size: rotated(i * (math.pi / 2)),
    "shift": lambda t, size: translated(*-(t * size).round().t()),
    "scale": lambda octaves, size: scaled((-octaves).exp2(), (-octaves).exp2()),
    "before": _turned,
    "aniso": lambda octaves, size: scaled((-octaves).exp2(), octaves.exp2()),
    "after": _turned,
    "fraction": lambda t, size: translated(*-(t * size).t()),
}


def geometry(draws: Draws, images: Tensor) -> Tensor | None:
    """[N, 3, 3]: where in the original, in pixels from its centre, each place of the result comes from; None: nothing moves."""
    size = images.new_tensor([images.shape[3], images.shape[2]])
    thrown = {name: getattr(draws, name) for name in MOVES}
    steps = [MOVES[name](value, size) for name, value in thrown.items() if value is not None]
    return reduce(torch.matmul, steps, torch.eye(3, device=images.device).expand(len(images), 3, 3)) if steps else None


def margins(matrix: Tensor, width: int, height: int) -> tuple[int, int, int, int]:
    """How far (left, right, top, bottom) any picture of the batch looks over its edge; one margin serves all."""
    cx, cy = (width - 1) / 2, (height - 1) / 2
    corners = matrix.new_tensor([[-cx, cx, cx, -cx], [-cy, -cy, cy, cy], [1.0] * 4])
    seen = (matrix @ corners).transpose(0, 1).flatten(1)
    x, y = seen[0], seen[1]
    reach = torch.stack([(-x).max() - cx, x.max() - cx, (-y).max() - cy, y.max() - cy]) + 2 * REACH
    most = matrix.new_tensor([width - 1, width - 1, height - 1, height - 1])
    left, right, top, bottom = reach.clamp(min=0).minimum(most).ceil().int().tolist()
    return left, right, top, bottom


def sampling(matrix: Tensor, width: int, height: int, sides: tuple[int, int, int, int]) -> Tensor:
    """The same map [N, 2, 3] between the doubled, padded picture and the doubled result, both running from -1 to 1."""
    left, right, top, bottom = sides
    centre = matrix.new_tensor([[1.0, 0.0, (left - right) / 2], [0.0, 1.0, (top - bottom) / 2], [0.0, 0.0, 1.0]])
    double, half = (torch.diag(matrix.new_tensor([k, k, 1.0])) for k in (2.0, 0.5))
    back, forth = (matrix.new_tensor([[1.0, 0.0, k], [0.0, 1.0, k], [0.0, 0.0, 1.0]]) for k in (-0.5, 0.5))
    wide, high = (width + left + right) * 2, (height + top + bottom) * 2
    inner = torch.diag(matrix.new_tensor([2 / wide, 2 / high, 1.0]))
    outer = torch.diag(matrix.new_tensor([(width + 2 * REACH), (height + 2 * REACH), 1.0]))
    return (inner @ (back @ (double @ (centre @ matrix) @ half) @ forth) @ outer)[:, :2]


def warp(images: Tensor, matrix: Tensor) -> Tensor:
    """Pictures [N, C, H, W] looked up where the matrix [N, 3, 3] says; mirrored over their edges, at doubled resolution."""
    n, c, h, w = images.shape
    kernel = fir(SYM6).to(images.device)
    sides = margins(matrix, w, h)
    images = upsample(F.pad(images, sides, "reflect"), kernel)
    shape = [n, c, (h + 2 * REACH) * 2, (w + 2 * REACH) * 2]
    grid = F.affine_grid(sampling(matrix, w, h, sides), shape, align_corners=False)
    images = Lookup.apply(images, grid)
    return downsample(images, kernel, 2, -2 * REACH, flip=True)


class Lookup(torch.autograd.Function):
    """Bilinear `grid_sample` whose gradient can be differentiated again, as R1 through augmentations needs; the grid is fixed."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, grid: Tensor) -> Tensor:
        ctx.save_for_backward(images, grid)
        return F.grid_sample(images, grid, "bilinear", "zeros", align_corners=False)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None]:
        images, grid = ctx.saved_tensors
        return LookupAdjoint.apply(slope, images, grid), None


class LookupAdjoint(torch.autograd.Function):
    """What `Lookup` sends back; linear in its input, so its own gradient is a lookup again."""

    @staticmethod
    def forward(ctx: Any, slope: Tensor, images: Tensor, grid: Tensor) -> Tensor:
        ctx.save_for_backward(grid)
        with torch.enable_grad():
            zeros = torch.zeros_like(images).requires_grad_()
            found = F.grid_sample(zeros, grid, "bilinear", "zeros", align_corners=False)
        return torch.autograd.grad(found, zeros, slope)[0]

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None, None]:
        (grid,) = ctx.saved_tensors
        return Lookup.apply(slope, grid), None, None
