"""A run that begins with the weights of another one, or of any model file of its family, as far as they fit."""

import math
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import structs
from torch import Tensor, nn

from engine import checkpoints
from engine.checkpoints import BadCheckpoint
from engine.checkpoints.ensemble import load_all
from engine.networks import StyleGANT, Trainable

from .config import BlurFade, Config
from .players import Players
from .presets import PRESETS
from .run import Run

ADA_KIMG = 100.0


class Transferred(NamedTuple):
    """How many tensors of how many were taken over."""

    taken: int
    all: int


def transferred(config: Config, path: Path) -> Config:
    """The configuration for a network that is not young any more: no ramp-up, no blur, and augmentation that adapts quickly."""
    ada = structs.replace(config.ada, kimg=min(config.ada.kimg, ADA_KIMG))
    return structs.replace(config, transfer=str(path), ema_rampup=0.0, blur=BlurFade(), ada=ada)


def grown(config: Config, path: Path) -> Config:
    """The configuration whose growth begins at the resolution that the given network has learnt, up to its own.

    At a smaller one it would learn anew what it can, and lose it. Raises BadCheckpoint with one sentence.
    """
    file = newest(path)
    reached = trainable(file).resolution // 2 ** math.ceil(checkpoints.read_card(file).lod)
    initial = max(config.growth.initial, min(reached, config.network.resolution))
    return structs.replace(config, growth=structs.replace(config.growth, initial=initial))


def transfer(path: Path, players: Players) -> Transferred:
    """Copies every tensor that the players have under the same name in the same shape; the others begin as they are.

    From a run's folder, a full state or a file that holds all networks come both and the average; from one that holds the
    generator alone that, for the average too. A StyleGAN-T that grows before lite0 begins with a new discriminator.
    Raises BadCheckpoint with one sentence when the file cannot be read, is of another family, or nothing fits.
    """
    file = newest(path)
    check_kin(file, players.config.network)
    given = _networks(file)
    if _looks_otherwise(trainable(file), players.config.network):
        given.pop("discriminator", None)
    taken = total = 0
    for name, network in _own(players).items():
        if name in given:
            taken += _copy(network, given[name])
            total += len(network.state_dict())
    if not taken:
        raise BadCheckpoint(
            f"no tensor of {file.name} has the size that this run needs; train at its resolution and width"
        )
    return Transferred(taken, total)


def _looks_otherwise(theirs: Trainable, mine: Trainable) -> bool:
    """Whether lite0 would see pictures of another size: a discriminator that knows the old ones throws new layers out at once."""
    judged = isinstance(theirs, StyleGANT) and isinstance(mine, StyleGANT) and mine.judge == "lite0"
    return judged and theirs.resolution != mine.resolution


def newest(path: Path) -> Path:
    """The file itself, or the newest full state, or else model, of a run's folder. Raises BadCheckpoint."""
    if not path.is_dir():
        return path
    files = Run(path).states() or Run(path).snapshots()
    if not files:
        raise BadCheckpoint(f"{path} holds no state and no model to begin with")
    return files[-1]


def check_kin(file: Path, network: Trainable) -> None:
    """Raises BadCheckpoint with one sentence where a file cannot be read or is of another family than the network."""
    theirs, mine = (msgspec.to_builtins(one)["family"] for one in (trainable(file), network))
    if theirs != mine:
        raise BadCheckpoint(f"{file.name} is a {theirs}, and this run trains a {mine}")


def trainable(file: Path) -> Trainable:
    """The network of a file. Raises BadCheckpoint with one sentence where there is none, or one that is only drawn here."""
    network = checkpoints.read_card(file).network
    if not isinstance(network, Trainable):
        family = msgspec.to_builtins(network)["family"]
        raise BadCheckpoint(
            f"{file.name} is a {family}, which is drawn here but cannot be trained: it has no discriminator"
        )
    return network


def preset_like(path: Path) -> str:
    """The preset with the network of a model or run, else of its family with a resolution as near as can be; "" without one.

    Raises BadCheckpoint with one sentence.
    """
    network = structs.replace(trainable(newest(path)), label_size=0)
    kin = {name: known for name, config in PRESETS.items() if isinstance(known := config.network, type(network))}

    def far(name: str) -> tuple[float, int]:
        known = kin[name]
        apart = abs(math.log2(known.resolution / network.resolution))
        return apart, sum(getattr(known, field) != getattr(network, field) for field in known.__struct_fields__)

    return min(kin, key=far, default="")


def _networks(file: Path) -> dict[str, dict[str, Tensor]]:
    """The state dictionaries in a file, by the names of the players' networks."""
    held = load_all(file)
    return {"generator": held.average.state_dict()} | {name: x.state_dict() for name, x in held.networks.items()}


def _own(players: Players) -> dict[str, nn.Module]:
    return {"generator": players.generator, "discriminator": players.discriminator, "average": players.average.model}


def _copy(network: nn.Module, given: dict[str, Tensor]) -> int:
    """How many tensors were copied."""
    own = network.state_dict()
    fitting = {name: x for name, x in given.items() if name in own and own[name].shape == x.shape}
    for name, tensor in fitting.items():
        own[name].copy_(tensor)
    return len(fitting)
