"""The networks of the family. To add one: a file beside this, and its name in `FAMILIES`."""

from .generator import Canvas, Generator, Layer, Step
from .progan import ProGAN
from .stylegan1 import StyleGAN1
from .stylegan2 import StyleGAN2
from .stylegan3 import StyleGAN3

Spec = ProGAN | StyleGAN1 | StyleGAN2 | StyleGAN3

FAMILIES: dict[str, type[Spec]] = {
    "progan": ProGAN,
    "stylegan1": StyleGAN1,
    "stylegan2": StyleGAN2,
    "stylegan3": StyleGAN3,
}

__all__ = ["FAMILIES", "Canvas", "Generator", "Layer", "ProGAN", "Spec", "Step", "StyleGAN1", "StyleGAN2", "StyleGAN3"]
