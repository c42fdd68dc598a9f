"""What a picture is: frozen data, its dotted paths and its codec. No torch, no numpy, nothing else of ours."""

from .codec import BadRecipe, decode, encode
from .path import get, knob, put
from .recipe import (
    Arc,
    Latent,
    Model,
    Noise,
    Point,
    Recipe,
    Seed,
    Stored,
    Style,
    Transform,
    Truncation,
    Weighted,
    blend,
    layer_value,
    seeded,
)

__all__ = [
    "Arc", "BadRecipe", "Latent", "Model", "Noise", "Point", "Recipe", "Seed", "Stored", "Style",
    "Transform", "Truncation", "Weighted", "blend", "decode", "encode", "get", "knob", "layer_value", "put", "seeded",
]  # fmt: skip
