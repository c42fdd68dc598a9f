"""The discriminator of StyleGAN-T (Sauer et al. 2023, section 3.2): heads judge tokens of a frozen transformer at five depths."""

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.feature_networks.frozen import inert
from engine.feature_networks.published import MissingWeights
from engine.feature_networks.reassembled import ImageNetNorm
from engine.feature_networks.transformer import PictureTransformer
from engine.feature_networks.vit import VITS, read_vit

from ..activations import Dense
from ..spectral import Spectral

AFTER = (2, 5, 8, 11)  # blocks whose tokens are judged, and the tokens before the first
TOGETHER = 8  # pictures at most that share their statistics
REACH = 4  # tokens each way that a head's second convolution sees
SLOPE, EPSILON = 0.2, 1e-5


class Taps(nn.Module):
    """Pictures [N, 3, S, S] in [-1, 1] → tokens at five depths, each [N, `width`, T]; `side` is the S that it looks at."""

    def __init__(self, network: PictureTransformer, after: tuple[int, ...] = AFTER):
        super().__init__()
        self.norm, self.network, self.after = ImageNetNorm(), network, after
        self.width, self.side = network.size.width, network.size.side
        del network.norm  # nothing looks at what comes after the last block

    def forward(self, pictures: Tensor) -> list[Tensor]:
        first, *deeper = self.network.tokens(self.norm(pictures), (-1, *self.after))
        leading = self.network.leading
        return [(x[:, leading:] + x[:, :1]).transpose(1, 2) for x in (*deeper, first)]


class LocalNorm(nn.Module):
    """Features [N, C, T] to mean 0 and variance 1 over groups of at most 8 pictures that follow one another, in training and after.

    Raises ValueError for a number of pictures that cannot be split so.
    """

    def __init__(self, features: int):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))

    def forward(self, x: Tensor) -> Tensor:
        groups = math.ceil(len(x) / TOGETHER)
        if len(x) % groups:
            raise ValueError(
                f"a batch of {len(x)} cannot be split into {groups} groups of equal size; choose a multiple of {TOGETHER}"
            )
        grouped = x.unflatten(0, (groups, -1))
        variance, mean = torch.var_mean(grouped, (1, 3), correction=0, keepdim=True)
        y = ((grouped - mean) * (variance + EPSILON).rsqrt()).flatten(0, 1)
        return torch.addcmul(self.bias[:, None], y, self.weight[:, None])


class SpectralConv1d(Spectral):
    """[N, inputs, T] → [N, outputs, T], with bias; the last token's neighbour is the first."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1):
        super().__init__((outputs, inputs, kernel), bias=True)
        self.padding = kernel // 2

    def forward(self, x: Tensor) -> Tensor:
        x = F.pad(x, (self.padding, self.padding), mode="circular") if self.padding else x
        return F.conv1d(x, self.operand(x.dtype), self._shift(x.dtype))


class TokenBlock(nn.Module):
    """Convolution → local norm → leaky ReLU, [N, C, T] → [N, C, T]."""

    def __init__(self, features: int, kernel: int):
        super().__init__()
        self.conv, self.norm = SpectralConv1d(features, features, kernel), LocalNorm(features)

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(self.norm(self.conv(x)), SLOPE)


class TokenHead(nn.Module):
    """Tokens [N, width, T] → a score for each, [N, T].

    With a condition [N, `condition`], a text's feature or shares of classes, a score is the features' projection onto it, over
    sqrt(judge_dim) (Miyato and Koyama 2018).
    """

    def __init__(self, width: int, condition: int = 0, judge_dim: int = 64):
        super().__init__()
        self.alone, self.around = TokenBlock(width, 1), TokenBlock(width, 2 * REACH + 1)
        self.out = SpectralConv1d(width, judge_dim if condition else 1)
        self.project = Dense(condition, judge_dim) if condition else None

    def features(self, x: Tensor) -> Tensor:
        """[N, width, T], before they become scores."""
        x = self.alone(x)
        return (self.around(x) + x) * math.sqrt(0.5)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        out: Tensor = self.out(self.features(x))
        if self.project is None:
            return out.flatten(1)
        if labels is None:
            raise ValueError("this discriminator was made for pictures with texts or class labels and got none")
        mapped = self.project(labels.to(out.dtype))
        return (out * mapped[..., None]).sum(1) / math.sqrt(out.shape[1])


class VisionDiscriminator(nn.Module):
    """Pictures [N, channels, R, R] → scores [N, tokens of all heads]; what is frozen is in no file of ours but comes from its own.

    All pictures are resized to what the transformer looks at; large ones are cropped before, where that is wanted.
    """

    lod = 0.0  # does not grow

    def __init__(self, taps: Taps, condition: int = 0, judge_dim: int = 64):
        super().__init__()
        self.taps, self.side = inert(taps, saved=False), taps.side
        self.heads = nn.ModuleList(TokenHead(taps.width, condition, judge_dim) for _ in range(len(taps.after) + 1))
        self.condition = "projection" if condition else "none"

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        tokens = self.taps(self.seen(images))
        return torch.cat([head(x, labels) for head, x in zip(self.heads, tokens, strict=True)], 1)

    def judge(self, images: Tensor, labels: Tensor | None = None) -> tuple[Tensor, None]:
        """Scores, and no class logits."""
        return self(images, labels), None

    def seen(self, images: Tensor) -> Tensor:
        """Pictures in red, green and blue as large as the transformer looks at them: [N, 3, S, S]."""
        images = images.expand(-1, 3, -1, -1) if images.shape[1] == 1 else images
        return by_area(images, self.side)


def by_area(x: Tensor, size: int) -> Tensor:
    """[N, C, H, W] → [N, C, size, size], each pixel the mean of those that it touches; by matrices, as all devices can."""
    if x.shape[2:] == (size, size):
        return x
    return _means(x.shape[2], size, x) @ x @ _means(x.shape[3], size, x).t()


def _means(before: int, after: int, like: Tensor) -> Tensor:
    """[after, before]: which share of each pixel goes into each new one."""
    new, old = torch.arange(after, device=like.device)[:, None], torch.arange(before, device=like.device)
    first = torch.div(new * before, after, rounding_mode="floor")
    last = torch.div((new + 1) * before + after - 1, after, rounding_mode="floor")
    touched = ((old >= first) & (old < last)).to(like.dtype)
    return touched / touched.sum(1, keepdim=True)


def dino_discriminator(channels: int, condition: int, judge_dim: int, *folders: Path) -> VisionDiscriminator:
    """One that looks through DINO ViT-S/16 with its published weights from a folder, or one called weights; random heads.

    Without values where networks are built so. Raises MissingWeights with one sentence, BadWeights, and ValueError for pictures
    that are neither grey nor red, green and blue.
    """
    if channels not in (1, 3):
        raise ValueError(f"a StyleGAN-T's discriminator sees pictures of 1 or 3 channels, not of {channels}")
    kind = VITS["dino-small"]
    if torch.get_default_device().type == "meta":
        return VisionDiscriminator(Taps(PictureTransformer(kind.size)), condition, judge_dim)
    path = kind.source.here(*folders, Path("weights"))
    if path is None:
        raise MissingWeights(
            f"a StyleGAN-T's discriminator may look through {kind.title}, whose weights are missing: put {kind.source.file} "
            f"from {kind.source.address} into a folder named weights, or choose judge lite0"
        )
    return VisionDiscriminator(Taps(read_vit("dino-small", path).transformer), condition, judge_dim)
