"""StyleGAN-T's layers (Sauer et al. 2023, section 3.1): styles of second order, residual layers, a mapping that words bypass."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .activations import Dense, full_precision
from .bandlimits import Signal
from .filters import as_type
from .fourier import FourierInput
from .generator import Canvas
from .layers import SQRT2, pixel_norm
from .mapping import Mapping
from .modulation import Affine, Habit, StyledConv, ToRGB

FIRST = 8  # pixels a side of the plane of waves
BAND = 2.0  # its highest frequency, in waves for each picture width
NEUTRAL = 2.0  # the style where w says nothing: 1 · 1 + 1
GAMMA = 1e-5  # what a residual layer adds at first
RGB_STD = 0.1


class BypassedMapping(Mapping):
    """z [N, z_dim] → x [N, z_dim] by fully connected layers, the last one linear; beside it the condition as it is → w.

    w is [N, z_dim + condition]. A condition [N, `condition`] is the feature of a text, or shares of classes; where none is
    given it is zeros. `w_avg` [z_dim] is the average of x alone: truncation leaves the condition as it is. In float32.
    """

    def __init__(self, z_dim: int, condition: int = 0, depth: int = 2, lr_multiplier: float = 0.01):
        nn.Module.__init__(self)  # a Mapping by what it promises, made of other layers
        self.condition = condition
        sizes = [z_dim] * (depth + 1)
        self.dense = nn.ModuleList(
            Dense(before, after, "linear" if number == depth else "lrelu", lr_multiplier)
            for number, (before, after) in enumerate(pairwise(sizes), 1)
        )
        self.register_buffer("w_avg", torch.zeros(z_dim))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        with full_precision(z):
            x = pixel_norm(z.float())
            for dense in self.dense:
                x = dense(x)
            return self._beside(x, labels)

    def centre(self, labels: Tensor | None = None) -> Tensor:
        """[w_dim] without a condition, else the average of x beside each condition, [N, w_dim]."""
        if not self.condition:
            return self.w_avg
        count = 1 if labels is None else len(labels)
        return self._beside(self.w_avg.expand(count, -1), labels)

    def centre_of(self, w: Tensor) -> Tensor:
        """The average of x beside the condition that each w holds, [N, w_dim]."""
        return self.centre(w[:, len(self.w_avg) :])

    def _beside(self, x: Tensor, labels: Tensor | None) -> Tensor:
        if not self.condition:
            return x
        return torch.cat([x, x.new_zeros(len(x), self.condition) if labels is None else labels.to(x)], 1)

    @torch.no_grad()
    def update_average(self, w: Tensor, beta: float = 0.995, labels: Tensor | None = None) -> None:
        super().update_average(w[:, : len(self.w_avg)], beta)


class SecondOrder(Affine):
    """w [N, w_dim] → three linear maps (s1, s2, s3) → style s1 · s2 + s3 [N, features], 2 where w says nothing.

    Style strength a makes it 2 + a (s - 2).
    """

    def __init__(self, w_dim: int, features: int):
        super().__init__(w_dim, 3 * features)

    def forward(self, w: Tensor, strength: float = 1.0) -> Tensor:
        one, two, three = super().forward(w).chunk(3, 1)
        style = torch.addcmul(three, one, two)
        return style if strength == 1.0 else NEUTRAL + strength * (style - NEUTRAL)


class WaveStart(FourierInput):
    """The 8×8 plane of waves that synthesis begins with; what follows does not move with it, so that no transform is heeded."""

    transforms = False

    def __init__(self, w_dim: int, features: int):
        super().__init__(w_dim, Signal(features, FIRST, FIRST, BAND, FIRST / 2 - BAND))
        self.resolution = FIRST


class SecondOrderConv(StyledConv):
    """style of second order → modulated convolution → noise → bias → activation → clamp, all times `gain`."""

    def __init__(
        self, row: int, resolution: int, inputs: int, outputs: int, habit: Habit, up: int = 1, gain: float = 1.0
    ):
        super().__init__(row, resolution, inputs, outputs, habit, up)
        self.before, self.after = self.activation.gains(gain)
        self.clamp = None if habit.manner.clamp is None else habit.manner.clamp * gain
        self.affine = SecondOrder(habit.w_dim, inputs)


class PairConv(SecondOrderConv):
    """One of a pair of convolutions, whose gain √½ leaves none after the leaky ReLU."""

    def __init__(self, row: int, resolution: int, features: int, habit: Habit):
        super().__init__(row, resolution, features, features, habit, gain=math.sqrt(0.5))


class ResidualConv(PairConv):
    """h = group norm of x; out = √2 (γ · convolution of h + h), where γ is one number a feature map (LayerScale).

    The way around the convolution carries h, not x. Raises ValueError where features cannot be split into the groups.
    """

    def __init__(self, row: int, resolution: int, features: int, habit: Habit, groups: int = 32):
        if features % groups:
            raise ValueError(
                f"{features} feature maps at {resolution}×{resolution} cannot be split into {groups} groups"
            )
        super().__init__(row, resolution, features, habit)
        self.groups = groups
        self.norm_weight, self.norm_bias = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))
        self.gamma = nn.Parameter(torch.full((features,), GAMMA))

    def normalized(self, x: Tensor) -> Tensor:
        """[N, C, H, W] → h, computed in float32."""
        with full_precision(x):
            weight, bias = self.norm_weight.float(), self.norm_bias.float()
            return F.group_norm(x.float(), self.groups, weight, bias).to(x.dtype)

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert w is not None
        assert canvas.features is not None
        h = self.normalized(as_type(canvas.features, self.dtype))
        y = self.branch(h, self.affine(w, strength), noise)
        scale = (self.gamma * SQRT2).to(y.dtype)[:, None, None]
        return canvas._replace(features=torch.addcmul(h.to(y.dtype) * SQRT2, y, scale))


class SecondOrderRGB(ToRGB):
    """toRGB with a style of second order."""

    def __init__(self, row: int, resolution: int, features: int, channels: int, habit: Habit):
        super().__init__(row, resolution, features, channels, habit)
        self.affine = SecondOrder(habit.w_dim, features)
        with torch.no_grad():
            self.weight.mul_(RGB_STD)
