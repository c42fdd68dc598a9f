"""Our own model files: safetensors with a JSON header. Nothing in them can run, and nothing is read before it is bounded."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from engine.networks import Generator
from engine.networks.layers import blank
from engine.whole import whole

from .card import BadCheckpoint, Card
from .file import File

KEY = "latent-explorer"
MAX_HEADER = 100 * 2**20
MAX_PARAMETERS = 2**31


def identity(generator: Generator) -> str:
    """SHA-256 over names, shapes and float32 values of the generator's tensors, 64 hex digits; device and file do not matter."""
    digest = hashlib.sha256()
    for name, tensor in sorted(generator.state_dict().items()):
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().to("cpu", torch.float32).contiguous().numpy().astype("<f4").tobytes())
    return digest.hexdigest()


def write(path: Path, generator: Generator, card: Card) -> Card:
    """Writes the model under a temporary name and renames it; gives back the card with identity and level of detail filled in."""
    card = msgspec.structs.replace(card, identity=identity(generator), lod=generator.lod, name=card.name or path.stem)
    tensors = {name: t.detach().cpu().contiguous() for name, t in generator.state_dict().items()}
    write_tensors(path, tensors, msgspec.to_builtins(card))
    return card


def recognises(file: File) -> bool:
    """Whatever is no pickle: it is ours, or this format knows best what to say of it."""
    return not file.pickled


def card(file: File) -> Card:
    return read_card(file.path)


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    return {name: x.float() if x.is_floating_point() else x for name, x in read_tensors(file.path)[1].items()}


def read(path: Path) -> tuple[Generator, Card]:
    """The model, in float32 on the CPU, ready to draw. Raises BadCheckpoint as `assemble` does."""
    header, tensors = read_tensors(path)
    return assemble(path, _card(path, header), tensors)


def assemble(path: Path, card: Card, tensors: dict[str, Tensor]) -> tuple[Generator, Card]:
    """The network of a card with exactly these tensors, and the card with its identity.

    Raises BadCheckpoint with one sentence; a tensor that is missing, left over or misshapen is named.
    """
    try:
        with blank():
            generator = card.network.build()
    except (ValueError, RuntimeError) as error:
        raise BadCheckpoint(f"{path.name} describes a network that cannot be built: {error}") from None
    check_layout(path, generator.state_dict(), tensors)
    generator.load_state_dict(tensors, assign=True)
    generator.lod = card.lod
    found = identity(generator)
    if card.identity not in ("", found):
        raise BadCheckpoint(f"{path.name} is damaged: its tensors are not those that were written")
    card = msgspec.structs.replace(card, identity=found, name=card.name or path.stem)
    return generator.eval().requires_grad_(False), card


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


def read_tensors(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The JSON header and all tensors, copied into memory. Raises BadCheckpoint with one sentence."""
    with _opened(path) as file:
        header = _header(path, file)
        try:
            return header, {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
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
