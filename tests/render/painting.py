"""A renderer for tests of films: smooth pictures of any size that tell which recipe they are of; and eyes to read films."""

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from engine.recipe import Recipe, Truncation
from engine.recipe.timeline import Key, Timeline
from engine.render.frame import Frame


class Drawing:
    """Whoever can draw one picture can draw one after the other."""

    def flow(self, recipes):
        return map(self.render, recipes)


class Painter(Drawing):
    """Red and green tell the place, blue tells psi. Counts what it has drawn."""

    def __init__(self, height=32, width=48):
        self.height, self.width, self.drawn = height, width, 0

    def render(self, recipe):
        self.drawn += 1
        y, x = np.mgrid[: self.height, : self.width]
        planes = (255 * x / self.width, 255 * y / self.height, np.full_like(x, 127 * recipe.truncation.psi))
        return Frame(recipe, np.stack(planes, 2).astype(np.uint8))


def line(seconds=1.0, fps=10, **changes):
    """From psi 0 to psi 2."""
    keys = (Key(0.0, Recipe(truncation=Truncation(0.0)), "linear"), Key(seconds, Recipe(truncation=Truncation(2.0))))
    return Timeline(fps=fps, keys=keys, **changes)


def decoded(path, tagged=True):
    """All frames [H, W, 3] as a player shows them that believes the tags."""
    with av.open(str(path)) as file:
        ways = {
            "src_colorspace": Colorspace.ITU709,
            "src_color_range": ColorRange.MPEG,
            "dst_color_range": ColorRange.JPEG,
        }
        return [
            frame.reformat(format="rgb24", **(ways if tagged else {})).to_ndarray() for frame in file.decode(video=0)
        ]
