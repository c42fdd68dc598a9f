"""Progressive growing: which level of detail, batch and learning rate belong to how many pictures seen; fading in."""

import math
from typing import Annotated

from msgspec import Meta, Struct
from torch import Tensor, lerp

from engine.networks.layers import downscale, upscale

TICKS = {4: 160.0, 8: 140.0, 16: 120.0, 32: 100.0, 64: 80.0, 128: 60.0, 256: 40.0, 512: 30.0, 1024: 20.0}


class Growth(Struct, frozen=True, forbid_unknown_fields=True):
    """A schedule that alternates phases of training and fading in; lengths in thousands of pictures (kimg)."""

    initial: Annotated[int, Meta(ge=4)] = 8
    """Pixels a side that the training begins with, where a network grows."""
    training_kimg: Annotated[float, Meta(ge=0)] = 600.0
    """Thousands of pictures at a resolution before the next one fades in."""
    fading_kimg: Annotated[float, Meta(ge=0)] = 600.0
    """Thousands of pictures in which a resolution fades in."""
    batch: Annotated[int, Meta(ge=1, le=4096)] = 32
    """Pictures of a step."""
    batches: dict[int, int] = {}  # resolution → pictures a step, where it differs from `batch`
    rate: Annotated[float, Meta(gt=0, le=1)] = 0.001
    """Learning rate: how far every step goes."""
    rates: dict[int, float] = {}  # resolution → learning rate, where it differs from `rate`
    rampup_kimg: Annotated[float, Meta(ge=0)] = 0.0  # the rate rises from 0 in the beginning
    trainings_kimg: dict[int, float] = {}  # resolution → kimg of training at it, where it differs from `training_kimg`


class Stage(Struct, frozen=True):
    """What holds at one moment of training."""

    lod: float
    resolution: int
    batch: int
    rate: float


def stage(growth: Growth, resolution: int, images: int, ranks: int = 1) -> Stage:
    """The stage after `images` pictures have been shown to the discriminator; the batch divides evenly over the ranks.

    lod = max(0, log2(resolution / initial) - phase - fading part), phases of training + fading kimg each; the batch and
    rate of a resolution hold from the moment it begins to fade in.
    """
    lod = level_of_detail(growth, resolution, images)
    native = resolution // 2 ** math.floor(lod)
    batch = growth.batches.get(native, growth.batch)
    risen = min(images / 1000 / growth.rampup_kimg, 1.0) if growth.rampup_kimg else 1.0
    return Stage(lod, native, batch - batch % ranks, growth.rates.get(native, growth.rate) * risen)


def tick_kimg(resolution: int) -> float:
    """How many thousand pictures the originals show between two reports while they train at a resolution."""
    return TICKS.get(resolution, 160.0)


def level_of_detail(growth: Growth, resolution: int, images: int) -> float:
    """0 at full resolution, one more for every halving; fractional while a resolution fades in."""
    lod = math.log2(resolution) - math.log2(min(growth.initial, resolution))
    kimg, begun = images / 1000, 0.0
    while lod > 0:
        training = growth.trainings_kimg.get(int(resolution / 2**lod), growth.training_kimg)
        faded = kimg - begun - training
        if faded < growth.fading_kimg or (faded < 0 and not growth.fading_kimg):
            return lod - max(faded, 0.0) / growth.fading_kimg if growth.fading_kimg else lod
        begun += training + growth.fading_kimg
        lod -= 1
    return 0.0


def fade_reals(images: Tensor, lod: float) -> Tensor:
    """Real pictures [N, C, H, W] at the native resolution of `lod`, blurred as generated ones are while it fades in.

    They are mixed with their own halved and doubled copy by the fraction of lod (Karras et al. 2017, figure 2).
    """
    fade = lod - math.floor(lod)
    return lerp(images, upscale(downscale(images)), fade) if fade else images
