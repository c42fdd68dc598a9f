"""StyleGAN-T (Sauer et al. 2023): pictures of what words say, by residual layers whose styles the words reach directly."""

import math
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from torch import nn

from engine.feature_networks.clip_reader import ClipReader
from engine.feature_networks.reader import Reader

from .discriminators.projected import ProjectedDiscriminator, Projection, projected
from .discriminators.vision import VisionDiscriminator, dino_discriminator
from .filters import Manner
from .generator import Generator
from .modulation import Habit
from .stylegan1 import check_resolution
from .stylegan_t_layers import (
    FIRST,
    BypassedMapping,
    PairConv,
    ResidualConv,
    SecondOrderConv,
    SecondOrderRGB,
    WaveStart,
)

Size = Annotated[int, Meta(ge=1, le=4096)]
CLIP_FEATURES = 768


class StyleGANT(Struct, frozen=True, forbid_unknown_fields=True, tag="stylegan-t", tag_field="family"):
    """Sizes and switches of a StyleGAN-T; the defaults are the paper's lite configuration at 64×64 without words.

    A `clamp` of 0 is none.
    """

    resolution: Annotated[int, Meta(ge=8, le=4096)] = 64
    channels: Annotated[int, Meta(ge=1, le=16)] = 3
    label_size: Annotated[int, Meta(ge=0, le=100_000)] = 0
    """Classes, where it draws those instead of words."""
    text_size: Annotated[int, Meta(ge=0, le=4096)] = 0
    """Numbers of a text's feature; 0: it knows no words."""
    encoder: Annotated[str, Meta(max_length=100)] = ""
    """The network that made the features of texts, with which alone it can be asked for something; own: its reader."""
    reader: Reader | None = None
    """The reader of texts that it carries."""
    tower: ClipReader | None = None
    """The words' half of CLIP, where it carries that one as its reader."""
    z_dim: Size = 64
    mapping_layers: Annotated[int, Meta(ge=1, le=32)] = 2
    mapping_rate: Annotated[float, Meta(gt=0, le=1)] = 0.01
    pairs: Annotated[int, Meta(ge=1, le=16)] = 2
    """A plain and a residual convolution each, at every resolution."""
    feature_base: Annotated[int, Meta(ge=1, le=2**20)] = 32768
    feature_max: Size = 512
    groups: Annotated[int, Meta(ge=1, le=512)] = 32
    """Of feature maps that are normalised together."""
    clamp: Annotated[float, Meta(ge=0)] = 256.0
    judge: Literal["dino", "lite0"] = "dino"
    """Through which frozen network the discriminator looks."""
    judge_dim: Size = 64
    """In which words meet features."""
    projection: Projection = Projection()
    """Sizes of the discriminator that looks through lite0."""

    @property
    def condition(self) -> int:
        """How many numbers say what is asked for. Raises ValueError for both words and classes."""
        if self.label_size and self.text_size:
            raise ValueError("a StyleGAN-T draws either classes or words, not both")
        return self.label_size or self.text_size

    @property
    def carried(self) -> Reader | ClipReader | None:
        """The reader that it carries, of either kind. Raises ValueError for both."""
        if self.reader is not None and self.tower is not None:
            raise ValueError("a StyleGAN-T carries one reader of words, not two")
        return self.reader or self.tower

    @property
    def w_dim(self) -> int:
        return self.z_dim + self.condition

    def features(self, size: int) -> int:
        """How many feature maps there are at size × size."""
        return min(self.feature_base // size, self.feature_max)

    def sizes(self) -> list[int]:
        """All resolutions that it draws through, 8 first."""
        return [2**octave for octave in range(int(math.log2(FIRST)), int(math.log2(self.resolution)) + 1)]

    def build(self) -> Generator:
        """A generator with random weights. Raises ValueError for sizes that do not fit one another."""
        return StyleGANTGenerator(self)

    def build_discriminator(self) -> VisionDiscriminator | ProjectedDiscriminator:
        """The discriminator that trains beside it, with random heads. Raises MissingWeights with one sentence."""
        check_resolution(self.resolution)
        if self.judge == "lite0":
            return projected(self.resolution, self.channels, self.condition, self.projection)
        return dino_discriminator(self.channels, self.condition, self.judge_dim)

    @classmethod
    def paper(cls, resolution: int = 64, full: bool = False, **changes: Any) -> "StyleGANT":
        """The paper's models, lite or full, which read with CLIP ViT-L/14."""
        sizes = {"pairs": 3, "feature_base": 65536, "feature_max": 2048} if full else {}
        return cls(resolution, **{"text_size": CLIP_FEATURES, "encoder": "clip-l14", **sizes, **changes})

    @classmethod
    def tiny(cls, **changes: Any) -> "StyleGANT":
        """The smallest that still has every part, for tests."""
        return cls(
            **{
                "resolution": 16, "z_dim": 8, "pairs": 1, "feature_base": 128, "feature_max": 16, "groups": 4,
                "judge": "lite0", "projection": Projection(64, 4, 8), **changes,
            }
        )  # fmt: skip


class StyleGANTGenerator(Generator):
    """z [N, z_dim] and features of texts or classes → ws [N, rows, z_dim + condition] → picture [N, channels, R, R].

    A toRGB reads the same row as the convolution after it.
    """

    mapping: BypassedMapping

    def __init__(self, spec: StyleGANT):
        super().__init__()
        check_resolution(spec.resolution)
        self.spec = spec
        self.resolution, self.channels, self.label_size = spec.resolution, spec.channels, spec.label_size
        self.text_size, self.encoder = spec.text_size, spec.encoder
        self.reader = spec.carried.build() if spec.carried is not None else None
        self.mapping = BypassedMapping(spec.z_dim, spec.condition, spec.mapping_layers, spec.mapping_rate)
        self.z_dim, self.w_dim = spec.z_dim, spec.w_dim
        self.layers = synthesis_layers(spec)


def synthesis_layers(spec: StyleGANT) -> nn.ModuleDict:
    """All layers in order, each with its row of ws."""
    habit = Habit(spec.w_dim, Manner(clamp=spec.clamp or None))
    layers, row, before = nn.ModuleDict({"input": WaveStart(spec.w_dim, spec.features(FIRST))}), 1, 0
    for size in spec.sizes():
        width = spec.features(size)
        if size > FIRST:
            layers[f"b{size}_up"] = SecondOrderConv(row, size, before, width, habit, up=2)
            row += 1
        for pair in range(spec.pairs):
            layers[f"b{size}_plain{pair}"] = PairConv(row, size, width, habit)
            layers[f"b{size}_residual{pair}"] = ResidualConv(row + 1, size, width, habit, spec.groups)
            row += 2
        layers[f"b{size}_rgb"] = SecondOrderRGB(row, size, width, spec.channels, habit)
        before = width
    return layers
