"""From the engine's arrays to what Qt can paint."""

import math

import numpy as np
from PIL import Image
from PyQt6.QtGui import QImage

MOST = 256  # pixels up to which a small picture is enlarged by a better filter than the painter's: a millisecond or two


def image(pixels: np.ndarray) -> QImage:
    """[H, W, 3] uint8 as an image of its own: a copy, so that the array may go."""
    height, width, _ = pixels.shape
    stride = pixels.strides[0]
    found = QImage(pixels.data, width, height, stride, QImage.Format.Format_RGB888)  # type: ignore[call-overload]
    return found.convertToFormat(QImage.Format.Format_RGB32)


def enlarged(pixels: np.ndarray, scale: float, most: int = 3) -> QImage:
    """The same, up to `most` times as large where `scale` asks for it, so that the painter's own straight-line filter does
    not show its edges.
    """
    height, width, _ = pixels.shape
    factor = min(math.ceil(scale), most, MOST // max(height, width))
    if factor > 1:
        larger = Image.fromarray(pixels).resize((width * factor, height * factor), Image.Resampling.BICUBIC)
        pixels = np.asarray(larger)
    return image(pixels)
