"""What a picture is: frozen data, its dotted paths and its codec. No torch, no numpy, nothing else of ours."""

from .codec import BadRecipe, decode, encode
from .path import get, knob, put
from .recipe import Latent, Model, Noise, Point, Recipe, Seed, Stored, Style, Truncation, Weighted, layer_value, seeded

__all__ = [
    "BadRecipe", "Latent", "Model", "Noise", "Point", "Recipe", "Seed", "Stored", "Style", "Truncation", "Weighted",
    "decode", "encode", "get", "knob", "layer_value", "put", "seeded",
]  # fmt: skip
