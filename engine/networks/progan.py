"""ProGAN (Karras, Aila, Laine, Lehtinen 2017): progressive growing, pixel norm, equalized learning rate; no W, no styles."""

import math
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from .discriminators.progressive import ProgressiveDiscriminator
from .generator import Generator
from .mapping import NormalizedLatent
from .progressive import Epilogue, ProgressiveGenerator, features_at, synthesis_layers
from .stylegan1 import check_resolution

Size = Annotated[int, Meta(ge=1, le=4096)]


class ProGAN(Struct, frozen=True, forbid_unknown_fields=True, tag="progan", tag_field="family"):
    """Sizes and switches of a ProGAN; the defaults are those of the paper at 1024×1024.

    `classify` adds AC-GAN class logits to the discriminator; `pool_last` is the unfused variant, whose discriminator
    halves after the activation.
    """

    resolution: Annotated[int, Meta(ge=4, le=4096)] = 1024
    channels: Annotated[int, Meta(ge=1, le=16)] = 3
    label_size: Annotated[int, Meta(ge=0, le=100_000)] = 0
    z_dim: Size = 512
    feature_base: Annotated[int, Meta(ge=1, le=2**20)] = 8192
    feature_decay: Annotated[float, Meta(ge=0.0, le=4.0)] = 1.0
    feature_max: Size = 512
    normalize_latents: bool = True
    classify: bool = True
    """The discriminator also tells classes apart, where there are any (AC-GAN)."""
    pool_last: bool = False
    """The discriminator halves its features after the activation, not within the convolution."""
    stddev_group: Annotated[int, Meta(ge=0, le=1024)] = 4
    """Pictures that minibatch standard deviation compares; 0 or 1 turns it off."""

    def features(self) -> list[int]:
        """How many feature maps a layer at resolution 2^r has, for r = 0, 1, 2, …"""
        octaves = int(math.log2(self.resolution))
        widths = [features_at(r, self.feature_base, self.feature_decay, self.feature_max) for r in range(octaves)]
        return [widths[0], widths[0], *widths[1:]]

    def build(self) -> Generator:
        """A generator with random weights."""
        return ProGANGenerator(self)

    def build_discriminator(self) -> ProgressiveDiscriminator:
        """The discriminator that trains beside it, with random weights."""
        return ProgressiveDiscriminator(
            self.resolution,
            self.channels,
            self.features(),
            self.label_size,
            condition="classify" if self.classify else "none",
            blur=False,
            pool_last=self.pool_last,
            group=self.stddev_group,
        )

    @classmethod
    def tiny(cls, **changes: int) -> "ProGAN":
        """The smallest that still has every part, for tests."""
        sizes = {"resolution": 16, "z_dim": 8, "feature_base": 64, "feature_max": 8}
        return msgspec.convert({"family": "progan", **sizes, **changes}, cls)


class ProGANGenerator(ProgressiveGenerator):
    """z [N, z_dim] and label [N, label_size] → picture [N, channels, R, R]."""

    mapping: NormalizedLatent
    has_w = False

    def __init__(self, spec: ProGAN):
        super().__init__()
        check_resolution(spec.resolution)
        self.spec = spec
        self.resolution, self.channels, self.label_size = spec.resolution, spec.channels, spec.label_size
        self.mapping = NormalizedLatent(spec.z_dim, spec.label_size, spec.normalize_latents)
        self.z_dim, self.w_dim = spec.z_dim, spec.z_dim + spec.label_size
        has = Epilogue(noise=False, styles=False, instance_norm=False, pixel_norm=True, blur=False)
        self.layers = synthesis_layers(spec.resolution, spec.channels, self.w_dim, spec.features(), has, constant=False)
