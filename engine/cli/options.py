"""What the drawing commands share: which model, how it is drawn, which fields of the recipe differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import msgspec
from tyro.conf import UseAppendAction, arg

from engine.recipe import Recipe, put, seeded
from engine.render.info import ModelInfo, numbers

if TYPE_CHECKING:
    from engine.render.renderer import Renderer

T = TypeVar("T", bound=msgspec.Struct)

Precision = Literal["auto", "fp32", "bf16", "fp16"]
Settings = Annotated[UseAppendAction[tuple[str, ...]], arg(name="set", metavar="FIELD=VALUE")]
Threads = Annotated[int, arg(metavar="N", help_behavior_hint="(default: as many as there are cores)")]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Options of every command that draws."""

    model: Annotated[str, arg(metavar="MODEL", help_behavior_hint="(default: the one that came with the program)")] = ""
    """A model that came with the program, a model file, or a training run's folder (its newest snapshot)."""
    set_: Settings = ()
    """Change a field of the recipe, such as truncation.psi=0.7, noise.mode=off or strength.3=2; `info PICTURE`
    lists the fields."""
    device: Annotated[str, arg(metavar="DEVICE")] = "auto"
    """auto, cpu, cuda, cuda:1 or mps."""
    precision: Precision = "fp32"
    """fp32 is exact, the others are faster where the device has units for them."""
    threads: Threads = 0
    """Processor threads to use."""

    def settled(self, recipe: Recipe) -> Recipe:
        """The recipe with every --set applied. Raises ValueError with one sentence."""
        return settled(recipe, self.set_)

    def opened(self) -> tuple[Renderer, ModelInfo]:
        """A renderer that has the model open, and the model's card. Raises ValueError with one sentence."""
        self.settled(Recipe())  # a typing error should show before torch is loaded
        renderer = self.renderer()
        from engine.render.models import MissingModel, find

        try:
            return renderer, renderer.open(find(self.model))
        except MissingModel as error:
            raise ValueError(f"{error}; --model takes a name or a file") from None

    def renderer(self) -> Renderer:
        """A renderer with no model open yet. Raises ValueError when there is no such device."""
        use_threads(self.threads)
        from engine.render.renderer import Renderer

        return Renderer(self.device, self.precision)

    def ready(self, found: Sequence[Recipe]) -> tuple[Renderer, list[Recipe]]:
        """A renderer that has every recipe's model open; a recipe that names none gets --model's, or the embedded one.

        Raises ValueError with one sentence.
        """
        recipes = [self.settled(recipe) for recipe in found]
        if self.model or any(unnamed(recipe) for recipe in recipes):
            renderer, info = self.opened()
            recipes = [msgspec.structs.replace(r, model=info.model) if unnamed(r) else r for r in recipes]
        else:
            renderer = self.renderer()
        from engine.render.models import MissingModel

        try:
            for recipe in recipes:
                renderer.info(recipe)
        except MissingModel as error:
            raise ValueError(f"{error} with --model FILE") from None
        return renderer, recipes

    def recipes(self, seeds: Sequence[int], label: str, info: ModelInfo, prompt: str = "") -> list[Recipe]:
        """One recipe for each seed. Raises ValueError with one sentence when the model has no such class or reads no words."""
        number = class_number(label, info)
        if prompt and not info.text_size:
            raise ValueError(f"the model {info.model.name!r} reads no words; leave --prompt out")
        latents = [seeded(seed, number, prompt or None) for seed in seeds]
        return [self.settled(Recipe(model=info.model, latent=latent)) for latent in latents]


def unnamed(recipe: Recipe) -> bool:
    """Whether the recipe leaves the model open."""
    return not (recipe.model.name or recipe.model.identity)


def settled(data: T, assignments: Sequence[str]) -> T:
    """`data` with FIELD=VALUE applied one after the other. Raises ValueError with one sentence."""
    for assignment in assignments:
        field, equals, value = assignment.partition("=")
        if not equals or not field:
            raise ValueError(f"--set {assignment!r} should be FIELD=VALUE, as in --set truncation.psi=0.7")
        try:
            data = put(data, field.strip(), value.strip())
        except KeyError as error:
            raise ValueError(f"--set {error.args[0]}") from None
        except ValueError as error:
            raise ValueError(f"--set {error}") from None
    return data


def seed_numbers(text: str) -> tuple[int, ...]:
    """`0-3,7` as (0, 1, 2, 3, 7). Raises ValueError with one sentence."""
    seeds = numbers(text)
    if max(seeds) >= 2**32:
        raise ValueError(f"there is no seed {max(seeds)}: seeds go from 0 to {2**32 - 1}")
    return seeds


def class_number(label: str, info: ModelInfo) -> int | None:
    """The class that a number or a name means; None where none was asked for. Raises ValueError with one sentence."""
    if not label:
        return None
    if not info.label_size:
        raise ValueError(f"the model {info.model.name!r} has no classes; leave --label out")
    if label in info.classes:
        return info.classes.index(label)
    if label.isdecimal() and int(label) < info.label_size:
        return int(label)
    names = f" ({', '.join(info.classes[:20])})" if info.classes else ""
    raise ValueError(f"there is no class {label!r}: this model has the classes 0 to {info.label_size - 1}{names}")


def use_threads(threads: int) -> None:
    """Lets torch use so many processor threads; 0 leaves it as it is. Raises ValueError."""
    if threads < 0:
        raise ValueError(f"--threads {threads} should be 1 or more")
    if threads:
        import torch

        torch.set_num_threads(threads)


def file_for(out: Path, name: str) -> Path:
    """Where a single file goes: `out` itself where it is named like `name`, else `name` inside the folder `out`.

    Raises ValueError with one sentence when `out` is named like another kind of file.
    """
    suffix = Path(name).suffix
    if out.suffix.lower() == suffix and not out.is_dir():
        return out
    if out.suffix and not out.is_dir():
        raise ValueError(f"--out {out} should end in {suffix}, or be a folder")
    return out / name
