"""A large convolution of one picture on a processor, some rows at a time, each with all that follows while it is in the cache.

The same to the last bit as all at once, and hardly slower, but it can be given up on the way.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from .endings import Ending
from .pauses import pause

PART = 2**30  # multiplications that are done at a time: some thirty milliseconds; half as many cost a tenth more time


def pays(x: Tensor, weight: Tensor) -> bool:
    """Whether x [1, I, H, W] and a weight [O, I, 3, 3] are more than two parts, channels last."""
    large = weight.shape[-1] == 3 and x.shape[2] * _each_row(x, weight) > 2 * PART
    return large and x.is_contiguous(memory_format=torch.channels_last)


def convolve(x: Tensor, weight: Tensor, ending: Ending) -> Tensor:
    """x [1, I, H, W] correlated with a weight [O, I, 3, 3] that has ending.scale in it, then its ending: [1, O, H, W]."""
    height, width = x.shape[2:]
    out = x.new_empty(1, height, width, len(weight)).permute(0, 3, 1, 2)
    rows = PART // _each_row(x, weight)
    for top in range(0, height, rows):
        pause()
        end, first = min(top + rows, height), max(top - 1, 0)
        y = F.conv2d(x[:, :, first : end + 1], weight, ending.bias, padding=1)[:, :, top - first : end - first]
        y = y if ending.noise is None else y.add_(ending.noise[top:end])
        ending.into(out[:, :, top:end], y)
    return out


def _each_row(x: Tensor, weight: Tensor) -> int:
    return x.shape[3] * weight.numel()
