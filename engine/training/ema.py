"""The moving average of a network's weights, which makes the better pictures (Karras et al. 2017, section 6.1)."""

from copy import deepcopy
from typing import Generic, TypeVar

import torch
from torch import nn


def ema_beta(batch: int, half_life_images: float = 10_000.0) -> float:
    """How much of the average is left after `batch` pictures: 0.5^(batch / half-life); 0 without a half-life."""
    return 0.5 ** (batch / half_life_images) if half_life_images > 0 else 0.0


N = TypeVar("N", bound=nn.Module)


class Average(Generic[N]):
    """A copy of a network whose parameters follow it slowly and whose buffers equal it. `model` is the copy."""

    def __init__(self, source: N):
        self.model: N = deepcopy(source).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, source: N, beta: float) -> None:
        """average ← beta · average + (1 - beta) · source for every parameter; buffers are copied."""
        torch._foreach_lerp_(list(self.model.parameters()), list(source.parameters()), 1.0 - beta)
        for mine, theirs in zip(self.model.buffers(), source.buffers(), strict=True):
            mine.copy_(theirs)
