"""The dice of the 18 augmentations of StyleGAN2-ADA (Karras et al. 2020, appendix B), thrown for each picture by itself."""

import math
from typing import Annotated, NamedTuple

import torch
from msgspec import Meta, Struct, structs
from torch import Tensor

Strength = Annotated[float, Meta(ge=0, le=100)]


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
    return structs.replace(Augmentations(), **{name: 1.0 for part in parts for name in PARTS[part]})


SETS: dict[str, Augmentations] = {
    **{name: _set(name) for name in PARTS},
    "bg": _set("blit", "geom"),
    "bgc": _set("blit", "geom", "color"),
    "bgcf": _set("blit", "geom", "color", "filter"),
    "bgcfn": _set("blit", "geom", "color", "filter", "noise"),
    "bgcfnc": _set("blit", "geom", "color", "filter", "noise", "cutout"),
}


class Draws(NamedTuple):
    """What the dice said for every picture of a batch of N; None: never thrown. A gate that is shut says what changes nothing."""

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


def draw(images: Tensor, kinds: Augmentations, p: float = 1.0, generator: torch.Generator | None = None) -> Draws:
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
