"""Options of `train` that say what guides a StyleGAN-XL or StyleGAN-T, and which part of a StyleGAN-T learns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from tyro.conf import FlagCreatePairsOff, arg

if TYPE_CHECKING:
    from engine.training.config import Config

Learns = Literal["all", "text-encoder", "freeze64"]
LEARNS = get_args(Learns)
KEPT = "(default: as the preset says)"


@dataclass(frozen=True, kw_only=True)
class Guided:
    """The options, and how they change a configuration."""

    guide: Annotated[str | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """What `guide` trained: a StyleGAN-T reads captions with it, and its pictures are led towards them."""
    captions: Annotated[FlagCreatePairsOff[bool], arg(help_behavior_hint="")] = False
    """A StyleGAN-T reads captions with the sentence model all-MiniLM-L6-v2 instead, and is led by nobody."""
    learns: Annotated[Learns | None, arg(metavar="|".join(LEARNS), help_behavior_hint=KEPT)] = None
    """What of a StyleGAN-T learns, after --transfer RUN: text-encoder its reader, freeze64 layers above 64×64 and every toRGB."""

    def led(self, config: Config, transfer: Path | None) -> Config:
        """The configuration with these options. Raises ValueError or BadCheckpoint with one sentence."""
        from engine.training import guided

        if self.guide is not None and self.captions:
            raise ValueError("--guide and --captions contradict each other; give one of them")
        if self.learns not in (None, "all"):
            if transfer is None:
                raise ValueError(f"--learns {self.learns} goes on with an earlier run; name it with --transfer RUN")
            config = guided.phase(config, self.learns, transfer)
        if self.guide is not None:
            weight = config.guidance.weight
            config = guided.guided(config, self.guide)
            if self.learns == "text-encoder" and weight:
                config = guided.second(config)
        return guided.captioned(config) if self.captions else config
