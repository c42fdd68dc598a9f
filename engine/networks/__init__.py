"""The networks of the family. To add one: a file beside this, and its name in `FAMILIES`."""

from .fastgan import FastGAN
from .generator import Canvas, Generator, Layer, Step
from .progan import ProGAN
from .stylegan1 import StyleGAN1
from .stylegan2 import StyleGAN2
from .stylegan3 import StyleGAN3
from .stylegan_t import StyleGANT
from .stylegan_xl import StyleGANXL

Spec = ProGAN | StyleGAN1 | StyleGAN2 | StyleGAN3 | StyleGANXL | StyleGANT | FastGAN

FAMILIES: dict[str, type[Spec]] = {
    "progan": ProGAN,
    "stylegan1": StyleGAN1,
    "stylegan2": StyleGAN2,
    "stylegan3": StyleGAN3,
    "stylegan-xl": StyleGANXL,
    "stylegan-t": StyleGANT,
    "fastgan": FastGAN,
}

__all__ = [
    "FAMILIES",
    "Canvas",
    "FastGAN",
    "Generator",
    "Layer",
    "ProGAN",
    "Spec",
    "Step",
    "StyleGAN1",
    "StyleGAN2",
    "StyleGAN3",
    "StyleGANT",
    "StyleGANXL",
]
