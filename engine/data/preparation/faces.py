"""The largest face in a picture, where the optional package that finds faces is installed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.data.preparation.plan import BadPlan

if TYPE_CHECKING:
    import cv2

MISSING = 'Cropping to faces needs one more package: pip install "latent-explorer[faces]".'
SEEN = 640  # pixels of the longer side that are searched
LEAST = 0.06  # side of the smallest face, as a share of that
ROOM = 2.0  # side of the square around a face, in sides of the face


def require() -> None:
    """Raises BadPlan with one sentence where faces cannot be found."""
    try:
        detector()
    except (ImportError, AttributeError, OSError) as error:
        raise BadPlan(MISSING) from error


@lru_cache(maxsize=1)
def detector() -> cv2.CascadeClassifier:
    """Boosted cascade for upright faces (Viola & Jones 2001), as OpenCV trained it and ships it."""
    import cv2
    from cv2.data import haarcascades

    found = cv2.CascadeClassifier(f"{haarcascades}haarcascade_frontalface_default.xml")
    if found.empty():
        raise OSError("the cascade file is missing")
    return found


def square(image: Image.Image) -> tuple[float, float, float] | None:
    """Left and top as shares of width and height, and side as a share of the shorter side; None without a face."""
    scale = min(1.0, SEEN / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    grey = np.asarray(image.resize(size, Image.Resampling.BOX).convert("L"))
    least = max(20, round(LEAST * max(size)))
    faces = detector().detectMultiScale(grey, 1.1, 6, minSize=(least, least))
    if not len(faces):
        return None
    left, top, width, height = max(
        faces.tolist() if isinstance(faces, np.ndarray) else faces, key=lambda f: f[2] * f[3]
    )
    return around(left + width / 2, top + height / 2, max(width, height), size)


def around(x: float, y: float, face: float, size: tuple[int, int]) -> tuple[float, float, float]:
    """The square with room around a face, moved and at last shrunk to lie in the picture."""
    side = min(ROOM * face, *size)
    left = min(max(x - side / 2, 0), size[0] - side)
    top = min(max(y - side / 2, 0), size[1] - side)
    return left / size[0], top / size[1], side / min(size)
