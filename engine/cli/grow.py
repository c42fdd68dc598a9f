"""`grow`: a StyleGAN-XL goes on at a higher resolution with what it has learnt."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from .options import Settings, Threads, settled, use_threads
from .train import Whole, check, train

if TYPE_CHECKING:
    from engine.training.config import Config

BESIDE = "(default: beside the run)"


@dataclass(frozen=True, kw_only=True)
class Grow:
    """Go on with a StyleGAN-XL or StyleGAN-T at a higher resolution: its layers rest, and new ones learn what is finer.

    Examples:
      latent-explorer grow runs/sprites --to 64
      latent-explorer grow runs/sprites --to 128 --out runs/sprites-fine --set growth.batch=16
      latent-explorer grow runs/both --to 64 --guide both-classes.safetensors
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
    guide: Annotated[str | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """A classifier that `guide --labels` trained, or deit-small for ImageNet, leads a StyleGAN-XL above 32×32."""
    set_: Settings = ()
    """Change any other setting, such as growth.batch=16."""
    threads: Threads = 0
    """Processor threads to use."""

    def run(self) -> int:
        from msgspec import structs

        from engine.training.guided import guided
        from engine.training.run import Run

        config = self.larger(Run(self.folder).config())
        config = config if self.guide is None else guided(config, self.guide)
        config = structs.replace(config, **({} if self.kimg is None else {"kimg": self.kimg}))
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

    def larger(self, config: Config) -> Config:
        """The run's configuration at the higher resolution. Raises ValueError with one sentence."""
        from msgspec import structs

        from engine.networks import StyleGANT
        from engine.training.guided import risen
        from engine.training.stems import grown, newest

        if isinstance(config.network, StyleGANT):
            if self.to <= config.network.resolution:
                raise ValueError(f"--to {self.to} should be more than its {config.network.resolution} pixels")
            return risen(config, self.to, self.folder)
        config = grown(config, self.to, self.layers or 0)
        return structs.replace(config, stem=str(newest(self.folder).resolve()))
