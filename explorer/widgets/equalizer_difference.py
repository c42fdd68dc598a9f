"""What a layer does, as a picture: two recipes drawn when the render thread is idle, and what differs between them."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PyQt6.QtGui import QImage

from engine.recipe import Recipe
from explorer.bridge import Bridge
from explorer.thumbnails import image

KEPT = 200
SIDE = 256  # pictures are kept no larger than this
FAINT = 6.0  # differences below this many grey levels are not blown up to full brightness

Pair = tuple[Recipe, Recipe]


@dataclass(frozen=True, eq=False)
class Difference:
    """Before, after, and where the two differ: bright over a dim grey ghost of the picture."""

    before: QImage
    after: QImage
    where: QImage
    share: float
    """The mean difference, 0 to 1."""


class Differences:
    """Asks for differences and keeps the last ones. Only the newest question is answered, older ones are dropped."""

    def __init__(self, bridge: Bridge):
        self._bridge = bridge
        self._kept: OrderedDict[Pair, Difference] = OrderedDict()
        self._wanted: Pair | None = None
        self._easel: Any = None

    def known(self, pair: Pair) -> Difference | None:
        """The answer, if it is at hand."""
        return self._kept.get(pair)

    def ask(self, pair: Pair, tell: Callable[[Difference], None]) -> None:
        """Tells the difference, now or when the render thread has had time for it."""
        if pair in self._kept:
            self._kept.move_to_end(pair)
            tell(self._kept[pair])
            return
        self._wanted = pair

        def answer(pictures: tuple[np.ndarray, np.ndarray] | None) -> None:
            if pictures is not None:
                self._kept[pair] = difference(*pictures)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
                tell(self._kept[pair])

        self._bridge.ask(lambda renderer: self._draw(renderer, pair), answer, lambda error: None)

    def _draw(self, renderer: Any, pair: Pair) -> tuple[np.ndarray, np.ndarray] | None:
        """In the render thread."""
        if pair != self._wanted:
            return None
        before, after = (thinned(self._own(renderer).render(recipe).pixels) for recipe in pair)
        return before, after

    def _own(self, renderer: Any) -> Any:
        """A renderer of the same models, so that the big picture's keeps its layers. In the render thread."""
        if self._easel is None:
            self._easel = type(renderer)(precision=renderer.precisions, models=renderer.models)
        return self._easel


def thinned(pixels: np.ndarray) -> np.ndarray:
    """[H, W, 3] averaged down to at most SIDE pixels a side."""
    factor = -(-max(pixels.shape[:2]) // SIDE)
    height, width = (length // factor * factor for length in pixels.shape[:2])
    blocks = pixels[:height, :width].reshape(height // factor, factor, width // factor, factor, 3)
    return blocks.mean((1, 3)).astype(np.uint8)


def difference(before: np.ndarray, after: np.ndarray) -> Difference:
    """Two pictures [H, W, 3] uint8 and where they differ, as images."""
    change = np.abs(after.astype(np.float32) - before.astype(np.float32))
    strength = change.max(2)
    glow = np.clip(strength / max(float(np.quantile(strength, 0.99)), FAINT), 0, 1)[..., None]
    ghost = after.astype(np.float32).mean(2, keepdims=True) * 0.28
    shown = ghost * (1 - glow) + (after.astype(np.float32) * 0.35 + 0.65 * np.array([255.0, 236.0, 205.0])) * glow
    return Difference(image(before), image(after), image(shown.astype(np.uint8)), float(change.mean()) / 255)
