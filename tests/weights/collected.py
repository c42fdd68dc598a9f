"""Gathers the tensors of NVIDIA's object layouts under their official names, as the golden files name them."""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from torch import Tensor

from engine.weights import Stub


def digest(value: Any) -> str:
    """Dtype, shape and the numbers themselves, in a few letters."""
    array = value.detach().contiguous().numpy() if isinstance(value, Tensor) else np.asarray(value)
    return f"{array.dtype} {list(array.shape)} {hashlib.sha256(array.tobytes()).hexdigest()[:16]}"


def of_file(data: Any) -> dict[str, Any]:
    """Every tensor of a training snapshot: a dict of PyTorch modules, or the triple of TensorFlow networks."""
    if isinstance(data, tuple):
        named = zip(("G", "D", "Gs"), data, strict=True)
        return {f"vars/{key}/{name}": value for key, network in named for name, value in _variables(network)}
    networks = {key: value for key, value in data.items() if isinstance(value, Stub)}
    return {f"sd.{key}.{name}": value for key, network in networks.items() for name, value in _tensors(network)}


def _variables(network: Stub, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in network.state["variables"]:
        yield prefix + name, value
    for part in network.state.get("components", {}).values():
        yield from _variables(part, f"{prefix}{part.state['name']}/")


def _tensors(network: Stub, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
    state = network.args[0]["state"] if network.name.endswith("_reconstruct_persistent_obj") else network.state
    for name, tensor in {**state["_parameters"], **state["_buffers"]}.items():
        if tensor is not None and name not in state["_non_persistent_buffers_set"]:
            yield prefix + name, tensor
    for name, part in state["_modules"].items():
        if part is not None:
            yield from _tensors(part, f"{prefix}{name}.")
