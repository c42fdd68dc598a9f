"""Small networks that metrics train on a data set, kept beside what else is known of it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from torch import nn

from engine.checkpoints import native
from engine.checkpoints.card import BadCheckpoint

Design = TypeVar("Design", bound=msgspec.Struct)
Network = TypeVar("Network", bound=nn.Module)


def keep(path: Path, network: nn.Module, design: msgspec.Struct) -> None:
    """Writes it, complete or not at all."""
    native.write_tensors(path, {k: v.cpu() for k, v in network.state_dict().items()}, msgspec.to_builtins(design))


def read(path: Path, design: type[Design], build: Callable[[Design], Network]) -> tuple[Network, Design]:
    """One that was kept, to look with only. Raises BadCheckpoint with one sentence."""
    header, tensors = native.read_tensors(path)
    try:
        found = msgspec.convert(header, design)
        network = build(found)
    except (msgspec.ValidationError, ValueError, RuntimeError) as error:
        raise BadCheckpoint(f"{path.name} is no classifier of attributes: {error}") from None
    native.check_layout(path, network.state_dict(), tensors)
    network.load_state_dict(tensors)
    return network.eval().requires_grad_(False), found
