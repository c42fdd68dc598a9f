"""StyleGAN2 as lucidrains' stylegan2-pytorch (2020) has it: bilinear doublings, uniform noise, no equalized learning rate.

It is drawn and mixed here, not trained: this family has no discriminator. What it does is written down from a description of the
program; it is not verified with a published file.
"""

import math
from collections.abc import Mapping as Table
from typing import Annotated, Any

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.nn import functional as F

from .activations import ACTIVATIONS, full_precision
from .endings import Ending
from .generator import Canvas, Generator, Layer
from .layers import Blur, EqualizedConv2d, EqualizedLinear, fixed_noise, normal
from .mapping import Mapping
from .modulation import ModulatedConv2d, modulated_convolve

Size = Annotated[int, Meta(ge=1, le=4096)]
SLOPE = 0.2  # of every leaky ReLU; none has a gain


class LucidrainsStyleGAN2(
    Struct, frozen=True, forbid_unknown_fields=True, tag="lucidrains-stylegan2", tag_field="family"
):
    """Sizes and switches; the defaults are that program's at 256×256.

    `features` are the feature maps of the start at 4×4, then of every block; each block after the first doubles the resolution.
    `mapping_rate` is in no file: it is the program's own, unless somebody changed it there.
    """

    features: Annotated[tuple[Size, ...], Meta(min_length=2, max_length=11)] = (512, 512, 512, 512, 256, 128, 64, 32)
    w_dim: Size = 512
    mapping_layers: Annotated[int, Meta(ge=1, le=32)] = 8
    mapping_rate: Annotated[float, Meta(gt=0, le=1)] = 0.1
    constant_input: bool = True
    """False: a linear map of w is what 4×4 begins from."""
    transparent: bool = False
    """Whether the network tells opacity as well; its pictures are laid over white."""

    @property
    def resolution(self) -> int:
        return 4 * 2 ** (len(self.features) - 2)

    @property
    def channels(self) -> int:
        """Of what is drawn."""
        return 3

    @property
    def z_dim(self) -> int:
        return self.w_dim

    @property
    def label_size(self) -> int:
        """It knows no classes."""
        return 0

    def build(self) -> Generator:
        """A generator with random weights."""
        return LucidrainsGenerator(self)

    @classmethod
    def tiny(cls, **changes: Any) -> "LucidrainsStyleGAN2":
        """The smallest that still has every part, for tests."""
        return cls(**{"features": (6, 8, 6, 5), "w_dim": 8, "mapping_layers": 2, **changes})


class UnitMapping(Mapping):
    """z [N, w_dim], brought to length 1 → fully connected layers → w [N, w_dim]."""

    def __init__(self, w_dim: int, depth: int, rate: float):
        super().__init__(w_dim, w_dim, w_dim, depth, normalize=False, equalize=False, lr_multiplier=rate)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        return super().forward(F.normalize(z, dim=1))


class Affine(EqualizedLinear):
    """w [N, w_dim] → style 1 + A(w) [N, features]; strength a makes it 1 + a · A(w)."""

    def __init__(self, w_dim: int, features: int):
        super().__init__((features, w_dim), gain=1.0, equalize=False)
        self.bias = nn.Parameter(torch.zeros(features))

    def scales(self, w: Tensor, strength: float) -> Tensor:
        with full_precision(w):
            return 1.0 + strength * (self(w.float()) + self.bias.float())


class UniformNoise(nn.Module):
    """x + weight · u + bias for each feature map, where u [N or 1, 1, H, W] is uniform in [0, 1).

    u is Φ(noise): the usual Gaussian noise through its own distribution function. Where there is none, u is its mean 1/2;
    noise of strength a spreads u around that, to no more than [0, 1]. `constant` is the same in every model, and in no file: the
    program draws one plane for each picture, of which every layer sees a part; here each layer has its own.
    """

    constant: Tensor

    def __init__(self, features: int, resolution: int, seed: int):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(features))
        self.bias = nn.Parameter(torch.zeros(features))
        self.register_buffer("constant", fixed_noise(resolution, seed), persistent=False)

    def mean(self) -> Tensor:
        """What is added where there is no noise, [features]."""
        return self.bias + 0.5 * self.weight

    def forward(self, x: Tensor, noise: Tensor | None) -> Tensor:
        """What noise adds to x beside the `mean`, which x has already."""
        if noise is None:
            return x
        around = 0.5 * torch.erf(noise * math.sqrt(0.5))  # Φ(noise) - 1/2
        return torch.addcmul(x, around.to(x.dtype), self.weight.to(x.dtype)[:, None, None])


class Start(nn.Module):
    """A learned constant, or w through a linear map, [N, features, 4, 4], and a convolution of it without style."""

    def __init__(self, features: int, w_dim: int, constant: bool):
        super().__init__()
        self.source = nn.Parameter(normal((1 if constant else w_dim, features, 4, 4)))
        self.constant = constant
        self.conv = EqualizedConv2d(features, features, 3, gain=1.0, equalize=False)
        self.bias = nn.Parameter(torch.zeros(features))

    def forward(self, w: Tensor) -> Tensor:
        if self.constant:
            return self.conv(self.source, self.bias).expand(w.shape[0], -1, -1, -1)
        with full_precision(w):
            source = (w.float() @ self.source.float().flatten(1)).unflatten(1, self.source.shape[1:])
        return self.conv(source, self.bias.float())


