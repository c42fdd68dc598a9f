"""Inception v3 as it was trained in December 2015, in which FID, KID and the Inception score are measured (Szegedy et al. 2015).

It differs from later ones: averages leave the border out, the last block takes maxima, and there are 1008 classes. Names of its
layers are those of the published weights. Not verified with published weights: they could not be had where this was written.
"""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .frozen import FeatureNetwork, FrozenNorm
from .sampling import resized

SIDE = 299
Pool = Literal["", "mean", "max", "halve"]


class Conv(NamedTuple):
    """A convolution of a branch; with a stride of 2 it is not padded, else so that the size stays."""

    name: str
    outputs: int
    kernel: tuple[int, int] = (1, 1)
    stride: int = 1


class Branch(NamedTuple):
    """Pooling where there is any, a chain of convolutions, at last two side by side where `fork` is given."""

    chain: tuple[Conv, ...] = ()
    pool: Pool = ""
    fork: tuple[Conv, ...] = ()


SQUARE, WIDE, TALL = (3, 3), (1, 7), (7, 1)


def fine(pooled: int) -> tuple[Branch, ...]:
    """Blocks at 35×35."""
    return (
        Branch((Conv("branch1x1", 64),)),
        Branch((Conv("branch5x5_1", 48), Conv("branch5x5_2", 64, (5, 5)))),
        Branch((Conv("branch3x3dbl_1", 64), Conv("branch3x3dbl_2", 96, SQUARE), Conv("branch3x3dbl_3", 96, SQUARE))),
        Branch((Conv("branch_pool", pooled),), "mean"),
    )


def middle(width: int) -> tuple[Branch, ...]:
    """Blocks at 17×17, whose 7×7 convolutions are taken apart."""
    double = (
        Conv("branch7x7dbl_1", width),
        Conv("branch7x7dbl_2", width, TALL),
        Conv("branch7x7dbl_3", width, WIDE),
        Conv("branch7x7dbl_4", width, TALL),
        Conv("branch7x7dbl_5", 192, WIDE),
    )
    return (
        Branch((Conv("branch1x1", 192),)),
        Branch((Conv("branch7x7_1", width), Conv("branch7x7_2", width, WIDE), Conv("branch7x7_3", 192, TALL))),
        Branch(double),
        Branch((Conv("branch_pool", 192),), "mean"),
    )


def coarse(pool: Pool) -> tuple[Branch, ...]:
    """Blocks at 8×8."""
    one = (Conv("branch3x3_2a", 384, (1, 3)), Conv("branch3x3_2b", 384, (3, 1)))
    two = (Conv("branch3x3dbl_3a", 384, (1, 3)), Conv("branch3x3dbl_3b", 384, (3, 1)))
    return (
        Branch((Conv("branch1x1", 320),)),
        Branch((Conv("branch3x3_1", 384),), fork=one),
        Branch((Conv("branch3x3dbl_1", 448), Conv("branch3x3dbl_2", 384, SQUARE)), fork=two),
        Branch((Conv("branch_pool", 192),), pool),
    )


FIRST_HALVING = (
    Branch((Conv("branch3x3", 384, SQUARE, 2),)),
    Branch((Conv("branch3x3dbl_1", 64), Conv("branch3x3dbl_2", 96, SQUARE), Conv("branch3x3dbl_3", 96, SQUARE, 2))),
    Branch((), "halve"),
)
SECOND_HALVING = (
    Branch((Conv("branch3x3_1", 192), Conv("branch3x3_2", 320, SQUARE, 2))),
    Branch((Conv("branch7x7x3_1", 192), Conv("branch7x7x3_2", 192, WIDE), Conv("branch7x7x3_3", 192, TALL),
            Conv("branch7x7x3_4", 192, SQUARE, 2))),
    Branch((), "halve"),
)  # fmt: skip
BLOCKS: dict[str, tuple[Branch, ...]] = {
    "Mixed_5b": fine(32), "Mixed_5c": fine(64), "Mixed_5d": fine(64), "Mixed_6a": FIRST_HALVING,
    "Mixed_6b": middle(128), "Mixed_6c": middle(160), "Mixed_6d": middle(160), "Mixed_6e": middle(192),
    "Mixed_7a": SECOND_HALVING, "Mixed_7b": coarse("mean"), "Mixed_7c": coarse("max"),
}  # fmt: skip


