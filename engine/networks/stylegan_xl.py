"""StyleGAN-XL (Sauer et al. 2022): a StyleGAN3 for many classes, which grows from a stem by stages of super-resolution."""

import math
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, structs
from torch import nn

from .alias_free_layers import AliasFreeLayer, AliasFreeRGB
from .bandlimits import Limits
from .class_mapping import ClassMapping
from .discriminators.projected import Projection
from .discriminators.projected_xl import ManyViews, ViewHabit, many_views
from .fourier import FourierInput
from .generator import Generator
from .plane import PlaneGenerator
from .stylegan1 import check_resolution
from .superresolution import CRITICAL, Kernel, Manner, Rise, Stage, stem, with_widths

Size = Annotated[int, Meta(ge=1, le=4096)]
Features = Annotated[int, Meta(ge=1, le=2**20)]
SMALLEST = 8  # pixels a side of a stem


class StyleGANXL(Struct, frozen=True, forbid_unknown_fields=True, tag="stylegan-xl", tag_field="family"):
    """Sizes and switches of a StyleGAN-XL; the defaults are a stem of the paper, `paper` has its stages. A `clamp` of 0 is none."""

    resolution: Annotated[int, Meta(ge=8, le=4096)] = 16
    """Of the pictures after all stages."""
    variant: Literal["t", "r"] = "t"
    """t: 3×3 convolutions, moves with the plane; r: 1×1 convolutions and radial filters, also turns."""
    stages: Annotated[tuple[Rise, ...], Meta(max_length=8)] = ()
    """What the stem grew, one after another."""
    channels: Annotated[int, Meta(ge=1, le=16)] = 3
    label_size: Annotated[int, Meta(ge=0, le=100_000)] = 0
    z_dim: Size = 64
    w_dim: Size = 512
    mapping_layers: Annotated[int, Meta(ge=1, le=32)] = 2
    mapping_rate: Annotated[float, Meta(gt=0, le=1)] = 0.01
    table_rows: Annotated[int, Meta(ge=1, le=100_000)] = 1000
    """Of the table of classes, which may be more than there are labels; the table is there only with labels."""
    table_features: Size = 320
    """Numbers that the table of classes has for each class."""
    feature_base: Features = 65536
    feature_max: Size = 1024
    widths: Annotated[tuple[Size, ...], Meta(max_length=512)] = ()
    """Feature maps of every layer before toRGB, where they do not follow from base and max."""
    depth: Annotated[int, Meta(ge=3, le=64)] = 10
    """Layers of the stem before toRGB."""
    kernel: Kernel = 0
    """Of the stem's convolutions; 0: the variant's own."""
    first_cutoff: Annotated[float, Meta(gt=0, le=64)] = 2.0
    first_stopband: Annotated[float, Meta(gt=0, le=64)] = 2.0**2.1
    last_stopband: Annotated[float, Meta(ge=1, le=4)] = 2.0**0.3
    """The stopband of the last layers, in units of their cutoff."""
    margin: Annotated[int, Meta(ge=0, le=64)] = 10
    output_scale: Annotated[float, Meta(gt=0, le=16)] = 0.25
    taps: Annotated[int, Meta(ge=2, le=32)] = 6
    oversampling: Literal[2, 4, 8] = 2
    clamp: Annotated[float, Meta(ge=0)] = 256.0
    judge: Projection = Projection()
    judge_dim: Size = 64
    """In which classes meet the features of a head."""
    views: Annotated[tuple[Literal["deit", "lite0"], ...], Meta(min_length=1, max_length=2)] = ("lite0",)
    """The frozen networks through which the discriminator looks; the paper has both."""

    @property
    def stem_resolution(self) -> int:
        """Pixels a side of the stem's pictures. Raises ValueError where the stages leave none."""
        size, left = divmod(self.resolution, math.prod(rise.factor for rise in self.stages))
        if left or size < SMALLEST:
            raise ValueError(
                f"{self.resolution} pixels cannot be reached by these stages from a stem of {SMALLEST} or more"
            )
        return size

    def layout(self) -> Stage:
        """Every layer, from the stem through all stages."""
        size = self.stem_resolution
        found = stem(self._limits(size, self.depth), self.channels, self._manner(self.kernel))
        for rise in self.stages:
            size *= rise.factor
            found = found.grown(self._limits(size, rise.layers), self.channels, self._manner(rise.kernel))
        return with_widths(found, self.widths) if self.widths else found

    def _limits(self, resolution: int, depth: int) -> Limits:
        return Limits(
            resolution,
            depth,
            CRITICAL,
            self.first_cutoff,
            self.first_stopband,
            self.last_stopband,
            self.margin,
            self.feature_base,
            self.feature_max,
        )

    def _manner(self, kernel: int) -> Manner:
        own = 1 if self.variant == "r" else 3
        return Manner(kernel or own, self.taps, self.oversampling, self.variant == "r")

    def kept(self) -> int:
        """How many of its layers stay when it grows."""
        return len(self.layout().passages) - CRITICAL

    def grown(self, rise: Rise) -> "StyleGANXL":
        """The next stage: the layers that stay keep their names, and those that are new follow from base and max."""
        larger = structs.replace(self, resolution=self.resolution * rise.factor, stages=(*self.stages, rise), widths=())
        if not self.widths:
            return larger
        new = [passage.target.features for passage in larger.layout().passages[self.kept() + 1 :]]
        kept = self.widths[: self.kept()]
        return structs.replace(larger, widths=(*kept, kept[-1], *new))

    def build(self) -> Generator:
        """A generator with random weights."""
        return StyleGANXLGenerator(self)

    def build_discriminator(self) -> ManyViews:
        """The discriminator that trains beside it, with random heads. Raises MissingWeights with one sentence."""
        check_resolution(self.resolution)
        habit = ViewHabit(self.judge, self.label_size, self.judge_dim, (self.table_rows, self.table_features))
        return many_views(self.views, self.resolution, self.channels, habit)

    @classmethod
    def paper(cls, resolution: int = 256, variant: Literal["t", "r"] = "t", **changes: Any) -> "StyleGANXL":
        """The ImageNet models: a stem of 16×16, doubled again and again; the last doubling to 1024×1024 is shorter."""
        check_resolution(resolution)
        sizes = [2**octave for octave in range(5, int(math.log2(resolution)) + 1)]
        stages = tuple(Rise(2, 5 if size == 1024 else 7) for size in sizes)
        widths = {"feature_base": 131072, "feature_max": 2048} if variant == "r" else {}
        return cls(resolution, variant, stages, **{"label_size": 1000, "views": ("deit", "lite0"), **widths, **changes})

    @classmethod
    def tiny(cls, **changes: Any) -> "StyleGANXL":
        """The smallest that still has every part, for tests."""
        return cls(
            **{
                "resolution": 16, "stages": (Rise(2, 3),), "z_dim": 8, "w_dim": 10, "table_rows": 5, "table_features": 6,
                "feature_base": 64, "feature_max": 8, "depth": 4, "margin": 4, "judge": Projection(64, 4, 8), "judge_dim": 4,
                **changes,
            }
        )  # fmt: skip


