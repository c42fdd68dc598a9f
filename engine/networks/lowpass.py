"""Low-pass filters of StyleGAN3: Kaiser windows around a sinc or, where every direction must count alike, a jinc."""

import math

import numpy as np

NEGLIGIBLE = 5e-7  # of the largest singular value: taps are then off by less than the rounding of what they multiply


def lowpass(taps: int, cutoff: float, width: float, rate: float, radial: bool = False) -> np.ndarray:
    """A filter that passes up to `cutoff` and stops from `cutoff` + `width` / 2 on, at `rate` samples for each picture width.

    float32; [taps], or [taps, taps] where it is `radial` (Karras et al. 2021, appendix C.1 and C.2). One tap is no filter.
    """
    if taps == 1:
        return np.ones(1, np.float32)
    place = np.arange(taps) - (taps - 1) / 2
    window = kaiser(taps, width, rate)
    if not radial:
        filter = np.sinc(2 * cutoff / rate * place) * window
    else:
        distance = np.hypot(*np.meshgrid(place, place)) / rate
        filter = bessel(2 * math.pi * cutoff * distance) / (math.pi * distance) * np.outer(window, window)
    return (filter / filter.sum()).astype(np.float32)


def kaiser(taps: int, width: float, rate: float) -> np.ndarray:
    """The Kaiser window of a transition band of `width` (Kaiser's estimates of attenuation and β)."""
    attenuation = 2.285 * (taps - 1) * math.pi * width / (rate / 2) + 7.95
    beta = 0.0
    if attenuation > 50:
        beta = 0.1102 * (attenuation - 8.7)
    elif attenuation > 21:
        beta = 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21)
    return np.kaiser(taps, beta)


def bessel(x: np.ndarray, points: int = 256) -> np.ndarray:
    """J₁(x) = 1/2π ∫ cos(τ - x sin τ) dτ over a full turn; a sum over equal steps is exact to rounding for |x| < points / 2."""
    turn = np.arange(points) * (2 * math.pi / points)
    return np.cos(turn - x[..., None] * np.sin(turn)).mean(-1)


def separated(filter: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A filter [h, w] as a sum of products of columns [rank, h] and rows [rank, w], exact to rounding; [taps] is both."""
    if filter.ndim == 1:
        return filter[None], filter[None]
    columns, strengths, rows = np.linalg.svd(filter.astype(np.float64))
    rank = int((strengths > NEGLIGIBLE * strengths[0]).sum())
    root = np.sqrt(strengths[:rank, None])
    return columns.T[:rank] * root, rows[:rank] * root
