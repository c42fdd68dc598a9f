"""Lower levels of the picture pyramid that progressive training shows."""

from __future__ import annotations

import numpy as np

CHUNK = 256


def levels(pixels: np.ndarray, resolution: int) -> np.ndarray:
    """Pictures uint8 [N, C, R, R] at a lower resolution r = R / 2^k: uint8 [N, C, r, r]."""
    factor, rest = divmod(pixels.shape[-1], resolution)
    if rest or factor < 1 or factor & (factor - 1):
        raise ValueError(f"{pixels.shape[-1]} pixels cannot be halved down to {resolution}.")
    if factor == 1:
        return np.asarray(pixels)
    out = np.empty((*pixels.shape[:-2], resolution, resolution), np.uint8)
    for start in range(0, len(pixels), CHUNK):
        out[start : start + CHUNK] = rounded(halved(pixels[start : start + CHUNK], factor))
    return out


def halved(pixels: np.ndarray, factor: int) -> np.ndarray:
    """Repeated 2x2 averages in float32 without rounding in between (StyleGAN's data sets, Karras et al. 2018)."""
    x = pixels.astype(np.float32)
    while factor > 1:
        x = (x[..., 0::2, 0::2] + x[..., 0::2, 1::2] + x[..., 1::2, 0::2] + x[..., 1::2, 1::2]) * np.float32(0.25)
        factor //= 2
    return x


def rounded(x: np.ndarray) -> np.ndarray:
    """To whole grey values, halves to the even one."""
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)
