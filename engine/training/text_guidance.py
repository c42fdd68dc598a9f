"""A pair of encoders guides StyleGAN-T's generator towards the words that it was asked for (Sauer et al. 2023, section 3.3)."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F

from engine.networks.discriminators.vision import by_area

from .crops import Random, cropped

CROP = 64  # pixels a side that the encoder sees of larger pictures
SIDE = 224  # that the encoder takes
MOST_ALIKE = 1.0 - 1e-6  # where the slope of arccos would be infinite


def seen_by_encoder(pictures: Tensor, random: Random = None, side: int = SIDE) -> Tensor:
    """Pictures [N, 3, H, W] in [-1, 1] → [N, 3, side, side] from 0 to 1; of larger ones a crop of 64×64, from `random`."""
    return (by_area(cropped(pictures, CROP, random), side) + 1.0) / 2.0


def spherical_distance(one: Tensor, other: Tensor) -> Tensor:
    """arccos² of the cosine of features [N, F], [N]; 0 where they point the same way."""
    cosine = (F.normalize(one, dim=1) * F.normalize(other, dim=1)).sum(1)
    return cosine.clamp(-MOST_ALIKE, MOST_ALIKE).arccos().square()


def text_guidance(
    encoder: Callable[[Tensor], Tensor], pictures: Tensor, words: Tensor, random: Random = None, side: int = SIDE
) -> Tensor:
    """Mean distance of what an encoder sees in pictures and the features [N, F] of the words that they were asked for.

    The encoder takes [N, 3, side, side] from 0 to 1 and normalises them its own way. They are neither blurred nor augmented.
    """
    return spherical_distance(encoder(seen_by_encoder(pictures, random, side)), words).mean()