class BasicConv(nn.Module):
    """Convolution, normalisation, ReLU."""

    def __init__(self, inputs: int, conv: Conv, padded: bool = True):
        super().__init__()
        padding = (conv.kernel[0] // 2, conv.kernel[1] // 2) if padded and conv.stride == 1 else (0, 0)
        self.conv = nn.Conv2d(inputs, conv.outputs, conv.kernel, conv.stride, padding, bias=False)
        self.bn = FrozenNorm(conv.outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class Mixed(nn.Module):
    """Branches side by side."""

    def __init__(self, inputs: int, branches: tuple[Branch, ...]):
        super().__init__()
        self.branches, self.outputs = branches, 0
        for branch in branches:
            width = inputs
            for conv in branch.chain:
                self.add_module(conv.name, BasicConv(width, conv))
                width = conv.outputs
            for conv in branch.fork:
                self.add_module(conv.name, BasicConv(width, conv))
            self.outputs += sum(conv.outputs for conv in branch.fork) or width

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([part for branch in self.branches for part in self._follow(branch, x)], 1)

    def _follow(self, branch: Branch, x: Tensor) -> list[Tensor]:
        x = pooled(x, branch.pool)
        for conv in branch.chain:
            x = self.get_submodule(conv.name)(x)
        return [self.get_submodule(conv.name)(x) for conv in branch.fork] or [x]


def pooled(x: Tensor, pool: Pool) -> Tensor:
    """3×3 means or maxima at the same size, or maxima at about half of it."""
    if pool == "mean":
        return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    if pool == "max":
        return F.max_pool2d(x, 3, 1, 1)
    return F.max_pool2d(x, 3, 2) if pool == "halve" else x


STEM = (
    (Conv("Conv2d_1a_3x3", 32, SQUARE, 2), False, False),  # convolution, padded, halved after it
    (Conv("Conv2d_2a_3x3", 32, SQUARE), False, False),
    (Conv("Conv2d_2b_3x3", 64, SQUARE), True, True),
    (Conv("Conv2d_3b_1x1", 80), False, False),
    (Conv("Conv2d_4a_3x3", 192, SQUARE), False, True),
)


class Inception(FeatureNetwork):
    """Features [N, 2048]: the last map averaged over the picture, brought to 299×299 as TensorFlow 1 did it."""

    size = 2048

    def __init__(self) -> None:
        super().__init__()
        width = 3
        for conv, padded, _ in STEM:
            self.add_module(conv.name, BasicConv(width, conv, padded))
            width = conv.outputs
        for name, branches in BLOCKS.items():
            block = Mixed(width, branches)
            self.add_module(name, block)
            width = block.outputs
        self.fc = nn.Linear(width, 1008)

    def begun(self, pictures: Tensor) -> Tensor:
        """[N, 192, 35, 35], before the first block."""
        x = (resized(pictures.float(), SIDE, "tensorflow") - 128.0) / 128.0
        for conv, _, halved in STEM:
            x = self.get_submodule(conv.name)(x)
            x = pooled(x, "halve" if halved else "")
        return x

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.begun(pictures)
        for name in BLOCKS:
            x = self.get_submodule(name)(x)
        return x.mean((2, 3))

    def probabilities(self, features: Tensor) -> Tensor:
        """[N, 2048] → those of the 1008 classes, without the bias of the last layer, as the Inception score takes them."""
        return F.linear(features, self.fc.weight).softmax(1)
