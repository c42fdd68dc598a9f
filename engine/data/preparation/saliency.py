"""Where in a picture most is to be seen: the spectral residual, and the square that holds most of it."""

from __future__ import annotations

import numpy as np
from PIL import Image

SHORT, LONG = 48, 192  # pixels of the small picture that is looked at
CENTRE = 0.15  # how much a place at the very edge must have more than one in the middle


def saliency(image: Image.Image) -> np.ndarray:
    """How much each place stands out, float [h, w] of a small copy, summing to 1 (Hou & Zhang, CVPR 2007, eq. 3-6).

    The phases keep where things are, the amplitudes' residual over their local mean what is unusual about them.
    """
    grey = np.asarray(small(image).convert("L"), np.float64) / 255
    spectrum = np.fft.fft2((grey - grey.mean()) * window(grey.shape))
    log_amplitude = np.log(np.abs(spectrum) + 1e-8)
    residual = log_amplitude - blurred(log_amplitude, 1)
    found = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    # Frequencies that are hardly there would be raised like the others, and a plain picture would become noise.
    out = blurred(found * window(grey.shape), 3) if grey.std() > 0.004 else np.ones(grey.shape)
    return out / out.sum()


def small(image: Image.Image) -> Image.Image:
    """A copy with few pixels in the same shape."""
    scale = SHORT / min(image.size)
    width, height = (min(LONG, max(SHORT, round(side * scale))) for side in image.size)
    return image.resize((width, height), Image.Resampling.BOX, reducing_gap=2.0)


def window(shape: tuple[int, ...]) -> np.ndarray:
    """Fades the outermost tenth, where the transform sees a jump to the opposite edge."""

    def fade(length: int) -> np.ndarray:
        inside = (np.arange(length) + 0.5) / length
        return np.clip(np.minimum(inside, 1 - inside) * 10, 0, 1)

    return fade(shape[0])[:, None] * fade(shape[1])[None, :]


def blurred(values: np.ndarray, radius: int) -> np.ndarray:
    """Means over squares of 2 · radius + 1, once for the sharp radius 1 and thrice, nearly a Gaussian, for larger."""
    out = values
    for _ in range(1 if radius == 1 else 3):
        for axis in (0, 1):
            rolled = [np.roll(out, shift, axis) for shift in range(-radius, radius + 1)]
            out = np.mean(rolled, axis=0)
    return np.asarray(out)


def square(image: Image.Image) -> tuple[float, float]:
    """Left and top, as shares of width and height, of the largest square that holds most of what stands out."""
    weights = saliency(image)
    height, width = weights.shape
    side = min(height, width)
    along = weights.sum(axis=0 if width >= height else 1)
    sums = np.concatenate([[0.0], np.cumsum(along)])
    inside = sums[side:] - sums[:-side]
    middle = np.abs(np.linspace(-1, 1, len(inside))) if len(inside) > 1 else np.zeros(1)
    best = int(np.argmax(inside * (1 - CENTRE * middle)))
    share = best / max(height, width)
    return (share, 0.0) if width >= height else (0.0, share)
