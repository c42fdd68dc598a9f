"""All that a model's file, and the run that it comes from, tell of it: read in a Job, and put into words."""

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from engine.progress import Progress

from .model_words import family_name, in_bytes, in_words, shape_in_words, short_path, square
from .runs import Statistics
from .words import tr

Fact = tuple[str, str]
IDENTITY = 12  # digits that are shown
NOT_TRAINED = ("constant", "w_avg")  # tensors that are kept but were not learnt
REST, COLOURS, MAPPING = "Beside the layers", "To colours (toRGB)", "Mapping, from z to w"


@dataclass(frozen=True)
class Part:
    """A layer, or what belongs to no layer, with the tensors in it."""

    name: str
    tensors: tuple[tuple[str, tuple[int, ...]], ...]
    row: int = -1
    """Of ws; -1: it reads none."""
    resolution: int = 0
    band: str = ""

    @property
    def numbers(self) -> int:
        """How many were learnt."""
        return sum(prod(shape) for name, shape in self.tensors if not name.endswith(NOT_TRAINED))

    @property
    def shape(self) -> str:
        """Of the tensor that matters most, in words."""
        learnt = [shape for name, shape in self.tensors if not name.endswith(NOT_TRAINED)]
        return shape_in_words(max(learnt, key=prod)) if learnt else ""


@dataclass(frozen=True)
class Course:
    """How a training went, up to the model: pictures seen, and both losses."""

    images: list[int]
    generator: list[float]
    discriminator: list[float]


@dataclass(frozen=True)
class ModelCard:
    """What the window shows of a model."""

    title: str
    about: str
    facts: tuple[Fact, ...]
    layers: tuple[Part, ...]
    others: tuple[tuple[str, tuple[Part, ...]], ...]
    """Groups of what is no layer: mapping, toRGB, and the rest."""
    training: tuple[Fact, ...]
    course: Course | None

    @property
    def text(self) -> str:
        """Everything, to be copied."""
        lines = [self.title, self.about, "", *(f"{word}: {said}" for word, said in self.facts), "", "Layers"]
        lines += [
            f"  {part.row} {part.name} {square(part.resolution)} {part.band}: {part.shape}" for part in self.layers
        ]
        if self.training:
            lines += ["", "Training", *(f"  {word}: {said}" for word, said in self.training)]
        return "\n".join(lines) + "\n"


def reading(path: Path, identity: str = "") -> Generator[Progress, None, ModelCard]:
    """Looks into the file, and into the run whose snapshot it is. Nothing is built. Raises ValueError with one sentence.

    `identity` is the one that was computed when the model was opened, since files of other programs name none.
    """
    from engine.cli.info import model_facts

    yield Progress(0, 2, tr("reading {name}", name=path.name))
    told = model_facts(str(path))
    yield Progress(1, 2, "looking for its training")
    run = run_of(path)
    settings = {**told["training"], **(dict(settings_of(run)) if run is not None else {})}
    course = course_of(run, told["images_seen"]) if run is not None else None
    return card_of(told, path, identity or told["identity"], settings, course)


def card_of(
    told: Mapping[str, Any], path: Path, identity: str, training: Mapping[str, Any], course: Course | None
) -> ModelCard:
    """From what `info` tells of a file."""
    parts = [Part(name, _tensors(shapes)) for name, shapes in told["parts"].items()]
    layers = tuple(
        Part(str(layer["name"]), _tensors(layer["shapes"]), _or(layer["row"], -1), _or(layer["resolution"], 0),
             layer["band"] or "")
        for layer in told["layers"]
    )  # fmt: skip
    return ModelCard(
        str(told["name"]),
        f"{family_name(told['family'])} · {square(told['resolution'])}",
        tuple(_facts(told, path, identity)),
        layers,
        tuple((name, found) for name, found in _grouped(parts) if found),
        tuple((name, str(value)) for name, value in training.items() if str(value)),
        course,
    )


def _facts(told: Mapping[str, Any], path: Path, identity: str) -> Iterator[Fact]:
    classes = told["classes"]
    named = ", ".join(classes[:12]) + (" …" if len(classes) > 12 else "") if isinstance(classes, list) else ""
    layers = len(told["layers"])
    variant = told["network"].get("architecture", "") if isinstance(told["network"], dict) else ""
    yield "Family", family_name(told["family"]) + (f", {variant}" if variant else "")
    yield "Pictures", f"{square(told['resolution'])}, {tr('grey' if told['channels'] == 1 else 'in colour')}"
    yield "Layers", str(layers)
    yield "Parameters", in_words(told["parameters"])
    yield "Latent", tr("z of {z} numbers, w of {w}", z=told["z_dim"], w=told["w_dim"])
    yield "Draws from", _source(told["conditioning"])
    yield "Classes", named
    seen = told["images_seen"]
    yield "Seen in training", tr("{count} pictures", count=in_words(seen)) if seen else "not said"
    yield "Data", told["data"] or "not said"
    yield "Licence", told["licence"]
    yield "Made by", told["made_by"]
    yield "Also in the file", ", ".join(told["holds"])
    yield "File", path.name
    yield "Size", in_bytes(told["bytes"])
    yield "Folder", short_path(path.absolute().parent)
    yield "Identity", f"{identity[:IDENTITY]}…" if identity else ""


def _source(conditioning: str) -> str:
    """What its pictures are made of."""
    return {"text": "a seed and words", "none": "a seed alone"}.get(conditioning, f"a seed and {conditioning}")


def _tensors(shapes: Mapping[str, list[int]]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple((name, tuple(shape)) for name, shape in shapes.items())


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _grouped(parts: list[Part]) -> list[tuple[str, tuple[Part, ...]]]:
    mapping = tuple(part for part in parts if part.name.split(".")[0] == "mapping")
    colours = tuple(part for part in parts if part.name.endswith("_rgb"))
    rest = tuple(part for part in parts if part not in mapping and part not in colours)
    return [(MAPPING, mapping), (COLOURS, colours), (REST, rest)]


# the run


def run_of(path: Path) -> Path | None:
    """The folder of the run whose snapshot the file is."""
    folder = path.absolute().parent.parent
    return folder if path.absolute().parent.name == "snapshots" and (folder / "config.json").is_file() else None


def settings_of(run: Path) -> Iterator[tuple[str, Any]]:
    """What the run was started with, by dotted names; nothing where that cannot be read."""
    try:
        config = json.loads((run / "config.json").read_bytes())
    except (OSError, ValueError):
        return
    if isinstance(config, dict):
        yield from _flat(config, "")


def _flat(config: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in config.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif value not in ("", None, []) and not prefix.startswith("network."):  # which the layers tell better
            yield f"{prefix}{name}", ", ".join(map(str, value)) if isinstance(value, list) else value


def course_of(run: Path, images: int) -> Course | None:
    """The losses until the model was saved; None where fewer than two steps were written down."""
    statistics = Statistics(run / "stats.jsonl")
    while statistics.read():
        pass
    count = sum(1 for seen in statistics.images if not images or seen <= images)
    if count < 2:
        return None
    return Course(statistics.images[:count], statistics.generator[:count], statistics.discriminator[:count])
