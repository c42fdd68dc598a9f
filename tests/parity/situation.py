"""What the last part of a golden name says: `lod1.7_native`, `first3`, `mbstd_group2`, `fused_True`."""

import math
import re
from typing import NamedTuple

from torch import Tensor

from engine.networks import Generator
from engine.networks.discriminators.progressive import ProgressiveDiscriminator
from engine.networks.layers import downscale, upscale


class Situation(NamedTuple):
    """How the networks are asked; None: as usual."""

    lod: float = 0.0
    native: bool = False
    first: int | None = None
    group: int | None = None
    fused: bool | None = None


def situation(name: str) -> Situation:
    """Raises ValueError where the name says something else."""
    patterns = {
        r"lod([\d.]+)(_native)?": lambda m: Situation(lod=float(m[1]), native=bool(m[2])),
        r"first(\d+)": lambda m: Situation(first=int(m[1])),
        r"mbstd_group(\d+)": lambda m: Situation(group=int(m[1])),
        r"fused_(True|False)": lambda m: Situation(fused=m[1] == "True"),
    }
    for pattern, read in patterns.items():
        if match := re.fullmatch(pattern, name):
            return read(match)
    raise ValueError(f"nothing here computes {name}")


def draw(generator: Generator, ws: Tensor, lod: float = 0.0, native: bool = False) -> Tensor:
    """The picture at a level of detail; the originals enlarge it to full resolution by pixel repetition."""
    generator.lod = lod
    picture = generator.synthesize(ws)
    return picture if native else upscale(picture, 2 ** math.floor(lod))


def at_level(images: Tensor, lod: float) -> Tensor:
    """Full-resolution pictures as a discriminator at `lod` takes them."""
    return downscale(images, 2 ** math.floor(lod))


def judge(
    network: ProgressiveDiscriminator, images: Tensor, labels: Tensor | None, lod: float = 0.0
) -> tuple[Tensor, Tensor | None]:
    """Scores and class logits of full-resolution pictures."""
    network.lod = lod
    return network.judge(at_level(images, lod), labels)
