"""What files of published transformers wrap their tensors in: training states, names of modules around the network."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.weights import BadWeights, Forbidden, read
from engine.weights.refusals import shown

from .published import MissingWeights, Published

WRAPPERS = ("model", "state_dict", "teacher", "model_state_dict", "params")  # the first that holds tensors
AROUND = ("module.", "backbone.", "model.")  # names of modules around the network, in this order


def published(path: Path | None, source: Published) -> dict[str, Tensor]:
    """All tensors of a file by their names in the network itself, in float32. Nothing in it can run.

    Raises MissingWeights where there is no file, and BadWeights, with one sentence each.
    """
    if path is None or not path.is_file():
        where = f"there is no file {path}" if path is not None else f"{source.file} is not here"
        raise MissingWeights(
            f"{where}; {source.file} ({source.megabytes:.0f} MB, {source.licence}) is published at {source.address}"
        )
    found = _held(path)
    for around in AROUND:
        if found and all(name.startswith(around) for name in found):
            found = {name.removeprefix(around): x for name, x in found.items()}
    return {name: x.float() if x.is_floating_point() else x for name, x in found.items()}


def _held(path: Path) -> dict[str, Tensor]:
    try:
        value = read(path)
    except Forbidden as error:
        if "code/" in str(error):
            raise BadWeights(
                f"{shown(path.name)} is a program of TorchScript, which is not run here; open it with torch.jit.load once, and "
                f"save its state_dict() with torch.save"
            ) from None
        raise
    for name in WRAPPERS:
        if isinstance(value, Mapping) and isinstance(value.get(name), Mapping):
            value = value[name]
            break
    found = {str(name): x for name, x in value.items() if isinstance(x, Tensor)} if isinstance(value, Mapping) else {}
    if not found:
        raise BadWeights(f"{shown(path.name)} holds no tensors by name")
    return found


def fitted(network: nn.Module, weights: Mapping[str, Tensor], file: str, unused: Sequence[str] = ()) -> None:
    """Puts exactly these weights into the network; those that begin with a name in `unused` may be left over.

    Raises BadWeights that names what is missing, left over or misshapen.
    """
    places = network.state_dict()
    for name, place in places.items():
        if name not in weights:
            raise BadWeights(f"{shown(file)} lacks the tensor {name}")
        if weights[name].shape != place.shape:
            raise BadWeights(
                f"{shown(file)}: {name} is {tuple(weights[name].shape)}, where {tuple(place.shape)} belongs"
            )
    for name in weights:
        if name not in places and not name.startswith(tuple(unused)):
            raise BadWeights(f"{shown(file)} holds a tensor that the network does not have: {shown(name)}")
    with torch.no_grad():
        network.load_state_dict({name: weights[name] for name in places})
    network.eval().requires_grad_(False)
