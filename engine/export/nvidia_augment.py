"""NVIDIA's augmentation as the object that their training saves beside the networks: its strength, and its filters."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.filters import fir

from .nvidia_parts import Code, Kwargs, made
from .references import Reference

CODE = Code("training.augment", newer=False)
SYM6 = (  # the low-pass of the symlet with 6 vanishing moments
    0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633, 0.4910559419267466,
    0.787641141030194, 0.3379294217276218, -0.07263752278646252, -0.021060292512300564, 0.04472490177066578,
    0.0017677118642428036, -0.007800708325034148,
)  # fmt: skip
SYM2 = (-0.12940952255092145, 0.22414386804185735, 0.836516303737469, 0.48296291314469025)
BANDS = 4
MOVES = ("xflip", "rotate90", "xint", "scale", "rotate", "aniso", "xfrac")
COLOURS = ("brightness", "contrast", "lumaflip", "hue", "saturation")
KINDS = (*MOVES, *COLOURS)  # what their trainer turns on where nobody says otherwise
REACHES: Kwargs = {  # attributes in their order: multipliers of each kind, then how far each goes
    **dict.fromkeys((*MOVES[:3], "xint_max", *MOVES[3:]), 0.0),
    **{"xint_max": 0.125, "scale_std": 0.2, "rotate_max": 1.0, "aniso_std": 0.2, "xfrac_std": 0.125},
    **dict.fromkeys(COLOURS, 0.0),
    **{"brightness_std": 0.2, "contrast_std": 0.5, "hue_max": 1.0, "saturation_std": 1.0},
    **{"imgfilter": 0.0, "imgfilter_bands": [1] * BANDS, "imgfilter_std": 1.0},
    **{"noise": 0.0, "cutout": 0.0, "noise_std": 0.1, "cutout_size": 0.5},
}


def augmentation(p: float, given: dict[str, Any] | None = None) -> Reference:
    """An augmentation of strength `p`; `given` are the keyword arguments that it was made with, if they are known."""
    kwargs: Kwargs = dict.fromkeys(KINDS, 1) if given is None else given
    kinds = {name: float(value) if isinstance(value, int | float) else value for name, value in kwargs.items()}
    buffers = {"p": torch.tensor(float(p)), "Hz_geom": fir(SYM6), "Hz_fbank": bands()}
    return made(CODE, "AugmentPipe", {**REACHES, **kinds}, buffers=buffers, kwargs=kwargs)


def bands() -> Tensor:
    """[4, 43], a filter for each octave from low to high frequencies; they add up to the impulse."""
    low = torch.tensor(SYM2, dtype=torch.float64)
    high = low * torch.tensor([1.0, -1.0, 1.0, -1.0])
    smooth, sharp = (convolved(kernel[None], kernel.flip(0))[0] / 2 for kernel in (low, high))
    found = torch.eye(BANDS, 1, dtype=torch.float64)
    for band in range(1, BANDS):
        spread = F.pad(found[..., None], (0, 1)).flatten(1)[:, :-1]  # a zero between all taps
        found = convolved(spread, smooth)
        start = (found.shape[1] - len(sharp)) // 2
        found[band, start : start + len(sharp)] += sharp
    return found.float()


def convolved(x: Tensor, kernel: Tensor) -> Tensor:
    """Every row of x [B, n] fully convolved with the kernel [m]: [B, n + m - 1]."""
    edge = len(kernel) - 1
    return F.conv1d(F.pad(x[:, None], (edge, edge)), kernel.flip(0)[None, None])[:, 0]
