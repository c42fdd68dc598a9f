"""Every format that a model can be written in, by name and by the file's ending."""

import copy
from collections.abc import Callable
from collections.abc import Generator as Work
from pathlib import Path
from typing import Any

import torch
from torch import nn

from engine.checkpoints import load, native, rosinality2
from engine.checkpoints.ensemble import Ensemble, load_all
from engine.networks import Generator, Spec
from engine.progress import Progress, ended
from engine.whole import whole

from . import graphs, nvidia

Writer = Callable[[Path, Ensemble], list[Path]]


def write_safetensors(path: Path, held: Ensemble) -> list[Path]:
    """Our own format, float32."""
    _write_own(path, held, held.networks)
    return [path]


def write_half(path: Path, held: Ensemble) -> list[Path]:
    """Our own format with numbers of half the size; what is read from it has another identity, since numbers are rounded.

    Raises ValueError where a number is too large for float16.
    """
    rounded = {name: copy.deepcopy(network).half() for name, network in held.networks.items()}
    for network in rounded.values():
        for name, tensor in network.state_dict().items():
            if not torch.isfinite(tensor).all():
                raise ValueError(
                    f"the tensor {name} has numbers beyond 65504, which float16 cannot hold; write float32"
                )
    _write_own(path, held, rounded)
    return [path]


def _write_own(path: Path, held: Ensemble, networks: dict[str, nn.Module]) -> None:
    """The generator alone as it is, several networks by their names."""
    average = networks["average"]
    assert isinstance(average, Generator)
    if len(networks) == 1 and held.p is None:
        native.write(path, average, held.card)
        return
    more: dict[str, Any] = {"training_set_kwargs": held.training_set} if held.training_set else {}
    more |= {} if held.p is None else {"augmentation": {"p": held.p}}
    native.write_all(path, networks, held.card, more)


def write_rosinality(path: Path, held: Ensemble) -> list[Path]:
    """rosinality's StyleGAN2: `g_ema` and `latent_avg` in a file of torch.save."""
    state = {name: tensor.detach().cpu() for name, tensor in held.average.state_dict().items()}
    theirs = rosinality2.to_theirs(state, held.card.network)
    average = theirs.pop(rosinality2.AVERAGE)
    own = {name: tensor.contiguous().clone() for name, tensor in theirs.items()}
    with whole(path) as temporary:
        torch.save({"g_ema": own, rosinality2.AVERAGE: average.clone()}, temporary)
    return [path]


def write_nvidia(path: Path, held: Ensemble) -> list[Path]:
    """A pickle for NVIDIA's own scripts."""
    nvidia.write(path, held)
    return [path]


FORMATS: dict[str, Writer] = {
    "safetensors": write_safetensors,
    "fp16": write_half,
    "rosinality": write_rosinality,
    "nvidia": write_nvidia,
    "onnx": lambda path, held: graphs.write_onnx(path, held.average),
    "pt2": lambda path, held: graphs.write_programs(path, held.average),
}
ENDINGS = {".safetensors": "safetensors", ".pt": "rosinality", ".pkl": "nvidia", ".onnx": "onnx", ".pt2": "pt2"}
NETWORKS = ("generator", "all")
ENTIRE = ("safetensors", "fp16", "nvidia")  # formats that have a place for all networks
WHOLE = ("nvidia",)  # those that hold all where nobody says otherwise


def refusal(format: str, spec: Spec) -> str:
    """Why a network of this spec cannot be written in the format, in a sentence; "" where it can. Nothing is built."""
    if format == "rosinality":
        return rosinality2.refusal(spec)
    if format == "nvidia":
        return nvidia.refusal(spec)
    return graphs.missing() if format == "onnx" else ""


def convert(source: Path, target: Path, format: str = "", networks: str = "") -> list[Path]:
    """Does `converting` at once."""
    return ended(converting(source, target, format, networks))


def converting(source: Path, target: Path, format: str = "", networks: str = "") -> Work[Progress, None, list[Path]]:
    """Writes the model in another format, told by the target's ending where none is named; gives back what was written.

    `networks` are all that the source has or the generator that is drawn; "" is what the format is made for.
    Raises ValueError with one sentence, BadCheckpoint for the source, and OSError.
    """
    chosen = format or ENDINGS.get(target.suffix.lower(), "")
    check(source, target, format, chosen, networks)
    yield Progress(0, 2, f"reading {source.name}")
    if networks == "all" or (not networks and chosen in WHOLE):
        held = load_all(source)
    else:
        generator, card = load(source)
        held = Ensemble(card, generator)
    yield Progress(1, 2, f"writing {target.name}")
    return FORMATS[chosen](target, held)


def check(source: Path, target: Path, format: str, chosen: str, networks: str) -> None:
    """Raises ValueError with one sentence for words that make no sense, before anything is read."""
    if chosen not in FORMATS:
        what = (
            f"there is no format {format!r}" if format else f"{target.name} does not tell by its ending what to write"
        )
        raise ValueError(f"{what}; the formats are {', '.join(FORMATS)}, the endings {', '.join(ENDINGS)}")
    if networks not in ("", *NETWORKS):
        raise ValueError(f"there is no choice of networks {networks!r}; there is {' and '.join(NETWORKS)}")
    if networks == "all" and chosen not in ENTIRE:
        raise ValueError(f"the format {chosen} holds the generator alone; all networks go into {', '.join(ENTIRE)}")
    if target.exists() and source.resolve() == target.resolve():
        raise ValueError(f"{target.name} would be written over itself; name another file")
