"""StyleGAN (Karras, Laine, Aila 2018): a mapping network, a learned constant, AdaIN, noise inputs and progressive growing."""

import math
from typing import Annotated

import msgspec
import torch
from msgspec import Meta, Struct

from .discriminators.progressive import ProgressiveDiscriminator
from .generator import Generator
from .mapping import Mapping
from .progressive import Epilogue, ProgressiveGenerator, features_at, synthesis_layers

Size = Annotated[int, Meta(ge=1, le=4096)]


class StyleGAN1(Struct, frozen=True, forbid_unknown_fields=True, tag="stylegan1", tag_field="family"):
    """Sizes and switches of a StyleGAN; the defaults are configuration F of the paper's table 1 at 1024×1024."""

    resolution: Annotated[int, Meta(ge=4, le=4096)] = 1024
    channels: Annotated[int, Meta(ge=1, le=16)] = 3
    label_size: Annotated[int, Meta(ge=0, le=100_000)] = 0
    z_dim: Size = 512
    w_dim: Size = 512
    mapping_dim: Size = 512
    mapping_layers: Annotated[int, Meta(ge=0, le=32)] = 8
    feature_base: Annotated[int, Meta(ge=1, le=2**20)] = 8192
    feature_decay: Annotated[float, Meta(ge=0.0, le=4.0)] = 1.0
    feature_max: Size = 512
    normalize_latents: bool = True
    constant_input: bool = True
    noise: bool = True
    styles: bool = True
    instance_norm: bool = True
    pixel_norm: bool = False
    blur: bool = True
    equalize: bool = True
    relu: bool = False
    bias_before_blur: bool = False
    """Biases of up-sampling layers join before the blur and the noise, as in rosinality's program."""
    norm_epsilon: Annotated[float, Meta(gt=0, le=1)] = 1e-8
    stddev_group: Annotated[int, Meta(ge=0, le=1024)] = 4
    """Pictures that minibatch standard deviation compares; 0 or 1 turns it off."""
    stddev_features: Annotated[int, Meta(ge=1, le=64)] = 1
    """Feature maps that it adds."""

    def features(self) -> list[int]:
        """How many feature maps a layer at resolution 2^r has, for r = 0, 1, 2, …; below 4×4 r means the head's widths."""
        octaves = int(math.log2(self.resolution))
        widths = [features_at(r, self.feature_base, self.feature_decay, self.feature_max) for r in range(octaves)]
        return [widths[0], widths[0], *widths[1:]]

    def build(self) -> Generator:
        """A generator with random weights."""
        return StyleGAN1Generator(self)

    def build_discriminator(self) -> ProgressiveDiscriminator:
        """The discriminator that trains beside it, with random weights."""
        return ProgressiveDiscriminator(
            self.resolution,
            self.channels,
            self.features(),
            self.label_size,
            condition="select",
            blur=self.blur,
            group=self.stddev_group,
            statistics=self.stddev_features,
            equalize=self.equalize,
            relu=self.relu,
        )

    @classmethod
    def tiny(cls, **changes: int) -> "StyleGAN1":
        """The smallest that still has every part, for tests."""
        sizes = {"resolution": 16, "z_dim": 8, "w_dim": 10, "mapping_dim": 12, "mapping_layers": 2}
        return msgspec.convert({"family": "stylegan1", **sizes, "feature_base": 64, "feature_max": 8, **changes}, cls)


class StyleGAN1Generator(ProgressiveGenerator):
    """z [N, z_dim] → picture [N, channels, R, R]; see `ProgressiveGenerator` for `lod`."""

    mapping: Mapping

    def __init__(self, spec: StyleGAN1):
        super().__init__()
        check_resolution(spec.resolution)
        self.spec = spec
        self.resolution, self.channels, self.label_size = spec.resolution, spec.channels, spec.label_size
        self.mapping = Mapping(
            spec.z_dim,
            spec.w_dim,
            spec.mapping_dim,
            spec.mapping_layers,
            spec.label_size,
            spec.normalize_latents,
            spec.relu,
            spec.equalize,
        )
        self.z_dim, self.w_dim = spec.z_dim, self.mapping.w_avg.shape[0]
        has = Epilogue(
            spec.noise, spec.styles, spec.instance_norm, spec.pixel_norm, spec.blur, spec.equalize, spec.relu,
            spec.bias_before_blur, spec.norm_epsilon,
        )  # fmt: skip
        self.layers = synthesis_layers(
            spec.resolution, spec.channels, self.w_dim, spec.features(), has, spec.constant_input
        )


def check_resolution(resolution: int) -> None:
    """Raises ValueError unless the resolution is a power of two of at least 4."""
    if resolution < 4 or not math.log2(resolution).is_integer():
        raise ValueError(f"the resolution {resolution} is not a power of two of at least 4, such as 64, 128 or 256")


def one_hot(labels: torch.Tensor, size: int) -> torch.Tensor:
    """Class numbers [N] → [N, size] of 0 and 1, float32."""
    return torch.nn.functional.one_hot(labels, size).float()
