"""From a drawn picture to the frame of a film: enlarged, in another shape, with the even sides that most codecs need."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from .export_settings import MAX_SIDE, RATIOS, ExportSettings


@dataclass(frozen=True)
class Framing:
    """`content` is the size of the picture in the film, `outer` that of the film, both as (width, height)."""

    scale: int
    content: tuple[int, int]
    outer: tuple[int, int]

    def frame(self, pixels: np.ndarray) -> np.ndarray:
        """[H, W, 3] uint8 of a drawn picture → [outer height, outer width, 3]"""
        if self.scale > 1:
            pixels = pixels.repeat(self.scale, 0).repeat(self.scale, 1)
        if (pixels.shape[1], pixels.shape[0]) != self.content:
            pixels = np.asarray(Image.fromarray(pixels).resize(self.content, Image.Resampling.LANCZOS))
        for axis, side in ((0, self.outer[1]), (1, self.outer[0])):
            pixels = _fitted(pixels, axis, side)
        return np.ascontiguousarray(pixels)


def framing(pixels: np.ndarray, settings: ExportSettings, even: bool) -> Framing:
    """How pictures of this size [H, W, 3] become frames. Raises ValueError with one sentence when they would be too large."""
    height, width = pixels.shape[:2]
    inner = (width * settings.scale, height * settings.scale)
    box = _shaped(inner, settings)
    if settings.side:
        factor = settings.side / max(box)
        box = (box[0] * factor, box[1] * factor)
        inner = (max(round(inner[0] * factor), 1), max(round(inner[1] * factor), 1))
    outer = (max(round(box[0]), 1), max(round(box[1]), 1))
    if even:
        outer = (outer[0] + outer[0] % 2, outer[1] + outer[1] % 2)
    if max(outer) > MAX_SIDE:
        raise ValueError(f"a film of {outer[0]}×{outer[1]} pixels is too large; at most {MAX_SIDE} along a side")
    return Framing(settings.scale, inner, outer)


def _shaped(inner: tuple[int, int], settings: ExportSettings) -> tuple[float, float]:
    """The box of the wished shape around the picture, or the largest one inside it."""
    ratio = RATIOS.get(settings.shape)
    width, height = inner
    if ratio is None:
        return width, height
    wide = width / height > ratio
    return (width, width / ratio) if wide == (settings.fit == "pad") else (height * ratio, height)


def _fitted(pixels: np.ndarray, axis: int, side: int) -> np.ndarray:
    """Cut or padded on both sides alike; a single missing row or column repeats the last one instead of a black line."""
    missing = side - pixels.shape[axis]
    if missing < 0:
        begin = -missing // 2
        return pixels.take(range(begin, begin + side), axis)
    pad = [(0, 0)] * 3
    pad[axis] = (missing // 2, missing - missing // 2)
    return np.pad(pixels, pad, mode="edge") if missing == 1 else np.pad(pixels, pad)
