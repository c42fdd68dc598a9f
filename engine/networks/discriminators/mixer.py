"""The random projection of Projected GAN (Sauer et al. 2021, section 3.2): feature maps mixed across channels and across scales."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F


class Mixer(nn.Module):
    """Feature maps, the finest first, each of half the size of the one before → as many mixed maps of twice their sizes.

    Its weights stay as random as they were made. `width` is that of the finest map; with `expand` deeper ones are 2, 4 and 8
    times as wide until they are mixed across scales, which halves all but the finest.
    """

    def __init__(self, inputs: Sequence[int], width: int = 64, expand: bool = True):
        super().__init__()
        mixed = [width * 2**depth if expand else width for depth in range(len(inputs))]
        self.widths = [mixed[0], *(lower for lower, _ in pairwise(mixed))]
        self.across = nn.ModuleList(nn.Conv2d(before, after, 1) for before, after in zip(inputs, mixed, strict=True))
        self.between = nn.ModuleList(
            nn.Conv2d(before, after, 1) for before, after in zip(mixed, self.widths, strict=True)
        )

    def channels(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """Mixed across channels (CCM)."""
        return [mix(x) for mix, x in zip(self.across, maps, strict=True)]

    def scales(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """Maps that were mixed across channels, mixed across scales too, from the deepest upwards (CSM)."""
        found: list[Tensor] = []
        for mix, x in zip(reversed(self.between), reversed(maps), strict=True):
            x = x + found[-1] if found else x
            found.append(mix(F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=True)))
        return found[::-1]

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        return self.scales(self.channels(maps))
