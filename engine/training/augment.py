"""The 18 augmentations of StyleGAN2-ADA (Karras et al. 2020, appendix B), drawn for each picture by itself and differentiable.

`draw` throws the dice, `apply` does what they say. What is None in `Draws` was never thrown; what a picture's gate left out
has the value that changes nothing.
"""

import math
from typing import Annotated, NamedTuple

import torch
from msgspec import Meta, Struct, structs
from torch import Tensor
from torch.nn import functional as F

from .warp import rotated, scaled, translated, warp
from .wavelets import filter_bank

Strength = Annotated[float, Meta(ge=0, le=100)]
BANDS = (10 / 13, 1 / 13, 1 / 13, 1 / 13)  # the power that natural pictures have in each band of frequencies


class Augmentations(Struct, frozen=True, forbid_unknown_fields=True):
    """How strongly each augmentation takes part: it happens with probability strength · p. The rest are their ranges."""

    xflip: Strength = 0.0
    rotate90: Strength = 0.0
    xint: Strength = 0.0
    scale: Strength = 0.0
    rotate: Strength = 0.0
    aniso: Strength = 0.0
    xfrac: Strength = 0.0
    brightness: Strength = 0.0
    contrast: Strength = 0.0
    lumaflip: Strength = 0.0
    hue: Strength = 0.0
    saturation: Strength = 0.0
    imgfilter: Strength = 0.0
    noise: Strength = 0.0
    cutout: Strength = 0.0
    xint_max: float = 0.125
    scale_std: float = 0.2
    rotate_max: float = 1.0
    aniso_std: float = 0.2
    xfrac_std: float = 0.125
    brightness_std: float = 0.2
    contrast_std: float = 0.5
    hue_max: float = 1.0
    saturation_std: float = 1.0
    imgfilter_bands: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    imgfilter_std: float = 1.0
    noise_std: float = 0.1
    cutout_size: float = 0.5


PARTS: dict[str, tuple[str, ...]] = {
    "blit": ("xflip", "rotate90", "xint"),
    "geom": ("scale", "rotate", "aniso", "xfrac"),
    "color": ("brightness", "contrast", "lumaflip", "hue", "saturation"),
    "filter": ("imgfilter",),
    "noise": ("noise",),
    "cutout": ("cutout",),
}


def _set(*parts: str) -> Augmentations:
    return Augmentations(**{name: 1.0 for part in parts for name in PARTS[part]})


SETS: dict[str, Augmentations] = {
    **{name: _set(name) for name in PARTS},
    "bg": _set("blit", "geom"),
    "bgc": _set("blit", "geom", "color"),
    "bgcf": _set("blit", "geom", "color", "filter"),
    "bgcfn": _set("blit", "geom", "color", "filter", "noise"),
    "bgcfnc": _set("blit", "geom", "color", "filter", "noise", "cutout"),
}


class Draws(NamedTuple):
    """What the dice said for every picture of a batch of N."""

    flip: Tensor | None = None  # [N], 0 or 1
    quarter: Tensor | None = None  # [N], 0 to 3 quarter turns
    shift: Tensor | None = None  # [N, 2], parts of width and height, rounded to pixels
    scale: Tensor | None = None  # [N], octaves
    before: Tensor | None = None  # [N], rotation before the anisotropic scaling, radians
    aniso: Tensor | None = None  # [N], octaves
    after: Tensor | None = None  # [N], rotation after it, radians
    fraction: Tensor | None = None  # [N, 2], parts of width and height
    brightness: Tensor | None = None  # [N]
    contrast: Tensor | None = None  # [N], octaves
    lumaflip: Tensor | None = None  # [N], 0 or 1
    hue: Tensor | None = None  # [N], radians
    saturation: Tensor | None = None  # [N], octaves
    bands: Tensor | None = None  # [N, 4], octaves for each band
    sigma: Tensor | None = None  # [N]
    noise: Tensor | None = None  # [N, C, H, W]
    cutout: Tensor | None = None  # [N], part of width and height
    centre: Tensor | None = None  # [N, 2]


