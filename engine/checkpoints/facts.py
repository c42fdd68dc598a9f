"""All that a model file tells of itself, in a moment: nothing is built, and large tensors stay on the disk."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from torch import Tensor

from engine.weights import Stub
from engine.weights.refusals import shown

from . import explained, format_of, lucidrains, modules, native, nvidia_pickles, tensorflow_pickles
from .card import UNKNOWN_LICENCE, Card, checked
from .file import File
from .held import foreign, held
from .outline import outline
from .undrawn import Undrawn

SETTINGS = ("training_set_kwargs", "augmentation", "progress", "args", "opts", "ada_aug_p", "version")
MOST = 200  # settings that are shown
Shapes = Mapping[str, tuple[int, ...]]


class Facts(Struct, frozen=True):
    """What a file tells; `card` is there where its network can be drawn, and `obstacle` says in a sentence why not."""

    family: str
    resolution: int
    channels: int
    label_size: int
    text: bool
    z_dim: int
    w_dim: int
    parameters: int
    shapes: Shapes
    """Of the generator's tensors, under our names where its network is known here."""
    images: int = 0
    data: str = ""
    licence: str = UNKNOWN_LICENCE
    made_by: str = ""
    holds: tuple[str, ...] = ()
    """The networks and state dicts in the file."""
    training: dict[str, Any] = {}
    """Settings of the training, as far as they are plain data."""
    card: Card | None = None
    obstacle: str = ""


def read_facts(path: Path) -> Facts:
    """Raises BadCheckpoint with one sentence for a file that is no model at all."""
    with explained(path):
        file = File(path)
        strange = _undrawn(file)
        known = _not_drawn(strange) if strange else _drawn(checked(format_of(file).card(file)))
        if not file.pickled:
            told, names = _own(file)
            return msgspec.structs.replace(known, holds=names, training=told)
        return msgspec.structs.replace(known, holds=_holds(file), training=training(file.data))


def _undrawn(file: File) -> Undrawn | None:
    return lucidrains.undrawn(file) if lucidrains.recognises(file) else None


def _drawn(card: Card) -> Facts:
    generator = outline(card.network)
    return Facts(
        family=str(card.network.__struct_config__.tag),
        resolution=generator.resolution,
        channels=generator.channels,
        label_size=generator.label_size,
        text=generator.text_size > 0,
        z_dim=generator.z_dim,
        w_dim=generator.w_dim,
        parameters=sum(x.numel() for x in generator.parameters()),
        shapes={name: tuple(x.shape) for name, x in generator.state_dict().items()},
        images=card.images,
        data=card.data,
        licence=card.licence,
        made_by=card.made_by,
        card=card,
    )


def _not_drawn(strange: Undrawn) -> Facts:
    same = {name: getattr(strange, name) for name in ("family", "resolution", "channels", "label_size", "text")}
    sizes = {name: getattr(strange, name) for name in ("z_dim", "w_dim", "parameters", "shapes")}
    return Facts(**same, **sizes, made_by=strange.maker, obstacle=strange.obstacle)


def _own(file: File) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Settings of the training and names of the networks in a file of our own; nothing for safetensors of others."""
    if foreign(file.path):
        return {}, ()
    return training(native.read_header(file.path)), native.holds(file.path)


def _holds(file: File) -> tuple[str, ...]:
    """The names of networks, or of the dictionaries beside the one that is read."""
    found = list(modules.networks(file.data)) or tensorflow_pickles.names(file.data)
    if not found and isinstance(file.data, dict) and held(file):
        found = [str(name) for name, value in file.data.items() if isinstance(value, dict)]
    return tuple(shown(name) for name in found)


def training(data: Any) -> dict[str, Any]:
    """The settings of a training that a file keeps, flat and plain, by dotted names."""
    if not isinstance(data, dict):
        return {}
    given = {name: data[name] for name in SETTINGS if name in data}
    if (p := nvidia_pickles.strength(modules.networks(data))) is not None:
        given["augmentation"] = {"p": p}
    return dict(_flat(given.items(), ""))


def _flat(items: Iterable[tuple[Any, Any]], prefix: str, depth: int = 0) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in items:
        if len(found) >= MOST:
            break
        full = f"{prefix}{shown(str(name))}"
        inner = value.state if isinstance(value, Stub) else value
        if isinstance(inner, dict) and depth < 3:
            found += _flat(inner.items(), f"{full}.", depth + 1)
        elif (plain := _plain(value)) is not None:
            found.append((full, plain))
    return found[:MOST]


def _plain(value: Any) -> Any:
    """A number, a switch or a text; None for all else."""
    if isinstance(value, Tensor | np.generic | np.ndarray):
        value = value.item() if np.prod(value.shape) == 1 else None
    return shown(value) if isinstance(value, str) else value if isinstance(value, bool | int | float) else None
