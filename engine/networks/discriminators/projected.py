"""The discriminator of Projected GAN (Sauer et al. 2021): small heads judge what a frozen ImageNet network sees of pictures."""

import math
from collections.abc import Sequence
from typing import Annotated

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.nn import functional as F

from engine.feature_networks.frozen import inert
from engine.feature_networks.pyramid import Pyramid, lite0_pyramid

from .heads import Head, HeadHabit, head_widths
from .mixer import Mixer

PATCH = 16  # the nominal size of all heads of the patch variant


class Projection(Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes of a projected discriminator; the defaults are the paper's."""

    side: Annotated[int, Meta(ge=64, le=1024, multiple_of=32)] = 224
    """Smaller pictures are enlarged to it before they are looked at; less is faster, and sees less."""
    width: Annotated[int, Meta(ge=1, le=512)] = 64
    """Feature maps of the finest scale after mixing."""
    most: Annotated[int, Meta(ge=1, le=512)] = 512
    """No layer of a head is wider."""
    separable: bool = False
    """Depthwise separable heads, as beside a StyleGAN2 generator."""


class ProjectedDiscriminator(nn.Module):
    """Pictures [N, channels, R, R] → scores [N, places of all heads].

    What is frozen is no parameter: the feature network's weights are in no file of ours but come from their own, the mixer's
    are kept with the heads.
    """

    lod = 0.0  # does not grow

    def __init__(self, features: Pyramid, mixer: Mixer, heads: Sequence[Head], resolution: int, side: int):
        super().__init__()
        self.features, self.mixer, self.heads = inert(features, saved=False), inert(mixer), nn.ModuleList(heads)
        self.resolution, self.side = resolution, side
        self.condition = "none" if heads[0].embedding is None else "projection"

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        maps = self.mixer(self.features(self.seen(images)))
        return torch.cat([head(x, labels).flatten(1) for head, x in zip(self.heads, maps, strict=True)], 1)

    def judge(self, images: Tensor, labels: Tensor | None = None) -> tuple[Tensor, None]:
        """Scores, and no class logits."""
        return self(images, labels), None

    def seen(self, images: Tensor) -> Tensor:
        """Pictures in red, green and blue, large enough to be looked at: [N, 3, S, S]."""
        images = images.expand(-1, 3, -1, -1) if images.shape[1] == 1 else images
        if self.resolution >= self.side:
            return images
        return F.interpolate(images, (self.side, self.side), mode="bilinear", align_corners=False)


def nominal_sizes(side: int, count: int = 4, patch: bool = False) -> list[int]:
    """The sizes by which heads are built: halves of the next power of two, whatever size the maps have in truth."""
    finest = 2 ** (math.ceil(math.log2(side)) - 1)
    return [PATCH if patch else finest >> depth for depth in range(count)]


def projected(resolution: int, channels: int, label_size: int, sizes: Projection) -> ProjectedDiscriminator:
    """One that looks through EfficientNet-lite0, with random heads.

    Raises MissingWeights with one sentence, and ValueError for pictures that are neither grey nor red, green and blue.
    """
    if channels not in (1, 3):
        raise ValueError(f"a projected discriminator sees pictures of 1 or 3 channels, not of {channels}")
    features = lite0_pyramid()
    mixer = Mixer(features.channels, sizes.width)
    habit = HeadHabit(sizes.separable, label_size=label_size)
    heads = [
        Head(head_widths(inputs, nominal, sizes.most), habit)
        for inputs, nominal in zip(mixer.widths, nominal_sizes(sizes.side), strict=True)
    ]
    return ProjectedDiscriminator(features, mixer, heads, resolution, sizes.side)