class _Dice:
    """Throws for N pictures; a thrown value holds where a second throw is below strength · p, elsewhere 0."""

    def __init__(self, like: Tensor, generator: torch.Generator | None):
        self.like, self.generator, self.count = like, generator, like.shape[0]

    def uniform(self, *shape: int) -> Tensor:
        return self._to(torch.rand(self.count, *shape, generator=self.generator, device=self._place()))

    def normal(self, *shape: int) -> Tensor:
        return self._to(torch.randn(self.count, *shape, generator=self.generator, device=self._place()))

    def gated(self, value: Tensor, chance: float) -> Tensor:
        gate = self.uniform() < chance
        return torch.where(gate if value.ndim == 1 else gate[:, None], value, torch.zeros_like(value))

    def _place(self) -> torch.device:
        return self.like.device if self.generator is None else self.generator.device

    def _to(self, x: Tensor) -> Tensor:
        return x.to(self.like.device)


def draw(
    images: Tensor, kinds: Augmentations, p: float = 1.0, generator: torch.Generator | None = None
) -> Draws:
    """The dice for pictures like these [N, C, H, W], thrown in the order of the official program."""
    dice = _Dice(images, generator)
    found: dict[str, Tensor] = {**_draw_blit(dice, kinds, p), **_draw_geometry(dice, kinds, p)}
    found |= _draw_color(dice, kinds, p, images.shape[1])
    if kinds.imgfilter:
        octaves = [
            dice.gated(dice.normal() * kinds.imgfilter_std, kinds.imgfilter * p * band)
            for band in kinds.imgfilter_bands
        ]
        found["bands"] = torch.stack(octaves, 1)
    if kinds.noise:
        found["sigma"] = dice.gated(dice.normal().abs() * kinds.noise_std, kinds.noise * p)
        found["noise"] = dice.normal(*images.shape[1:])
    if kinds.cutout:
        found["cutout"] = dice.gated(torch.full_like(images[:, 0, 0, 0], kinds.cutout_size), kinds.cutout * p)
        found["centre"] = dice.uniform(2)
    return Draws(**found)


def _draw_blit(dice: _Dice, kinds: Augmentations, p: float) -> dict[str, Tensor]:
    found = {}
    if kinds.xflip:
        found["flip"] = dice.gated((dice.uniform() * 2).floor(), kinds.xflip * p)
    if kinds.rotate90:
        found["quarter"] = dice.gated((dice.uniform() * 4).floor(), kinds.rotate90 * p)
    if kinds.xint:
        found["shift"] = dice.gated((dice.uniform(2) * 2 - 1) * kinds.xint_max, kinds.xint * p)
    return found


def _draw_geometry(dice: _Dice, kinds: Augmentations, p: float) -> dict[str, Tensor]:
    found = {}
    once = 1.0 - math.sqrt(min(max(1.0 - kinds.rotate * p, 0.0), 1.0))  # so that P(before or after) = strength · p
    if kinds.scale:
        found["scale"] = dice.gated(dice.normal() * kinds.scale_std, kinds.scale * p)
    if kinds.rotate:
        found["before"] = dice.gated((dice.uniform() * 2 - 1) * (math.pi * kinds.rotate_max), once)
    if kinds.aniso:
        found["aniso"] = dice.gated(dice.normal() * kinds.aniso_std, kinds.aniso * p)
    if kinds.rotate:
        found["after"] = dice.gated((dice.uniform() * 2 - 1) * (math.pi * kinds.rotate_max), once)
    if kinds.xfrac:
        found["fraction"] = dice.gated(dice.normal(2) * kinds.xfrac_std, kinds.xfrac * p)
    return found


