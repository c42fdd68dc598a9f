"""Spectral normalisation (Miyato et al. 2018) of convolutions and fully connected layers, and the batch norm beside it."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .activations import full_precision
from .layers import Derived, normal, spread, uniform, valued

EPSILON = 1e-12
FIRST_ITERATIONS = 5  # so that a network draws sensibly before it has trained


class Spectral(Derived):
    """A weight divided by its largest singular value σ = uᵀWv, which power iteration follows: one step a pass in training.

    W is the weight with its output `axis` first, flattened to [outputs, rest]; `u` [outputs] and `v` [rest] are kept.
    """

    u: Tensor
    v: Tensor

    def __init__(self, shape: tuple[int, ...], bias: bool, axis: int = 0):
        super().__init__()
        bound = 1 / math.sqrt(math.prod(shape[1:]))
        self.axis = axis
        self.weight = nn.Parameter(uniform(shape, bound))
        self.bias = nn.Parameter(uniform((shape[axis],), bound)) if bias else None
        self.register_buffer("u", normal((shape[axis],)))
        self.register_buffer("v", normal((math.prod(shape) // shape[axis],)))
        for _ in range(FIRST_ITERATIONS if valued() else 0):
            self._iterate()

    def derived(self) -> Tensor:
        with full_precision(self.weight):
            if self.training:
                self._iterate()
            u, v = self.u.clone(), self.v.clone()  # the next pass moves them before this one's gradient is taken
            return self.weight / torch.dot(u, self._matrix() @ v)

    def _matrix(self) -> Tensor:
        return self.weight.transpose(0, self.axis).flatten(1)

    @torch.no_grad()
    def _iterate(self) -> None:
        matrix = self._matrix()
        self.v.copy_(F.normalize(matrix.t() @ self.u, dim=0, eps=EPSILON))
        self.u.copy_(F.normalize(matrix @ self.v, dim=0, eps=EPSILON))

    def _shift(self, dtype: torch.dtype) -> Tensor | None:
        return None if self.bias is None else self.bias.to(dtype)


class SpectralLinear(Spectral):
    """[N, inputs] → [N, outputs], with bias."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__((outputs, inputs), bias=True)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.operand(x.dtype), self._shift(x.dtype))


class SpectralConv2d(Spectral):
    """[N, C, H, W] → [N, C', H', W']; zeros lie around what comes in."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        stride: int = 1,
        padding: int = 0,
        groups: int = 1,
        bias: bool = False,
    ):
        super().__init__((outputs, inputs // groups, kernel, kernel), bias)
        self.stride, self.padding, self.groups = stride, padding, groups

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = self.operand(x.dtype), self._shift(x.dtype)
        return F.conv2d(x, weight, bias, self.stride, self.padding, groups=self.groups)


class SpectralUpConv2d(SpectralConv2d):
    """Nearest-neighbour doubling followed by a 3×3 convolution, computed as one transposed convolution of stride 2."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs, 3)

    def derived(self) -> Tensor:
        return spread(super().derived().flip(2, 3)).transpose(0, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv_transpose2d(x, self.operand(x.dtype), stride=2, padding=1)


class SpectralStart(Spectral):
    """A vector [N, inputs] → [N, outputs, kernel, kernel] by a transposed convolution."""

    def __init__(self, inputs: int, outputs: int, kernel: int):
        super().__init__((inputs, outputs, kernel, kernel), bias=False, axis=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv_transpose2d(x[..., None, None], self.operand(x.dtype))


class BatchNorm(nn.Module):
    """Each feature map to mean 0 and variance 1 over the batch; drawing uses running averages (Ioffe and Szegedy 2015)."""

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, features: int, affine: bool = True):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features)) if affine else None
        self.bias = nn.Parameter(torch.zeros(features)) if affine else None
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, self.training)
