"""Saved pictures: the file keeps its recipe, so that opening it brings everything back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.recipe import BadRecipe, Latent, Recipe, Seed
from engine.render import png
from engine.whole import free_path

from .bridge import Bridge
from .thumbnails import plain
from .words import tr

PICTURES = (".png",)
MADE_HERE = (*PICTURES, ".json")  # pictures, and recipes by themselves
MODELS = (".safetensors", ".pkl", ".pt", ".pth", ".ckpt", ".bin")


def save(
    bridge: Bridge, recipe: Recipe, folder: Path, done: Callable[[Path], None], failed: Callable[[Exception], None]
) -> None:
    """Draws the recipe once more, exactly (float32, by itself), and writes it with its recipe inside; `done` gets the path."""
    bridge.ask(lambda renderer: write(exact(renderer), recipe, folder), done, failed)


def exact(renderer: Any) -> Any:
    """A renderer of the same models as the command line has it, so that both write the same bytes. In the render thread."""
    return type(renderer)(models=renderer.models)


def write(renderer: Any, recipe: Recipe, folder: Path) -> Path:
    """Writes the picture under a name that is still free. Raises OSError."""
    frame = renderer.render(recipe)
    path = free_path(folder / f"{file_name(recipe)}.png")
    png.write(path, frame)
    return path


def file_name(recipe: Recipe) -> str:
    """What a person would call the file, without its ending."""
    model = "".join(c if c.isalnum() or c in "-_ " else "-" for c in recipe.model.name)[:60] or "picture"
    seed = heaviest(recipe.latent)
    return f"{model} {seed.number}" if seed else model


def heaviest(latent: Latent) -> Seed | None:
    """The seed that has the largest share in a latent; None when it has none."""
    seeds = [(abs(item.weight), item.point) for item in latent.points if isinstance(item.point, Seed)]
    return max(seeds, key=lambda pair: pair[0])[1] if seeds else None


def made_here_filter() -> str:
    """For a dialog that asks for files."""
    kinds = " ".join(f"*{kind}" for kind in MADE_HERE)
    return tr("Pictures made here ({kinds})", kinds=kinds)


def words_for(latent: Latent) -> str:
    """A few letters that say what a latent is."""
    points = {item.point.number if isinstance(item.point, Seed) else None for item in latent.points}
    if len(points) > 1 or (len(latent.points) > 1 and None in points):
        return tr("blend")
    number = points.pop()
    return tr("picture") if number is None else tr("seed {number}", number=number)  # of one class or of several


def number_of(latent: Latent) -> str:
    """Of a seed only its number, where room is short."""
    seeds = {item.point.number for item in latent.points if isinstance(item.point, Seed)}
    return str(seeds.pop()) if len(latent.points) == len(seeds) == 1 else words_for(latent)


def as_latent(
    bridge: Bridge, recipe: Recipe, done: Callable[[Latent], None], failed: Callable[[Exception], None]
) -> None:
    """A whole picture, its styles included, as one latent that can be B. A plain one stays what it is, seeds and all."""
    if not plain(recipe).styles:
        done(recipe.latent)
    else:
        bridge.ask(lambda renderer: renderer.store(recipe), done, failed)


def take(
    bridge: Bridge, path: Path, onto: Recipe, done: Callable[[Latent], None], failed: Callable[[str], None]
) -> None:
    """The latent of a picture's file, to be mixed with `onto`; one of another model cannot, which `failed` says."""
    try:
        recipe = png.open_recipe(path)
    except BadRecipe as error:
        failed(str(error))
        return
    other = of_another_model(recipe, onto)
    if other:
        failed(tr("{name} {why}", name=path.name, why=other))
    else:
        as_latent(bridge, recipe, done, lambda error: failed(str(error)))


def of_another_model(recipe: Recipe, onto: Recipe) -> str:
    """Why a picture cannot be mixed with another, after its name; empty where nothing speaks against it."""
    if recipe.model.identity and onto.model.identity and recipe.model.identity != onto.model.identity:
        return tr("was made with another model, “{name}”; open that one first", name=recipe.model.name)
    return ""
