"""What a model can be exported as, in words, and why some formats cannot hold some families."""

import re
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.progress import Progress
from engine.recipe import Recipe

from .words import tr


@dataclass(frozen=True)
class Format:
    """`name` is what `convert` calls it; `latents`: it holds the picture's styles, not the model."""

    name: str
    ending: str
    title: str
    about: str
    files: tuple[str, ...] = ("",)
    """What is added to the file's name, where there are several."""
    latents: bool = False

    def paths(self, target: Path) -> list[Path]:
        """The files that will be written."""
        return [target.with_name(f"{target.stem}{added}{target.suffix}") for added in self.files]


GRAPHS = ("-mapping", "-synthesis")
FORMATS = (
    Format("safetensors", ".safetensors", "Latent Explorer", "Everything, in full precision; nothing in it can run"),
    Format("fp16", ".safetensors", "Latent Explorer, half as large", "The same with its numbers rounded to 16 bits"),
    Format("rosinality", ".pt", "rosinality’s StyleGAN2", "For programs that grew out of stylegan2-pytorch"),
    Format("nvidia", ".pkl", "NVIDIA’s scripts", "Opens where NVIDIA’s own code is installed"),
    Format("onnx", ".onnx", "ONNX", "Mapping and synthesis as two graphs, for other engines", GRAPHS),
    Format("pt2", ".pt2", "torch.export", "Two programs that PyTorch opens without this one", GRAPHS),
    Format("npz", ".npz", "Styles, .npz", "What every layer reads, as projectors write it", latents=True),
    Format("npy", ".npy", "Styles, .npy", "The same array, alone", latents=True),
)


@dataclass(frozen=True)
class Fit:
    """What can become of a model: format -> why it cannot hold it, "" where it can; and which can hold what else the file has."""

    refusals: dict[str, str]
    entire: tuple[str, ...]


def fitting(path: Path) -> Generator[Progress, None, Fit]:
    """From the file's own words, nothing is built. Raises BadCheckpoint with one sentence."""
    from engine.checkpoints.facts import read_facts
    from engine.export.models import ENTIRE, refusal

    yield Progress(0, 1, tr("reading {name}", name=path.name))
    facts = read_facts(path)
    if facts.card is None:
        raise ValueError(facts.obstacle)
    network = facts.card.network
    reasons = {format.name: "" if format.latents else refusal(format.name, network) for format in FORMATS}
    return Fit(reasons, ENTIRE if len(facts.holds) > 1 else ())


def exporting(format: Format, source: Path, target: Path, networks: str) -> Generator[Progress, None, list[Path]]:
    """The very work of `convert`; its folder is made. Raises ValueError with one sentence, and OSError."""
    from engine.export.models import converting

    target.parent.mkdir(parents=True, exist_ok=True)
    return (yield from converting(source, target, format.name, networks))


def write_styles(renderer: Any, recipe: Recipe, target: Path) -> list[Path]:
    """The styles of a picture's layers. In the render thread, where its model is in memory already."""
    from engine.export.latents import styles_of, write

    target.parent.mkdir(parents=True, exist_ok=True)
    write(target, styles_of(recipe, renderer.models.get(recipe.model)))
    return [target]


def free_target(format: Format, folder: Path, name: str) -> Path:
    """A name in the folder that nothing has yet."""
    stem = re.sub(r"[^\w .()-]", "_", name).strip(" .") or "model"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    targets = (folder / f"{name}{format.ending}" for name in names)
    return next(target for target in targets if not taken(format, target))


def taken(format: Format, target: Path) -> list[Path]:
    """Those of the files that are there already."""
    return [path for path in format.paths(target) if path.exists()]
