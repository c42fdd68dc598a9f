"""The networks of the family. To add one: a file beside this, and its name in `FAMILIES`."""

from .fastgan import FastGAN
from .generator import Canvas, Generator, Layer, Step
from .lucidrains import LucidrainsStyleGAN2
from .progan import ProGAN
from .stylegan1 import StyleGAN1
from .stylegan2 import StyleGAN2
from .stylegan3 import StyleGAN3
from .stylegan_t import StyleGANT
from .stylegan_xl import StyleGANXL

Trainable = ProGAN | StyleGAN1 | StyleGAN2 | StyleGAN3 | StyleGANXL | StyleGANT | FastGAN  # with a discriminator
Spec = Trainable | LucidrainsStyleGAN2

TRAINABLE: dict[str, type[Trainable]] = {
    "progan": ProGAN,
    "stylegan1": StyleGAN1,
    "stylegan2": StyleGAN2,
    "stylegan3": StyleGAN3,
    "stylegan-xl": StyleGANXL,
    "stylegan-t": StyleGANT,
    "fastgan": FastGAN,
}
FAMILIES: dict[str, type[Spec]] = {**TRAINABLE, "lucidrains-stylegan2": LucidrainsStyleGAN2}

__all__ = [
    "FAMILIES",
    "TRAINABLE",
    "Canvas",
    "FastGAN",
    "Generator",
    "Layer",
    "LucidrainsStyleGAN2",
    "ProGAN",
    "Spec",
    "Step",
    "StyleGAN1",
    "StyleGAN2",
    "StyleGAN3",
    "StyleGANT",
    "StyleGANXL",
    "Trainable",
]
