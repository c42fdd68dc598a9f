"""The 18 augmentations of StyleGAN2-ADA (Karras et al. 2020, appendix B), differentiable, on pictures in [-1, 1]."""

import math
from collections.abc import Callable
from functools import cache, reduce

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .dice import Augmentations, Draws, draw
from .warp import geometry, warp

SYM2 = (-0.12940952255092145, 0.22414386804185735, 0.836516303737469, 0.48296291314469025)
BANDS = (10 / 13, 1 / 13, 1 / 13, 1 / 13)  # the power that natural pictures have in each band of frequencies


def augment(images: Tensor, kinds: Augmentations, p: float = 1.0, generator: torch.Generator | None = None) -> Tensor:
    """Pictures [N, C, H, W], each augmented with its own dice."""
    return apply(images, draw(images, kinds, p, generator))


def apply(images: Tensor, draws: Draws) -> Tensor:
    """Geometry, colour, frequencies, noise, cutout, in this order."""
    matrix = geometry(draws, images)
    images = images if matrix is None else warp(images, matrix)
    colors = color(draws)
    images = images if colors is None else recolor(images, colors)
    images = images if draws.bands is None else refilter(images, band_gains(draws.bands))
    if draws.sigma is not None and draws.noise is not None:
        images = images + draws.noise * draws.sigma[:, None, None, None]
    if draws.cutout is not None and draws.centre is not None:
        images = images * kept(images, draws.cutout, draws.centre)
    return images


def brighter(amount: Tensor) -> Tensor:
    return torch.eye(4, device=amount.device) + amount[:, None, None] * amount.new_tensor(
        [[0.0, 0.0, 0.0, 1.0]] * 3 + [[0.0] * 4]
    )


def contrasted(octaves: Tensor) -> Tensor:
    return torch.diag_embed(torch.stack([*[octaves.exp2()] * 3, torch.ones_like(octaves)], 1))


def grey_axis(like: Tensor) -> Tensor:
    """v vᵀ [4, 4] of the grey axis v = (1, 1, 1, 0) / sqrt(3)."""
    v = like.new_tensor([1 / math.sqrt(3)] * 3 + [0.0])
    return torch.outer(v, v)


def luma_flipped(flip: Tensor) -> Tensor:
    return torch.eye(4, device=flip.device) - 2 * grey_axis(flip) * flip[:, None, None]


def saturated(octaves: Tensor) -> Tensor:
    grey = grey_axis(octaves)
    return grey + (torch.eye(4, device=octaves.device) - grey) * octaves.exp2()[:, None, None]


def hue_rotation(angle: Tensor) -> Tensor:
    """[N] → [N, 4, 4]: by that angle about the grey axis v (Rodrigues): cos I + sin [v]× + (1 - cos) v vᵀ."""
    k = 1 / math.sqrt(3)
    cross = angle.new_tensor([[0.0, -k, k], [k, 0.0, -k], [-k, k, 0.0]])
    cos, sin = angle.cos()[:, None, None], angle.sin()[:, None, None]
    turn = torch.eye(3, device=angle.device) * cos + cross * sin + (1 - cos) / 3
    return F.pad(turn, (0, 1, 0, 1)) + torch.diag(angle.new_tensor([0.0, 0.0, 0.0, 1.0]))


COLORS: dict[str, Callable[[Tensor], Tensor]] = {  # each draw as a matrix, in the order in which they act
    "brightness": brighter,
    "contrast": contrasted,
    "lumaflip": luma_flipped,
    "hue": hue_rotation,
    "saturation": saturated,
}


def color(draws: Draws) -> Tensor | None:
    """[N, 4, 4] on (R, G, B, 1); None: colours stay."""
    thrown = {name: getattr(draws, name) for name in COLORS}
    steps = [COLORS[name](value) for name, value in thrown.items() if value is not None]
    if not steps:
        return None
    return reduce(lambda matrix, step: step @ matrix, steps, torch.eye(4, device=steps[0].device))


def recolor(images: Tensor, matrix: Tensor) -> Tensor:
    """Pictures with 3 channels, or 1, which then takes the mean of the three rows."""
    channels = images.shape[1]
    if channels == 3:
        return (matrix[:, :3, :3] @ images.flatten(2) + matrix[:, :3, 3:]).view_as(images)
    if channels != 1:
        raise ValueError(f"colour augmentations need pictures with 1 or 3 channels, not {channels}")
    row = matrix[:, :3].mean(1)
    return images * row[:, :3].sum(1)[:, None, None, None] + row[:, 3, None, None, None]


@cache
def filter_bank() -> np.ndarray:
    """[4, 43], a filter for each octave of frequencies from low to high, made of sym2 wavelets; they add up to the impulse."""
    low = np.array(SYM2)
    high = low * (-1) ** np.arange(4)
    low2, high2 = np.convolve(low, low[::-1]) / 2, np.convolve(high, high[::-1]) / 2
    bank = np.eye(4, 1)
    for i in range(1, 4):
        stretched = np.zeros((4, 2 * bank.shape[1] - 1))
        stretched[:, ::2] = bank
        bank = np.stack([np.convolve(row, low2) for row in stretched])
        start = (bank.shape[1] - len(high2)) // 2
        bank[i, start : start + len(high2)] += high2
    return bank.astype(np.float32)


def band_gains(octaves: Tensor) -> Tensor:
    """[N, 4] octaves, one after another, each change with the expected power kept → [N, 4] factors."""
    power, gains = octaves.new_tensor(BANDS), torch.ones_like(octaves)
    for i in range(4):
        t = torch.ones_like(octaves)
        t[:, i] = octaves[:, i].exp2()
        gains = gains * t / (power * t.square()).sum(1, keepdim=True).sqrt()
    return gains


def refilter(images: Tensor, gains: Tensor) -> Tensor:
    """Each picture with its own filter, mirrored over the edges; larger than 21 pixels."""
    n, c, h, w = images.shape
    kernel = gains @ torch.from_numpy(filter_bank()).to(images.device)
    reach = kernel.shape[1] // 2
    if min(h, w) <= reach:
        raise ValueError(f"the filter augmentation needs pictures of more than {reach} pixels a side, not {min(h, w)}")
    weight = kernel[:, None].expand(-1, c, -1).reshape(n * c, 1, -1)
    x = F.pad(images.reshape(1, n * c, h, w), [reach] * 4, "reflect")
    x = F.conv2d(F.conv2d(x, weight[:, :, None], groups=n * c), weight[..., None], groups=n * c)
    return x.view(n, c, h, w)


def kept(images: Tensor, size: Tensor, centre: Tensor) -> Tensor:
    """[N, 1, H, W], 0 in a rectangle of that part of width and height around the centre (x, y in 0…1), 1 elsewhere."""
    h, w = images.shape[2:]
    x = (torch.arange(w, device=images.device) + 0.5) / w
    y = (torch.arange(h, device=images.device) + 0.5) / h
    half = (size / 2)[:, None]
    beside = (x - centre[:, :1]).abs() >= half
    above = (y - centre[:, 1:]).abs() >= half
    return (beside[:, None, None, :] | above[:, None, :, None]).to(images.dtype)
