"""Our own model files: safetensors with a JSON header. Nothing in them can run, and nothing is read before it is bounded."""

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from engine.networks import Generator
from engine.networks.layers import blank
from engine.whole import whole

from .card import BadCheckpoint, Card
from .file import File
from .others import Others

KEY = "latent-explorer"
NETWORKS = ("generator", "discriminator", "average")  # begin the names of tensors where a file holds several
MAX_HEADER = 100 * 2**20
MAX_PARAMETERS = 2**31

N = TypeVar("N", bound=nn.Module)


def identity(generator: Generator) -> str:
    """SHA-256 over names, shapes and float32 values of the generator's tensors, 64 hex digits; device and file do not matter."""
    digest = hashlib.sha256()
    for name, tensor in sorted(generator.state_dict().items()):
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        values = tensor.detach().to("cpu", torch.float32).contiguous().numpy().astype("<f4", copy=False)
        digest.update(values.reshape(-1))
    return digest.hexdigest()


def write(path: Path, generator: Generator, card: Card) -> Card:
    """Writes the model under a temporary name and renames it; gives back the card with identity and level of detail filled in."""
    card = msgspec.structs.replace(card, identity=identity(generator), lod=generator.lod, name=card.name or path.stem)
    tensors = {name: t.detach().cpu().contiguous() for name, t in generator.state_dict().items()}
    write_tensors(path, tensors, msgspec.to_builtins(card))
    return card


def write_all(path: Path, networks: Mapping[str, nn.Module], card: Card, more: Mapping[str, Any]) -> Card:
    """Writes several networks under the names of `NETWORKS`, the average among them, with plain data that `others` reads.

    Raises OSError.
    """
    average = networks["average"]
    assert isinstance(average, Generator)
    card = msgspec.structs.replace(card, identity=identity(average), lod=average.lod, name=card.name or path.stem)
    tensors = {
        f"{name}.{full}": x.detach().cpu().contiguous()
        for name, network in networks.items()
        for full, x in network.state_dict().items()
    }
    write_tensors(path, tensors, {**msgspec.to_builtins(card), **more})
    return card


def recognises(file: File) -> bool:
    """Whatever is no pickle: it is ours, or this format knows best what to say of it."""
    return not file.pickled


def card(file: File) -> Card:
    return read_card(file.path)


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    """Of the average, where there are several networks."""
    return _network(file.path, "average." if "average" in holds(file.path) else "")


def holds(path: Path) -> tuple[str, ...]:
    """The names of the networks in a file that holds several. Raises BadCheckpoint."""
    with _opened(path) as file:
        names = file.keys()
    found = {name.partition(".")[0] for name in names}
    return tuple(name for name in NETWORKS if name in found)


def others(file: File, card: Card) -> Others:
    """The networks beside the average; also of the full state of a training."""
    kept, header = holds(file.path), read_header(file.path)
    generator, discriminator = (
        _network(file.path, f"{name}.") if name in kept and "average" in kept else None
        for name in ("generator", "discriminator")
    )
    augmentation, training_set = header.get("augmentation"), header.get("training_set_kwargs")
    p = augmentation.get("p") if isinstance(augmentation, dict) else None
    strength = float(p) if isinstance(p, int | float) and 0 <= p < math.inf else None
    return Others(generator, discriminator, strength, training_set if isinstance(training_set, dict) else {})


def _network(path: Path, prefix: str) -> dict[str, Tensor]:
    return {name: x.float() if x.is_floating_point() else x for name, x in read_tensors(path, prefix)[1].items()}


def assemble(path: Path, card: Card, tensors: dict[str, Tensor]) -> tuple[Generator, Card]:
    """The network of a card with exactly these tensors, and the card with its identity.

    Raises BadCheckpoint with one sentence; a tensor that is missing, left over or misshapen is named.
    """
    generator = filled(path, card.network.build, tensors)
    generator.lod = card.lod
    found = identity(generator)
    if card.identity not in ("", found):
        raise BadCheckpoint(f"{path.name} is damaged: its tensors are not those that were written")
    card = msgspec.structs.replace(card, identity=found, name=card.name or path.stem)
    return generator, card


def filled(path: Path, build: Callable[[], N], tensors: dict[str, Tensor]) -> N:
    """What `build` makes, with exactly these tensors, ready to be used. Raises BadCheckpoint as `assemble` does."""
    try:
        with blank():
            network = build()
    except (ValueError, RuntimeError) as error:
        raise BadCheckpoint(f"{path.name} describes a network that cannot be built: {error}") from None
    check_layout(path, network.state_dict(), tensors)
    network.load_state_dict(tensors, assign=True)
    network.eval().requires_grad_(False)
    return network


def read_header(path: Path) -> dict[str, Any]:
    """What is said beside the tensors. Raises BadCheckpoint with one sentence."""
    with _opened(path) as file:
        return _header(path, file)


def read_card(path: Path) -> Card:
    """Only the header, without the tensors."""
    with _opened(path) as file:
        return _card(path, _header(path, file))


def check_layout(path: Path, expected: dict[str, Tensor], found: dict[str, Tensor]) -> None:
    """Raises BadCheckpoint that names the first tensor which is missing, left over or has another shape."""
    for name, tensor in expected.items():
        if name not in found:
            raise BadCheckpoint(f"{path.name} lacks the tensor {name}")
        if found[name].shape != tensor.shape:
            raise BadCheckpoint(
                f"{path.name}: {name} is {tuple(found[name].shape)} and should be {tuple(tensor.shape)}"
            )
    for name in found:
        if name not in expected:
            raise BadCheckpoint(f"{path.name} holds a tensor that its network does not have: {name}")


def write_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, Any]) -> None:
    """Tensors and a JSON header as one safetensors file, complete or not there at all."""
    with whole(path) as temporary, temporary.open("wb") as file:  # closed before it is renamed, as Windows asks
        file.write(save(tensors, {KEY: json.dumps(header)}))
        file.flush()
        os.fsync(file.fileno())


def read_tensors(path: Path, prefix: str = "") -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The JSON header, and all tensors whose names begin with `prefix`, without it; copied into memory.

    Raises BadCheckpoint with one sentence.
    """
    with _opened(path) as file:
        header, cut = _header(path, file), len(prefix)
        try:
            names = file.keys()
            return header, {name[cut:]: file.get_tensor(name).clone() for name in names if name.startswith(prefix)}
        except (SafetensorError, OSError, RuntimeError) as error:
            raise BadCheckpoint(f"{path.name} is damaged: {error}") from None


def _opened(path: Path) -> Any:
    try:
        return safe_open(path, framework="pt", device="cpu")
    except FileNotFoundError:
        raise BadCheckpoint(f"there is no file {path}") from None
    except (SafetensorError, OSError, RuntimeError) as error:
        raise BadCheckpoint(f"{path.name} is not a model file, or it is damaged: {error}") from None


def _header(path: Path, file: Any) -> dict[str, Any]:
    text = (file.metadata() or {}).get(KEY)
    if text is None:
        raise BadCheckpoint(f"{path.name} is a safetensors file, but not one of Latent Explorer: its header is missing")
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise BadCheckpoint(f"the header of {path.name} is damaged") from None
    if not isinstance(header, dict):
        raise BadCheckpoint(f"the header of {path.name} is damaged")
    return header


def _card(path: Path, header: dict[str, Any]) -> Card:
    try:
        return msgspec.convert(header, Card)
    except msgspec.ValidationError as error:
        raise BadCheckpoint(f"{path.name} describes a network that is not known here: {error}") from None
