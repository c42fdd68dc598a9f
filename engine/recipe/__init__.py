"""What a picture is: frozen data, its dotted paths and its codec. No torch, no numpy, nothing else of ours."""

from .codec import BadRecipe, decode, encode
from .condition import PLAIN, Condition, Conditions, conditioned, conditions, with_conditions
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
    "PLAIN", "Arc", "BadRecipe", "Condition", "Conditions", "Latent", "Model", "Noise", "Point", "Recipe", "Seed", "Stored",
    "Style", "Transform", "Truncation", "Weighted", "blend", "conditioned", "conditions", "decode", "encode", "get", "knob",
    "layer_value", "put", "seeded", "with_conditions",
]  # fmt: skip
