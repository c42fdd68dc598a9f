"""`dataset`: look at somebody's pictures, make a data set of them, or draw sample pictures in the public domain."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from .progress import follow

if TYPE_CHECKING:
    from engine.data.preparation.report import Report

Sources = Annotated[
    Positional[tuple[Path, ...]], arg(name="source", metavar="SOURCE [SOURCE ...]", help_behavior_hint="")
]
Rate = Annotated[float, arg(metavar="N")]
Processes = Annotated[int | None, arg(metavar="N", help_behavior_hint="(default: as many as there are cores)")]
SHOWN = 20  # bad files and groups that are listed one by one; --json has them all


@dataclass(frozen=True, kw_only=True)
class Check:
    """Look at pictures before training: what is usable, what is broken, what is there twice.

    A source is a folder, a zip or tar file, a video or a picture. Nothing is changed.

    Examples:
      latent-explorer dataset check photos
      latent-explorer dataset check photos.zip holiday.mp4 --fps 2 --json report.json
    """

    sources: Sources
    """Folders, zip or tar files, videos, pictures."""
    fps: Rate = 1.0
    """Frames taken of every second of a video."""
    scenes: bool = False
    """Of a video, take one frame for each scene instead."""
    json: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Also write the whole report to this file."""
    processes: Processes = None
    """Programs that look side by side."""

    def run(self) -> int:
        import msgspec

        from engine.data.preparation.check import check
        from engine.data.preparation.items import Frames
        from engine.whole import write_bytes

        some(self.sources, self.processes)
        report = follow(check(self.sources, Frames(self.fps, self.scenes), self.processes), "Looking at pictures")
        if self.json:
            write_bytes(self.json, msgspec.json.format(msgspec.json.encode(report)))
        show(report)
        return 0 if report.usable else 1


def some(sources: tuple[Path, ...], processes: int | None) -> None:
    """Raises ValueError where there is nothing to look at, or nobody to look."""
    if not sources:
        raise ValueError("SOURCE must be given: a folder, a zip or tar file, or a video")
    if processes is not None and processes < 1:
        raise ValueError(f"--processes {processes} should be 1 or more")


def show(report: Report) -> None:
    """The report as tables."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    table = Table(title=escape(", ".join(report.sources)), show_header=False)
    for name, value in facts(report):
        table.add_row(name, escape(value))
    console.print(table)
    if report.bad:
        broken = Table("file", "what is wrong", "what to do", title="Cannot be used")
        for bad in report.bad[:SHOWN]:
            broken.add_row(escape(bad.name), escape(bad.reason), escape(bad.fix))
        console.print(broken)
    for group in report.alike[:SHOWN]:
        others = ", ".join(group.others[:5]) + (" …" if len(group.others) > 5 else "")
        console.print(escape(f"alike: {group.kept} = {others}"))
    hidden = max(0, len(report.bad) - SHOWN) + max(0, len(report.alike) - SHOWN)
    if hidden:
        console.print(f"… and {hidden} more; --json FILE lists everything")
    for line in report.advice:
        console.print(escape(line))


def facts(report: Report) -> list[tuple[str, str]]:
    """The rows of the first table."""

    def counts(values: dict[str, int], most: int = 6) -> str:
        rows = [f"{name}: {count}" for name, count in list(values.items())[:most]]
        return ", ".join(rows) + (f", and {len(values) - most} more" if len(values) > most else "")

    side = report.side
    rows = [
        ("usable pictures", f"{report.usable} ({report.bytes / 1e6:.1f} MB)"),
        ("files that are not", str(len(report.bad))),
        ("shorter side", f"{side.least} to {side.most} pixels, half of them {side.middle} or more"),
        ("fits a size of", f"{report.size} pixels"),
        ("sizes", counts(report.sizes)),
        ("shapes", counts(report.aspects)),
        ("special", counts(report.traits, 10) or "nothing"),
        ("alike", f"{sum(len(group.others) for group in report.alike)} in {len(report.alike)} groups"),
        ("classes", counts(report.classes) or "none"),
        ("captions", str(report.captions)),
    ]
    return rows if report.usable else rows[:2]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Draw a sample data set: CC0 avatar art, seeded, with what was drawn in labels.json and as captions in dataset.json.

    The same command goes on where it was stopped. Several styles become sub-folders, ready for `train --labels`.

    Examples:
      latent-explorer dataset sample landscape data/landscape --count 5000 --size 64
      latent-explorer dataset sample planets,critters data/both --count 2000 --size 128 --seed 1
      latent-explorer dataset styles
    """

    name: Annotated[Positional[str], arg(metavar="NAME")]
    """A style, or several separated by commas; `dataset styles` lists them."""
    out: Annotated[Positional[Path], arg(metavar="OUT")]
    """The folder for the pictures."""
    count: Annotated[int, arg(metavar="N")] = 2000
    """How many pictures of each style."""
    size: Annotated[int, arg(metavar="S")] = 128
    """Pixels along a side."""
    seed: Annotated[int, arg(metavar="N")] = 0
    """Another seed draws other pictures."""
    processes: Processes = None
    """Programs that draw side by side."""

    def run(self) -> int:
        from engine.data.samples import sample

        follow(sample(self.name, self.out, self.count, self.size, self.seed, self.processes), "Drawing samples")
        print(
            f"{self.count} pictures of {self.name} in {self.out}; train with: train {self.out} --out RUN --preset tiny"
        )
        return 0


@dataclass(frozen=True, kw_only=True)
class Styles:
    """List the styles that `dataset sample` can draw.

    Examples:
      latent-explorer dataset styles
    """

    def run(self) -> int:
        from engine.data.samples import styles

        print("\n".join(styles()))
        return 0
