"""`dataset sample` and `dataset styles`: drawn pictures in the public domain to train on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from .progress import follow


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Draw a sample data set: CC0 avatar art, seeded, with labels.json telling what was drawn.

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
    processes: Annotated[int | None, arg(metavar="N", help_behavior_hint="(default: as many as there are cores)")] = (
        None
    )
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
