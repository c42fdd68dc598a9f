"""The discriminator in a file of rosinality's StyleGAN2 trainer: a residual one, under his names."""

from collections.abc import Iterator

import torch
from torch import Tensor

from engine.networks import StyleGAN2
from engine.networks.filters import fir

from . import nvidia
from .held import Held
from .places import Place, fill, layout_of_judge, same

PARTS = (  # official, his; of a block. His convolutions that shrink stand behind their filter
    ("conv0.weight", "conv1.0.weight"),
    ("conv0.bias", "conv1.1.bias"),
    ("conv1.weight", "conv2.1.weight"),
    ("conv1.bias", "conv2.2.bias"),
    ("skip.weight", "skip.1.weight"),
)
HEAD = (
    ("b4.conv.weight", "final_conv.0.weight"),
    ("b4.conv.bias", "final_conv.1.bias"),
    ("b4.fc.weight", "final_linear.0.weight"),
    ("b4.fc.bias", "final_linear.0.bias"),
    ("b4.out.weight", "final_linear.1.weight"),
    ("b4.out.bias", "final_linear.1.bias"),
)
FILTERS = ("conv2.0.kernel", "skip.0.kernel")


def names(resolution: int) -> Iterator[tuple[str, str]]:
    """Official name and his, of every tensor but the filters."""
    yield f"b{resolution}.fromrgb.weight", "convs.0.0.weight"
    yield f"b{resolution}.fromrgb.bias", "convs.0.1.bias"
    for number, size in enumerate(_sizes(resolution), 1):
        yield from ((f"b{size}.{official}", f"convs.{number}.{his}") for official, his in PARTS)
    yield from HEAD


def weights(judge: Held, spec: StyleGAN2) -> dict[str, Tensor]:
    """Our state dict of his discriminator. Raises ValueError that names what is missing, left over or does not fit."""
    kernel, found = fir(spec.taps), dict(judge)
    for number, _ in enumerate(_sizes(spec.resolution), 1):
        for name in (f"convs.{number}.{part}" for part in FILTERS):
            mine = found.pop(name, kernel)
            if mine.shape != kernel.shape or not torch.allclose(mine.float(), kernel, atol=1e-5):
                raise ValueError(f"the tensor {name} of its discriminator is not the filter that the generator has")
    places = (Place(his, nvidia.ours(official), same) for official, his in names(spec.resolution))
    return fill(spec, places, found, layout_of_judge(spec))


def _sizes(resolution: int) -> list[int]:
    """The resolutions of the blocks, in order."""
    return [resolution >> step for step in range(resolution.bit_length() - 3)]
