"""Who plays the game: both networks, their optimizers, the average of the generator, and all that a run keeps between steps."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from msgspec import structs
from torch import Tensor

from engine.feature_networks.clip import TextTower
from engine.feature_networks.clip_pair import CLIPPair
from engine.feature_networks.clip_reader import taught
from engine.metrics.guides import SmallPair
from engine.networks import Generator
from engine.networks.discriminators.progressive import ProgressiveDiscriminator
from engine.networks.discriminators.projected import ProjectedDiscriminator
from engine.networks.discriminators.projected_xl import ManyViews
from engine.networks.discriminators.residual import ResidualDiscriminator
from engine.networks.discriminators.vision import VisionDiscriminator
from engine.networks.layers import channels_last
from engine.networks.progressive import ProgressiveGenerator
from engine.networks.stylegan_t import StyleGANTGenerator
from engine.networks.stylegan_xl import StyleGANXLGenerator

from .ada import Controller
from .adam import Adam, LazyAdam
from .chance import Chance
from .config import Config, check
from .ema import Average
from .growth import Stage, stage
from .guidance import guide_of
from .half import halved
from .learning import rest
from .ranks import ALONE, Ranks
from .reading import Words, pair_of

Discriminator = (
    ProgressiveDiscriminator | ResidualDiscriminator | ProjectedDiscriminator | ManyViews | VisionDiscriminator
)


class Players:
    """Both networks, their optimizers, the average, the random states and how many pictures were seen: all that a run is.

    Raises ValueError with one sentence where the configuration contradicts itself, or what it is guided by is not there.
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
        self.pair = pair_of(config, device)
        self.guide = guide_of(config, self.pair, device)
        self.words: Words | None = None  # what captions mean, where the run learns words
        self._prepare()
        self.average = Average(self.generator)
        self.halved = halved(self.generator, self.discriminator, config.half_resolutions, device, dtype)
        self.optimizers = self._optimizers()
        self.controller = Controller(config.ada, ranks)
        self.path_mean = torch.zeros((), device=device)
        self.random = torch.Generator().manual_seed(config.seed + 1)
        self.chance = Chance(self.random, device)
        self.images = 0
        self.position: dict[str, Any] | None = None  # where the stream of pictures stood as the state was saved
        self.steps = 0

    def _prepare(self) -> None:
        """Lets rest what does not learn; a reader of words begins as that of its pair."""
        generator = self.generator
        if self.config.stem and isinstance(generator, StyleGANXLGenerator):
            generator.rest()
        if isinstance(generator, StyleGANTGenerator):
            if generator.reader is not None and isinstance(self.pair, SmallPair):
                generator.reader.load_state_dict(self.pair.words.state_dict())
            if isinstance(generator.reader, TextTower) and isinstance(self.pair, CLIPPair):
                taught(generator.reader, self.pair)
            rest(generator, self.config.learns)

    def asked(self, labels: Tensor | None) -> Tensor | None:
        """What the generator is told of labels: of captions what they mean, from the second phase on to its own reader."""
        generator = self.generator
        if self.words is None or labels is None:
            return labels
        if self.config.learns == "all" or not isinstance(generator, StyleGANTGenerator) or generator.reader is None:
            return self.words.meant(labels)
        return self.words.read(labels, generator)

    def meant(self, labels: Tensor | None) -> Tensor | None:
        """What discriminator and guide are told of them: of captions what the frozen encoder says."""
        return labels if self.words is None or labels is None else self.words.meant(labels)

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
