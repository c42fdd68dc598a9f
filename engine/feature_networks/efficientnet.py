"""EfficientNet-lite0 (Tan and Le 2019, in its form for small machines): an ImageNet network of 17 MB that anybody can have."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional as F

from .frozen import FeatureNetwork, FrozenNorm
from .sampling import resized


class Stage(NamedTuple):
    """Blocks of one kind; the first has the stride."""

    repeats: int
    kernel: int
    stride: int
    outputs: int
    expansion: int = 6


STAGES = (
    Stage(1, 3, 1, 16, 1),
    Stage(2, 3, 2, 24),
    Stage(2, 5, 2, 40),
    Stage(3, 3, 2, 80),
    Stage(3, 5, 1, 112),
    Stage(4, 5, 2, 192),
    Stage(1, 3, 1, 320),
)
STEM = 32
MAPS = (1, 2, 4, 6)  # the stages after which a map is taken out
SIDE = 224
FEATURES = 1280


class ConvNorm(nn.Module):
    """Convolution, normalisation and, except where it projects, ReLU6; padded as TensorFlow's "SAME" where it strides."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, linear: bool = False):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
        self.norm = FrozenNorm(outputs)
        self.linear = linear

    def forward(self, x: Tensor) -> Tensor:
        kernel, stride = self.conv.kernel_size[0], self.conv.stride[0]
        x = self.norm(self.conv(F.pad(x, (*_same(x.shape[3], kernel, stride), *_same(x.shape[2], kernel, stride)))))
        return x if self.linear else F.relu6(x)


def _same(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Zeros before and after, the smaller part first."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0) if stride > 1 else kernel - 1
    return total // 2, total - total // 2


class Block(nn.Module):
    """Widens, filters each feature map by itself, narrows; what comes in is added where the shapes allow it."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        wide = inputs * expansion
        self.expand = ConvNorm(inputs, wide, 1) if expansion > 1 else None
        self.depthwise = ConvNorm(wide, wide, kernel, stride, groups=wide)
        self.project = ConvNorm(wide, outputs, 1, linear=True)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else self.expand(x)
        y = self.project(self.depthwise(y))
        return x + y if self.residual else y


class EfficientNetLite0(FeatureNetwork):
    """Features [N, 1280]: what the last layer before the ImageNet classes sees, averaged over the picture brought to 224×224."""

    size = FEATURES

    def __init__(self, stages: Sequence[Stage] = STAGES) -> None:
        super().__init__()
        self.stem = ConvNorm(3, STEM, 3, 2)
        self.stages, inputs = nn.ModuleList(), STEM
        for stage in stages:
            blocks = nn.Sequential()
            for number in range(stage.repeats):
                blocks.append(
                    Block(inputs, stage.outputs, stage.kernel, 1 if number else stage.stride, stage.expansion)
                )
                inputs = stage.outputs
            self.stages.append(blocks)
        self.head = ConvNorm(inputs, FEATURES, 1)
        self.classes = nn.Linear(FEATURES, 1000)

    def maps(self, x: Tensor) -> list[Tensor]:
        """Pictures [N, 3, H, W] in [-1, 1] → feature maps at 1/4, 1/8, 1/16 and 1/32 of their size."""
        x, found = self.stem(x), []
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number in MAPS:
                found.append(x)
        return found

    def forward(self, pictures: Tensor) -> Tensor:
        x = resized(pictures.float(), SIDE) / 127.5 - 1.0
        return self.head(self.maps(x)[-1]).mean((2, 3))

    def probabilities(self, features: Tensor) -> Tensor:
        """[N, 1280] → those of the 1000 ImageNet classes."""
        return self.classes(features).softmax(1)

    def logits(self, pictures: Tensor) -> Tensor:
        """Those of the 1000 ImageNet classes, [N, 1000]."""
        return self.classes(self(pictures))


NAMES: tuple[tuple[str, str], ...] = (  # of the published file → ours, the first that matches
    (r"_conv_stem\.(.+)", r"stem.conv.\1"),
    (r"_bn0\.(.+)", r"stem.norm.\1"),
    (r"_conv_head\.(.+)", r"head.conv.\1"),
    (r"_bn1\.(.+)", r"head.norm.\1"),
    (r"_fc\.(.+)", r"classes.\1"),
)
PARTS = {
    "_expand_conv": "expand.conv", "_bn0": "expand.norm", "_depthwise_conv": "depthwise.conv", "_bn1": "depthwise.norm",
    "_project_conv": "project.conv", "_bn2": "project.norm",
}  # fmt: skip


def renamed(published: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The published file's tensors by our names; what has no place keeps its name, so that it is told of."""
    return {_ours(name): tensor for name, tensor in published.items()}


def _ours(name: str) -> str:
    for pattern, replacement in NAMES:
        if match := re.fullmatch(pattern, name):
            return match.expand(replacement)
    match = re.fullmatch(r"_blocks\.(\d{1,3})\.(\w+)\.(\w+)", name)
    places = [f"stages.{stage}.{block}" for stage, kind in enumerate(STAGES) for block in range(kind.repeats)]
    if match is None or match[2] not in PARTS or int(match[1]) >= len(places):
        return name
    return f"{places[int(match[1])]}.{PARTS[match[2]]}.{match[3]}"
