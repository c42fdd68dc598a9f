"""Official StyleGAN3 weights into our networks, and our parameters and layers by their official names."""

from collections.abc import Mapping
from functools import cache

from torch import Tensor, nn

from engine.checkpoints import nvidia3
from engine.checkpoints.nvidia3 import FILTERS, spec_of
from engine.checkpoints.places import layout
from engine.networks.alias_free_layers import AliasFreeLayer, AliasFreeRGB
from engine.networks.fourier import FourierInput
from engine.networks.stylegan3 import StyleGAN3, StyleGAN3Generator

Official = Mapping[str, Tensor]

__all__ = ["Official", "is_filter", "load", "ours", "scopes", "spec_of", "theirs"]


def ours(name: str, spec: StyleGAN3) -> str:
    """Our name of an official tensor. Raises KeyError where we have none."""
    return _names(spec)[name]


@cache
def _names(spec: StyleGAN3) -> dict[str, str]:
    return {nvidia3.theirs(name, spec): name for name in layout(spec)}


def is_filter(name: str) -> bool:
    """Whether a tensor can be told from the spec, so that we do not store it."""
    return name.endswith(FILTERS)


def load(network: StyleGAN3Generator, official: Official) -> StyleGAN3Generator:
    """The network with exactly these weights; anything missing, left over or of another shape rises."""
    network.load_state_dict({ours(name, network.spec): x for name, x in official.items() if not is_filter(name)})
    return network.eval().requires_grad_(False)


def theirs(network: StyleGAN3Generator, official: Official) -> dict[str, nn.Parameter]:
    """Our parameters by their official names."""
    own = dict(network.named_parameters())
    found = {name: ours(name, network.spec) for name in official if not is_filter(name)}
    return {name: own[mine] for name, mine in found.items() if mine in own}


def scopes(network: StyleGAN3Generator) -> dict[str, FourierInput | AliasFreeLayer | AliasFreeRGB]:
    """Our layers by their official names, which hold the number, the size and the feature maps."""
    found: dict[str, FourierInput | AliasFreeLayer | AliasFreeRGB] = {}
    for name, scope in nvidia3.scopes(network.spec).items():
        layer = network.layers[name]
        assert isinstance(layer, FourierInput | AliasFreeLayer | AliasFreeRGB)
        found[f"synthesis.{scope}"] = layer
    return found
