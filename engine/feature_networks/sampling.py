"""Pictures brought to the size that a feature network was trained on, by matrices, so that every device gives the same."""

from typing import Literal

import torch
from torch import Tensor

How = Literal["smooth", "tensorflow"]


def resized(x: Tensor, size: int, how: How = "smooth") -> Tensor:
    """[N, C, H, W] → [N, C, size, size].

    smooth: bilinear, wide enough not to alias where it shrinks. tensorflow: bilinear as TensorFlow 1 did it, whose samples begin at
    the corner of the first pixel and alias, which is what FID has always been measured with.
    """
    if x.shape[2:] == (size, size):
        return x
    return matrix(x.shape[2], size, how, x) @ x @ matrix(x.shape[3], size, how, x).t()


def matrix(before: int, after: int, how: How, like: Tensor) -> Tensor:
    """[after, before]: how much of each pixel goes into each new one; rows sum to 1."""
    new, old = (torch.arange(count, device=like.device)[None] for count in (after, before))
    steps = (new * before).t()
    whole = torch.div(steps, after, rounding_mode="floor")
    places = whole.to(like.dtype) + (steps - whole * after).to(like.dtype) / after
    if how == "tensorflow":
        return (1 - (old - places.clamp(max=before - 1)).abs()).clamp(min=0)
    reach = max(before / after, 1.0)
    found = (1 - (old + 0.5 - places - before / after / 2).abs() / reach).clamp(min=0)
    return found / found.sum(1, keepdim=True)
