"""Tensors of other programs, each put in the place that our network has for it, with nothing missing and nothing left over."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from engine.networks import Spec, Trainable
from engine.networks.layers import blank
from engine.weights.refusals import shown

from .outline import outline


class Place(NamedTuple):
    """A tensor's name in the file, ours, and how the one becomes the other."""

    theirs: str
    ours: str
    convert: Callable[[Tensor], Tensor]


def same(theirs: Tensor) -> Tensor:
    return theirs


def fill(
    spec: Spec, places: Iterable[Place], found: Mapping[str, Tensor], shapes: Mapping[str, torch.Size] | None = None
) -> dict[str, Tensor]:
    """The state dict of our generator, or of our network with the given `shapes`, in float32 and in memory of its own.

    Raises ValueError that names a tensor which is missing, left over or misshapen, as the file calls it.
    """
    whose, table = "the discriminator of " if shapes else "", {place.theirs: place for place in places}
    shapes = shapes or layout(spec)
    family = f"{whose}a {type(spec).__name__} of resolution {spec.resolution}"
    if missing := [name for name in table if name not in found]:
        raise ValueError(f"{_named(missing)} missing, which {family} needs")
    if strangers := [name for name in found if name not in table]:
        raise ValueError(f"{_named(strangers)} left over: {family} has no place for it")
    return {place.ours: _fitted(place, found[name], shapes[place.ours]) for name, place in table.items()}


def layout(spec: Spec) -> dict[str, torch.Size]:
    """Every tensor of the generator with its shape. Raises ValueError where none can be built."""
    return {name: tensor.shape for name, tensor in outline(spec).state_dict().items()}


def layout_of_judge(spec: Trainable) -> dict[str, torch.Size]:
    """Every tensor of the discriminator with its shape. Raises ValueError where none can be built."""
    with blank():
        return {name: tensor.shape for name, tensor in spec.build_discriminator().state_dict().items()}


def _named(names: list[str]) -> str:
    more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    return f"the tensor {shown(names[0])}{more} is"


def _fitted(place: Place, theirs: Tensor, shape: torch.Size) -> Tensor:
    if not theirs.is_floating_point():
        raise ValueError(f"the tensor {shown(place.theirs)} holds {theirs.dtype}, where weights are needed")
    try:
        value = place.convert(theirs)
    except (RuntimeError, IndexError):  # its axes are too few or too many to be put in order
        value = theirs
    if value.shape != shape:
        raise ValueError(
            f"the tensor {shown(place.theirs)} is {tuple(theirs.shape)}, "
            f"which does not fit where {tuple(shape)} is needed"
        )
    return torch.empty(shape).copy_(value)
