"""`info`: what is inside a model, a picture made here, a recipe or a training run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Struct
from tyro.conf import Positional, arg

from engine.recipe import Recipe

if TYPE_CHECKING:
    from rich.table import Table

    from engine.checkpoints.facts import Facts

LAYER_FACTS = ("row", "name", "resolution", "band", "has_noise")
NO_LAYER = dict.fromkeys(LAYER_FACTS)  # of families that are not drawn


@dataclass(frozen=True, kw_only=True)
class Info:
    """Show what is inside a model, a picture made here, a recipe or a run.

    Of a model that is its card and layers, of a run its settings and how far it is.
    A recipe is shown as the fields that --set can change.

    Examples:
      latent-explorer info picture.png
      latent-explorer info runs/photos
      latent-explorer info runs/photos/snapshots/000040000.safetensors --json
    """

    file: Annotated[
        Positional[str], arg(metavar="FILE", help_behavior_hint="(default: the model that came with the program)")
    ] = ""
    """A model or its name, a picture made here, a recipe (.json), or a run's folder."""
    json: bool = False
    """Print everything as JSON, for other programs."""

    def run(self) -> int:
        from engine.render import png

        path = Path(self.file)
        if self.file and (path / "config.json").is_file():
            return self._show(run_facts(path))
        if self.file and path.is_file() and (path.suffix.lower() in (".json", ".png") or is_png(path)):
            return self._show_recipe(png.open_recipe(path))
        return self._show(model_facts(self.file))

    def _show_recipe(self, recipe: Recipe) -> int:
        plain = msgspec.to_builtins(recipe)
        if self.json:
            return self._show(plain)
        from rich.console import Console
        from rich.table import Table

        table = Table("field", "value", box=None, pad_edge=False)
        table.columns[1].overflow = "fold"
        for name, value in flat(recipe):
            table.add_row(name, value)
        Console().print(table)
        return 0

    def _show(self, facts: dict[str, Any]) -> int:
        if self.json:
            print(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
            return 0
        from rich.console import Console
        from rich.table import Table

        layers = facts.pop("layers", [])
        facts.pop("parts", None)
        table = Table("", "", box=None, show_header=False, pad_edge=False)
        table.columns[1].overflow = "fold"
        for name, value in flat(facts):
            table.add_row(name, value)
        Console().print(table)
        if layers:
            print()
            Console().print(layer_table(layers))
        return 0


def model_facts(name: str) -> dict[str, Any]:
    """What a model tells of itself, by name or file, as plain data, without building its network.

    Raises BadCheckpoint or ValueError with one sentence.
    """
    from engine.checkpoints.facts import read_facts
    from engine.render.models import MissingModel, find

    try:
        path = find(name)
    except MissingModel as error:
        raise ValueError(str(error)) from None
    facts = read_facts(path)
    card = facts.card
    return {
        "name": path.stem if card is None else card.name or path.stem,
        "identity": "" if card is None else card.identity,
        "file": str(path),
        "bytes": path.stat().st_size,
        "family": facts.family,
        "resolution": facts.resolution if card is None else int(facts.resolution / 2 ** int(card.lod)),
        "channels": facts.channels,
        "parameters": facts.parameters,
        "z_dim": facts.z_dim,
        "w_dim": facts.w_dim,
        "conditioning": conditioning(facts),
        "classes": facts.label_size if card is None else list(card.classes) or facts.label_size,
        "images_seen": facts.images,
        "data": facts.data,
        "licence": facts.licence,
        "made_by": facts.made_by,
        "cannot_be_drawn": facts.obstacle,
        "holds": list(facts.holds),
        "training": facts.training,
        "network": {} if card is None else msgspec.to_builtins(card.network),
        **layers(facts, path),
    }


def conditioning(facts: Facts) -> str:
    """What the model is told beside z."""
    if facts.text:
        return "text"
    return f"labels, {facts.label_size} classes" if facts.label_size else "none"


def layers(facts: Facts, path: Path) -> dict[str, Any]:
    """Every layer with the shapes of its tensors, as the window counts them; `parts` are all others, such as the mapping's."""
    from engine.checkpoints.outline import outline
    from engine.render.models import describe

    shapes: dict[str, dict[str, list[int]]] = {}
    for name, shape in facts.shapes.items():
        module, _, part = name.rpartition(".")
        if facts.card is not None and module.startswith("layers."):
            _, module, part = name.split(".", 2)
        shapes.setdefault(module, {})[part] = list(shape)
    if facts.card is None:
        return {"layers": [{**NO_LAYER, "name": name, "shapes": found} for name, found in shapes.items()], "parts": {}}
    generator = outline(facts.card.network)
    generator.lod = facts.card.lod
    info = describe(generator, facts.card, path)
    rows = [{fact: getattr(layer, fact) for fact in LAYER_FACTS} for layer in info.layers]
    return {
        "transforms": info.transforms,
        "layers": [{**row, "shapes": shapes.pop(row["name"], {})} for row in rows],
        "parts": shapes,
    }


def run_facts(folder: Path) -> dict[str, Any]:
    """How far a run is and with what settings, as plain data. Raises BadRun with one sentence."""
    from engine.training.run import Run

    run = Run(folder)
    config = run.config()
    last: dict[str, Any] = {}
    for line in run.statistics():
        last = line
    snapshots, samples = run.snapshots(), run.samples()
    return {
        "run": str(folder),
        "data": config.data,
        "licence": config.licence,
        "images_seen": last.get("images", 0),
        "images_in_all": round(config.kimg * 1000),
        "stop_requested": run.stop_requested(),
        "snapshots": len(snapshots),
        "newest_snapshot": str(snapshots[-1]) if snapshots else "",
        "newest_samples": str(samples[-1]) if samples else "",
        "last_step": last,
        "config": msgspec.to_builtins(config),
    }


def is_png(path: Path) -> bool:
    """Whether the file begins as a PNG does, whatever it is called."""
    from engine.render.png import SIGNATURE

    with path.open("rb") as file:
        return file.read(len(SIGNATURE)) == SIGNATURE


def flat(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every field with its dotted path, as --set takes them."""
    dot = f"{path}." if path else ""
    if isinstance(data, Struct):
        data = {name: getattr(data, name) for name in data.__struct_fields__}
    if isinstance(data, dict) and data:
        for name, value in data.items():
            yield from flat(value, f"{dot}{name}")
    elif isinstance(data, tuple) and data:
        for at, item in enumerate(data):
            yield from flat(item, f"{dot}{at}")
    elif isinstance(data, bytes):
        yield path, f"({len(data)} bytes)"
    else:
        yield path, shown(data)


def shown(value: Any) -> str:
    """A value for a person's eye."""
    if isinstance(value, list | tuple | dict):
        return ", ".join(map(shown, value)) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value) if value not in ("", None) else "–"


def layer_table(layers: list[dict[str, Any]]) -> Table:
    """One line a layer, as --layers counts them."""
    from rich.table import Table

    table = Table("layer", "name", "resolution", "band", "noise", "largest tensor", box=None, pad_edge=False)
    for layer in layers:
        largest: str = max(layer["shapes"], key=lambda name: prod(layer["shapes"][name]), default="")
        sizes = "×".join(map(str, layer["shapes"].get(largest, [])))
        table.add_row(*(shown(layer[fact]) for fact in LAYER_FACTS), f"{largest} {sizes}".strip())
    return table
