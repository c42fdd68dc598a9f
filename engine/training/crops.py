"""Crops of pictures in training, in the same place for a whole batch."""

import torch
from torch import Tensor

Random = torch.Generator | None


def cut(images: Tensor, top: int, left: int, side: int) -> Tensor:
    """[N, C, H, W] → [N, C, side, side] from that place on."""
    return images[..., top : top + side, left : left + side]


def drawn(images: Tensor, side: int, random: Random = None) -> tuple[int, int]:
    """Where a crop of that side begins, from the top and from the left: anywhere."""
    device = None if random is None else random.device
    top, left = (torch.randint(size - side + 1, (), generator=random, device=device) for size in images.shape[2:])
    return int(top), int(left)


def cropped(images: Tensor, side: int, random: Random = None) -> Tensor:
    """A crop of that side from anywhere, [N, C, side, side]; smaller pictures stay as they are."""
    if images.shape[3] <= side:
        return images
    top, left = drawn(images, side, random)
    return cut(images, top, left, side)


def often_cropped(images: Tensor, side: int, random: Random = None) -> Tensor:
    """The same every other time, as StyleGAN-T's discriminator is shown pictures (Sauer et al. 2023, section 3.2)."""
    if images.shape[3] <= side:
        return images
    device = None if random is None else random.device
    return cropped(images, side, random) if torch.rand((), generator=random, device=device) < 0.5 else images