class BlockConv(Layer):
    """(Doubling →) style → modulated convolution → noise → leaky ReLU. With a `start`, the layer begins from that."""

    def __init__(self, row: int, resolution: int, inputs: int, outputs: int, w_dim: int, start: Start | None, up: bool):
        super().__init__()
        self.row, self.resolution, self.start, self.up = row, resolution, start, up
        self.affine = Affine(w_dim, inputs)
        self.conv = ModulatedConv2d(inputs, outputs, 3, (1.0,), size=resolution)
        self.noise = UniformNoise(outputs, resolution, row)

    @property
    def constant_noise(self) -> Tensor | None:
        return self.noise.constant

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert w is not None
        style, mean = self.affine.scales(w, strength), self.noise.mean()
        x = self._source(canvas, w)
        y = self.conv.drawn(x, style, Ending(torch.ones_like(mean), mean, None, ACTIVATIONS["linear"]))
        y = self.conv(x, style, bias=mean) if y is None else y
        return canvas._replace(features=F.leaky_relu(self.noise(y, noise), SLOPE))

    def _source(self, canvas: Canvas, w: Tensor) -> Tensor:
        """[N, inputs, R, R]"""
        if self.start is not None:
            return self.start(w)
        assert canvas.features is not None
        return doubled(canvas.features) if self.up else canvas.features


class BlockRGB(Layer):
    """A modulated 1×1 convolution without demodulation, added to the doubled and softened picture so far, in float32.

    The network's colours are in [0, 1] and ours in [-1, 1]. The last layer lays what tells its opacity `over_white`.
    """

    def __init__(self, row: int, resolution: int, features: int, channels: int, w_dim: int, over_white: bool):
        super().__init__()
        self.row, self.resolution, self.over_white = row, resolution, over_white
        self.affine = Affine(w_dim, features)
        self.weight = nn.Parameter(normal((channels, features, 1, 1), features**-0.5))
        self.blur = Blur()

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert canvas.features is not None
        assert w is not None
        style = self.affine.scales(w, strength)
        color = modulated_convolve(canvas.features, self.weight, style, self.blur.kernel, demodulate=False)
        before = -1.0 if canvas.picture is None else self._softened(doubled(canvas.picture))
        picture = before + 2.0 * color.float()
        return canvas._replace(picture=over_white(picture) if self.over_white else picture)

    def _softened(self, picture: Tensor) -> Tensor:
        """Filtered with [1, 2, 1] ⊗ [1, 2, 1] / 16; the picture is mirrored at its borders."""
        with full_precision(picture):
            return self.blur(F.pad(picture, (1, 1, 1, 1), mode="reflect"))[..., 1:-1, 1:-1]


class LucidrainsGenerator(Generator):
    """z [N, w_dim] → ws [N, 3 · blocks, w_dim] → picture [N, 3, R, R].

    The program gives all three layers of a block one w; here each has a row of its own. A start without constant takes that of
    the first layer, where the program takes the mean over all blocks: the same, unless layers are mixed.
    """

    mapping: UnitMapping

    def __init__(self, spec: LucidrainsStyleGAN2):
        super().__init__()
        self.spec = spec
        self.resolution, self.channels, self.label_size = spec.resolution, spec.channels, 0
        self.z_dim = self.w_dim = spec.w_dim
        self.mapping = UnitMapping(spec.w_dim, spec.mapping_layers, spec.mapping_rate)
        self.layers = synthesis_layers(spec)

    def levels(self) -> Table[int, int]:
        if self.spec.transparent:  # whose picture on the way has more channels than the whole one
            return {}
        steps = enumerate(self.named_layers().values(), 1)
        return {
            count: layer.resolution
            for count, layer in steps
            if layer.resolution < self.resolution
            and (isinstance(layer, BlockRGB) or (isinstance(layer, BlockConv) and layer.up))
        }


def synthesis_layers(spec: LucidrainsStyleGAN2) -> nn.ModuleDict:
    """All layers in order, each with its row of ws."""
    layers, inputs, channels = nn.ModuleDict(), spec.features[0], 4 if spec.transparent else 3
    for block, outputs in enumerate(spec.features[1:]):
        size, row = 4 * 2**block, 3 * block
        start = None if block else Start(inputs, spec.w_dim, spec.constant_input)
        layers[f"b{size}_conv1"] = BlockConv(row, size, inputs, outputs, spec.w_dim, start, up=block > 0)
        layers[f"b{size}_conv2"] = BlockConv(row + 1, size, outputs, outputs, spec.w_dim, None, up=False)
        last = spec.transparent and size == spec.resolution
        layers[f"b{size}_rgb"] = BlockRGB(row + 2, size, outputs, channels, spec.w_dim, last)
        inputs = outputs
    return layers


def doubled(x: Tensor) -> Tensor:
    """[N, C, H, W] → [N, C, 2 H, 2 W], bilinear."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def over_white(picture: Tensor) -> Tensor:
    """Colours and opacity [N, 4, H, W] in [-1, 1] → [N, 3, H, W]."""
    colours, opacity = picture.clamp(-1.0, 1.0).split((3, 1), 1)
    share = 0.5 * (opacity + 1.0)
    return colours * share + (1.0 - share)
