"""The heads of projected discriminators (Sauer et al. 2021, section 3.2): small critics of one feature map each."""

import math
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from torch import Tensor, nn
from torch.nn import functional as F

from ..layers import normal
from ..spectral import BatchNorm, SpectralConv2d

WIDTHS = {4: 512, 8: 512, 16: 256, 32: 128, 64: 64, 128: 64, 256: 32, 512: 16, 1024: 8}
LAST = 8  # the nominal size that a head goes down to
SLOPE = 0.2


class HeadHabit(Struct, frozen=True):
    """What all heads share; without labels, `judge_dim` (in which labels meet features) and `embedding` do not matter."""

    separable: bool = False
    patch: bool = False
    label_size: int = 0
    judge_dim: int = 64
    embedding: int = 128


class Normalized(nn.Module):
    """Convolution → batch norm → leaky ReLU of slope 0.2, (→ 2×2 averaging)."""

    def __init__(self, features: int, *convolutions: nn.Module, halve: bool = False):
        super().__init__()
        self.conv, self.norm, self.halve = nn.Sequential(*convolutions), BatchNorm(features), halve

    def forward(self, x: Tensor) -> Tensor:
        x = F.leaky_relu(self.norm(self.conv(x)), SLOPE)
        return F.avg_pool2d(x, 2) if self.halve else x


def down_block(inputs: int, outputs: int, separable: bool) -> Normalized:
    """[N, inputs, H, W] → [N, outputs, H/2, W/2]"""
    if not separable:
        return Normalized(outputs, SpectralConv2d(inputs, outputs, 4, stride=2, padding=1, bias=True))
    depthwise = SpectralConv2d(inputs, inputs, 3, padding=1, groups=inputs)
    return Normalized(outputs, depthwise, SpectralConv2d(inputs, outputs, 1), halve=True)


def head_widths(inputs: int, nominal: int, most: int = 512) -> list[int]:
    """The feature maps of a head at each size from the nominal one down; a nominal size below the last has no block."""
    lower = [min(WIDTHS[nominal >> step], most) for step in range(1, max(round(math.log2(nominal / LAST)), 0) + 1)]
    return [inputs, *lower]


class Head(nn.Module):
    """Feature maps [N, widths[0], H, W] → scores [N, 1, H', W'], one for each place.

    With labels a score is the features' projection onto the mapped label, over sqrt(judge_dim) (Miyato and Koyama 2018).
    """

    def __init__(self, widths: Sequence[int], habit: HeadHabit):
        super().__init__()
        self.down = nn.Sequential()
        for inputs, outputs in pairwise(widths):
            self.down.append(down_block(inputs, outputs, habit.separable))
            if habit.patch:
                self.down.append(Normalized(outputs, SpectralConv2d(outputs, outputs, 1)))
        self.out = SpectralConv2d(widths[-1], habit.judge_dim if habit.label_size else 1, 4)
        labelled = habit.label_size > 0
        self.embedding = nn.Parameter(normal((habit.label_size, habit.embedding))) if labelled else None
        self.mapping = nn.Linear(habit.embedding, habit.judge_dim) if labelled else None

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        out: Tensor = self.out(self.down(x))
        if self.embedding is None or self.mapping is None:
            return out
        if labels is None:
            raise ValueError("this discriminator was made for pictures with class labels and got none")
        mapped = F.leaky_relu(self.mapping(labels.to(self.embedding) @ self.embedding), SLOPE)
        return (out * mapped[..., None, None]).sum(1, keepdim=True) / math.sqrt(out.shape[1])
