"""How StyleGAN-XL grows: a stem of alias-free layers loses its critically sampled ones, and layers for larger pictures follow."""

from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, get_args

import msgspec
from msgspec import Meta, Struct

from .bandlimits import Limits, Passage, Signal, signals

CRITICAL = 2  # layers before toRGB that are critically sampled, and that growing takes away together with toRGB


Factor = Literal[2, 4, 8, 16]
Kernel = Literal[0, 1, 3]
FACTORS: tuple[Factor, ...] = get_args(Factor)


class Rise(Struct, frozen=True, forbid_unknown_fields=True):
    """One growth: how many times larger the pictures become, by how many layers before toRGB."""

    factor: Factor = 2
    layers: Annotated[int, Meta(ge=3, le=64)] = 7
    kernel: Kernel = 0
    """Of the convolutions; 0: the variant's own."""


class Manner(NamedTuple):
    """What the layers of a stage have in common: taps of a convolution and of a filter, how finely the leaky ReLU is sampled."""

    kernel: int
    taps: int
    oversampling: int
    radial: bool


class Stage(NamedTuple):
    """A stem, or a stem with what it grew: every layer but toRGB, and the signal of toRGB."""

    passages: tuple[Passage, ...]
    picture: Signal

    def grown(self, limits: Limits, channels: int, manner: Manner) -> "Stage":
        """Without its critically sampled layers, followed by the layers of other limits; `limits` says cutoff and stopband anew."""
        kept = self.passages[:-CRITICAL]
        last = kept[-1].target
        bounds = msgspec.structs.replace(limits, cutoff=last.cutoff, stopband=last.cutoff + last.half_width)
        carried = signals(bounds, channels)
        carried[0] = msgspec.structs.replace(
            carried[0],
            features=last.features,
            size=last.size,
            rate=last.rate,
            half_width=max(bounds.stopband, last.rate / 2) - last.cutoff,
        )
        return Stage((*kept, *_between(carried, bounds, manner)), carried[-1])


def stem(limits: Limits, channels: int, manner: Manner) -> Stage:
    """The first stage, which draws from the plane of waves."""
    carried = signals(limits, channels)
    return Stage(tuple(_between(carried, limits, manner)), carried[-1])


def _between(carried: list[Signal], limits: Limits, manner: Manner) -> list[Passage]:
    """From each signal to the next, the first to itself; filters are radial only before the critically sampled layers."""
    found = []
    for number, (source, target) in enumerate(pairwise([carried[0], *carried[:-1]])):
        inner = max(source.rate, target.rate) * manner.oversampling
        radial = manner.radial and number < limits.depth - limits.critical
        found.append(Passage(source, target, manner.kernel, inner, manner.taps, radial))
    return found


def with_widths(stage: Stage, widths: tuple[int, ...]) -> Stage:
    """The same with other numbers of feature maps, one for each layer but toRGB."""
    if len(widths) != len(stage.passages):
        raise ValueError(f"{len(widths)} widths are given for {len(stage.passages)} layers")
    found = []
    for passage, before, after in zip(stage.passages, (widths[0], *widths), widths, strict=False):
        source = msgspec.structs.replace(passage.source, features=before)
        target = msgspec.structs.replace(passage.target, features=after)
        found.append(msgspec.structs.replace(passage, source=source, target=target))
    return Stage(tuple(found), stage.picture)
