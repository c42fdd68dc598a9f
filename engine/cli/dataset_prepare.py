"""`dataset prepare`: a data set of somebody's pictures and videos, in the form that training and other tools read."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from tyro.conf import FlagCreatePairsOff, arg

from engine.progress import Progress

from .dataset import SHOWN, Processes, Rate, Sources, some
from .interrupt import interrupts
from .progress import follow

if TYPE_CHECKING:
    from engine.data.preparation.plan import Plan
    from engine.data.preparation.prepare import Choice, Prepared

T = TypeVar("T")
CENTRE = "(default: centre, with --pad none)"
STOPPED = 130  # as after Ctrl-C everywhere


@dataclass(frozen=True, kw_only=True)
class Prepare:
    """Make a data set of pictures or videos: one size, cut and padded as you like, broken files left out.

    A source is a folder, a zip or tar file, a video or a picture; it is never changed. Stopped by Ctrl-C, the same
    command goes on. The zip has the form that StyleGAN2, 3, XL and T read too; `train` reads all three forms.

    Examples:
      latent-explorer dataset prepare photos --out photos-256.zip --size 256 --crop smart
      latent-explorer dataset prepare holiday.mp4 --out frames --size 128 --fps 2 --drop-duplicates
      latent-explorer dataset prepare scans --out textures --size 512 --tile 0.25 --shards 1000
      latent-explorer dataset prepare logos.zip --out logos-64.zip --size 64 --crop none --pad white --labels
    """

    sources: Sources
    """Folders, zip or tar files, videos, pictures."""
    out: Annotated[Path, arg(metavar="OUT")]
    """A new .zip, or a new folder."""
    size: Annotated[int, arg(metavar="S")]
    """Pixels along a side of every finished picture."""
    crop: Annotated[
        Literal["centre", "smart", "faces", "none"] | None, arg(metavar="HOW", help_behavior_hint=CENTRE)
    ] = None
    """centre, smart (where most stands out), faces (the largest one) or none: all of it, stretched unless padded."""
    pad: Annotated[str, arg(metavar="HOW", help_behavior_hint="")] = ""
    """Keep the whole picture unstretched and fill the square with a colour, or by reflect or edge."""
    tile: Annotated[float | None, arg(metavar="OVERLAP", help_behavior_hint="")] = None
    """Cut pictures into squares that overlap by this share, such as 0.25, instead of using one of each."""
    tile_side: Annotated[int, arg(metavar="N", help_behavior_hint="(default: the size)")] = 0
    """Side of these squares, in pixels of the original."""
    flip: Annotated[str, arg(metavar="x,y", help_behavior_hint="")] = ""
    """Add mirrored copies: x left to right, y top to bottom. `train --mirror` does x without copies."""
    background: Annotated[str, arg(metavar="COLOUR")] = "white"
    """What shows through transparent places."""
    grey: FlagCreatePairsOff[bool] = False
    """Make grey pictures of one channel."""
    labels: FlagCreatePairsOff[bool] = False
    """Write class numbers: those that the source has, else its sub-folders."""
    drop_duplicates: FlagCreatePairsOff[bool] = False
    """Of pictures that look alike keep the largest."""
    exclude: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Leave out the pictures named in this file, one on a line, as `dataset check` names them."""
    boxes: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Crop these pictures by hand: JSON {"name": [left, top, right, bottom], …}."""
    shards: Annotated[int, arg(metavar="N", help_behavior_hint="")] = 0
    """Write tar files of N pictures each into the folder OUT, as WebDataset reads them."""
    stored: FlagCreatePairsOff[bool] = False
    """Pack nothing: larger files that are read faster."""
    fps: Rate = 1.0
    """Frames taken of every second of a video."""
    scenes: FlagCreatePairsOff[bool] = False
    """Of a video, take one frame for each scene instead."""
    processes: Processes = None
    """Programs that work side by side."""

    def run(self) -> int:
        from engine.data.preparation.prepare import prepare

        some(self.sources, self.processes)
        plan, choice = self.plan(), self.choice()
        with interrupts("Stopping; the same command goes on from here…") as asked:
            work = prepare(self.sources, self.out, plan, choice, self.processes)
            done = follow(until(work, asked), "Preparing")
        if done is None:
            return STOPPED
        for line in outcome(done):
            print(line)
        return 0

    def plan(self) -> Plan:
        """What to make of each picture. Raises ValueError with one sentence."""
        from engine.data.preparation.plan import BadPlan, Plan, read_boxes

        flips = tuple(part.strip() for part in self.flip.split(",") if part.strip())
        if set(flips) - {"x", "y"} or len(flips) != len(set(flips)):
            raise BadPlan(f"--flip {self.flip} should be x, y or x,y")
        return Plan(
            size=self.size,
            crop=self.crop or ("none" if self.pad else "centre"),
            pad=self.pad,
            tile=self.tile,
            tile_side=self.tile_side,
            flip=flips,  # type: ignore[arg-type]  # checked above
            background=self.background,
            grey=self.grey,
            stored=self.stored,
            boxes=read_boxes(self.boxes) if self.boxes else {},
        )

    def choice(self) -> Choice:
        """Which pictures to use. Raises ValueError with one sentence."""
        from engine.data.preparation.items import Frames
        from engine.data.preparation.plan import read_names
        from engine.data.preparation.prepare import Choice

        names = read_names(self.exclude) if self.exclude else frozenset()
        return Choice(Frames(self.fps, self.scenes), names, self.drop_duplicates, self.labels, self.shards)


def until(work: Generator[Progress, None, T], asked: Callable[[], bool]) -> Generator[Progress, None, T | None]:
    """The work, ended without a result as soon as somebody asks."""
    with closing(work):
        while not asked():
            try:
                now = next(work)
            except StopIteration as end:
                finished: T = end.value
                return finished
            yield now
    return None


def outcome(done: Prepared) -> list[str]:
    """What was made and what was left out, and what to do with it."""
    made = f"{done.pictures} pictures" + (f" of {done.used}" if done.pictures != done.used else "")
    lines = [f"{made} in {done.out}; train with: train {done.out} --out RUN --preset tiny"]
    if done.classes:
        names = ", ".join(done.classes[:10]) + (" …" if len(done.classes) > 10 else "")
        lines.append(f"{len(done.classes)} classes: {names}; train with --labels to learn them")
    counts = {
        "were smaller and have been enlarged": done.enlarged,
        "look like another one and were left out": done.dropped,
        "were excluded": done.excluded,
        "cannot be used": len(done.bad),
    }
    lines += [f"{count} {what}" for what, count in counts.items() if count]
    lines += [f"  {bad.name}: {bad.reason}" for bad in done.bad[:SHOWN]]
    return lines + ([f"  … and {len(done.bad) - SHOWN} more"] if len(done.bad) > SHOWN else [])
