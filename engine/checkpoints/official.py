"""The official PyTorch names and layouts of every family, in one place."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from torch import Tensor

from engine.networks import FastGAN, Spec, StyleGAN2, StyleGAN3, StyleGANT, StyleGANXL

from . import nvidia, nvidia3, nvidia_t, nvidia_xl, projected
from .places import Place, fill


class Names(Protocol):
    """What knows the official tensors of a family."""

    def places(self, spec: Any) -> Iterator[Place]:
        """Where every official tensor of a generator belongs."""

    def weights(self, official: Mapping[str, Tensor], spec: Any) -> Mapping[str, Tensor]:
        """All of them but what follows from the settings. Raises ValueError where that is not what they say."""


FAMILIES: dict[type[Spec], Names] = {
    StyleGAN2: nvidia, StyleGAN3: nvidia3, StyleGANXL: nvidia_xl, StyleGANT: nvidia_t, FastGAN: projected,
}  # fmt: skip


def filled(official: Mapping[str, Tensor], spec: Spec) -> dict[str, Tensor]:
    """Our state dict of a generator. Raises ValueError that names what is missing, left over or misshapen."""
    names = FAMILIES[type(spec)]
    return fill(spec, names.places(spec), names.weights(official, spec))
