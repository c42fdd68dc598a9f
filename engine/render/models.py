"""The models that are at hand: known by identity, loaded when a recipe names them, the last few kept in memory."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch

from engine.assets import assets
from engine.checkpoints import load
from engine.checkpoints.native import Card
from engine.networks import Generator, Step
from engine.networks.layers import channels_last, pack
from engine.recipe import Model

from .info import LayerInfo, ModelInfo, band

FIRST = "landscape"  # of the models that travel with the program, the one to start with


class MissingModel(LookupError):
    """A recipe names a model that is not at hand; the message is one sentence for a person."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A model in memory: its card and its networks (mapping always float32 on the CPU, synthesis on the device)."""

    info: ModelInfo
    generator: Generator

    @cached_property
    def steps(self) -> Sequence[Step]:
        """The layers that draw its pictures, in order."""
        return self.generator.steps()


class Models:
    """Opens model files and finds the one that a recipe means. `keep` models stay in memory, the others are read again."""

    def __init__(self, device: torch.device | None = None, keep: int = 2):
        self.device = device or torch.device("cpu")
        self._keep = keep
        self._infos: dict[str, ModelInfo] = {}  # by identity, newest last
        self._loaded: OrderedDict[str, Loaded] = OrderedDict()

    def open(self, path: Path) -> ModelInfo:
        """Reads a model file and remembers it. Raises BadCheckpoint with one sentence."""
        return self._read(path).info

    def get(self, model: Model) -> Loaded:
        """The model that a recipe names: by identity, else by name; the first embedded one when it names none.

        Raises MissingModel with one sentence.
        """
        identity = self._identity(model)
        if identity in self._loaded:
            self._loaded.move_to_end(identity)
            return self._loaded[identity]
        path = self._infos[identity].path
        if path is None:
            raise MissingModel(f"the model {model.name!r} is no longer in memory; open its file again")
        return self._read(path)

    def _identity(self, model: Model) -> str:
        if model.identity in self._infos:
            return model.identity
        for info in reversed(self._infos.values()):
            if not model.identity and model.name in ("", info.model.name):
                return info.model.identity
        for path in embedded():
            info = self.open(path)
            if model.identity == info.model.identity or (not model.identity and model.name in ("", info.model.name)):
                return info.model.identity
        if not model.name and not model.identity:
            raise MissingModel("there is no model here yet; open a model file or train one")
        known = f" ({model.identity[:12]}…)" if model.identity else ""
        raise MissingModel(
            f"the model {model.name!r}{known} that this picture was made with is not open; open its file"
        )

    def _read(self, path: Path) -> Loaded:
        generator, card = load(path)
        info = describe(generator, card, path)
        channels_last(generator.layers.to(self.device))
        pack(generator)
        loaded = Loaded(info, generator)
        self._infos.pop(info.model.identity, None)
        self._infos[info.model.identity] = info
        self._loaded[info.model.identity] = loaded
        self._loaded.move_to_end(info.model.identity)
        while len(self._loaded) > self._keep:
            self._loaded.popitem(last=False)
        return loaded


def embedded() -> list[Path]:
    """The models that travel with the program, the one to start with first."""
    return sorted((assets() / "models").glob("*.safetensors"), key=lambda path: (path.stem != FIRST, path.stem))


def find(name: str) -> Path:
    """What a person means by a model: an embedded one's name, a file, or a run's folder (its newest snapshot); "" is the first
    embedded one. Raises MissingModel with one sentence.
    """
    known = {path.stem: path for path in embedded()}
    if not name and known:
        return next(iter(known.values()))
    if name in known:
        return known[name]
    path = Path(name)
    if name and path.is_dir():
        snapshots = sorted((path / "snapshots").glob("*.safetensors")) or sorted(path.glob("*.safetensors"))
        if snapshots:
            return snapshots[-1]
        raise MissingModel(f"there is no model in the folder {name}")
    if name and path.exists():
        return path
    there = f"the embedded models are {', '.join(known)}" if known else "no model is embedded"
    raise MissingModel(f"there is no model {name!r}: neither a file nor an embedded model ({there})")


def describe(generator: Generator, card: Card, path: Path | None) -> ModelInfo:
    """The card of a loaded model as plain data."""
    full = int(generator.resolution / 2 ** int(generator.lod))
    layers = {  # a row that toRGB and the next convolution share is that convolution's
        step.layer.row: LayerInfo(step.layer.row, step.name, step.layer.resolution, band(step.layer.resolution, full),
                                  step.layer.constant_noise is not None)
        for step in generator.steps() if step.layer.row is not None
    }  # fmt: skip
    return ModelInfo(
        Model(card.name, card.identity),
        path,
        card.network.__struct_config__.tag if isinstance(card.network.__struct_config__.tag, str) else "",
        full,
        generator.channels,
        tuple(layers.values()),
        generator.z_dim,
        generator.w_dim,
        sum(p.numel() for p in generator.parameters()),
        generator.has_w,
        generator.label_size,
        card.classes,
        card.images,
        card.data,
        card.licence,
        any(step.layer.transforms for step in generator.steps()),
        generator.text_size,
        generator.encoder,
        _centres(generator),
    )


def _centres(generator: Generator) -> int:
    """How many averages of w there are, where there is one for each class."""
    found = getattr(generator.mapping, "w_avg", None)
    return len(found) if generator.has_w and isinstance(found, torch.Tensor) and found.ndim == 2 else 0
