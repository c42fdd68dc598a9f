"""The building blocks of ProGAN and StyleGAN: equalized learning rate, blur, scaling, norms and noise, each as its paper says."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SQRT2 = math.sqrt(2.0)


_blank = ContextVar("blank", default=False)


@contextmanager
def blank() -> Iterator[None]:
    """Networks built inside get weights without values, which cost neither time nor memory until they are loaded."""
    token = _blank.set(True)
    try:
        yield
    finally:
        _blank.reset(token)


def valued() -> bool:
    """Whether networks that are built now get values: not inside `blank`, nor on the meta device."""
    return not _blank.get() and torch.get_default_device().type != "meta"


def normal(shape: tuple[int, ...], std: float = 1.0) -> Tensor:
    """Initial values from N(0, std²); no values inside `blank`."""
    return torch.empty(shape) if _blank.get() else torch.randn(shape) * std


def uniform(shape: tuple[int, ...], bound: float) -> Tensor:
    """Initial values from U(-bound, bound); no values inside `blank`."""
    return torch.empty(shape) if _blank.get() else (torch.rand(shape) * 2 - 1) * bound


def fixed_noise(resolution: int, seed: int) -> Tensor:
    """[1, 1, R, R] from N(0, 1), always the same, for layers whose noise is in no file; with its values also inside `blank`."""
    drawn = torch.randn((1, 1, resolution, resolution), generator=torch.Generator().manual_seed(seed), device="cpu")
    return drawn.to(torch.get_default_device())


class Derived(nn.Module, ABC):
    """A layer whose stored weight becomes another one before it meets its input."""

    weight: nn.Parameter

    def __init__(self) -> None:
        super().__init__()
        self._packed: Tensor | None = None

    @abstractmethod
    def derived(self) -> Tensor:
        """What the weight becomes before it meets its input, in float32."""

    def operand(self, dtype: torch.dtype) -> Tensor:
        """`derived`, computed now or kept by `pack`, in the precision of what it meets."""
        return (self.derived() if self._packed is None else self._packed).to(dtype)

    @property
    def packed(self) -> bool:
        """Whether it is only drawn with from now on."""
        return self._packed is not None

    def pack(self) -> None:
        """Keeps `derived` for drawing, so that it is not computed again for every picture; the weight must not change after."""
        with torch.no_grad():
            packed = self.derived()
            layout = torch.channels_last if packed.ndim == 4 else torch.contiguous_format
            self._packed = packed.contiguous(memory_format=layout)


class Equalized(Derived):
    """Equalized learning rate (Karras et al. 2017, section 4.1): the stored weight is N(0, 1/m²) and is used as
    w · gain / sqrt(fan_in) · m, where m is the learning rate multiplier. Without `equalize`, gain / sqrt(fan_in)
    is in the initial weight instead.
    """

    def __init__(self, shape: tuple[int, ...], gain: float, lr_multiplier: float = 1.0, equalize: bool = True):
        super().__init__()
        he_std = gain / math.sqrt(math.prod(shape[1:]))
        self.scale = he_std * lr_multiplier if equalize else lr_multiplier
        std = 1.0 / lr_multiplier if equalize else he_std / lr_multiplier
        self.weight = nn.Parameter(normal(shape, std))

    def derived(self) -> Tensor:
        return self.weight * self.scale


class EqualizedLinear(Equalized):
    """[N, inputs] → [N, outputs], without bias."""

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.operand(x.dtype))


class EqualizedConv2d(Equalized):
    """[N, C, H, W] → [N, C', H, W], stride 1, zero "same" padding, without bias unless one [C'] is given."""

    def __init__(self, inputs: int, outputs: int, kernel: int, gain: float = SQRT2, equalize: bool = True):
        super().__init__((outputs, inputs, kernel, kernel), gain, equalize=equalize)

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        return F.conv2d(x, self.operand(x.dtype), bias, padding=self.weight.shape[-1] // 2)


def spread(kernel: Tensor) -> Tensor:
    """[..., 3, 3] → [..., 4, 4]: the kernel convolved with a 2×2 box, K4[a, b] = K[a, b] + K[a-1, b] + K[a, b-1] + K[a-1, b-1]."""
    padded = F.pad(kernel, (1, 1, 1, 1))
    return padded[..., 1:, 1:] + padded[..., :-1, 1:] + padded[..., 1:, :-1] + padded[..., :-1, :-1]


class UpConv2d(EqualizedConv2d):
    """Nearest-neighbour doubling followed by a 3×3 convolution, computed as one transposed convolution of stride 2."""

    def derived(self) -> Tensor:
        return spread(super().derived().flip(2, 3)).transpose(0, 1)

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        return F.conv_transpose2d(x, self.operand(x.dtype), bias, stride=2, padding=1)


class DownConv2d(EqualizedConv2d):
    """A 3×3 convolution followed by 2×2 averaging, computed as one convolution of stride 2."""

    def derived(self) -> Tensor:
        return spread(super().derived()) * 0.25

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        return F.conv2d(x, self.operand(x.dtype), bias, stride=2, padding=1)


M = TypeVar("M", bound=nn.Module)


def channels_last(network: M) -> M:
    """Its four-dimensional weights in the memory layout in which convolutions are fastest."""
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def pack(network: nn.Module) -> None:
    """Packs every layer of a network that is only drawn with from now on."""
    for module in network.modules():
        if isinstance(module, Derived):
            module.pack()


class Bias(nn.Module):
    """One number added to every feature map, or to every feature of a vector."""

    def __init__(self, features: int, lr_multiplier: float = 1.0):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(features))
        self.lr_multiplier = lr_multiplier

    def value(self, dtype: torch.dtype) -> Tensor:
        """What is added, [features]."""
        return (self.bias if self.lr_multiplier == 1.0 else self.bias * self.lr_multiplier).to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        bias = self.value(x.dtype)
        return x + (bias[:, None, None] if x.ndim == 4 else bias)


class NoiseInput(nn.Module):
    """x + noise · strength per feature map (StyleGAN 2018, section 3.2); `constant` is the model's own fixed noise [1, 1, H, W]."""

    constant: Tensor

    def __init__(self, features: int, resolution: int):
        super().__init__()
        self.strength = nn.Parameter(torch.zeros(features))
        self.register_buffer("constant", normal((1, 1, resolution, resolution)))

    def forward(self, x: Tensor, noise: Tensor | None) -> Tensor:
        if noise is None:
            return x
        return torch.addcmul(x, noise.to(x.dtype), self.strength.to(x.dtype)[:, None, None])


