"""Writes pickles of the layouts of the official code, from tensors under official names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from tests.weights.written import Made, Named, pickled

RESTORE = Named("torch_utils.persistence", "_reconstruct_persistent_obj")
NETWORK = Named("dnnlib.tflib.network", "Network")
SOURCE = "raise RuntimeError('source text is never run')"


def network(tensors: Mapping[str, Tensor], settings: Mapping[str, Any] | None = None, **attributes: Any) -> Made:
    """A network as NVIDIA's PyTorch code pickles it: an object with its source, within it one object for each part."""
    kind = "Generator" if any(name.startswith("synthesis.") for name in tensors) else "Discriminator"
    return persistent(kind, {**_module(tensors), "_init_kwargs": dict(settings or {}), **attributes})


def persistent(kind: str, state: Mapping[str, Any]) -> Made:
    return Made(RESTORE, ({"type": "class", "version": 6, "module_src": SOURCE, "class_name": kind, "state": state},))


def _module(tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    own = {name: tensor for name, tensor in tensors.items() if "." not in name}
    parts: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if "." in name:
            part, rest = name.split(".", 1)
            parts.setdefault(part, {})[rest] = tensor
    modules = {name: persistent("Part", _module(inside)) for name, inside in parts.items()}
    return {"_parameters": own, "_buffers": {}, "_non_persistent_buffers_set": set(), "_modules": modules}


def tensorflow(name: str, settings: Mapping[str, Any], variables: Mapping[str, Tensor], kind: Named = NETWORK) -> Made:
    """A network as NVIDIA's TensorFlow code pickles it, its components under `G_mapping/` and `G_synthesis/`."""
    inside: dict[str, dict[str, Tensor]] = {}
    own = []
    for full, value in variables.items():
        part, _, rest = full.partition("/")
        if part.startswith("G_"):
            inside.setdefault(part, {})[rest] = value
        else:
            own.append((full, value.detach().numpy().copy()))
    components = {part.removeprefix("G_"): tensorflow(part, settings, values) for part, values in inside.items()}
    state = {"version": 3, "name": name, "static_kwargs": dict(settings), "components": components, "variables": own}
    return Made(kind, (), state)


def write(path: Path, content: Any, protocol: int = 4) -> Path:
    path.write_bytes(pickled(content, protocol))
    return path
