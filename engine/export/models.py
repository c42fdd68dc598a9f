"""Every format that a model can be written in, by name and by the file's ending."""

import copy
from collections.abc import Callable
from pathlib import Path

import torch

from engine.checkpoints import Card, load, native, rosinality2
from engine.networks import Generator
from engine.whole import whole

from . import graphs, nvidia

Writer = Callable[[Path, Generator, Card], list[Path]]


def write_safetensors(path: Path, generator: Generator, card: Card) -> list[Path]:
    """Our own format, float32."""
    native.write(path, generator, card)
    return [path]


def write_half(path: Path, generator: Generator, card: Card) -> list[Path]:
    """Our own format with numbers of half the size; what is read from it has another identity, since numbers are rounded.

    Raises ValueError where a number is too large for float16.
    """
    rounded = copy.deepcopy(generator).half()
    for name, tensor in rounded.state_dict().items():
        if not torch.isfinite(tensor).all():
            raise ValueError(f"the tensor {name} has numbers beyond 65504, which float16 cannot hold; write float32")
    native.write(path, rounded, card)
    return [path]


def write_rosinality(path: Path, generator: Generator, card: Card) -> list[Path]:
    """rosinality's StyleGAN2: `g_ema` and `latent_avg` in a file of torch.save."""
    state = {name: tensor.detach().cpu() for name, tensor in generator.state_dict().items()}
    theirs = rosinality2.to_theirs(state, card.network)
    average = theirs.pop(rosinality2.AVERAGE)
    own = {name: tensor.contiguous().clone() for name, tensor in theirs.items()}
    with whole(path) as temporary:
        torch.save({"g_ema": own, rosinality2.AVERAGE: average.clone()}, temporary)
    return [path]


def write_nvidia(path: Path, generator: Generator, card: Card) -> list[Path]:
    """A pickle for NVIDIA's own scripts."""
    nvidia.write(path, generator)
    return [path]


FORMATS: dict[str, Writer] = {
    "safetensors": write_safetensors,
    "fp16": write_half,
    "rosinality": write_rosinality,
    "nvidia": write_nvidia,
    "onnx": lambda path, generator, card: graphs.write_onnx(path, generator),
    "pt2": lambda path, generator, card: graphs.write_programs(path, generator),
}
ENDINGS = {".safetensors": "safetensors", ".pt": "rosinality", ".pkl": "nvidia", ".onnx": "onnx", ".pt2": "pt2"}


def convert(source: Path, target: Path, format: str = "") -> list[Path]:
    """Writes the model in another format, told by the target's ending where none is named; gives back what was written.

    Raises ValueError with one sentence, BadCheckpoint for the source, and OSError.
    """
    chosen = format or ENDINGS.get(target.suffix.lower(), "")
    if chosen not in FORMATS:
        what = (
            f"there is no format {format!r}" if format else f"{target.name} does not tell by its ending what to write"
        )
        raise ValueError(f"{what}; the formats are {', '.join(FORMATS)}, the endings {', '.join(ENDINGS)}")
    if target.exists() and source.resolve() == target.resolve():
        raise ValueError(f"{target.name} would be written over itself; name another file")
    generator, card = load(source)
    return FORMATS[chosen](target, generator, card)
