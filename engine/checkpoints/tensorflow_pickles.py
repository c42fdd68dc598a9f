"""Pickles of the official TensorFlow code: ProGAN, StyleGAN and StyleGAN2 networks, of which only the variables are read."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor

from engine.networks import ProGAN, Spec, StyleGAN1, StyleGAN2
from engine.weights import Stub
from engine.weights.refusals import shown

from . import nvidia, tensorflow, tensorflow2
from .card import UNKNOWN_LICENCE, Card
from .file import File
from .places import Place, fill

Arrays = Mapping[str, Any]  # numpy arrays and scalars by their official names

THEANO = "network.Network"  # what ProGAN's first code wrote
ADA = 5  # the version from which on StyleGAN2s are those of its ADA code
CLASSES = ("dnnlib.tflib.network.Network", "tfutil.Network", THEANO)


def recognises(file: File) -> bool:
    return file.pickled and bool(_networks(file.data))


def card(file: File) -> Card:
    generator = _generator(file)
    spec, arrays = _spec(file), _arrays(generator)
    level = 0.0 if isinstance(spec, StyleGAN2) else float(_first(arrays, tensorflow.PROGRESS))
    return Card(spec, name=file.path.stem, lod=level, licence=UNKNOWN_LICENCE, made_by=_maker(spec, generator))


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    spec, generator = card.network, _generator(file)
    variables = {name: _tensor(value) for name, value in _arrays(generator).items() if name not in tensorflow.PROGRESS}
    if isinstance(spec, StyleGAN2):
        return fill(spec, nvidia.places(spec), tensorflow2.official(variables))
    fused = generator.state["static_kwargs"].get("fused_scale")
    table = tensorflow.entries(
        variables,
        spec,
        fused if isinstance(fused, bool) else None,
        outputs_last=generator.name.startswith("dnnlib."),  # StyleGAN's code turned the axes of ProGAN's kernels
    )
    return fill(spec, (Place(entry.theirs, entry.ours, entry.layout.ours) for entry in table), variables)


def _networks(data: Any) -> list[Stub]:
    found = data if isinstance(data, tuple | list) else [data]
    return [network for network in found if isinstance(network, Stub) and network.name in CLASSES]


def _generator(file: File) -> Stub:
    """The last one is the average over training."""
    networks = _networks(file.data)
    if networks[-1].name == THEANO:
        raise ValueError("it was written by ProGAN's first code, for Theano, which this version cannot read yet")
    found = [network for network in networks if not tensorflow.is_discriminator(_arrays(network))]
    if not found:
        raise ValueError("it holds no generator, only a discriminator")
    return found[-1]


def _judge(file: File) -> Stub | None:
    return next((one for one in _networks(file.data) if tensorflow.is_discriminator(_arrays(one))), None)


def _arrays(network: Stub) -> dict[str, Any]:
    return dict(_variables(network))


def _variables(network: Stub, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Its own variables, and those of its components under `G_` and what the component is for."""
    for name, value in network.state["variables"]:
        yield f"{prefix}{name}", value
    for role, part in network.state.get("components", {}).items():
        yield from _variables(part, f"{prefix}G_{role}/")


def _tensor(value: Any) -> Tensor:
    """A numpy array or scalar in memory of its own, in this machine's byte order."""
    array = np.array(value)
    return torch.from_numpy(array.astype(array.dtype.newbyteorder("=")))


def _shapes(arrays: Arrays) -> dict[str, Tensor]:
    """Tensors that have shapes and nothing else."""
    return {name: torch.empty(np.shape(value), device="meta") for name, value in arrays.items()}


def _spec(file: File) -> Spec:
    generator, judge = _generator(file), _judge(file)
    arrays, settings = _arrays(generator), generator.state["static_kwargs"]
    if tensorflow2.is_stylegan2(arrays):
        told = nvidia.told_by(tensorflow2.official(_shapes(arrays)))
        given = tensorflow2.settings_of(settings)
        mapping = {**told["mapping_kwargs"], **given["mapping_kwargs"]}
        return nvidia.spec_of({**told, **given, "mapping_kwargs": mapping})
    alone = tensorflow.spec_of(_shapes(arrays), settings=settings)
    if judge is None:
        return alone
    both = tensorflow.spec_of(_shapes(arrays), _shapes(_arrays(judge)), {**judge.state["static_kwargs"], **settings})
    assert isinstance(both, ProGAN | StyleGAN1)
    assert isinstance(alone, ProGAN | StyleGAN1)
    return both if both.features()[2:] == alone.features()[2:] else alone


def _first(arrays: Arrays, names: tuple[str, ...]) -> Any:
    return next((arrays[name] for name in names if name in arrays), 0.0)


def _maker(spec: Spec, generator: Stub) -> str:
    if isinstance(spec, StyleGAN2):
        return (
            f"NVIDIA {'stylegan2-ada' if generator.state.get('version', 0) >= ADA else 'stylegan2'} TensorFlow pickle"
        )
    family = msgspec.to_builtins(spec)["family"]
    return f"NVIDIA {'stylegan' if family == 'stylegan1' else shown(family)} TensorFlow pickle"
