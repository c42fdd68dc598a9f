"""The noise that each layer gets: a function of the recipe, the layer's number and nothing else."""

import math
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from engine.networks import Layer
from engine.recipe import Noise, layer_value

from .stream import sent

STRIDE = 2_654_435_761  # 2³² over the golden ratio: no two patterns of one picture have the same seed
NOTHING = 1e-9  # of a pattern, which is not worth drawing
KEPT = 128  # patterns: at most seven a layer near phase 0, else five, for the deepest networks
SPREAD = 0.618  # of a step between the moments at which two layers draw ahead
START = (1 / math.sqrt(6), 2 / math.sqrt(6), 1 / math.sqrt(6))  # the shares of patterns -1, 0 and 1 at phase 0


class NoiseKey(NamedTuple):
    """What decides a layer's noise; equal keys mean equal noise."""

    mode: str
    seed: int
    strength: float
    phase: float = 0.0
    period: int = 0


OFF = NoiseKey("off", 0, 0.0)


def noise_key(noise: Noise, layer: Layer, index: int) -> NoiseKey:
    """The key of the `index`-th layer with a style; OFF where it has no noise input or a strength of 0."""
    strength = noise.strength * layer_value(noise.layers, index, 1.0)
    if layer.constant_noise is None or noise.mode == "off" or strength == 0:
        return OFF
    phase = noise.phase % noise.period if noise.period else noise.phase
    period = noise.period if phase else 0
    return NoiseKey(noise.mode, noise.seed if noise.mode == "random" else 0, strength, phase, period)


def layer_noise(key: NoiseKey, layer: Layer, index: int) -> Tensor | None:
    """[1, 1, H, W] at its strength. Random noise is drawn on the CPU, so that every device gets the same."""
    constant = layer.constant_noise
    if key == OFF or constant is None:
        return None
    noise = _moved(key, constant, index) if key.phase else _still(key, constant, index)
    return noise if key.strength == 1 else noise * key.strength


def shares(phase: float, period: int = 0) -> dict[int, float]:
    """How much of which pattern is seen at a phase; at 0 it is pattern 0 alone.

    Patterns are independent, and the squares of their shares sum to 1: the noise always has variance 1. It comes and
    goes as cos² does, which neither jumps nor has corners, and moves at the same speed at every phase (√(2/3)·π/(2√2) a step).
    """
    first, seen = math.floor(phase), {}
    for step in range(first - 1, first + 3):
        near = math.cos(math.pi / 4 * (phase - step)) ** 2 * math.sqrt(2 / 3)
        seen[_within(step, period)] = near
    return _from_pattern_0(seen)


def _within(step: int, period: int) -> int:
    """The pattern of a step; in a round, the last one lies before pattern 0."""
    return (step + 1) % period - 1 if period else step


def _from_pattern_0(seen: dict[int, float]) -> dict[int, float]:
    """Turns patterns -1, 0 and 1 into one another (Householder 1958), so that what is seen at phase 0 is pattern 0."""
    axis = (START[0], START[1] - 1.0, START[2])
    length = math.fsum(part * part for part in axis)
    along = 2 * math.fsum(part * seen.get(step, 0.0) for step, part in zip((-1, 0, 1), axis, strict=True)) / length
    turned = {step: seen.get(step, 0.0) - along * part for step, part in zip((-1, 0, 1), axis, strict=True)}
    return {step: share for step, share in {**seen, **turned}.items() if abs(share) > NOTHING}


def _moved(key: NoiseKey, constant: Tensor, index: int) -> Tensor:
    moved = torch.zeros_like(constant)
    for step, share in shares(key.phase, key.period).items():
        pattern = constant if step == 0 and key.mode == "const" else _kept(_seed(key, index, step), constant)
        moved.add_(pattern, alpha=share)
    _draw_ahead(key, constant, index)
    return moved


def _draw_ahead(key: NoiseKey, constant: Tensor, index: int) -> None:
    """Draws the next pattern during the step before it, each layer at another moment, so that no frame waits for all."""
    if key.phase % 1 > index * SPREAD % 1:
        _kept(_seed(key, index, _within(math.floor(key.phase) + 3, key.period)), constant)


def _still(key: NoiseKey, constant: Tensor, index: int) -> Tensor:
    return _drawn(_seed(key, index, 0), tuple(constant.shape), constant.device) if key.mode == "random" else constant


def _seed(key: NoiseKey, index: int, step: int) -> int:
    return (key.seed * 1_000 + index + step * STRIDE) % 2**32


def _drawn(seed: int, shape: tuple[int, ...], device: torch.device) -> Tensor:
    return sent(torch.randn(shape, generator=torch.Generator().manual_seed(seed)), device)


@lru_cache(maxsize=KEPT)
def _pattern(seed: int, shape: tuple[int, ...], device: torch.device) -> Tensor:
    """Kept while the noise moves: the same four are seen in many pictures."""
    return _drawn(seed, shape, device)


def _kept(seed: int, constant: Tensor) -> Tensor:
    return _pattern(seed, tuple(constant.shape), constant.device)
