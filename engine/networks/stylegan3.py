"""StyleGAN3 (Karras et al. 2021): alias-free layers, in which what is drawn moves (T) or also turns (R) with the picture plane."""

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

import torch
from msgspec import Meta, Struct
from torch import nn

from .alias_free_layers import AliasFreeLayer, AliasFreeRGB
from .bandlimits import Limits, Passage, passages, signals
from .conditioning import ConditionalMapping
from .fourier import FourierInput
from .generator import Generator
from .plane import PlaneGenerator
from .stylegan1 import check_resolution

if TYPE_CHECKING:
    from .discriminators.residual import ResidualDiscriminator

Size = Annotated[int, Meta(ge=1, le=4096)]
Depth = Annotated[int, Meta(ge=0, le=32)]
Rate = Annotated[float, Meta(gt=0, le=1)]
Features = Annotated[int, Meta(ge=1, le=2**20)]


class StyleGAN3(Struct, frozen=True, forbid_unknown_fields=True, tag="stylegan3", tag_field="family"):
    """Sizes and switches of a StyleGAN3; the defaults are configuration T of the paper at 1024×1024, `paper` has both.

    Fields that begin with `judge` are the discriminator's, which is StyleGAN2's. Sizes of 0 follow another. A `clamp` of 0 is none.
    """

    resolution: Annotated[int, Meta(ge=16, le=4096)] = 1024
    variant: Literal["t", "r"] = "t"
    """t: 3×3 convolutions, moves with the plane; r: 1×1 convolutions and radial filters, also turns."""
    channels: Annotated[int, Meta(ge=1, le=16)] = 3
    label_size: Annotated[int, Meta(ge=0, le=100_000)] = 0
    z_dim: Size = 512
    w_dim: Size = 512
    mapping_layers: Depth = 2
    mapping_rate: Rate = 0.01
    feature_base: Features = 32768
    feature_max: Size = 512
    depth: Annotated[int, Meta(ge=2, le=64)] = 14
    """Layers before toRGB."""
    critical: Annotated[int, Meta(ge=1, le=32)] = 2
    """How many of them, before toRGB, are critically sampled."""
    first_cutoff: Annotated[float, Meta(gt=0, le=64)] = 2.0
    first_stopband: Annotated[float, Meta(gt=0, le=64)] = 2.0**2.1
    last_stopband: Annotated[float, Meta(ge=1, le=4)] = 2.0**0.3
    """The stopband of the last layers, in units of their cutoff."""
    margin: Annotated[int, Meta(ge=0, le=64)] = 10
    output_scale: Annotated[float, Meta(gt=0, le=16)] = 0.25
    taps: Annotated[int, Meta(ge=2, le=32)] = 6
    """Of the filters, for each sample at the lower rate."""
    oversampling: Literal[2, 4, 8] = 2
    """How much more finely the leaky ReLU is sampled than its surroundings."""
    clamp: Annotated[float, Meta(ge=0)] = 256.0
    judge_base: Features = 32768
    """How wide the discriminator is: twice as much makes twice as many feature maps, as far as `judge_max` lets it."""
    judge_max: Size = 512
    """A layer of the discriminator has at most so many feature maps."""
    stddev_group: Annotated[int, Meta(ge=0, le=1024)] = 4
    stddev_features: Annotated[int, Meta(ge=0, le=64)] = 1
    judge_dim: Annotated[int, Meta(ge=0, le=4096)] = 0
    judge_mapping_layers: Depth = 8

    @property
    def limits(self) -> Limits:
        """What the schedule of frequencies is made of."""
        return Limits(
            self.resolution,
            self.depth,
            self.critical,
            self.first_cutoff,
            self.first_stopband,
            self.last_stopband,
            self.margin,
            self.feature_base,
            self.feature_max,
        )

    def passages(self) -> list[Passage]:
        """What every layer but the first and toRGB does."""
        kernel, radial = (1, True) if self.variant == "r" else (3, False)
        return passages(self.limits, self.channels, kernel, self.taps, self.oversampling, radial)

    def build(self) -> Generator:
        """A generator with random weights."""
        return StyleGAN3Generator(self)

    def build_discriminator(self) -> "ResidualDiscriminator":
        """The discriminator that trains beside it, with random weights."""
        from .discriminators.residual import JudgeHabit, LabelHabit, ResidualDiscriminator
        from .filters import Manner

        check_resolution(self.resolution)
        octaves = int(math.log2(self.resolution))
        features = [min(self.judge_base // 2**r, self.judge_max) for r in range(octaves + 1)]
        judge = JudgeHabit(Manner(clamp=self.clamp or None), "resnet", self.stddev_group, self.stddev_features)
        labels = LabelHabit(self.label_size, self.judge_dim, depth=self.judge_mapping_layers)
        return ResidualDiscriminator(self.resolution, self.channels, features, judge, labels)

    @classmethod
    def paper(cls, resolution: int = 1024, variant: Literal["t", "r"] = "t", **changes: Any) -> "StyleGAN3":
        """Configuration T or R; R has twice as many feature maps in the generator (section 3.2, R)."""
        widths = {"feature_base": 65536, "feature_max": 1024} if variant == "r" else {}
        return cls(resolution, variant, **{**widths, **changes})

    @classmethod
    def tiny(cls, **changes: Any) -> "StyleGAN3":
        """The smallest that still has every part, for tests."""
        return cls(
            **{
                "resolution": 16, "z_dim": 8, "w_dim": 10, "feature_base": 64, "feature_max": 8, "depth": 5, "margin": 4,
                "judge_base": 64, "judge_max": 8, "judge_mapping_layers": 2, **changes,
            }
        )  # fmt: skip


class StyleGAN3Generator(PlaneGenerator):
    """z [N, z_dim] → ws [N, depth + 2, w_dim] → picture [N, channels, R, R]; its plane can be moved and turned."""

    mapping: ConditionalMapping

    def __init__(self, spec: StyleGAN3):
        super().__init__()
        check_resolution(spec.resolution)
        if spec.critical >= spec.depth:
            raise ValueError(f"{spec.critical} critically sampled layers are too many for {spec.depth} layers in all")
        self.spec = spec
        self.resolution, self.channels, self.label_size = spec.resolution, spec.channels, spec.label_size
        self.mapping = ConditionalMapping(
            spec.z_dim,
            spec.w_dim,
            spec.w_dim,
            spec.mapping_layers,
            spec.label_size,
            spec.w_dim,
            lr_multiplier=spec.mapping_rate,
        )
        self.z_dim, self.w_dim = spec.z_dim, self.mapping.w_avg.shape[0]
        self.layers = synthesis_layers(spec, self.w_dim)


def synthesis_layers(spec: StyleGAN3, w_dim: int) -> nn.ModuleDict:
    """All layers in order: the wave plane, alias-free layers, toRGB; each reads one row of ws."""
    carried = signals(spec.limits, spec.channels)
    layers = nn.ModuleDict({"input": FourierInput(w_dim, carried[0])})
    for number, passage in enumerate(spec.passages()):
        layers[f"l{number}"] = AliasFreeLayer(number + 1, w_dim, passage, spec.clamp or None)
    layers["rgb"] = AliasFreeRGB(spec.depth + 1, w_dim, carried[-2], carried[-1], spec.output_scale, spec.clamp or None)
    return layers


def mixed_precision(generator: PlaneGenerator, highest: int = 4, dtype: torch.dtype = torch.float16) -> None:
    """The `highest` sampling rates compute in half precision, the others in float32 (appendix D.2)."""
    for layer in generator.layers.values():
        if isinstance(layer, AliasFreeLayer | AliasFreeRGB):
            layer.dtype = dtype if layer.rate * 2**highest > generator.resolution else torch.float32
