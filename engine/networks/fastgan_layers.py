"""The layers of FastGAN (Liu et al. 2021): gated convolutions with one grain of noise each, and excitation across resolutions."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .generator import Canvas, Layer
from .layers import downscale, fixed_noise
from .spectral import BatchNorm, SpectralConv2d, SpectralLinear, SpectralStart, SpectralUpConv2d

EXCITED_FROM = 16  # a resolution is excited by the one that is so many times lower


class Grain(nn.Module):
    """x + strength · noise, one strength for all feature maps; `owner` is another grain, whose strength this one shares.

    `constant` [1, 1, R, R] stands for the draws of the original, which keeps no noise: the same in every model, in no file.
    """

    constant: Tensor

    def __init__(self, resolution: int, seed: int, owner: "Grain | None" = None):
        super().__init__()
        self.own = nn.Parameter(torch.zeros(1)) if owner is None else None
        self._owner = (owner,)  # in a tuple, so that the strength is stored once
        self.register_buffer("constant", fixed_noise(resolution, seed), persistent=False)

    @property
    def strength(self) -> Tensor:
        owner = self._owner[0]
        found = self.own if owner is None else owner.own
        assert found is not None
        return found

    def forward(self, x: Tensor, noise: Tensor | None) -> Tensor:
        return x if noise is None else torch.addcmul(x, noise.to(x.dtype), self.strength.to(x.dtype)[:, None, None])


class ConditionalNorm(nn.Module):
    """Batch norm whose gain and shift follow the embedded label y [N, y_dim]: norm(x) · (1 + gain(y)) + shift(y)."""

    def __init__(self, features: int, y_dim: int):
        super().__init__()
        self.norm = BatchNorm(features, affine=False)
        self.gain, self.shift = SpectralLinear(y_dim, features), SpectralLinear(y_dim, features)

    def forward(self, x: Tensor, y: Tensor, strength: float) -> Tensor:
        gain, shift = (part(y) * strength for part in (self.gain, self.shift))
        x = self.norm(x)
        return torch.addcmul(shift[..., None, None].to(x.dtype), x, 1.0 + gain[..., None, None].to(x.dtype))


class Start(Layer):
    """z, at the beginning of w, to [N, outputs, 4, 4]; kept where a later resolution is excited by it."""

    row, resolution = 0, 4

    def __init__(self, z_dim: int, outputs: int, keep: bool):
        super().__init__()
        self.z_dim, self.keep = z_dim, keep
        self.conv = SpectralStart(z_dim, 2 * outputs, 4)
        self.norm = BatchNorm(2 * outputs)

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert w is not None
        return _left(canvas, F.glu(self.norm(self.conv(w[:, : self.z_dim])), 1), self.keep)


class GatedConv(Layer):
    """(Doubling →) 3×3 convolution → noise → batch norm → GLU; with `y_dim`, the end of w says how the norm is set."""

    def __init__(self, row: int | None, resolution: int, inputs: int, outputs: int, up: bool, y_dim: int = 0):
        super().__init__()
        self.row, self.resolution, self.y_dim = row, resolution, y_dim
        self.keep = False
        conv = SpectralUpConv2d(inputs, 2 * outputs) if up else SpectralConv2d(inputs, 2 * outputs, 3, padding=1)
        self.conv = conv
        self.grain: nn.Module = nn.Identity()
        self.norm: nn.Module = ConditionalNorm(2 * outputs, y_dim) if y_dim else BatchNorm(2 * outputs)

    def noisy(self, owner: "GatedConv | None" = None) -> "GatedConv":
        """Gives this layer a noise input, whose strength may be another layer's; gives back the layer."""
        assert self.row is not None
        shared = None if owner is None else owner.grain
        assert shared is None or isinstance(shared, Grain)
        self.grain = Grain(self.resolution, self.row, shared)
        return self

    @property
    def constant_noise(self) -> Tensor | None:
        return self.grain.constant if isinstance(self.grain, Grain) else None

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert canvas.features is not None
        x = self.conv(canvas.features)
        x = self.grain(x, noise) if isinstance(self.grain, Grain) else x
        if self.y_dim:
            assert w is not None
            return _left(canvas, F.glu(self.norm(x, w[:, -self.y_dim :], strength), 1), self.keep)
        return _left(canvas, F.glu(self.norm(x), 1), self.keep)


class Excitation(Layer):
    """Each feature map times a gate in (0, 1) that the `kept`-th of the earlier maps opens (Liu et al. 2021, section 3.1)."""

    def __init__(self, resolution: int, kept: int, inputs: int, features: int):
        super().__init__()
        self.resolution, self.kept = resolution, kept
        self.squeeze = SpectralConv2d(inputs, features, 4)
        self.gate = SpectralConv2d(features, features, 1)

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert canvas.features is not None
        small = canvas.kept[self.kept]
        gate = self.gate(F.silu(self.squeeze(downscale(small, small.shape[2] // 4))))
        return canvas._replace(features=canvas.features * gate.sigmoid())


class ToPicture(Layer):
    """A 3×3 convolution to the picture's channels, without anything after it."""

    def __init__(self, resolution: int, features: int, channels: int):
        super().__init__()
        self.resolution = resolution
        self.conv = SpectralConv2d(features, channels, 3, padding=1, bias=True)

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert canvas.features is not None
        return canvas._replace(picture=self.conv(canvas.features))


def _left(canvas: Canvas, features: Tensor, keep: bool) -> Canvas:
    """The canvas with new features, which it also keeps where a later layer needs them."""
    return canvas._replace(features=features, kept=(*canvas.kept, features) if keep else canvas.kept)
