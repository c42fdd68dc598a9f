"""The discriminator of StyleGAN2 and 3: residual, skip or plain blocks, minibatch standard deviation, projection of labels."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

import torch
from msgspec import Struct
from torch import Tensor, nn

from ..activations import Dense, Name, full_precision
from ..conditioning import ConditionalMapping
from ..filters import FilteredConv2d, Manner, Resampler, as_type
from ..layers import minibatch_stddev


class JudgeHabit(Struct, frozen=True):
    """What all blocks of a discriminator share, and its minibatch standard deviation (group 0: the whole batch)."""

    manner: Manner = Manner()
    architecture: str = "resnet"
    group: int = 4
    statistics: int = 1


class LabelHabit(Struct, frozen=True):
    """How labels are mapped before they meet the features; dimensions of 0 are as wide as the features at 4×4."""

    size: int = 0
    dim: int = 0
    embedding: int = 0
    hidden: int = 0
    depth: int = 8
    rate: float = 0.01


class Block(nn.Module):
    """Features [N, C, H, W] (and, in "skip", the picture) → [N, C', H/2, W/2] (StyleGAN2 2019, figure 7)."""

    def __init__(self, resolution: int, inputs: int, outputs: int, habit: JudgeHabit):
        super().__init__()
        self.resolution = resolution
        self.dtype: torch.dtype | None = None
        residual = habit.architecture == "resnet"
        gain = math.sqrt(0.5) if residual else 1.0
        self.conv0 = FilteredConv2d(inputs, inputs, 3, habit.manner)
        self.conv1 = FilteredConv2d(inputs, outputs, 3, habit.manner, down=2, gain=gain)
        self.skip: FilteredConv2d | None = None
        if residual:
            self.skip = FilteredConv2d(inputs, outputs, 1, habit.manner.linear, down=2, bias=False, gain=gain)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(self.conv0(x))
        return y if self.skip is None else self.skip(x) + y


class Head(nn.Module):
    """4×4 features → minibatch standard deviation → convolution → two fully connected layers → [N, outputs]; in float32."""

    def __init__(self, features: int, outputs: int, habit: JudgeHabit):
        super().__init__()
        self.group, self.statistics = habit.group, habit.statistics
        self.conv = FilteredConv2d(features + self.statistics, features, 3, habit.manner)
        self.dense = Dense(features * 16, features, habit.manner.activation)
        self.out = Dense(features, outputs)

    def forward(self, x: Tensor) -> Tensor:
        with full_precision(x):
            x = x.float()
            x = minibatch_stddev(x, self.group or x.shape[0], self.statistics) if self.statistics else x
            return self.out(self.dense(self.conv(x).flatten(1)))


def _from_rgb(resolution: int, channels: int, features: int, manner: Manner) -> FilteredConv2d:
    unclamped = Manner(manner.taps, manner.activation)
    return FilteredConv2d(channels, features, 1, manner if resolution > 4 else unclamped)


def _label_mapping(labels: LabelHabit, dim: int, activation: Name) -> ConditionalMapping:
    hidden, embedding = labels.hidden or dim, labels.embedding or dim
    return ConditionalMapping(0, dim, hidden, labels.depth, labels.size, embedding, activation, labels.rate)


class ResidualDiscriminator(nn.Module):
    """Pictures [N, channels, R, R] → scores [N, 1].

    With labels the score is the features' projection onto the mapped label, divided by sqrt(dim) (Miyato and Koyama 2018).
    `features[r]` is how many maps there are at resolution 2^r.
    """

    lod = 0.0  # does not grow

    def __init__(
        self,
        resolution: int,
        channels: int,
        features: Sequence[int],
        habit: JudgeHabit,
        labels: LabelHabit,
    ):
        super().__init__()
        self.resolution, self.channels, self.label_size = resolution, channels, labels.size
        self.condition = "projection" if labels.size else "none"
        top = int(math.log2(resolution))
        sees = range(top, 1, -1) if habit.architecture == "skip" else [top]
        self.from_rgb = nn.ModuleDict({f"b{2**r}": _from_rgb(2**r, channels, features[r], habit.manner) for r in sees})
        self.blocks = nn.ModuleDict(
            {f"b{2**r}": Block(2**r, features[r], features[r - 1], habit) for r in range(top, 2, -1)}
        )
        self.resample = Resampler(habit.manner.taps)
        dim = labels.dim or features[2]
        self.head = Head(features[2], dim if labels.size else 1, habit)
        self.mapping = _label_mapping(labels, dim, habit.manner.activation) if labels.size else None

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        out = self.head(self._shrink(images))
        if self.mapping is None:
            return out
        if labels is None:
            raise ValueError("this discriminator was made for pictures with class labels and got none")
        mapped = self.mapping(out.new_zeros(out.shape[0], 0), labels)
        return (out * mapped).sum(1, keepdim=True) / math.sqrt(mapped.shape[1])

    def judge(self, images: Tensor, labels: Tensor | None = None) -> tuple[Tensor, None]:
        """Scores [N, 1], and no class logits."""
        return self(images, labels), None

    def freeze(self, count: int) -> None:
        """The first `count` layers stop learning, from the highest resolution on (Freeze-D, Mo et al. 2020); never the head."""
        layers: list[nn.Module] = []
        for name, block in self.named_blocks().items():
            rgb = [self.from_rgb[name]] if name in self.from_rgb else []
            layers += [*rgb, block.conv0, block.conv1, *([block.skip] if block.skip is not None else [])]
        for number, layer in enumerate(layers):
            layer.requires_grad_(number >= count)

    def named_blocks(self) -> Mapping[str, Block]:
        """All blocks by name, from the highest resolution on."""
        return cast(Mapping[str, Block], self.blocks)

    def _shrink(self, images: Tensor) -> Tensor:
        """Pictures → features at 4×4."""
        x: Tensor | None = None
        for name, block in self.named_blocks().items():
            x = block(self._see(name, images, x, block.dtype))
            images = self.resample(images, down=2) if len(self.from_rgb) > 1 else images
        return self._see("b4", images, x, None)

    def _see(self, name: str, images: Tensor, x: Tensor | None, dtype: torch.dtype | None) -> Tensor:
        """The features so far with what this resolution sees of the picture, in the type of the block that comes."""
        if name not in self.from_rgb:
            assert x is not None
            return as_type(x, dtype)
        seen = self.from_rgb[name](as_type(images, dtype))
        return seen if x is None else as_type(x, dtype) + seen
