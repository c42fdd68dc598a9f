"""What follows a convolution, pixel by pixel: a factor and a bias for every feature map, noise, activation, gain and clamp."""

from typing import NamedTuple

import torch
from torch import Tensor

from .activations import Activation, finish


class Ending(NamedTuple):
    """y = clamp(activation(x · scale + bias + noise) · gain) of features.

    `scale` and `bias` are [C], `noise` [H, W] is the same for all of them.
    """

    scale: Tensor
    bias: Tensor
    noise: Tensor | None
    activation: Activation
    gain: float = 1.0
    clamp: float | None = None

    def repeated(self, times: int) -> "Ending":
        """For `times` as many feature maps, one set after the other; the noise is left to the caller."""
        return self._replace(scale=self.scale.repeat(times), bias=self.bias.repeat(times))

    def after(self, x: Tensor) -> Tensor:
        """For features [1, C, H, W], which are written to."""
        torch.addcmul(self.bias[:, None, None], x, self.scale[:, None, None], out=x)
        x = x if self.noise is None else x.add_(self.noise)
        return finish(x, self.activation, self.gain, self.clamp)

    def into(self, out: Tensor, x: Tensor) -> None:
        """Activation, gain and clamp of x, which may be written to, to out, which has the shape of x and any strides."""
        y = self.activation.function(x)
        if self.clamp is not None:
            torch.clamp(y.mul_(self.gain), -self.clamp, self.clamp, out=out)
        else:
            torch.mul(y, self.gain, out=out)