class StyleGANXLGenerator(PlaneGenerator):
    """z [N, z_dim] and classes → ws [N, rows, w_dim] → picture [N, channels, R, R]; its plane can be moved and turned."""

    mapping: ClassMapping
    learns_magnitudes = False  # the magnitudes of a StyleGAN-XL stay 1: to follow them made its training collapse

    def __init__(self, spec: StyleGANXL):
        super().__init__()
        check_resolution(spec.resolution)
        self.spec = spec
        self.resolution, self.channels, self.label_size = spec.resolution, spec.channels, spec.label_size
        self.mapping = ClassMapping(
            spec.z_dim,
            spec.w_dim,
            spec.mapping_layers,
            spec.label_size,
            (spec.table_rows, spec.table_features),
            spec.mapping_rate,
        )
        self.z_dim, self.w_dim = spec.z_dim, spec.w_dim
        self.layers = synthesis_layers(spec)

    def taken(self) -> list[str]:
        """The names of the layers that were there before the newest stage grew, the wave plane first."""
        names = list(self.layers)
        return names[: len(names) - 1 - self.spec.stages[-1].layers] if self.spec.stages else []

    def rest(self) -> None:
        """From now on the mapping and the layers of earlier stages learn no more; the wave plane still does (section 3.3)."""
        for part in (self.mapping, *(self.layers[name] for name in self.taken()[1:])):
            part.requires_grad_(False)


def synthesis_layers(spec: StyleGANXL) -> nn.ModuleDict:
    """All layers in order: the wave plane, alias-free layers, toRGB; each reads one row of ws."""
    layout, clamp = spec.layout(), spec.clamp or None
    layers = nn.ModuleDict({"input": FourierInput(spec.w_dim, layout.passages[0].source)})
    for number, passage in enumerate(layout.passages):
        layers[f"l{number}"] = AliasFreeLayer(number + 1, spec.w_dim, passage, clamp)
    last = layout.passages[-1].target
    layers["rgb"] = AliasFreeRGB(len(layers), spec.w_dim, last, layout.picture, spec.output_scale, clamp)
    return layers
