"""FastGAN (Liu et al. 2021), as Projected GAN (Sauer et al. 2021) has it: no W, gates instead of styles, noise in every layer."""

from typing import Annotated, Any

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn

from .discriminators.projected import ProjectedDiscriminator, Projection, projected
from .fastgan_layers import EXCITED_FROM, Excitation, GatedConv, Start, ToPicture
from .generator import Generator
from .layers import normal, pixel_norm
from .stylegan1 import check_resolution

Size = Annotated[int, Meta(ge=1, le=4096)]
WIDTHS = {4: 16.0, 8: 8.0, 16: 4.0, 32: 2.0, 64: 2.0, 128: 1.0, 256: 0.5, 512: 0.25, 1024: 0.125}


class FastGAN(Struct, frozen=True, forbid_unknown_fields=True, tag="fastgan", tag_field="family"):
    """Sizes and switches of a FastGAN; the defaults are Projected GAN's at 256×256.

    `features` is the number of feature maps at 128×128. `light` has one convolution a resolution and no noise.
    """

    resolution: Annotated[int, Meta(ge=8, le=1024)] = 256
    channels: Annotated[int, Meta(ge=1, le=16)] = 3
    label_size: Annotated[int, Meta(ge=0, le=100_000)] = 0
    z_dim: Size = 256
    features: Size = 128
    """Feature maps at 128×128; the other resolutions have more or fewer in proportion."""
    light: bool = False
    """One convolution a resolution instead of two, and no noise."""
    judge: Projection = Projection()

    def width(self, resolution: int) -> int:
        """How many feature maps there are at a resolution."""
        return max(int(self.features * WIDTHS[resolution]), 1)

    def build(self) -> Generator:
        """A generator with random weights."""
        return FastGANGenerator(self)

    def build_discriminator(self) -> ProjectedDiscriminator:
        """The discriminator that trains beside it, with random heads. Raises MissingWeights with one sentence."""
        check_resolution(self.resolution)
        return projected(self.resolution, self.channels, self.label_size, self.judge)

    @classmethod
    def tiny(cls, **changes: Any) -> "FastGAN":
        """The smallest that still has every part, for tests."""
        return cls(**{"resolution": 16, "z_dim": 8, "features": 2, "judge": Projection(64, 4, 8), **changes})


class EmbeddedLatent(nn.Module):
    """z [N, z_dim], normalised, and beside it the embedded label [N, z_dim] where there are classes → w."""

    w_avg: Tensor

    def __init__(self, z_dim: int, label_size: int):
        super().__init__()
        self.embedding = nn.Parameter(normal((label_size, z_dim))) if label_size else None
        self.label_size = label_size
        self.register_buffer("w_avg", torch.zeros(z_dim * (2 if label_size else 1)), persistent=False)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        w = pixel_norm(z)
        if self.embedding is None:
            return w
        labels = z.new_zeros(len(z), self.label_size) if labels is None else labels.to(z)
        return torch.cat([w, labels @ self.embedding], 1)


class FastGANGenerator(Generator):
    """z [N, z_dim] and label [N, label_size] → picture [N, channels, R, R].

    Layers that neither draw noise nor heed a label read no row; the others have rows only to have noise of their own.
    """

    mapping: EmbeddedLatent
    has_w = False

    def __init__(self, spec: FastGAN):
        super().__init__()
        check_resolution(spec.resolution)
        self.spec = spec
        self.resolution, self.channels, self.label_size = spec.resolution, spec.channels, spec.label_size
        self.mapping = EmbeddedLatent(spec.z_dim, spec.label_size)
        self.z_dim, self.w_dim = spec.z_dim, self.mapping.w_avg.shape[0]
        self.layers = synthesis_layers(spec)


def synthesis_layers(spec: FastGAN) -> nn.ModuleDict:
    """All layers in order, each with its row where it needs one."""
    layers = nn.ModuleDict({"b4_start": Start(spec.z_dim, spec.width(4), _excites(spec, 4))})
    y_dim = spec.z_dim if spec.label_size else 0
    rows, size = 1, 8
    while size <= spec.resolution:
        lower, width, drawn = spec.width(size // 2), spec.width(size), []
        for number in range(1 if spec.light else 2):
            row = None if spec.light and not y_dim else rows
            rows += 1
            layer = GatedConv(row, size, width if number else lower, width, up=not number, y_dim=y_dim)
            layers[f"b{size}_conv{number}"] = layer
            drawn.append(layer)
        if not spec.light:
            drawn[0].noisy()
            drawn[1].noisy(drawn[0] if y_dim else None)
        drawn[-1].keep = _excites(spec, size)
        if small := size // EXCITED_FROM if 4 * EXCITED_FROM <= size < 1024 else 0:
            layers[f"b{size}_excite"] = Excitation(size, small.bit_length() - 3, spec.width(small), width)
        size *= 2
    layers[f"b{spec.resolution}_rgb"] = ToPicture(spec.resolution, spec.width(spec.resolution), spec.channels)
    return layers


def _excites(spec: FastGAN, size: int) -> bool:
    """Whether a resolution opens the gates of a higher one; the highest of all, 1024, has none."""
    return size * EXCITED_FROM <= min(spec.resolution, 512)
