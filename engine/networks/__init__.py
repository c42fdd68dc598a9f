"""The networks of the family. To add one: a file beside this, and its name in `FAMILIES`."""

from .generator import Canvas, Generator, Layer, Step
from .progan import ProGAN
from .stylegan1 import StyleGAN1

Spec = ProGAN | StyleGAN1

FAMILIES: dict[str, type[Spec]] = {"progan": ProGAN, "stylegan1": StyleGAN1}

__all__ = ["FAMILIES", "Canvas", "Generator", "Layer", "ProGAN", "Spec", "Step", "StyleGAN1"]
