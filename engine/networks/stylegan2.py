"""StyleGAN2 (Karras et al. 2019) with its ADA refinements (2020): modulated convolutions, no growing, skip, residual or plain."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import torch
from msgspec import Meta, Struct
from torch import nn

from .activations import Name
from .conditioning import ConditionalMapping
from .discriminators.projected import ProjectedDiscriminator, Projection, projected
from .discriminators.residual import Block, JudgeHabit, LabelHabit, ResidualDiscriminator
from .filters import Manner
from .generator import Generator
from .modulation import Habit, StyledConv, ToRGB
from .stylegan1 import check_resolution

Size = Annotated[int, Meta(ge=1, le=4096)]
Depth = Annotated[int, Meta(ge=0, le=32)]
Rate = Annotated[float, Meta(gt=0, le=1)]
Architecture = Literal["skip", "resnet", "orig"]


class StyleGAN2(Struct, frozen=True, forbid_unknown_fields=True, tag="stylegan2", tag_field="family"):
    """Sizes and switches of a StyleGAN2; the defaults are configuration F of the paper's table 1 at 1024×1024.

    Fields that begin with `judge` are the discriminator's. Sizes of 0 follow another: `mapping_dim` and `embedding` are `w_dim`,
    `judge_dim`, in which labels meet features, is the width at 4×4. A `clamp` of 0 is none; it matters in half precision.
    """

    resolution: Annotated[int, Meta(ge=4, le=4096)] = 1024
    channels: Annotated[int, Meta(ge=1, le=16)] = 3
    label_size: Annotated[int, Meta(ge=0, le=100_000)] = 0
    z_dim: Size = 512
    w_dim: Size = 512
    mapping_dim: Annotated[int, Meta(ge=0, le=4096)] = 0
    """Features of the mapping network between its layers; 0: as many as `w_dim`."""
    mapping_layers: Depth = 8
    mapping_rate: Rate = 0.01
    mapping_activation: Name = "lrelu"
    embedding: Annotated[int, Meta(ge=0, le=4096)] = 0
    """Numbers that a label becomes before the mapping network reads it; 0: as many as `w_dim`."""
    feature_base: Annotated[int, Meta(ge=1, le=2**20)] = 32768
    feature_max: Size = 512
    architecture: Architecture = "skip"
    """How the generator comes to its picture. skip: a toRGB at every resolution adds to it; resnet: blocks with a way past them;
    orig: one toRGB at the end."""
    judge_architecture: Architecture = "resnet"
    """How the discriminator takes its picture in, by the same names."""
    taps: Annotated[tuple[float, ...], Meta(min_length=1, max_length=64)] = (1.0, 3.0, 3.0, 1.0)
    activation: Name = "lrelu"
    noise: bool = True
    clamp: Annotated[float, Meta(ge=0)] = 256.0
    stddev_group: Annotated[int, Meta(ge=0, le=1024)] = 4
    """Pictures that minibatch standard deviation compares; 0: all of a batch."""
    stddev_features: Annotated[int, Meta(ge=0, le=64)] = 1
    """Feature maps that it adds; 0 turns it off."""
    judge_dim: Annotated[int, Meta(ge=0, le=4096)] = 0
    judge_embedding: Annotated[int, Meta(ge=0, le=4096)] = 0
    """Numbers that a label becomes before the discriminator's mapping network reads it; 0: as many as `judge_dim`."""
    judge_mapping_dim: Annotated[int, Meta(ge=0, le=4096)] = 0
    """Features of that mapping network between its layers; 0: as many as `judge_dim`."""
    judge_mapping_layers: Depth = 8
    judge_mapping_rate: Rate = 0.01
    """How fast it learns: its part of the learning rate."""
    projection: Projection | None = None
    """Where there are sizes for it, a projected discriminator (Sauer et al. 2021) takes the place of the other."""

    @property
    def manner(self) -> Manner:
        """What all convolutions of both networks share."""
        return Manner(self.taps, self.activation, self.clamp or None)

    def features(self) -> list[int]:
        """How many feature maps a layer at resolution 2^r has, for r = 0, 1, 2, …"""
        return [min(self.feature_base // 2**r, self.feature_max) for r in range(int(math.log2(self.resolution)) + 1)]

    def build(self) -> Generator:
        """A generator with random weights."""
        return StyleGAN2Generator(self)

    def build_discriminator(self) -> ResidualDiscriminator | ProjectedDiscriminator:
        """The discriminator that trains beside it, with random weights. Raises MissingWeights with one sentence."""
        check_resolution(self.resolution)
        if self.projection is not None:
            return projected(self.resolution, self.channels, self.label_size, self.projection)
        judge = JudgeHabit(self.manner, self.judge_architecture, self.stddev_group, self.stddev_features)
        labels = LabelHabit(
            self.label_size,
            self.judge_dim,
            self.judge_embedding,
            self.judge_mapping_dim,
            self.judge_mapping_layers,
            self.judge_mapping_rate,
        )
        return ResidualDiscriminator(self.resolution, self.channels, self.features(), judge, labels)

    @classmethod
    def tiny(cls, **changes: Any) -> "StyleGAN2":
        """The smallest that still has every part, for tests."""
        return cls(
            **{
                "resolution": 16, "z_dim": 8, "w_dim": 10, "mapping_dim": 12, "mapping_layers": 2, "embedding": 6,
                "feature_base": 64, "feature_max": 8, "judge_mapping_layers": 2, **changes,
            }
        )  # fmt: skip


class StyleGAN2Generator(Generator):
    """z [N, z_dim] → ws [N, 2 log2(R) - 2, w_dim] → picture [N, channels, R, R].

    A toRGB reads the same row as the convolution after it.
    """

    mapping: ConditionalMapping

    def __init__(self, spec: StyleGAN2):
        super().__init__()
        check_resolution(spec.resolution)
        self.spec = spec
        self.resolution, self.channels, self.label_size = spec.resolution, spec.channels, spec.label_size
        self.mapping = ConditionalMapping(
            spec.z_dim,
            spec.w_dim,
            spec.mapping_dim or spec.w_dim,
            spec.mapping_layers,
            spec.label_size,
            spec.embedding or spec.w_dim,
            spec.mapping_activation,
            spec.mapping_rate,
        )
        self.z_dim, self.w_dim = spec.z_dim, self.mapping.w_avg.shape[0]
        self.layers = synthesis_layers(spec, self.w_dim)

    def levels(self) -> Mapping[int, int]:
        if self.spec.architecture != "skip":
            return {}
        doubled = {f"b{2**level}_conv0" for level in range(3, int(math.log2(self.resolution)))}
        return {
            steps: step.layer.resolution
            for steps, step in enumerate(self.steps(), 1)
            if step.name in doubled or (isinstance(step.layer, ToRGB) and step.layer.resolution < self.resolution)
        }


def synthesis_layers(spec: StyleGAN2, w_dim: int) -> nn.ModuleDict:
    """All layers in order, each with its row of ws."""
    habit = Habit(w_dim, spec.manner, spec.noise)
    features, layers, row = spec.features(), nn.ModuleDict(), 0
    octaves = int(math.log2(spec.resolution))
    residual = spec.architecture == "resnet"
    for level in range(2, octaves + 1):
        size, lower, width = 2**level, features[level - 1], features[level]
        if level == 2:
            layers["b4_conv1"] = StyledConv(row, size, width, width, habit)
        else:
            layers[f"b{size}_conv0"] = StyledConv(row, size, lower, width, habit, up=2, keep=residual)
            row += 1
            layers[f"b{size}_conv1"] = StyledConv(row, size, width, width, habit, skip=lower if residual else 0)
        row += 1
        if spec.architecture == "skip" or level == octaves:
            layers[f"b{size}_rgb"] = ToRGB(row, size, width, spec.channels, habit)
    return layers


def mixed_precision(network: nn.Module, highest: int, dtype: torch.dtype = torch.float16) -> None:
    """The `highest` resolutions compute in half precision, never 4×4, the others in float32 (StyleGAN2-ADA 2020, appendix)."""
    layers = [module for module in network.modules() if isinstance(module, StyledConv | ToRGB | Block)]
    threshold = max(max(layer.resolution for layer in layers) * 2 // 2**highest, 8)
    for layer in layers:
        layer.dtype = dtype if layer.resolution >= threshold else torch.float32
