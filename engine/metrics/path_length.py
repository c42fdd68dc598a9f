"""Perceptual path length: how far a picture moves for a small step of its latent (Karras et al. 2018, section 4.1)."""

import numpy as np
import torch
from torch import Tensor

EPSILON = 1e-4


def unit(x: Tensor) -> Tensor:
    """Rows [N, D] of length 1."""
    return x * x.square().sum(-1, keepdim=True).rsqrt()


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """The points [N, D] at t [N] on the great circles from a to b [N, D], on the unit sphere."""
    a, b = unit(a), unit(b)
    along = (a * b).sum(-1, keepdim=True)
    angle = t[:, None] * along.acos()
    across = unit(b - along * a)
    return unit(a * angle.cos() + across * angle.sin())


def middle_crop(x: Tensor) -> Tensor:
    """The part of a portrait where the face is, [N, C, H, W] → rows 3H/8 … 7H/8, columns 2W/8 … 6W/8."""
    height, width = x.shape[2] // 8, x.shape[3] // 8
    return x[:, :, 3 * height : 7 * height, 2 * width : 6 * width]


def trimmed_mean(values: np.ndarray) -> float:
    """The mean of what lies within the first and the 99th percentile, both bounds included. Raises ValueError for none."""
    if not values.size:
        raise ValueError("there are no path lengths to take the mean of")
    low, high = bounds(values)
    kept = values[(values >= low) & (values <= high)]
    return float(kept.mean(dtype=np.float64))


def bounds(values: np.ndarray) -> tuple[float, float]:
    """The first percentile, rounded down to a value that is there, and the 99th, rounded up."""
    low = np.percentile(values, 1, method="lower")
    return float(low), float(np.percentile(values, 99, method="higher"))


def squared_step(ahead: Tensor, behind: Tensor, epsilon: float = EPSILON) -> Tensor:
    """|difference|² / ε² of flattened perceptual features [N, D], as float32 [N]."""
    return (ahead - behind).square().flatten(1).sum(1) / torch.tensor(epsilon**2, dtype=torch.float32)