class Blur(nn.Module):
    """A fixed separable filter on every feature map, zero padding; by default [1, 2, 1] ⊗ [1, 2, 1] / 16."""

    kernel: Tensor

    def __init__(self, taps: Sequence[float] = (1.0, 2.0, 1.0)) -> None:
        super().__init__()
        tap = torch.tensor(taps) / sum(taps)
        self.register_buffer("kernel", torch.outer(tap, tap), persistent=False)

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        """[N, C, H, W] → the same; `bias` [C] is added."""
        size = self.kernel.shape[0]
        x = x if size % 2 else F.pad(x, (0, 1, 0, 1))  # an even filter reaches further right and down
        kernel = self.kernel.to(x.dtype).expand(x.shape[1], 1, size, size)
        return F.conv2d(x, kernel, bias, padding=(size - 1) // 2, groups=x.shape[1])


def pixel_norm(x: Tensor, eps: float = 1e-8) -> Tensor:
    """x / sqrt(mean over channels of x² + eps) (Karras et al. 2017, section 4.2); [N, C] or [N, C, H, W]."""
    return x * x.square().mean(1, keepdim=True).add(eps).rsqrt()


def instance_norm(x: Tensor, eps: float = 1e-8) -> Tensor:
    """Each feature map [N, C, H, W] of each picture to mean 0 and (biased) variance 1, eps inside the root."""
    return F.group_norm(x, x.shape[1], eps=eps)


def upscale(x: Tensor, factor: int = 2) -> Tensor:
    """Nearest neighbour: every pixel repeated `factor` times each way."""
    return x if factor == 1 else F.interpolate(x, scale_factor=float(factor), mode="nearest")


def downscale(x: Tensor, factor: int = 2) -> Tensor:
    """The mean of every `factor` × `factor` box."""
    return x if factor == 1 else F.avg_pool2d(x, factor)


def minibatch_stddev(x: Tensor, group_size: int = 4, features: int = 1) -> Tensor:
    """[N, C, H, W] → [N, C + features, H, W]: the mean standard deviation over groups of pictures (Karras et al. 2017, section 3).

    A group is strided through the batch (samples m, m + M, m + 2M, … with M groups). Raises ValueError when the
    batch cannot be split into groups of `group_size`.
    """
    n, c, h, w = x.shape
    group = min(group_size, n)
    if n % group:
        raise ValueError(f"a batch of {n} cannot be split into groups of {group}; choose a multiple of {group}")
    groups = x.float().reshape(group, n // group, features, c // features, h, w)
    deviation = (groups - groups.mean(0)).square().mean(0).add(1e-8).sqrt()
    statistic = deviation.mean((2, 3, 4))[..., None, None].to(x.dtype)  # [M, features, 1, 1]
    return torch.cat([x, statistic.repeat(group, 1, 1, 1).expand(-1, -1, h, w)], 1)
