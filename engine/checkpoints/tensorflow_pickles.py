"""Pickles of the official TensorFlow code: ProGAN, StyleGAN and StyleGAN2 networks, of which only the variables are read."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor

from engine.networks import ProGAN, Spec, StyleGAN1, StyleGAN2, Trainable
from engine.weights import Stub
from engine.weights.refusals import shown

from . import nvidia, tensorflow, tensorflow2
from .card import UNKNOWN_LICENCE, Card
from .file import File
from .others import Others
from .places import Place, fill, layout_of_judge

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
    return _weights(_generator(file), card.network)


def others(file: File, card: Card) -> Others:
    """The generator that learnt and its discriminator, which stand before the average."""
    spec, drawn, judge = card.network, _generator(file), _judge(file)
    assert isinstance(spec, Trainable)
    learnt = next(one for one in _networks(file.data) if not _is_judge(one))
    return Others(
        None if learnt is drawn else _weights(learnt, spec), None if judge is None else _judge_weights(judge, spec)
    )


def _judge_weights(judge: Stub, spec: Trainable) -> dict[str, Tensor]:
    variables, shapes = _tensors(judge), layout_of_judge(spec)
    if isinstance(spec, StyleGAN2):
        return nvidia.judge_weights(tensorflow2.official_judge(variables), spec)
    table = tensorflow.entries(variables, spec)
    return fill(spec, (Place(entry.theirs, entry.ours, entry.layout.ours) for entry in table), variables, shapes)


def _weights(generator: Stub, spec: Spec) -> dict[str, Tensor]:
    variables = _tensors(generator)
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


def names(data: Any) -> list[str]:
    """What the official programs call the networks in it: G, D and, for the average, Gs."""
    found = ["D" if _is_judge(one) else "G" for one in _networks(data) if one.name != THEANO]
    return [*found[:-1], "Gs"] if len(found) == 3 else found


def _networks(data: Any) -> list[Stub]:
    found = data if isinstance(data, tuple | list) else [data]
    return [network for network in found if isinstance(network, Stub) and network.name in CLASSES]


def _generator(file: File) -> Stub:
    """The last one is the average over training."""
    networks = _networks(file.data)
    if networks[-1].name == THEANO:
        raise ValueError("it was written by ProGAN's first code, for Theano, which this version cannot read yet")
    found = [network for network in networks if not _is_judge(network)]
    if not found:
        raise ValueError("it holds no generator, only a discriminator")
    return found[-1]


def _judge(file: File) -> Stub | None:
    return next((one for one in _networks(file.data) if _is_judge(one)), None)


def _is_judge(network: Stub) -> bool:
    arrays = _arrays(network)
    return tensorflow.is_discriminator(arrays) or "Output/weight" in arrays


def _tensors(network: Stub) -> dict[str, Tensor]:
    """Its variables, training's progress aside."""
    return {name: _tensor(value) for name, value in _arrays(network).items() if name not in tensorflow.PROGRESS}


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
        beside = None if judge is None else tensorflow2.judge_settings_of(judge.state["static_kwargs"])
        return nvidia.spec_of({**told, **given, "mapping_kwargs": mapping}, beside)
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
