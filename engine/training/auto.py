"""Settings of a StyleGAN2 from what there is: how many pictures of which size, and which device with how much memory."""

import math

import torch
from msgspec import structs

from engine.networks import StyleGAN2

from .ada import Ada
from .config import Config, PathLength
from .official import stylegan2
from .presets import light2

SMALLEST, LARGEST, LARGEST_LIGHT = 32, 1024, 128
MANY = 50_000  # pictures from which on a discriminator learns few of them by heart
FEW, SOON = 5_000, 5_000.0  # with fewer pictures it has seen enough after so many thousand
MAPS = 20  # feature maps of each size that wait for the way back, in both networks together
RESERVED = 2**30


def auto(pictures: int, side: int, device: torch.device, memory: int) -> Config:
    """The configuration for `pictures` that are mostly `side` pixels wide and high, on a device with `memory` free bytes.

    Resolution: the power of two that the pictures fill. Batch, learning rate, R1 and width follow it as in StyleGAN2-ADA;
    the pictures that pass at once follow the memory. A processor alone gets narrow layers and at most 128×128.
    """
    if device.type == "cpu":
        resolution = power_of_two(side, LARGEST_LIGHT)
        config = light2(resolution, 128, 16 if resolution < 128 else 8, 600.0, PathLength(2.0, 8))
    else:
        config = fitted(stylegan2("auto", power_of_two(side, LARGEST)), memory)
    if pictures >= MANY:
        return structs.replace(config, ada=Ada("off"))
    return structs.replace(config, kimg=min(config.kimg, SOON)) if pictures < FEW else config


def power_of_two(side: int, most: int) -> int:
    """The largest power of two that is not larger than the side, within what is trained at all."""
    return min(max(2 ** int(math.log2(max(side, 1))), SMALLEST), most)


def fitted(config: Config, memory: int) -> Config:
    """At once pass as many pictures as the memory holds; minibatch standard deviation compares no more than those."""
    network = config.network
    assert isinstance(network, StyleGAN2)
    room = max((memory - RESERVED) // bytes_for_one(network), 1)
    at_once = min(2 ** int(math.log2(room)), config.growth.batch)
    group = min(network.stddev_group, at_once)
    return structs.replace(config, accumulate=at_once, network=structs.replace(network, stddev_group=group))


def bytes_for_one(network: StyleGAN2) -> int:
    """What one picture needs in training, mostly in half precision; an estimate on the safe side."""
    pixels = sum(width * 4**level for level, width in enumerate(network.features()) if level >= 2)
    return pixels * MAPS * 2
