"""`mix`: the mixing table, where the layers of one row of seeds are replaced by those of another."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from tyro.conf import arg

from engine.progress import Progress
from engine.recipe import Recipe, Style
from engine.render.info import rows_of

from .options import Drawing, file_for, seed_numbers
from .progress import follow

if TYPE_CHECKING:
    import numpy as np

    from engine.render.renderer import Renderer

    Pictures = list[np.ndarray]
    Table = tuple[Pictures, Pictures, list[Pictures]]


@dataclass(frozen=True, kw_only=True)
class Mix(Drawing):
    """Draw a mixing table: seeds A with some of their layers from seeds B.

    Seeds A go down the left edge, seeds B along the top; where they meet is A with the chosen layers of B.
    Coarse layers carry pose and arrangement, middle ones shapes, fine ones colours and texture.

    Examples:
      latent-explorer mix --rows 0-3 --cols 4-9 --layers coarse --out mix.png
      latent-explorer mix --rows 0-3 --cols 4-9 --layers 0-3 --out mix.png --set truncation.psi=0.7
    """

    rows: Annotated[str, arg(metavar="0-3")]
    """Seeds A, down the left edge."""
    cols: Annotated[str, arg(metavar="4-9")]
    """Seeds B, along the top."""
    layers: Annotated[str, arg(metavar="LAYERS")] = "coarse"
    """Which layers come from B: coarse, middle, fine, all, or numbers such as 0-3 or 2,5 (`info MODEL` lists them)."""
    label: Annotated[str, arg(metavar="N", help_behavior_hint="(default: the first)")] = ""
    """Class number or name, where the model has classes."""
    prompt: Annotated[str, arg(metavar="WORDS", help_behavior_hint="")] = ""
    """What to draw, in words, where the model reads them."""
    out: Annotated[Path, arg(metavar="F")]
    """The picture (.png), or a folder for mix.png."""

    def run(self) -> int:
        from engine.render import grid

        path = file_for(self.out, "mix.png")
        left, top = seed_numbers(self.rows), seed_numbers(self.cols)
        renderer, info = self.opened()
        if not info.has_w:
            raise ValueError(f"the layers of {info.model.name!r} cannot be mixed: a {info.family} has no styles")
        rows = rows_of(self.layers, info.layers)
        amounts = tuple(float(row in rows) for row in range(max(rows) + 1))
        a, b = (self.recipes(seeds, self.label, info, self.prompt) for seeds in (left, top))
        work = table(renderer, a, b, amounts)
        grid.write(path, grid.mixing_table(*follow(work, "Mixing")))
        print(path)
        return 0


def mixed(a: Recipe, b: Recipe, amounts: tuple[float, ...]) -> Recipe:
    """The recipe `a` with the latent of `b` laid over its layers by these amounts."""
    return msgspec.structs.replace(a, styles=(*a.styles, Style(b.latent, amounts)))


def table(
    renderer: Renderer, left: Sequence[Recipe], top: Sequence[Recipe], amounts: tuple[float, ...]
) -> Generator[Progress, None, Table]:
    """The pictures of the left edge, of the top, and of the table, each [H, W, 3] uint8."""
    lines = [[*top], *([a, *(mixed(a, b, amounts) for b in top)] for a in left)]
    total = sum(len(line) for line in lines)
    drawn: list[list[np.ndarray]] = []
    done = 0
    for line in lines:
        drawn.append([])
        for recipe in line:
            drawn[-1].append(renderer.render(recipe).pixels)
            done += 1
            yield Progress(done, total)
    return [line[0] for line in drawn[1:]], drawn[0], [line[1:] for line in drawn[1:]]
