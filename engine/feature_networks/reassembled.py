"""Feature maps at four scales from the tokens of a transformer (Ranftl et al. 2021), as StyleGAN-XL's discriminator has them."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from .published import MissingWeights
from .pyramid import Pyramid
from .transformer import PictureTransformer
from .vit import DEVIATION, MEAN, VITS, read_vit

AFTER = (2, 5, 8, 11)  # the blocks whose tokens become maps
WIDTHS = (96, 192, 384, 768)


class ImageNetNorm(nn.Module):
    """Pictures in [-1, 1] as ImageNet networks take them: each channel at mean 0 and deviation 1 over ImageNet."""

    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None], persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        return ((pictures + 1.0) / 2.0 - self.mean) / self.deviation


class ReassembledPyramid(Pyramid):
    """Maps at 1/4, 1/8, 1/16 and 1/32 of 224×224 pictures in [-1, 1].

    The convolutions that make maps of tokens stay as random as they were made, and belong to the frozen network.
    """

    def __init__(self, network: PictureTransformer, after: Sequence[int] = AFTER, widths: Sequence[int] = WIDTHS):
        super().__init__()
        self.norm, self.network, self.after, self.channels = ImageNetNorm(), network, tuple(after), tuple(widths)
        token, (finest, fine, _, coarse) = network.size.width, widths
        self.narrow = nn.ModuleList(nn.Conv2d(token, width, 1) for width in widths)
        self.scale = nn.ModuleList(
            [
                nn.ConvTranspose2d(finest, finest, 4, 4),
                nn.ConvTranspose2d(fine, fine, 2, 2),
                nn.Identity(),
                nn.Conv2d(coarse, coarse, 3, 2, 1),
            ]
        )
        del network.norm  # nothing looks at what comes after the last block

    def forward(self, pictures: Tensor) -> list[Tensor]:
        patch = self.network.size.patch
        grid = (pictures.shape[2] // patch, pictures.shape[3] // patch)
        found = []
        tokens = self.network.tokens(self.norm(pictures), self.after)
        for narrow, scale, x in zip(self.narrow, self.scale, tokens, strict=True):
            x = x[:, self.network.leading :].transpose(1, 2).unflatten(2, grid)
            found.append(scale(narrow(x)))
        return found


def deit_pyramid(*folders: Path) -> ReassembledPyramid:
    """DeiT-base distilled with its published weights from one of the folders, or one called weights.

    Without values where networks are built so. Raises MissingWeights with one sentence, and BadWeights.
    """
    kind = VITS["deit-base"]
    if torch.get_default_device().type == "meta":
        return ReassembledPyramid(PictureTransformer(kind.size))
    path = kind.source.here(*folders, Path("weights"))
    if path is None:
        raise MissingWeights(
            f"a StyleGAN-XL's discriminator may look through {kind.title}, whose weights are missing: put {kind.source.file} "
            f"from {kind.source.address} into a folder named weights, or look through lite0 alone"
        )
    return ReassembledPyramid(read_vit("deit-base", path).transformer)
