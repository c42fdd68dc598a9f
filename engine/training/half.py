"""Half precision for the highest resolutions only, without loss scaling: what overflows is clamped (StyleGAN2-ADA, appendix)."""

import torch
from torch import nn

from engine import device as devices
from engine.networks import Generator
from engine.networks.plane import PlaneGenerator
from engine.networks.stylegan2 import StyleGAN2Generator
from engine.networks.stylegan2 import mixed_precision as halve_highest
from engine.networks.stylegan3 import mixed_precision as halve_fastest

from .config import Config


def precision(config: Config, device: torch.device) -> torch.dtype:
    """The type in which a run computes; "auto" is float16 where only the highest resolutions are halved, as in the paper."""
    if config.precision == "auto" and config.half_resolutions and device.type == "cuda":
        return torch.float16
    return devices.precision(device, config.precision)


def halved(
    generator: Generator, discriminator: nn.Module, highest: int, device: torch.device, dtype: torch.dtype
) -> bool:
    """Sets the `highest` resolutions of both networks to `dtype`; True where that was done.

    On a CPU, whose half precision is slow or coarse, and for dtype float32 nothing changes.
    """
    if not highest or dtype == torch.float32 or device.type == "cpu":
        return False
    if isinstance(generator, PlaneGenerator):
        halve_fastest(generator, highest, dtype)
    elif isinstance(generator, StyleGAN2Generator):
        halve_highest(generator, highest, dtype)
    halve_highest(discriminator, highest, dtype)
    return True
