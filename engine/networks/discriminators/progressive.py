"""The discriminator of ProGAN and StyleGAN: from RGB down to 4×4 with minibatch standard deviation; shrinks with the lod."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..layers import SQRT2, Bias, Blur, DownConv2d, EqualizedConv2d, EqualizedLinear, downscale, minibatch_stddev
from ..progressive import Activation


class FromRGB(nn.Module):
    """Picture [N, channels, H, W] → features [N, C, H, W]: 1×1 convolution, bias, leaky ReLU."""

    def __init__(self, channels: int, features: int, equalize: bool, relu: bool):
        super().__init__()
        self.conv = EqualizedConv2d(channels, features, 1, equalize=equalize)
        self.bias = Bias(features)
        self.activation = Activation(relu)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(self.bias(self.conv(x)))


class Block(nn.Module):
    """Convolution, blur, convolution and halving: [N, C, H, W] → [N, C', H/2, W/2].

    With `pool_last` the halving comes after the second activation (unfused ProGAN), else before its bias.
    """

    def __init__(self, inputs: int, outputs: int, blur: bool, pool_last: bool, equalize: bool, relu: bool):
        super().__init__()
        self.conv0 = EqualizedConv2d(inputs, inputs, 3, equalize=equalize)
        self.bias0 = Bias(inputs)
        self.blur = Blur() if blur else None
        self.conv1 = (EqualizedConv2d if pool_last else DownConv2d)(inputs, outputs, 3, equalize=equalize)
        self.bias1 = Bias(outputs)
        self.activation = Activation(relu)
        self.pool_last = pool_last

    def forward(self, x: Tensor) -> Tensor:
        x = self.activation(self.bias0(self.conv0(x)))
        x = x if self.blur is None else self.blur(x)
        x = self.activation(self.bias1(self.conv1(x)))
        return downscale(x) if self.pool_last else x


class Head(nn.Module):
    """4×4 features → minibatch standard deviation → convolution → two fully connected layers → [N, outputs]."""

    def __init__(
        self, features: int, hidden: int, outputs: int, group: int, statistics: int, equalize: bool, relu: bool
    ):
        super().__init__()
        self.group, self.statistics = group, statistics if group > 1 else 0
        self.conv = EqualizedConv2d(features + self.statistics, features, 3, equalize=equalize)
        self.bias = Bias(features)
        self.dense0 = EqualizedLinear((hidden, features * 16), SQRT2, equalize=equalize)
        self.bias0 = Bias(hidden)
        self.dense1 = EqualizedLinear((outputs, hidden), 1.0, equalize=equalize)
        self.bias1 = Bias(outputs)
        self.activation = Activation(relu)

    def forward(self, x: Tensor) -> Tensor:
        x = minibatch_stddev(x, self.group, self.statistics) if self.statistics else x
        x = self.activation(self.bias(self.conv(x)))
        x = self.activation(self.bias0(self.dense0(x.flatten(1).float())))
        return self.bias1(self.dense1(x))


class ProgressiveDiscriminator(nn.Module):
    """Pictures [N, channels, R, R] at the resolution of the present `lod` → scores [N, 1].

    `condition` says what labels do: "none"; "select" scores with the label's own output (Mescheder et al. 2018);
    "classify" adds class logits beside the score (AC-GAN, Odena et al. 2016).
    """

    def __init__(
        self,
        resolution: int,
        channels: int,
        features: Sequence[int],
        label_size: int = 0,
        condition: str = "none",
        blur: bool = True,
        pool_last: bool = False,
        group: int = 4,
        statistics: int = 1,
        equalize: bool = True,
        relu: bool = False,
    ):
        super().__init__()
        self.resolution, self.channels, self.label_size = resolution, channels, label_size
        self.condition = condition if label_size else "none"
        self.lod = 0.0
        levels = range(int(math.log2(resolution)), 1, -1)
        self.from_rgb = nn.ModuleDict({f"b{2**r}": FromRGB(channels, features[r], equalize, relu) for r in levels})
        self.blocks = nn.ModuleDict(
            {f"b{2**r}": Block(features[r], features[r - 1], blur, pool_last, equalize, relu) for r in levels if r > 2}
        )
        outputs = {"none": 1, "select": label_size, "classify": 1 + label_size}[self.condition]
        self.head = Head(features[2], features[1], outputs, group, statistics, equalize, relu)

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.judge(images, labels)[0]

    def judge(self, images: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """Scores [N, 1], and class logits [N, label_size] where the condition is "classify"."""
        out = self.head(self._shrink(images))
        if self.condition == "select":
            if labels is None:
                raise ValueError("this discriminator was made for pictures with class labels and got none")
            return (out * labels).sum(1, keepdim=True), None
        return out[:, :1], out[:, 1:] if self.condition == "classify" else None

    def _shrink(self, images: Tensor) -> Tensor:
        octaves = int(math.log2(self.resolution))
        lod = min(max(self.lod, 0.0), float(octaves - 2))
        top, fade = octaves - math.floor(lod), lod - math.floor(lod)
        x = self.from_rgb[f"b{2**top}"](images)
        for level in range(top, 2, -1):
            x = self.blocks[f"b{2**level}"](x)
            if level == top and fade:
                x = torch.lerp(x, self.from_rgb[f"b{2 ** (level - 1)}"](downscale(images)), fade)
        return x
