"""Bias, activation, gain and clamp, always in this order, and fully connected layers with them (StyleGAN2 2019, figure 2)."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import SQRT2, EqualizedLinear

Name = Literal["linear", "relu", "lrelu", "tanh", "sigmoid", "elu", "selu", "softplus", "swish"]


class Activation(NamedTuple):
    """A function, the gain that keeps the variance, and whether f(a·x) = a·f(x) for a > 0."""

    function: Callable[[Tensor], Tensor]
    gain: float = 1.0
    homogeneous: bool = False

    def gains(self, extra: float = 1.0) -> tuple[float, float]:
        """gain · extra as one factor before the function and one after it; before is free, as weights can carry it."""
        gain = self.gain * extra
        return (gain, 1.0) if self.homogeneous and gain > 0 else (1.0, gain)


def _linear(x: Tensor) -> Tensor:
    return x


ACTIVATIONS: dict[Name, Activation] = {
    "linear": Activation(_linear, homogeneous=True),
    "relu": Activation(F.relu, SQRT2, homogeneous=True),
    "lrelu": Activation(partial(F.leaky_relu, negative_slope=0.2), SQRT2, homogeneous=True),
    "tanh": Activation(torch.tanh),
    "sigmoid": Activation(torch.sigmoid),
    "elu": Activation(F.elu),
    "selu": Activation(F.selu),
    "softplus": Activation(F.softplus),
    "swish": Activation(F.silu, SQRT2),
}


def finish(x: Tensor, activation: Activation, after: float = 1.0, clamp: float | None = None) -> Tensor:
    """Activation, the gain that is left to do, clamp to ±clamp."""
    y = activation.function(x)
    y = y * after if after != 1.0 else y
    if clamp is None:
        return y
    return F.hardtanh(
        y, -clamp, clamp, inplace=y is not x and not torch.is_grad_enabled()
    )  # clamp, with a faster gradient


def full_precision(x: Tensor) -> AbstractContextManager[None]:
    """Turns autocast off for what must stay in float32."""
    if not torch.amp.is_autocast_available(x.device.type):
        return nullcontext()
    return torch.autocast(x.device.type, enabled=False)


class Dense(EqualizedLinear):
    """[N, inputs] → [N, outputs] with equalized learning rate, bias and activation; the bias too is used lr_multiplier-fold."""

    def __init__(
        self, inputs: int, outputs: int, activation: Name = "linear", lr_multiplier: float = 1.0, bias: float = 0.0
    ):
        before, self.after = ACTIVATIONS[activation].gains()
        super().__init__((outputs, inputs), before, lr_multiplier)
        self.bias = nn.Parameter(torch.full((outputs,), bias))
        self.bias_scale = before * lr_multiplier
        self.activation = ACTIVATIONS[activation]

    def forward(self, x: Tensor) -> Tensor:
        bias = (self.bias * self.bias_scale).to(x.dtype)
        return finish(F.linear(x, self.operand(x.dtype), bias), self.activation, self.after)
