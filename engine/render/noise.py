"""The noise that each layer gets: a function of the recipe, the layer's number and nothing else."""

from typing import NamedTuple

import torch
from torch import Tensor

from engine.networks import Layer
from engine.recipe import Noise, layer_value


class NoiseKey(NamedTuple):
    """What decides a layer's noise; equal keys mean equal noise."""

    mode: str
    seed: int
    strength: float


OFF = NoiseKey("off", 0, 0.0)


def noise_key(noise: Noise, layer: Layer, index: int) -> NoiseKey:
    """The key of the `index`-th layer with a style; OFF where it has no noise input or a strength of 0."""
    strength = noise.strength * layer_value(noise.layers, index, 1.0)
    if layer.constant_noise is None or noise.mode == "off" or strength == 0:
        return OFF
    return NoiseKey(noise.mode, noise.seed if noise.mode == "random" else 0, strength)


def layer_noise(key: NoiseKey, layer: Layer, index: int) -> Tensor | None:
    """[1, 1, H, W] at its strength. Random noise is drawn on the CPU, so that every device gets the same."""
    constant = layer.constant_noise
    if key == OFF or constant is None:
        return None
    if key.mode == "random":
        source = torch.Generator().manual_seed(key.seed * 1_000 + index)
        constant = torch.randn(constant.shape, generator=source).to(constant.device)
    return constant if key.strength == 1 else constant * key.strength
