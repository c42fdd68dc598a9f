"""How the generator draws in training: style mixing, fresh noise, no truncation, and averages that follow it."""

from contextlib import AbstractContextManager, nullcontext
from itertools import repeat

from torch import Tensor

from engine.networks.mapping import Mapping
from engine.networks.plane import PlaneGenerator

from .ema import ema_beta
from .mixing import mix_styles
from .players import Players


def generate(players: Players, size: int, labels: Tensor | None, tracked: bool = True) -> Tensor:
    """Pictures [size, C, H, W]; where `tracked`, the average of w moves, and what StyleGAN3 measures."""
    return synthesize(players, styles(players, size, labels, tracked), tracked)


def styles(players: Players, size: int, labels: Tensor | None, tracked: bool = True) -> Tensor:
    """ws [size, rows, w_dim] of random latents, often with the finer rows from a second one."""
    generator, config, chance = players.generator, players.config, players.chance
    labels = players.asked(labels)
    w = generator.mapping(chance.latents(size, generator.z_dim), labels)
    if not isinstance(generator.mapping, Mapping):
        return generator.broadcast(w)
    if tracked:
        _follow(players, generator.mapping, w, labels)
    rows = generator.rows
    crossover = chance.crossover(rows, generator.lod, config.mixing)
    if crossover >= rows:
        return generator.broadcast(w)
    second = generator.mapping(chance.latents(size, generator.z_dim), labels)
    return mix_styles(w, second, crossover, rows)


def _follow(players: Players, mapping: Mapping, w: Tensor, labels: Tensor | None) -> None:
    """The average of w takes on what all processes have mapped, in turn."""
    brought = (theirs for _, theirs in players.ranks.in_turn(w.detach()))
    known = repeat(None) if labels is None else (theirs for _, theirs in players.ranks.in_turn(labels))
    for mapped, of in zip(brought, known, strict=False):
        mapping.update_average(mapped, players.config.w_avg_beta, of)


def synthesize(players: Players, ws: Tensor, tracked: bool = True) -> Tensor:
    """Pictures of ws with fresh noise."""
    with measuring(players, tracked):
        return players.generator.synthesize(ws, "random", players.chance.source())


def measuring(players: Players, tracked: bool) -> AbstractContextManager[None]:
    """In this context the layers of a StyleGAN3 follow the magnitudes of what they are given."""
    generator = players.generator
    if not tracked or not isinstance(generator, PlaneGenerator) or not generator.learns_magnitudes:
        return nullcontext()
    beta = ema_beta(players.stage().batch, players.config.magnitude_kimg * 1000)
    return generator.measuring(beta, players.ranks.in_turn)
