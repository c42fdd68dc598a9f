"""VGG16 (Simonyan and Zisserman 2014): late features for precision and recall, all depths for a perceptual distance (LPIPS).

Names of its layers are those of the published weights. Not verified with published weights: they could not be had where this was
written; nor is how the originals bring pictures to 224×224.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .frozen import FeatureNetwork
from .sampling import resized

WIDTHS = (64, 128, 256, 512, 512)
DEPTHS = (2, 2, 3, 3, 3)  # convolutions before each halving
HIDDEN = 4096
SIDE = 224
SMALLEST = 2 ** (len(DEPTHS) - 1)  # pixels that are left to the last depth
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's red, green and blue


class VGG16(FeatureNetwork):
    """Features [N, 4096]: the second fully connected layer after its ReLU, of pictures brought to 224×224."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, widths: Sequence[int] = WIDTHS, hidden: int = HIDDEN):
        super().__init__()
        self.size, self.features, inputs = hidden, nn.Sequential(), 3
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None], persistent=False)
        for width, depth in zip(widths, DEPTHS, strict=True):
            for _ in range(depth):
                self.features.extend([nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()])
                inputs = width
            self.features.append(nn.MaxPool2d(2))
        near = nn.Linear(inputs * (SIDE // 32) ** 2, hidden)
        self.classifier = nn.Sequential(
            near, nn.ReLU(), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, 1000)
        )

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.features(self.whitened(resized(pictures.float(), SIDE)))
        return self.classifier[:5](x.flatten(1))

    def whitened(self, x: Tensor) -> Tensor:
        """Values from 0 to 255 → the mean and deviation that the network was trained with."""
        return (x / 255.0 - self.mean) / self.deviation

    def depths(self, pictures: Tensor) -> list[Tensor]:
        """The features before each halving, of pictures at their own size."""
        x, found = self.whitened(pictures.float()), []
        for layer in self.features:
            if isinstance(layer, nn.MaxPool2d):
                found.append(x)
                if len(found) == len(DEPTHS):
                    break
            x = layer(x)
        return found


class Perceptual(FeatureNetwork):
    """LPIPS on VGG16 (Zhang et al. 2018): |a - b|² of two pictures' features is their perceptual distance.

    Features [N, D], D grows with the picture: each position of each depth to length 1, times the root of its learnt weight over
    the number of positions. Pictures need at least 16 pixels a side.
    """

    size = 0

    def __init__(self, widths: Sequence[int] = WIDTHS, hidden: int = HIDDEN):
        super().__init__()
        self.vgg = VGG16(widths, hidden)
        self.weights = nn.ParameterList(nn.Parameter(torch.ones(width)) for width in widths)

    def forward(self, pictures: Tensor) -> Tensor:
        if min(pictures.shape[2:]) < SMALLEST:
            raise ValueError(f"a perceptual distance needs pictures of at least {SMALLEST} pixels a side")
        return torch.cat(
            [scaled(x, weight) for x, weight in zip(self.vgg.depths(pictures), self.weights, strict=True)], 1
        )


def scaled(x: Tensor, weight: Tensor) -> Tensor:
    """[N, C, H, W] → [N, C · H · W]; weights are never negative, as they were trained."""
    x = x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10)
    root = F.relu(weight).sqrt() / (x.shape[2] * x.shape[3]) ** 0.5
    return (x * root[:, None, None]).flatten(1)
