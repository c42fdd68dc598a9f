"""The synthesis that ProGAN and StyleGAN share: layers from 4×4 up, a toRGB at every resolution, growth by level of detail."""

import math
from collections.abc import Mapping, Sequence

import torch
from msgspec import Struct
from torch import Tensor, nn
from torch.nn import functional as F

from .generator import Canvas, Generator, Layer, Step
from .layers import (
    SQRT2,
    Bias,
    Blur,
    EqualizedConv2d,
    EqualizedLinear,
    NoiseInput,
    UpConv2d,
    instance_norm,
    pixel_norm,
)
from .pauses import pause


class Epilogue(Struct, frozen=True):
    """What follows every convolution, so that one synthesis serves all configurations of the two papers."""

    noise: bool = True
    styles: bool = True
    instance_norm: bool = True
    pixel_norm: bool = False
    blur: bool = True
    equalize: bool = True
    relu: bool = False
    bias_before_blur: bool = False
    norm_epsilon: float = 1e-8


def features_at(level: int, base: int, decay: float, most: int) -> int:
    """nf(s) = min(base / 2^(s · decay), most); a layer at resolution 2^r has nf(r - 1) feature maps."""
    return min(int(base / 2.0 ** (level * decay)), most)


class Activation(nn.Module):
    """Leaky ReLU of slope 0.2 (or plain ReLU), without gain; at exactly 0 its derivative is 1, as in the original."""

    def __init__(self, relu: bool = False):
        super().__init__()
        self.slope = 0.0 if relu else 0.2

    def forward(self, x: Tensor) -> Tensor:
        if self.slope and x.requires_grad:
            x = x + 1e-30  # torch's own derivative at 0 is the slope; any other x stays as it is
        return F.leaky_relu(x, self.slope)


class Norm(nn.Module):
    """Pixel norm and instance norm, whichever the configuration has."""

    def __init__(self, pixel: bool, instance: bool, epsilon: float = 1e-8):
        super().__init__()
        self.pixel, self.instance, self.epsilon = pixel, instance, epsilon

    def forward(self, x: Tensor) -> Tensor:
        x = pixel_norm(x) if self.pixel else x
        return instance_norm(x, self.epsilon) if self.instance else x


class Style(nn.Module):
    """The learned affine map A of AdaIN: w [N, w_dim] → [N, 2C], first the C scales, then the C shifts, before the +1."""

    def __init__(self, w_dim: int, features: int, equalize: bool = True):
        super().__init__()
        self.affine = EqualizedLinear((2 * features, w_dim), gain=1.0, equalize=equalize)
        self.shift = Bias(2 * features)

    def forward(self, w: Tensor) -> Tensor:
        return self.shift(self.affine(w))


def modulate(x: Tensor, style: Tensor) -> Tensor:
    """(y_s + 1) · x + y_b of features [N, C, H, W] by a style y [N, 2C]."""
    scale, shift = style.to(x.dtype)[..., None, None].chunk(2, 1)
    return torch.addcmul(shift, x, scale + 1.0)


class SynthesisLayer(Layer):
    """source → blur → noise → bias → leaky ReLU → norm → AdaIN (StyleGAN 2018, figure 1b).

    AdaIN(x, y) = (y_s + 1) · norm(x) + y_b; style strength a makes it (a y_s + 1) · norm(x) + a y_b.
    """

    def __init__(self, source: nn.Module, row: int | None, resolution: int, features: int, w_dim: int, has: Epilogue):
        super().__init__()
        self.row, self.resolution = row, resolution
        self.source = source
        self.blur = Blur() if has.blur and isinstance(source, UpConv2d) else None
        self.noise = NoiseInput(features, resolution) if has.noise else None
        self.bias = Bias(features)
        self.activation = Activation(has.relu)
        self.bias_first = has.bias_before_blur and self.blur is not None
        self.norm = Norm(has.pixel_norm, has.instance_norm, has.norm_epsilon)
        self.style = Style(w_dim, features, has.equalize) if has.styles else None

    @property
    def constant_noise(self) -> Tensor | None:
        return None if self.noise is None else self.noise.constant

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        x = w if canvas.features is None else canvas.features
        assert x is not None
        if w is not None and self._drawn_alone(x):
            return canvas._replace(features=self._draw(x, w, noise, strength))
        x = self.source(x)
        x = self.bias(x) if self.bias_first else x
        if self.blur is not None:
            x = self.blur(x)
        if self.noise is not None:
            x = self.noise(x, noise)
        x = x if self.bias_first else self.bias(x)
        x = self.norm(self.activation(x))
        if self.style is not None:
            assert w is not None
            x = modulate(x, self.style(w) * strength)
        return canvas._replace(features=x)

    def _drawn_alone(self, x: Tensor) -> bool:
        """Whether this is one picture of a packed network, in the usual order of parts."""
        packed = self.style is not None and self.style.affine.packed
        return packed and x.shape[0] == 1 and self.norm.instance and not (self.bias_first or self.norm.pixel)

    def _draw(self, x: Tensor, w: Tensor, noise: Tensor | None, strength: float) -> Tensor:
        """The same in fewer passes over memory: the bias joins the convolution, the style the norm, the rest is in place."""
        assert self.style is not None
        bias = self.bias.value(x.dtype)
        if self.blur is not None:
            x = self.source(x)
            pause()
            x = self.blur(x, bias)
        elif isinstance(self.source, EqualizedConv2d):
            x = self.source(x, bias)
        else:
            x = self.source(x) + bias[:, None, None]
        pause()
        if self.noise is not None and noise is not None:
            x.addcmul_(noise.to(x.dtype), self.noise.strength.to(x.dtype)[:, None, None])
        x = F.leaky_relu_(x, self.activation.slope)
        pause()
        style = self.style(w)
        scale, shift = (style if strength == 1.0 else style * strength).to(x.dtype)[0].chunk(2)
        return F.group_norm(x, x.shape[1], scale + 1.0, shift, self.norm.epsilon)


