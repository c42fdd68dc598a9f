"""One step of the game: the discriminator learns, the average follows, the generator learns."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from msgspec import structs
from torch import Tensor

from engine.networks import Generator
from engine.networks.discriminators.progressive import ProgressiveDiscriminator
from engine.networks.discriminators.residual import ResidualDiscriminator
from engine.networks.layers import channels_last
from engine.networks.mapping import Mapping
from engine.networks.progressive import ProgressiveGenerator

from .adam import Adam
from .config import Config
from .ema import Average, ema_beta
from .growth import Stage, fade_reals, stage
from .losses import LOSSES, classification
from .mixing import draw_crossover, mix_styles
from .penalties import drift, gradient_penalty, lod_scale, r1, squared_gradient


class Players:
    """Both networks, their optimizers, the average, the random states and how many pictures were seen: all that a run is."""

    def __init__(self, config: Config, device: torch.device, dtype: torch.dtype = torch.float32):
        self.config, self.device, self.dtype = config, device, dtype
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            generator, discriminator = config.network.build(), config.network.build_discriminator()
        self.generator: Generator = channels_last(generator.to(device))
        self.discriminator: ProgressiveDiscriminator | ResidualDiscriminator = channels_last(discriminator.to(device))
        self.average = Average(self.generator)
        self.optimizers = {
            "generator": Adam(self.generator.parameters()),
            "discriminator": Adam(self.discriminator.parameters()),
        }
        self.random = torch.Generator().manual_seed(config.seed + 1)
        self.images = 0
        self.steps = 0

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
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = now.rate
            if changed and self.steps:
                optimizer.reset()


@dataclass(frozen=True)
class Batch:
    """Real pictures [N, C, H, W] in [-1, 1] at the native resolution of the stage, and their one-hot labels."""

    images: Tensor
    labels: Tensor | None = None


@dataclass
class Statistics:
    """Means over one step, by name."""

    values: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: Tensor, share: float) -> None:
        """Adds a part of the batch's mean; `share` is that part's share of the batch."""
        self.values[name] = self.values.get(name, 0.0) + float(value.detach()) * share


def play(players: Players, batch: Batch, draw_labels: Callable[[int], Tensor | None]) -> Statistics:
    """Discriminator step, average, generator step (StyleGAN 2018, appendix C); `draw_labels(n)` gives labels of fakes."""
    now = players.stage()
    players.enter(now)
    statistics = Statistics()
    _improve(players, "discriminator", _discriminator_losses(players, batch, now, statistics))
    config, size = players.config, batch.images.shape[0]
    players.average.update(players.generator, ema_beta(size, config.ema_kimg * 1000))
    _improve(players, "generator", _generator_losses(players, size, draw_labels(size), statistics))
    players.images += size
    players.steps += 1
    return statistics


def _improve(players: Players, who: str, losses: Iterator[Tensor]) -> None:
    """Sums the gradients of all parts and takes one step; skipped whole when a gradient is not finite."""
    network = getattr(players, who)
    parameters = [p for p in network.parameters() if p.requires_grad]
    for p in parameters:
        p.grad = None
    for loss in losses:
        loss.backward(inputs=parameters)
    norms = torch._foreach_norm([p.grad for p in parameters if p.grad is not None])
    if bool(torch.isfinite(torch.stack(norms)).all()):
        players.optimizers[who].step()


def _parts(players: Players, size: int) -> Iterator[slice]:
    most = players.config.accumulate or size
    for start in range(0, size, most):
        yield slice(start, min(start + most, size))


def _discriminator_losses(players: Players, batch: Batch, now: Stage, statistics: Statistics) -> Iterator[Tensor]:
    config, discriminate = players.config, players.discriminator
    reals = fade_reals(batch.images, now.lod)
    for part in _parts(players, reals.shape[0]):
        real, labels = reals[part], None if batch.labels is None else batch.labels[part]
        share = real.shape[0] / reals.shape[0]
        with torch.no_grad(), _autocast(players):
            fake = generate(players, real.shape[0], labels).to(memory_format=torch.channels_last)
        with _autocast(players):
            real_scores, real_logits = discriminate.judge(real, labels)
            fake_scores, fake_logits = discriminate.judge(fake, labels)
        loss = LOSSES[config.loss].discriminator(real_scores, fake_scores) + drift(real_scores, config.drift)
        if real_logits is not None and fake_logits is not None and labels is not None:
            both = classification(real_logits, labels) + classification(fake_logits, labels)
            loss = loss + config.classification * both
        statistics.add("loss_discriminator", loss, share)
        statistics.add("real_score", real_scores.mean(), share)
        statistics.add("fake_score", fake_scores.mean(), share)
        statistics.add("real_sign", real_scores.sign().mean(), share)
        yield loss * share
        yield from _penalties(players, real, fake.float(), labels, now, share, statistics)


def _penalties(
    players: Players, real: Tensor, fake: Tensor, labels: Tensor | None, now: Stage, share: float, seen: Statistics
) -> Iterator[Tensor]:
    """Gradient penalties, always in float32, since half precision squares badly."""
    config = players.config
    scale = lod_scale(now.lod) if config.penalty_at_full_resolution else 1.0

    def scores(images: Tensor) -> Tensor:
        return players.discriminator(images, labels)

    if config.r1_gamma and players.steps % config.r1_interval == 0:
        penalty = r1(squared_gradient(scores, real) * scale, config.r1_gamma)
        seen.add("r1", penalty, share)
        yield penalty * (config.r1_interval * share)
    if config.gradient_penalty:
        u = torch.rand(real.shape[0], 1, 1, 1, generator=players.random).to(real)
        squared = squared_gradient(scores, torch.lerp(real, fake, u)) * scale
        penalty = gradient_penalty(squared, config.gradient_penalty)
        seen.add("gradient_penalty", penalty, share)
        yield penalty * share


def _generator_losses(players: Players, size: int, labels: Tensor | None, statistics: Statistics) -> Iterator[Tensor]:
    config = players.config
    for part in _parts(players, size):
        mine = None if labels is None else labels[part]
        share = (part.stop - part.start) / size
        with _autocast(players):
            fake = generate(players, part.stop - part.start, mine)
            scores, logits = players.discriminator.judge(fake, mine)
        loss = LOSSES[config.loss].generator(scores)
        if logits is not None and mine is not None:
            loss = loss + config.classification * classification(logits, mine)
        statistics.add("loss_generator", loss, share)
        yield loss * share


def generate(players: Players, size: int, labels: Tensor | None) -> Tensor:
    """Pictures [size, C, H, W] as in training: style mixing, fresh noise, no truncation; moves the average of w."""
    generator, config = players.generator, players.config
    z = torch.randn(size, generator.z_dim, generator=players.random).to(players.device)
    w = generator.mapping(z, labels)
    if not isinstance(generator.mapping, Mapping):
        return generator.synthesize(generator.broadcast(w))
    generator.mapping.update_average(w, config.w_avg_beta)
    rows = generator.rows
    crossover = draw_crossover(rows, generator.lod, players.random, config.mixing)
    if crossover < rows:
        z2 = torch.randn(size, generator.z_dim, generator=players.random).to(players.device)
        ws = mix_styles(w, generator.mapping(z2, labels), crossover, rows)
    else:
        ws = generator.broadcast(w)
    return generator.synthesize(ws, "random", _noise_source(players))


def _noise_source(players: Players) -> torch.Generator:
    """Noise is drawn on the device, from a seed that the run's own random state gives."""
    if players.device.type == "cpu":
        return players.random
    seed = int(torch.randint(2**62, (), generator=players.random))
    return torch.Generator(players.device).manual_seed(seed)


def _autocast(players: Players) -> torch.autocast:
    return torch.autocast(players.device.type, players.dtype, enabled=players.dtype != torch.float32)
