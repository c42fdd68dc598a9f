"""What a step is called where nobody has named it: by what has changed."""

from typing import Any

from engine.recipe import Latent, Recipe, Seed, knob
from engine.recipe.path import get

from .figures import brief
from .history_sharing import changes
from .words import tr

LEAVES = (
    "truncation.psi", "truncation.cutoff", "truncation.layers", "truncation.centre", "noise.mode", "noise.seed",
    "noise.strength", "noise.layers", "noise.phase", "noise.period",
    "transform.x", "transform.y", "transform.angle", "strength",
)  # fmt: skip


def named(recipe: Recipe, before: Recipe) -> str:
    """A few words for the step from one recipe to the other, such as "Truncation 0.7"."""
    new = changes(recipe, before)
    if "model" in new:
        return tr("Model {name}", name=recipe.model.name)
    if "latent" in new:
        return _of_latent(recipe.latent)
    if "styles" in new:
        return tr("Mix")
    paths = [path for path in LEAVES if get(recipe, path) != get(before, path)]
    if len(paths) == 1:
        path = paths[0]
        title = tr(knob(Recipe, path).title or path)
        return f"{title} {_shown(get(recipe, path))}".strip()
    return ", ".join(dict.fromkeys(tr(knob(Recipe, path).title or path) for path in paths))


def _of_latent(latent: Latent) -> str:
    point = latent.points[0].point
    if len(latent.points) > 1:
        return tr("Walked")
    return tr("Seed {number}", number=point.number) if isinstance(point, Seed) else tr("Picture")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return brief(value)
    return "" if isinstance(value, tuple) else str(value)
