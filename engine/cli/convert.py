"""`convert`: models and latents as files of other programs, and back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

PICTURES = (".png", ".json")


@dataclass(frozen=True, kw_only=True)
class Convert:
    """Write a model for other programs, or any model as our own; latents as numpy files.

    What is written is told by OUT's ending: .safetensors (ours), .pt (rosinality's StyleGAN2), .pkl (NVIDIA's scripts),
    .onnx and .pt2 (mapping and synthesis, two files), or by --format, which also knows fp16 (ours in half the size).
    With --networks all, .safetensors and fp16 also hold the discriminator and the generator that learnt, to train on from;
    .pkl holds all that IN has anyway, unless --networks generator is said.
    A picture or recipe becomes the styles of its layers as .npz or .npy; such a file becomes a recipe (.json) again.

    Examples:
      latent-explorer convert network-snapshot.pkl faces.safetensors
      latent-explorer convert faces.safetensors faces.pt
      latent-explorer convert faces.safetensors small.safetensors --format fp16
      latent-explorer convert network-snapshot.pkl to-train-on.safetensors --networks all
      latent-explorer convert runs/faces/state/000040000.safetensors faces.pkl
      latent-explorer convert picture.png picture.npz --model faces.safetensors
      latent-explorer convert projected_w.npz recipe.json --model faces.safetensors
    """

    source: Annotated[Positional[str], arg(name="in", metavar="IN")]
    """A model or its name, a run's folder; a picture made here, a recipe, or a numpy file of styles."""
    out: Annotated[Positional[Path], arg(metavar="OUT")]
    """The file to write."""
    format: Annotated[str, arg(metavar="FORMAT", help_behavior_hint="(default: as OUT ends)")] = ""
    """safetensors, fp16, rosinality, nvidia, onnx or pt2."""
    networks: Annotated[str, arg(metavar="NETWORKS", help_behavior_hint="(default: generator; for .pkl all)")] = ""
    """all that IN has (the discriminator and the generator that learnt too), or the generator alone that is drawn."""
    model: Annotated[str, arg(metavar="MODEL", help_behavior_hint="(default: the one that came with the program)")] = ""
    """For latents: the model that they belong to."""

    def run(self) -> int:
        from engine.export.latents import ENDINGS

        source = Path(self.source)
        if source.suffix.lower() in ENDINGS:
            return self._recipe(source)
        if self.out.suffix.lower() in ENDINGS:
            return self._styles(source)
        from engine.export.models import convert
        from engine.render.models import MissingModel, find

        try:
            found = find(self.source)
        except MissingModel as error:
            raise ValueError(str(error)) from None
        return self._written(convert(found, self.out, self.format, self.networks))

    def _styles(self, source: Path) -> int:
        from engine.export.latents import styles_of, write
        from engine.render.models import MissingModel, Models, find
        from engine.render.png import open_recipe

        if source.suffix.lower() not in PICTURES:
            raise ValueError(f"{source.name} is neither a picture made here nor a recipe, so it has no latent to write")
        recipe, models = open_recipe(source), Models()
        try:
            if self.model or not (recipe.model.name or recipe.model.identity):
                info = models.open(find(self.model))
                loaded = models.get(info.model)
            else:
                loaded = models.get(recipe.model)
        except MissingModel as error:
            raise ValueError(f"{error} with --model FILE") from None
        write(self.out, styles_of(recipe, loaded))
        return self._written([self.out])

    def _recipe(self, source: Path) -> int:
        from engine.export.latents import read, recipe_of
        from engine.recipe import encode
        from engine.render.models import MissingModel, Models, find
        from engine.whole import write_bytes

        if self.out.suffix.lower() != ".json":
            raise ValueError(f"--out {self.out} should end in .json: styles become a recipe, which render can draw")
        ws = read(source)
        try:
            info = Models().open(find(self.model))
        except MissingModel as error:
            raise ValueError(f"{error}; name it with --model FILE") from None
        if ws.shape != (len(info.layers), info.w_dim):
            raise ValueError(
                f"{source.name} holds {ws.shape[0]} layers of {ws.shape[1]} numbers; the model {info.model.name!r} has "
                f"{len(info.layers)} layers of {info.w_dim}"
            )
        write_bytes(self.out, encode(recipe_of(ws, info.model)))
        return self._written([self.out])

    def _written(self, paths: list[Path]) -> int:
        for path in paths:
            print(f"{path}  ({path.stat().st_size:,} bytes)")
        return 0
