"""Feature networks seen otherwise: by place instead of averaged (Nash et al. 2021), or with random weights (Naeem et al. 2020).

Random weights are drawn here, by He et al. (2015) from a fixed number: figures by them compare with one another, not with papers.
"""

from typing import TypeVar

import torch
from torch import Tensor, nn

from .efficientnet import SIDE as LITE_SIDE
from .efficientnet import EfficientNetLite0
from .frozen import FeatureNetwork
from .inception import BLOCKS, Inception
from .sampling import resized

CHANNELS = 7  # of the map that are looked at, as sFID has it
BLOCK, BRANCH = "Mixed_6d", "branch1x1"  # mixed_6/conv in the graph of 2015
FINE = 2  # which map of lite0: that at 1/16
SEED = 2015
N = TypeVar("N", bound=FeatureNetwork)


class SpatialInception(Inception):
    """Features [N, 2023]: seven channels at 17×17 places."""

    size = CHANNELS * 17**2

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.begun(pictures)
        for name in BLOCKS:
            block = self.get_submodule(name)
            if name == BLOCK:
                found: Tensor = block.get_submodule(BRANCH)(x)
                return found[:, :CHANNELS].flatten(1)
            x = block(x)
        raise AssertionError(f"there is a block {BLOCK}")


class SpatialLite0(EfficientNetLite0):
    """Features [N, 1372]: seven channels at 14×14 places."""

    size = CHANNELS * 14**2

    def forward(self, pictures: Tensor) -> Tensor:
        x = resized(pictures.float(), LITE_SIDE) / 127.5 - 1.0
        return self.maps(x)[FINE][:, :CHANNELS].flatten(1)


def drawn(network: N) -> N:
    """The network with random weights, always the same."""
    chance = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Conv2d):
                module.weight.normal_(0.0, (2.0 / module.weight[0].numel()) ** 0.5, generator=chance)
    return network
