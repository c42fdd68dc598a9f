"""The phases of a step: what each network goes down, how often, and in which order, as the configuration says."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from .config import Config
from .drawing import generate, styles, synthesize
from .growth import fade_reals
from .judging import game, judge
from .losses import classification
from .path_length import lengths, path_length, slopes_of
from .penalties import drift, gradient_penalty, lod_scale, r1, squared_gradient
from .players import Players
from .turn import Round, Turn


class Phase(NamedTuple):
    """One part of a step, which only every `interval`-th step has: the losses that a network goes down together.

    Without losses it is the moment when the average follows the generator.
    """

    name: str
    who: Literal["generator", "discriminator", "average"]
    losses: Callable[[Turn], Iterator[Tensor]] | None = None
    interval: int = 1


def phases(config: Config) -> tuple[Phase, ...]:
    """All phases in order (joined: StyleGAN 2018, appendix C; lazy: StyleGAN2 2019, appendix B)."""
    follow = Phase("average", "average")
    if not config.lazy:
        judges = Phase("discriminator", "discriminator", discriminator_losses)
        return judges, follow, Phase("generator", "generator", generator_losses)
    found = [Phase("generator", "generator", generator_losses)]
    if config.path.weight and config.path.interval:
        found.append(Phase("path length", "generator", path_losses, config.path.interval))
    found.append(Phase("discriminator", "discriminator", discriminator_losses))
    if config.r1_gamma:
        found.append(Phase("r1", "discriminator", r1_losses, config.r1_interval))
    return *found, follow


def generator_losses(turn: Turn) -> Iterator[Tensor]:
    """The generator wants its pictures to be taken for real ones."""
    players, config = turn.players, turn.players.config
    labels = turn.draw_labels(turn.batch.size)
    for part in turn.rounds():
        mine = part.of(labels)
        with players.autocast():
            fake = generate(players, part.size, mine, config.tracking == "always")
            scores, logits = judge(players, fake, mine)
        loss = game(players).generator(scores)
        if logits is not None and mine is not None:
            loss = loss + config.classification * classification(logits, mine)
        loss = loss + _guidance(turn, part, fake, mine)
        turn.statistics.add("loss_generator", loss, part.share)
        yield loss * part.weight
    if config.lazy and config.path.weight and not config.path.interval:
        yield from path_losses(turn)


def _guidance(turn: Turn, part: Round, fake: Tensor, labels: Tensor | None) -> Tensor | float:
    """How far pictures are from what they were asked for, in the eyes of whoever guides; always in float32."""
    players, asked = turn.players, turn.players.meant(labels)
    if players.guide is None or asked is None:
        return 0.0
    found = players.guide(fake.float(), asked, players.chance.source())
    turn.statistics.add("loss_guidance", found, part.share)
    return found * players.config.guidance.weight


def path_losses(turn: Turn) -> Iterator[Tensor]:
    """Path length regularisation, always in float32 unless the networks have layers of half precision."""
    players, path = turn.players, turn.players.config.path
    if players.images < path.begin_kimg * 1000:
        return
    labels = turn.draw_labels(turn.batch.size)
    for part in turn.rounds():
        size, mine = max(part.size // path.shrink, 1), part.of(labels)
        tracked = players.config.tracking == "always"
        ws = styles(players, size, None if mine is None else mine[:size], tracked)
        pictures = synthesize(players, ws, tracked)
        slope = slopes_of(pictures, ws, players.chance.directions(pictures))
        penalty = _path_penalty(players, lengths(slope))
        turn.statistics.add("path_penalty", penalty.mean(), part.share)
        yield penalty.mean() * (path.weight * max(path.interval, 1) * part.weight)


def _path_penalty(players: Players, found: Tensor) -> Tensor:
    """Of lengths [N]; the mean length that is kept follows those of all processes, in turn."""
    penalty = found
    for mine, theirs in players.ranks.in_turn(found):
        squared, mean = path_length(found if mine else theirs, players.path_mean, players.config.path.decay)
        penalty = squared if mine else penalty
        players.path_mean = mean.detach()
    return penalty


def discriminator_losses(turn: Turn) -> Iterator[Tensor]:
    """The discriminator wants to tell real pictures from generated ones; in joined phases its penalties come with it."""
    players, config, statistics = turn.players, turn.players.config, turn.statistics
    reals = fade_reals(turn.batch.images, turn.now.lod)
    drawn = turn.draw_labels(turn.batch.size) if config.lazy else None
    for part in turn.rounds():
        real, labels = reals[part.held], part.here(turn.batch.labels)
        fake_labels = part.of(drawn) if config.lazy else labels
        with torch.no_grad(), players.autocast():
            fake = generate(players, part.size, fake_labels).to(memory_format=torch.channels_last)
        with players.autocast():
            real_scores, real_logits = judge(players, real, labels)
            fake_scores, fake_logits = judge(players, fake, fake_labels)
        loss = game(players).discriminator(real_scores, fake_scores) + drift(real_scores, config.drift)
        if real_logits is not None and fake_logits is not None and labels is not None and fake_labels is not None:
            both = classification(real_logits, labels) + classification(fake_logits, fake_labels)
            loss = loss + config.classification * both
        statistics.add("loss_discriminator", loss, part.share)
        statistics.add("real_score", real_scores.mean(), part.share)
        statistics.add("fake_score", fake_scores.mean(), part.share)
        statistics.add("real_sign", real_scores.sign().mean(), part.share)
        statistics.add("fake_sign", fake_scores.sign().mean(), part.share)
        players.controller.see(real_scores)
        yield loss * part.weight
        if not config.lazy:
            yield from _penalties(turn, part, real, fake.float(), labels)


def r1_losses(turn: Turn) -> Iterator[Tensor]:
    """R1 as a phase of its own."""
    reals = fade_reals(turn.batch.images, turn.now.lod)
    for part in turn.rounds():
        yield _r1(turn, part, reals[part.held], part.here(turn.batch.labels))


def _penalties(turn: Turn, part: Round, real: Tensor, fake: Tensor, labels: Tensor | None) -> Iterator[Tensor]:
    """The penalties of joined phases."""
    players, config = turn.players, turn.players.config
    if config.r1_gamma and players.steps % config.r1_interval == 0:
        yield _r1(turn, part, real, labels)
    if config.gradient_penalty:
        u = torch.rand(real.shape[0], 1, 1, 1, generator=players.chance.random).to(real)
        between = torch.lerp(real, fake, u)
        squared = squared_gradient(lambda x: judge(players, x, labels)[0], between) * _scale(turn)
        penalty = gradient_penalty(squared, config.gradient_penalty)
        turn.statistics.add("gradient_penalty", penalty, part.share)
        yield penalty * part.weight


def _r1(turn: Turn, part: Round, real: Tensor, labels: Tensor | None) -> Tensor:
    """Outside of autocast, since half precision squares badly. Where R1 has passes of its own, the controller sees them too."""
    players, config = turn.players, turn.players.config

    def scores(images: Tensor) -> Tensor:
        found = judge(players, images, labels)[0]
        if config.lazy:
            players.controller.see(found)
        return found

    penalty = r1(squared_gradient(scores, real) * _scale(turn), config.r1_gamma)
    turn.statistics.add("r1", penalty, part.share)
    return penalty * (config.r1_interval * part.weight)


def _scale(turn: Turn) -> float:
    return lod_scale(turn.now.lod) if turn.players.config.penalty_at_full_resolution else 1.0