def _draw_color(dice: _Dice, kinds: Augmentations, p: float, channels: int) -> dict[str, Tensor]:
    found = {}
    if kinds.brightness:
        found["brightness"] = dice.gated(dice.normal() * kinds.brightness_std, kinds.brightness * p)
    if kinds.contrast:
        found["contrast"] = dice.gated(dice.normal() * kinds.contrast_std, kinds.contrast * p)
    if kinds.lumaflip:
        found["lumaflip"] = dice.gated((dice.uniform() * 2).floor(), kinds.lumaflip * p)
    if kinds.hue and channels > 1:
        found["hue"] = dice.gated((dice.uniform() * 2 - 1) * (math.pi * kinds.hue_max), kinds.hue * p)
    if kinds.saturation and channels > 1:
        found["saturation"] = dice.gated(dice.normal() * kinds.saturation_std, kinds.saturation * p)
    return found


def augment(
    images: Tensor, kinds: Augmentations, p: float = 1.0, generator: torch.Generator | None = None
) -> Tensor:
    """Pictures [N, C, H, W], each augmented with its own dice."""
    return apply(images, draw(images, kinds, p, generator))


def apply(images: Tensor, draws: Draws) -> Tensor:
    """Geometry, colour, frequencies, noise, cutout, in this order."""
    matrix = geometry(draws, images)
    images = images if matrix is None else warp(images, matrix)
    colors = color(draws, images)
    images = images if colors is None else recolor(images, colors)
    images = images if draws.bands is None else refilter(images, band_gains(draws.bands))
    if draws.sigma is not None and draws.noise is not None:
        images = images + draws.noise * draws.sigma[:, None, None, None]
    if draws.cutout is not None and draws.centre is not None:
        images = images * kept(images, draws.cutout, draws.centre)
    return images


def geometry(draws: Draws, images: Tensor) -> Tensor | None:
    """[N, 3, 3]: where in the original, in pixels from its centre, each place of the result comes from; None: nothing moves."""
    n, _, h, w = images.shape
    size = images.new_tensor([w, h])
    steps = []
    if draws.flip is not None:
        steps.append(scaled(1 - 2 * draws.flip, torch.ones_like(draws.flip)))
    if draws.quarter is not None:
        steps.append(rotated(draws.quarter * (math.pi / 2)))
    if draws.shift is not None:
        steps.append(translated(*-(draws.shift * size).round().t()))
    if draws.scale is not None:
        steps.append(scaled((-draws.scale).exp2(), (-draws.scale).exp2()))
    if draws.before is not None:
        steps.append(rotated(draws.before))
    if draws.aniso is not None:
        steps.append(scaled((-draws.aniso).exp2(), draws.aniso.exp2()))
    if draws.after is not None:
        steps.append(rotated(draws.after))
    if draws.fraction is not None:
        steps.append(translated(*-(draws.fraction * size).t()))
    matrix = torch.eye(3, device=images.device).expand(n, 3, 3)
    for step in steps:
        matrix = matrix @ step
    return matrix if steps else None


def color(draws: Draws, images: Tensor) -> Tensor | None:
    """[N, 4, 4] on (R, G, B, 1); None: colours stay."""
    like = images[:, 0, 0, 0]
    eye = torch.eye(4, device=images.device)
    luma = torch.cat([torch.full((3,), 1 / math.sqrt(3)), torch.zeros(1)]).to(images.device)
    grey = torch.outer(luma, luma)
    steps = []
    if draws.brightness is not None:
        steps.append(eye + draws.brightness[:, None, None] * F.pad(torch.ones_like(luma[:3, None]), (3, 0, 0, 1)))
    if draws.contrast is not None:
        steps.append(torch.diag_embed(torch.stack([*[draws.contrast.exp2()] * 3, torch.ones_like(like)], 1)))
    if draws.lumaflip is not None:
        steps.append(eye - 2 * grey * draws.lumaflip[:, None, None])
    if draws.hue is not None:
        steps.append(hue_rotation(draws.hue))
    if draws.saturation is not None:
        steps.append(grey + (eye - grey) * draws.saturation.exp2()[:, None, None])
    matrix = eye.expand(len(like), 4, 4)
    for step in steps:
        matrix = step @ matrix
    return matrix if steps else None
