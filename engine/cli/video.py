"""`video`: a film that goes from seed to seed, or from picture to picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from engine.recipe import Recipe

from .options import Drawing, file_for, seed_numbers
from .progress import follow

if TYPE_CHECKING:
    from engine.render.renderer import Renderer


@dataclass(frozen=True, kw_only=True)
class Video(Drawing):
    """Film the way from seed to seed, or from picture to picture.

    Writes H.264 in an .mp4 that plays everywhere.

    Examples:
      latent-explorer video --seeds 1,5,9 --seconds 2 --fps 30 --out film.mp4
      latent-explorer video --seeds 0-7 --loop --out loop.mp4 --set truncation.psi=0.8
      latent-explorer video first.png second.png --seconds 4 --scale 4 --out film.mp4
    """

    input: Annotated[
        Positional[tuple[Path, ...]], arg(name="IN", metavar="[IN ...]", help_behavior_hint="(instead of --seeds)")
    ] = ()
    """Recipes (.json) or pictures made here, in the order of the film."""
    seeds: Annotated[str, arg(metavar="1,5,9", help_behavior_hint="")] = ""
    """Which seeds, in the order of the film."""
    label: Annotated[str, arg(metavar="N", help_behavior_hint="(default: the first)")] = ""
    """Class number or name, where the model has classes."""
    seconds: Annotated[float, arg(metavar="S")] = 2.0
    """How long it takes from one to the next."""
    fps: Annotated[int, arg(metavar="N")] = 30
    """Frames per second."""
    loop: bool = False
    """Go back to the first at the end, so that the film can repeat without a stop."""
    scale: Annotated[int, arg(metavar="N")] = 1
    """Enlarge every pixel so many times."""
    out: Annotated[Path, arg(metavar="F.mp4")]
    """The film (.mp4), or a folder for video.mp4."""

    def run(self) -> int:
        path = file_for(self.out, "video.mp4")
        renderer, recipes = self._stops()
        from engine.render.video import film

        work = film(recipes, renderer, path, self.seconds, self.fps, self.loop, self.scale)
        follow(work, "Filming")
        print(path)
        return 0

    def _stops(self) -> tuple[Renderer, list[Recipe]]:
        from engine.render import png

        if bool(self.input) == bool(self.seeds):
            raise ValueError("say what to film: either --seeds 1,5,9, or pictures that were made here")
        if self.seeds:
            seeds = seed_numbers(self.seeds)
            renderer, info = self.opened()
            return renderer, self.recipes(seeds, self.label, info)
        if self.label:
            raise ValueError("a picture brings its own class; leave --label out")
        return self.ready([png.open_recipe(path) for path in self.input])
