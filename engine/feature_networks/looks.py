"""What a picture shows, seen through EfficientNet-lite0: its maps at all depths, averaged by place, and two trained layers on top.

The trained part is small and learns within a minute, for classes or beside a reader of words.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .frozen import inert
from .pyramid import Pyramid

GRID = 2  # places a side in which a map is averaged, beside the whole of it
SIDE = 64  # pixels a side that are looked at


class Look(nn.Module):
    """Pictures [N, 3, side, side] from 0 to 1 → features or logits [N, outputs]; no state holds the frozen network."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, pyramid: Pyramid, outputs: int, hidden: int = 256, side: int = SIDE):
        super().__init__()
        self.pyramid, self.side, self.size = inert(pyramid, saved=False), side, outputs
        seen = sum(pyramid.channels) * (1 + GRID**2)
        self.register_buffer("mean", torch.zeros(seen))
        self.register_buffer("deviation", torch.ones(seen))
        self.inner, self.outer = nn.Linear(seen, hidden), nn.Linear(hidden, outputs)

    def seen(self, pictures: Tensor) -> Tensor:
        """What the frozen network says of pictures, [N, places and maps]."""
        parts = []
        for x in self.pyramid(pictures * 2.0 - 1.0):
            parts += [x.mean((2, 3)), F.adaptive_avg_pool2d(x, GRID).flatten(1)]
        return torch.cat(parts, 1)

    def judged(self, seen: Tensor) -> Tensor:
        """[N, outputs] of what `seen` gave."""
        found: Tensor = self.outer(F.gelu(self.inner((seen - self.mean) / self.deviation)))
        return found

    def forward(self, pictures: Tensor) -> Tensor:
        return self.judged(self.seen(pictures))
