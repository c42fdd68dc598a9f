"""Who plays the game: both networks, their optimizers, the average of the generator, and all that a run keeps between steps."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from msgspec import structs

from engine.networks import Generator
from engine.networks.discriminators.progressive import ProgressiveDiscriminator
from engine.networks.discriminators.projected import ProjectedDiscriminator
from engine.networks.discriminators.projected_xl import ManyViews
from engine.networks.discriminators.residual import ResidualDiscriminator
from engine.networks.discriminators.vision import VisionDiscriminator
from engine.networks.layers import channels_last
from engine.networks.progressive import ProgressiveGenerator
from engine.networks.stylegan_xl import StyleGANXLGenerator

from .ada import Controller
from .adam import Adam, LazyAdam
from .chance import Chance
from .config import Config, check
from .ema import Average
from .growth import Stage, stage
from .half import halved
from .ranks import ALONE, Ranks

Discriminator = (
    ProgressiveDiscriminator | ResidualDiscriminator | ProjectedDiscriminator | ManyViews | VisionDiscriminator
)


class Players:
    """Both networks, their optimizers, the average, the random states and how many pictures were seen: all that a run is.

    Raises ValueError with one sentence where the configuration contradicts itself.
    """

    def __init__(self, config: Config, device: torch.device, dtype: torch.dtype = torch.float32, ranks: Ranks = ALONE):
        check(config)
        self.config, self.device, self.dtype, self.ranks = config, device, dtype, ranks
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            generator, discriminator = config.network.build(), config.network.build_discriminator()
        self.generator: Generator = channels_last(generator.to(device))
        self.discriminator: Discriminator = channels_last(discriminator.to(device))
        if isinstance(self.discriminator, ResidualDiscriminator):
            self.discriminator.freeze(config.freeze)
        if config.stem and isinstance(generator, StyleGANXLGenerator):
            generator.rest()
        self.average = Average(self.generator)
        self.halved = halved(self.generator, self.discriminator, config.half_resolutions, device, dtype)
        self.optimizers = self._optimizers()
        self.controller = Controller(config.ada, ranks)
        self.path_mean = torch.zeros((), device=device)
        self.random = torch.Generator().manual_seed(config.seed + 1)
        self.chance = Chance(self.random, device)
        self.images = 0
        self.steps = 0

    def _optimizers(self) -> dict[str, Adam | LazyAdam]:
        mine, theirs = self.generator.parameters(), self.discriminator.parameters()
        if not self.config.lazy:
            return {"generator": Adam(mine), "discriminator": Adam(theirs)}
        return {
            "generator": LazyAdam(mine, self.config.path.interval),
            "discriminator": LazyAdam(theirs, self.config.r1_interval),
        }

    def stage(self) -> Stage:
        """Where the schedule stands now."""
        growth, resolution = self.config.growth, self.config.network.resolution
        if not isinstance(self.generator, ProgressiveGenerator):  # trains at full resolution from the first picture on
            growth = structs.replace(growth, initial=resolution)
        return stage(growth, resolution, self.images)

    def enter(self, now: Stage) -> None:
        """Sets level of detail and learning rates; both optimizers forget their moments when a fade begins or ends."""
        before = self.generator.lod
        for network in (self.generator, self.discriminator, self.average.model):
            network.lod = now.lod
        changed = (math.floor(before), math.ceil(before)) != (math.floor(now.lod), math.ceil(now.lod))
        share = self.config.judge_rate / self.config.growth.rate or 1.0
        for name, optimizer in self.optimizers.items():
            rate = now.rate * share if name == "discriminator" else now.rate
            for group in optimizer.param_groups:
                group["lr"] = rate * optimizer.correction
            if changed and self.steps:
                optimizer.reset()

    @contextmanager
    def drawing(self, chance: Chance) -> Iterator[None]:
        """Within the body, all draws come from `chance`."""
        before, self.chance = self.chance, chance
        try:
            yield
        finally:
            self.chance = before

    def autocast(self) -> torch.autocast:
        """Half precision wherever torch thinks it safe, unless the networks have layers that know theirs."""
        enabled = self.dtype != torch.float32 and not self.halved
        return torch.autocast(self.device.type, self.dtype, enabled=enabled)
