"""Blur of everything that a discriminator is shown at the start, so that a young StyleGAN3-R learns the coarse first."""

import math

import torch
from torch import Tensor

from engine.networks.filters import filtered


def blur_sigma(images: int, start: float, fade_kimg: float) -> float:
    """Pixels of blur after that many pictures: `start`, going down to 0 over `fade_kimg` (Karras et al. 2021, appendix G)."""
    return max(1.0 - images / (fade_kimg * 1000), 0.0) * start if fade_kimg > 0 else 0.0


def blur_taps(sigma: float) -> Tensor | None:
    """2^-(k/σ)² for k up to 3σ each way, summing to 1; None where that is a single tap."""
    half = math.floor(3 * sigma)
    if half <= 0:
        return None
    taps = torch.exp2(-(torch.arange(-half, half + 1, dtype=torch.float32) / sigma).square())
    return taps / taps.sum()


def blurred(images: Tensor, sigma: float) -> Tensor:
    """[N, C, H, W] blurred at the same size; 0 lies around the pictures."""
    taps = blur_taps(sigma)
    return images if taps is None else filtered(images, taps.to(images.device))
