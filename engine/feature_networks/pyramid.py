"""Feature maps at several depths of a frozen network, for discriminators that look at pictures through it."""

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from . import FILES, NETWORKS, load
from .efficientnet import MAPS, STAGES, EfficientNetLite0
from .published import MissingWeights


class Pyramid(nn.Module, ABC):
    """Pictures [N, 3, H, W] in [-1, 1] → feature maps, the finest first; `channels` says how many each has."""

    channels: tuple[int, ...]

    @abstractmethod
    def forward(self, pictures: Tensor) -> list[Tensor]: ...


class Lite0Pyramid(Pyramid):
    """Four maps of EfficientNet-lite0, at 1/4, 1/8, 1/16 and 1/32 of the pictures' size."""

    channels = tuple(STAGES[stage].outputs for stage in MAPS)

    def __init__(self, network: EfficientNetLite0):
        super().__init__()
        self.network = network
        del network.head, network.classes  # nothing below looks at them

    def forward(self, pictures: Tensor) -> list[Tensor]:
        return self.network.maps(pictures)


def lite0_pyramid() -> Lite0Pyramid:
    """With the published weights, except where networks are built without values. Raises MissingWeights with one sentence."""
    if torch.get_default_device().type == "meta":
        return Lite0Pyramid(EfficientNetLite0())
    path = FILES["lite0"].here()
    if path is None:
        raise MissingWeights(
            f"a projected discriminator looks through {NETWORKS['lite0'].title}, whose weights are missing: "
            f"{FILES['lite0'].address}"
        )
    network = load("lite0", {"lite0": path})
    assert isinstance(network, EfficientNetLite0)
    return Lite0Pyramid(network)
