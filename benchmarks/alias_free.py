"""How long StyleGAN3's filtered leaky ReLU and whole pictures of it take at 256², on a processor."""

from collections.abc import Iterator
from typing import Literal

import torch
from torch import Tensor

from engine.networks.alias_free_layers import AliasFreeLayer, activation
from engine.networks.bandlimits import Passage
from engine.networks.layers import channels_last, pack
from engine.networks.stylegan3 import StyleGAN3, StyleGAN3Generator

from . import straightforward
from .record import Record, alternating

RESOLUTION = 256
BASE: dict[Literal["t", "r"], int] = {
    "t": 16384,
    "r": 32768,
}  # half the feature maps, as in the paper's comparisons at 256²
LAYERS = (6, 10, 11, 13)  # rate kept, rate doubled, the slowest, critically sampled and cut to size
ROUNDS, PICTURES = 3, 1
CLOSE = 1e-4  # both must draw the same


@torch.inference_mode()
def measure() -> Iterator[Record]:
    """Yardstick: the same on the same machine as the paper writes it down, with zeros between pixels. Asked for: a ratio of 0.2."""
    torch.manual_seed(0)
    for variant in BASE:
        spec = StyleGAN3.paper(RESOLUTION, variant, feature_base=BASE[variant])
        for number in LAYERS:
            yield _activation(f"{variant.upper()}, leaky ReLU of layer {number}", spec.passages()[number], spec.clamp)
        yield _picture(f"{variant.upper()}, whole picture", spec)


def _activation(case: str, passage: Passage, clamp: float) -> Record:
    work, side = activation(passage, clamp), passage.source.size + passage.kernel - 1
    x = torch.randn(1, passage.target.features, side, side)
    _check(work(x), straightforward.activated(x, work))
    ours, theirs = alternating(lambda: work(x), lambda: straightforward.activated(x, work), ROUNDS)
    return _record(case, ours, theirs)


def _picture(case: str, spec: StyleGAN3) -> Record:
    """The convolutions and the rest included; ours with its weights packed, as models are opened."""
    generator = spec.build().eval()
    assert isinstance(generator, StyleGAN3Generator)
    ws = generator.broadcast(generator.mapping(torch.randn(1, generator.z_dim)))
    plain: list[Tensor] = []
    pack(channels_last(generator))
    ours, theirs = alternating(
        lambda: generator.synthesize(ws), lambda: plain.append(straightforward.drawn(generator, ws)), PICTURES
    )
    _check(generator.synthesize(ws), plain[0])
    return _record(f"{case}, {_maps(generator)} maps", ours, theirs)


def _maps(generator: StyleGAN3Generator) -> int:
    """Feature maps of all layers together."""
    layers = generator.named_layers().values()
    return sum(layer.passage.target.features for layer in layers if isinstance(layer, AliasFreeLayer))


def _check(ours: Tensor, theirs: Tensor) -> None:
    off = straightforward.apart(ours, theirs)
    if off > CLOSE:
        raise ValueError(f"both ways should draw the same, and are {off:.1e} apart")


def _record(case: str, ours: float, theirs: float) -> Record:
    return Record("alias_free", case, ours * 1e3, "ms", theirs * 1e3, "straightforward")
