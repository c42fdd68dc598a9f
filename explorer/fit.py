"""A recipe carried over to another model: what cannot mean anything there is left behind."""

import msgspec

from engine.recipe import Latent, Model, Point, Recipe, Seed, Stored, seeded
from engine.recipe.recipe import with_seeds
from engine.render.info import ModelInfo


def fitted(recipe: Recipe, info: ModelInfo) -> Recipe:
    """The same seeds and settings in this model."""
    styles = tuple(msgspec.structs.replace(style, latent=_fitted(style.latent, info)) for style in recipe.styles)
    return msgspec.structs.replace(recipe, model=info.model, latent=_fitted(recipe.latent, info), styles=styles)


def named(recipe: Recipe, model: Model) -> Recipe:
    """A recipe that names no model yet, with the name of the one it was drawn by."""
    return recipe if recipe.model != Model() else msgspec.structs.replace(recipe, model=model)


def _fitted(latent: Latent, info: ModelInfo) -> Latent:
    if not all(_means_something(item.point, info) for item in latent.points):
        seeds = [item.point.number for item in latent.points if isinstance(item.point, Seed)]
        latent = seeded(seeds[0] if seeds else 0)
    return with_seeds(latent, lambda seed: Seed(seed.number, _class(seed.label, info), _words(seed.prompt, info)))


def _means_something(point: Point, info: ModelInfo) -> bool:
    if not isinstance(point, Stored):
        return True
    return info.has_w and point.layers == len(info.layers) and len(point.rows) == 4 * point.layers * info.w_dim


def _class(label: int | None, info: ModelInfo) -> int | None:
    if not info.label_size or label is None:
        return None
    return label if label < info.label_size else 0


def _words(prompt: str | None, info: ModelInfo) -> str | None:
    return prompt if info.text_size else None
