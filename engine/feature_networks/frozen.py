"""What all feature networks are: frozen, in evaluation mode whoever asks for training, always in float32."""

from typing import Self, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class FeatureNetwork(nn.Module):
    """Pictures [N, 3, H, W] with values from 0 to 255 (uint8 or float) → features [N, `size`]."""

    size: int

    def train(self, mode: bool = True) -> Self:
        return super().train(False)

    def forward(self, pictures: Tensor) -> Tensor:
        raise NotImplementedError


class FrozenNorm(nn.Module):
    """Batch normalisation by the averages that were found in training."""

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, features: int, eps: float = 1e-3):
        super().__init__()
        self.eps = eps
        self.weight, self.bias = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)


N = TypeVar("N", bound=nn.Module)


def inert(network: N, saved: bool = True) -> N:
    """The network, whose parameters are buffers from now on, so that nothing trains them; unless `saved`, no state holds them."""
    for module in network.modules():
        for name, parameter in [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]:
            delattr(module, name)
            module.register_buffer(name, parameter.detach(), persistent=saved)
    return network
