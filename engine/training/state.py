"""The full state of a run as one file of tensors: networks, average, optimizers, random states and position. No pickle."""

from pathlib import Path
from typing import Any

import msgspec
import torch
from torch import Tensor

from engine.checkpoints.native import BadCheckpoint, check_layout, read_tensors, write_tensors
from engine.networks import Trainable

from .step import Players

NETWORKS = ("generator", "discriminator", "average")
APART = ("random.cpu", "path_mean")  # tensors of no network

COUNTED = {"step": torch.Size()}  # what torch's Adam keeps beside moments, on the CPU


def save_state(path: Path, players: Players) -> None:
    """Writes everything that the next step depends on, complete or not at all."""
    header = {
        "state": 1,
        "images": players.images,
        "steps": players.steps,
        "lod": players.generator.lod,
        "network": msgspec.to_builtins(players.config.network),
        "optimizer_steps": {name: o.param_groups[0].get("steps", 0) for name, o in players.optimizers.items()},
        "augmentation": players.controller.state(),
        "position": players.position,
    }
    write_tensors(path, _tensors(players), header)


def load_state(path: Path, players: Players) -> None:
    """Puts a state back into players of the same configuration.

    Raises BadCheckpoint with one sentence when the file is of another network or damaged; the players are then unchanged.
    """
    header, tensors = read_tensors(path)
    if not _same(header.get("network"), players.config.network):
        raise BadCheckpoint(f"{path.name} is the state of another network than config.json describes")
    moments = {k: v for k, v in tensors.items() if k.startswith("optimizer.")}
    random = tensors.get("random.cpu")
    rest = {k: v for k, v in tensors.items() if k not in moments and k not in APART}
    check_layout(path, _network_tensors(players), rest)
    if random is None or not isinstance(header.get("images"), int):
        raise BadCheckpoint(f"{path.name} is not the full state of a training")
    for name in NETWORKS:
        _network(players, name).load_state_dict(below(rest, name))
    for name, optimizer in players.optimizers.items():
        _load_moments(players, name, below(moments, f"optimizer.{name}"))
        if "steps" in optimizer.param_groups[0]:
            optimizer.param_groups[0]["steps"] = header["optimizer_steps"][name]
    if "augmentation" in header:  # not in the states of older versions
        players.controller.restore(header["augmentation"])
    players.path_mean = tensors.get("path_mean", torch.zeros(())).to(players.device)
    players.random.set_state(random)
    players.images, players.steps, players.position = header["images"], header["steps"], header.get("position")
    players.generator.lod = players.discriminator.lod = players.average.model.lod = float(header["lod"])


def _same(found: Any, network: Trainable) -> bool:
    """Whether a header speaks of this network; fields that came later than the file have their defaults."""
    try:
        return bool(msgspec.convert(found, type(network)) == network)
    except msgspec.ValidationError:
        return False


def _network(players: Players, name: str) -> Any:
    return players.average.model if name == "average" else getattr(players, name)


def _network_tensors(players: Players) -> dict[str, Tensor]:
    return {f"{name}.{k}": v for name in NETWORKS for k, v in _network(players, name).state_dict().items()}


def _tensors(players: Players) -> dict[str, Tensor]:
    tensors = _network_tensors(players)
    for name, optimizer in players.optimizers.items():
        for key, parameter in _network(players, name).named_parameters():
            for moment, value in optimizer.state.get(parameter, {}).items():
                tensors[f"optimizer.{name}.{moment}.{key}"] = value
    tensors["random.cpu"] = players.random.get_state()
    tensors["path_mean"] = players.path_mean
    return {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}


def _load_moments(players: Players, name: str, moments: dict[str, Tensor]) -> None:
    optimizer = players.optimizers[name]
    optimizer.reset()
    parameters = dict(_network(players, name).named_parameters())
    for key, value in moments.items():
        moment, _, parameter = key.partition(".")
        if parameter not in parameters or value.shape not in (parameters[parameter].shape, COUNTED.get(moment)):
            raise BadCheckpoint(f"the state holds a moment of a tensor that the network does not have: {key}")
        kept = value.clone() if moment in COUNTED else torch.empty_like(parameters[parameter]).copy_(value)
        optimizer.state[parameters[parameter]][moment] = kept


def below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix.`, without it."""
    return {name[len(prefix) + 1 :]: tensor for name, tensor in tensors.items() if name.startswith(f"{prefix}.")}
