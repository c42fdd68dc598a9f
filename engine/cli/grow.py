"""`grow`: a StyleGAN-XL goes on at a higher resolution with what it has learnt."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from .options import Settings, Threads, settled, use_threads
from .train import Whole, check, train

BESIDE = "(default: beside the run)"


@dataclass(frozen=True, kw_only=True)
class Grow:
    """Go on with a StyleGAN-XL at a higher resolution: its layers rest, and new ones learn what is finer.

    Examples:
      latent-explorer grow runs/sprites --to 64
      latent-explorer grow runs/sprites --to 128 --out runs/sprites-fine --set growth.batch=16
    """

    folder: Annotated[Positional[Path], arg(name="run", metavar="RUN")]
    """The run's folder, whose newest model is grown."""
    to: Annotated[int, arg(metavar="N", help_behavior_hint="")]
    """Pixels a side of the larger pictures: 2, 4, 8 or 16 times as many."""
    out: Annotated[Path | None, arg(metavar="FOLDER", help_behavior_hint=BESIDE)] = None
    """A new folder for the larger run."""
    layers: Annotated[Whole, arg(metavar="N", help_behavior_hint="(default: as the paper)")] = None
    """How many layers draw what is new."""
    kimg: Annotated[float | None, arg(metavar="X", help_behavior_hint="(default: as before)")] = None
    """Length of the larger run, in thousands of pictures shown."""
    set_: Settings = ()
    """Change any other setting, such as growth.batch=16."""
    threads: Threads = 0
    """Processor threads to use."""

    def run(self) -> int:
        from msgspec import structs

        from engine.training.run import Run
        from engine.training.stems import grown, newest

        config = grown(Run(self.folder).config(), self.to, self.layers or 0)
        stem = newest(self.folder)
        config = structs.replace(config, stem=str(stem.resolve()), **({} if self.kimg is None else {"kimg": self.kimg}))
        config = settled(config, self.set_)
        check(config)
        run = Run.create(self.out or self.folder.with_name(f"{self.folder.name}-{self.to}"), config)
        use_threads(self.threads)
        try:
            return train(run)
        except ValueError:
            if not run.states():  # it never began; leave the name free for the next try
                shutil.rmtree(run.folder, ignore_errors=True)
            raise