class Constant(nn.Module):
    """The learned 4×4 constant that StyleGAN starts from, repeated over the batch; it sees only the batch size of w."""

    def __init__(self, features: int):
        super().__init__()
        self.const = nn.Parameter(torch.ones(1, features, 4, 4))

    def forward(self, w: Tensor) -> Tensor:
        return self.const.to(w.dtype).expand(w.shape[0], -1, -1, -1)


class DenseStart(nn.Module):
    """w [N, w_dim] → [N, C, 4, 4] by a fully connected layer, as ProGAN starts (gain sqrt(2) / 4)."""

    def __init__(self, w_dim: int, features: int, equalize: bool = True):
        super().__init__()
        self.dense = EqualizedLinear((features * 16, w_dim), gain=SQRT2 / 4, equalize=equalize)

    def forward(self, w: Tensor) -> Tensor:
        return self.dense(w).unflatten(1, (-1, 4, 4))


class ToRGB(Layer):
    """A 1×1 convolution to the picture's channels; linear, reads no style."""

    def __init__(self, resolution: int, features: int, channels: int, equalize: bool = True):
        super().__init__()
        self.resolution = resolution
        self.conv = EqualizedConv2d(features, channels, 1, gain=1.0, equalize=equalize)
        self.bias = Bias(channels)

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        x = canvas.features
        assert x is not None
        if not self.conv.packed:
            return canvas._replace(picture=self.bias(self.conv(x)))
        weight, bias = self.conv.operand(x.dtype)[:, :, 0, 0], self.bias.value(x.dtype)
        return canvas._replace(picture=F.linear(x.movedim(1, 3), weight, bias).movedim(3, 1))


class ProgressiveGenerator(Generator):
    """Grows from 4×4: at level of detail `lod` only the layers up to resolution / 2^floor(lod) run, and while its fraction is
    not zero the newest resolution is mixed with the doubled picture of the one below (Karras et al. 2017, figure 2).
    """

    def steps(self) -> Sequence[Step]:
        octaves, lod = int(math.log2(self.resolution)), min(max(self.lod, 0.0), math.log2(self.resolution) - 2)
        top = octaves - math.floor(lod)
        fade = lod - math.floor(lod)
        steps = []
        for name, layer in self.named_layers().items():
            level = int(math.log2(layer.resolution))
            if isinstance(layer, ToRGB):
                if level == top:
                    steps.append(Step(name, layer, fade))
                elif level == top - 1 and fade:
                    steps.append(Step(name, layer))
            elif level <= top:
                steps.append(Step(name, layer))
        return steps

    def levels(self) -> Mapping[int, int]:
        convolved = [step for step in self.steps() if isinstance(step.layer, SynthesisLayer)]
        top = convolved[-1].layer.resolution
        return {at: step.layer.resolution for at, step in enumerate(convolved, 1) if step.layer.resolution < top}


def synthesis_layers(
    resolution: int, channels: int, w_dim: int, features: Sequence[int], has: Epilogue, constant: bool
) -> nn.ModuleDict:
    """All layers in order; `features[r]` is how many maps a layer at resolution 2^r has. Styled layers read one row of ws each."""
    layers = nn.ModuleDict()

    def styled(name: str, source: nn.Module, level: int) -> None:
        index = len([layer for layer in layers.values() if isinstance(layer, SynthesisLayer)])
        row = index if has.styles else (0 if index == 0 else None)
        layers[name] = SynthesisLayer(source, row, 2**level, features[level], w_dim, has)

    for level in range(2, int(math.log2(resolution)) + 1):
        size, width = f"b{2**level}", features[level]
        if level == 2:
            start = Constant(width) if constant else DenseStart(w_dim, width, has.equalize)
            styled(f"{size}_start", start, level)
        else:
            styled(f"{size}_up", UpConv2d(features[level - 1], width, 3, equalize=has.equalize), level)
        styled(f"{size}_conv", EqualizedConv2d(width, width, 3, equalize=has.equalize), level)
        layers[f"{size}_rgb"] = ToRGB(2**level, width, channels, has.equalize)
    return layers
