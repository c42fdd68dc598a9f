"""`video`: a timeline as a film, or a film that goes from seed to seed, or from picture to picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec.structs import replace
from tyro.conf import Positional, arg

from engine.recipe import Recipe
from engine.recipe.timeline import Sound, Timeline, read
from engine.render.export_settings import ExportSettings, Fit, Kind, Quality, Shape

from .options import Drawing, file_for, seed_numbers
from .progress import follow, tell

if TYPE_CHECKING:
    from engine.render.renderer import Renderer

FPS = 30
UNSAID = -1


@dataclass(frozen=True, kw_only=True)
class Video(Drawing):
    """Film a timeline, or the way from seed to seed, or from picture to picture.

    Writes H.264 that plays everywhere, or what --format or the file's ending says. A film that was broken off goes on
    when the same command is given again.

    Examples:
      latent-explorer video --seeds 1,5,9 --seconds 2 --fps 30 --out film.mp4
      latent-explorer video --seeds 0-7 --loop --out loop.gif --set truncation.psi=0.8
      latent-explorer video first.png second.png --seconds 4 --scale 4 --out film.mp4
      latent-explorer video timeline.json --shape 16:9 --side 1920 --quality best --out film.mp4
    """

    input: Annotated[
        Positional[tuple[Path, ...]], arg(name="IN", metavar="[IN ...]", help_behavior_hint="(instead of --seeds)")
    ] = ()
    """A timeline (.json), or recipes (.json) or pictures made here, in the order of the film."""
    seeds: Annotated[str, arg(metavar="1,5,9", help_behavior_hint="")] = ""
    """Which seeds, in the order of the film."""
    label: Annotated[str, arg(metavar="N", help_behavior_hint="(default: the first)")] = ""
    """Class number or name, where the model has classes."""
    prompt: Annotated[str, arg(metavar="WORDS", help_behavior_hint="")] = ""
    """What to draw, in words, where the model reads them."""
    seconds: Annotated[float, arg(metavar="S")] = 2.0
    """How long it takes from one to the next (a timeline says that itself)."""
    fps: Annotated[int, arg(metavar="N", help_behavior_hint="(default: 30, or the timeline's)")] = UNSAID
    """Frames per second."""
    loop: bool = False
    """Go back to the first at the end, so that the film can repeat without a stop."""
    scale: Annotated[int, arg(metavar="N")] = 1
    """Enlarge every pixel so many times."""
    side: Annotated[int, arg(metavar="N", help_behavior_hint="(default: as drawn)")] = 0
    """Pixels of the film's longer side, smoothly enlarged or made smaller."""
    shape: Shape = "as drawn"
    """The film's shape."""
    fit: Fit = "pad"
    """How pictures get another shape: with black beside them, or cut at their edges."""
    format: Annotated[Kind | None, arg(help_behavior_hint="(default: what --out ends in)")] = None
    """The kind of film; png writes a folder of pictures."""
    quality: Quality = "good"
    """How much is kept."""
    hardware: bool = False
    """Let the graphics card encode, where it can."""
    out: Annotated[Path, arg(metavar="F.mp4")]
    """The film, or a folder for video.mp4."""

    def run(self) -> int:
        path, settings = self._target()
        renderer, timeline, sound = self._line()
        from engine.render.export import export, left_over

        try:
            follow(export(timeline, renderer, path, settings, sound), "Filming")
        except KeyboardInterrupt:
            if left_over(path):
                tell("What is finished is kept: the same command goes on there.")
            raise
        print(path)
        return 0

    def _target(self) -> tuple[Path, ExportSettings]:
        """Where the film goes, and how it is written. Raises ValueError with one sentence."""
        from engine.render.formats import FORMATS, kind_for

        if not 1 <= self.scale <= 64:
            raise ValueError(f"a film can be enlarged 1 to 64 times, not {self.scale} times")
        if self.side and not 16 <= self.side <= 8192:
            raise ValueError(f"a film's longer side has 16 to 8192 pixels, not {self.side}")
        if self.fps != UNSAID and not 1 <= self.fps <= 240:
            raise ValueError(f"a film has 1 to 240 frames per second, not {self.fps}")
        kind = self.format or kind_for(self.out.suffix) or "h264"
        found = FORMATS[kind]
        path = file_for(self.out, f"video{found.suffix}") if found.suffix else self.out
        return path, ExportSettings(
            kind, self.quality, max(self.fps, 0), self.scale, self.side, self.shape, self.fit, self.hardware
        )

    def _line(self) -> tuple[Renderer, Timeline, Path | None]:
        """The renderer with every model open, the timeline, and its sound's file as seen from here."""
        from engine.render.video import between

        if len(self.input) == 1 and self.input[0].suffix.lower() == ".json" and not self.seeds:
            return self._timeline(self.input[0])
        renderer, recipes = self._stops()
        fps = FPS if self.fps == UNSAID else self.fps
        return renderer, between(recipes, self.seconds, fps, self.loop), None

    def _timeline(self, path: Path) -> tuple[Renderer, Timeline, Path | None]:
        if self.loop or self.label or self.prompt:
            raise ValueError("a timeline has its own way, classes and words; leave --loop, --label and --prompt out")
        timeline = read(path)
        renderer, recipes = self.ready([key.recipe for key in timeline.keys])
        keys = tuple(replace(key, recipe=recipe) for key, recipe in zip(timeline.keys, recipes, strict=True))
        return renderer, replace(timeline, keys=keys), _beside(timeline.sound, path)

    def _stops(self) -> tuple[Renderer, list[Recipe]]:
        from engine.render import png

        if bool(self.input) == bool(self.seeds):
            raise ValueError("say what to film: either --seeds 1,5,9, or pictures that were made here, or a timeline")
        if self.seeds:
            seeds = seed_numbers(self.seeds)
            renderer, info = self.opened()
            return renderer, self.recipes(seeds, self.label, info, self.prompt)
        if self.label or self.prompt:
            raise ValueError("a picture brings its own class and words; leave --label and --prompt out")
        return self.ready([png.open_recipe(path) for path in self.input])


def _beside(sound: Sound | None, timeline: Path) -> Path | None:
    """The sound's file: where the timeline says, seen from the timeline's own folder, or there by its name alone."""
    if sound is None:
        return None
    told = timeline.parent / sound.path
    return told if told.is_file() else timeline.parent / Path(sound.path).name
