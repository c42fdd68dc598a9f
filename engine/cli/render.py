"""`render`: pictures of seeds, or a picture again from its recipe."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from engine.progress import Progress
from engine.recipe import Recipe

from .options import Drawing, file_for, seed_numbers
from .progress import follow

if TYPE_CHECKING:
    import numpy as np

    from engine.render.renderer import Renderer

MAX_CELLS = 4096


@dataclass(frozen=True, kw_only=True)
class Render(Drawing):
    """Draw pictures of seeds, or a picture again from its recipe.

    Every picture is a PNG that carries its recipe, so that it can be opened, changed and drawn again.

    Examples:
      latent-explorer render --seeds 0-15 --out pictures
      latent-explorer render --seeds 0-31 --grid 8x4 --out sheet.png --set truncation.psi=0.7
      latent-explorer render --model runs/cats --seeds 7 --out seven.png
      latent-explorer render seven.png --set noise.mode=off --out quiet.png
    """

    input: Annotated[
        Positional[Path | None], arg(name="IN", metavar="[IN]", help_behavior_hint="(instead of --seeds)")
    ] = None
    """A recipe (.json) or a picture made here, to be drawn again."""
    seeds: Annotated[str, arg(metavar="0-15", help_behavior_hint="")] = ""
    """Which seeds, such as 0-15 or 1,5,9; each becomes seed0007.png and so on."""
    label: Annotated[str, arg(metavar="N", help_behavior_hint="(default: the first)")] = ""
    """Class number or name, where the model has classes."""
    prompt: Annotated[str, arg(metavar="WORDS", help_behavior_hint="")] = ""
    """What to draw, in words, where the model reads them."""
    grid: Annotated[str, arg(metavar="CxR", help_behavior_hint="")] = ""
    """One contact sheet of C columns and R rows instead of single pictures (in a folder it is called grid.png)."""
    out: Annotated[Path, arg(metavar="OUT")]
    """A folder, or a .png for a single picture or a contact sheet."""

    def run(self) -> int:
        if self.input is not None:
            return self._again(self.input)
        return self._sheet() if self.grid else self._pictures()

    def _pictures(self) -> int:
        if not self.seeds:
            raise ValueError("say which pictures: --seeds 0-15, or a recipe or a picture that was made here")
        seeds = seed_numbers(self.seeds)
        paths = [self.out / f"seed{seed:04d}.png" for seed in seeds]
        if len(seeds) == 1:
            paths = [file_for(self.out, paths[0].name)]
        elif self.out.suffix.lower() == ".png" and not self.out.is_dir():
            raise ValueError(f"{len(seeds)} pictures need a folder (--out DIR) or one sheet (--grid CxR)")
        renderer, info = self.opened()
        follow(save(renderer, self.recipes(seeds, self.label, info, self.prompt), paths), "Drawing")
        print(paths[0] if len(paths) == 1 else f"{len(paths)} pictures in {self.out}")
        return 0

    def _sheet(self) -> int:
        from engine.render import grid

        path = file_for(self.out, "grid.png")
        columns, rows = _cells(self.grid)
        seeds = seed_numbers(self.seeds) if self.seeds else tuple(range(columns * rows))
        if len(seeds) > columns * rows:
            raise ValueError(f"--grid {self.grid} has {columns * rows} places for {len(seeds)} seeds")
        renderer, info = self.opened()
        pictures = follow(draw(renderer, self.recipes(seeds, self.label, info, self.prompt)), "Drawing")
        grid.write(path, grid.contact_sheet(grid.filled(pictures, columns * rows), columns))
        print(path)
        return 0

    def _again(self, source: Path) -> int:
        if self.seeds or self.grid or self.label or self.prompt:
            raise ValueError("a recipe brings its own seeds; leave --seeds, --grid, --label and --prompt out")
        from engine.render import png

        path = file_for(self.out, f"{source.stem}.png")
        renderer, (recipe,) = self.ready([png.open_recipe(source)])
        png.write(path, renderer.render(recipe))
        print(path)
        return 0


def draw(renderer: Renderer, recipes: Sequence[Recipe]) -> Generator[Progress, None, list[np.ndarray]]:
    """Every recipe's pixels [H, W, 3] uint8."""
    pictures = []
    for recipe in recipes:
        pictures.append(renderer.render(recipe).pixels)
        yield Progress(len(pictures), len(recipes))
    return pictures


def save(renderer: Renderer, recipes: Sequence[Recipe], paths: Sequence[Path]) -> Generator[Progress, None, None]:
    """Every recipe as a picture file."""
    from engine.render import png

    for done, (recipe, path) in enumerate(zip(recipes, paths, strict=True), 1):
        png.write(path, renderer.render(recipe))
        yield Progress(done, len(recipes), path.name)


def _cells(text: str) -> tuple[int, int]:
    """`8x4` as columns and rows. Raises ValueError with one sentence."""
    found = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", text.strip(), re.ASCII)
    columns, rows = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= columns * rows <= MAX_CELLS:
        raise ValueError(f"--grid {text!r} should be columns x rows, such as 8x4, with at most {MAX_CELLS} places")
    return columns, rows
