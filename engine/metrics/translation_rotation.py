"""EQ-T, EQ-T_frac and EQ-R: whether pictures follow the plane they are drawn on (Karras et al. 2021, appendix E)."""

import math
from collections.abc import Iterable, Iterator
from typing import Literal

import torch
from torch import Tensor

from engine.networks.fourier import FourierInput
from engine.networks.plane import PlaneGenerator

from .equivariance import as_if_turned, rotation, translated, translated_finely, turned

Kind = Literal["translation", "fine translation", "rotation"]
FARTHEST = 0.125  # picture widths that a picture is moved each way
PEAK = 2.0  # from black to white


class Following:
    """Squared error over all pixels that are known, summed up in float64."""

    def __init__(self) -> None:
        self.error = self.known = 0.0

    def add(self, wanted: Tensor, found: Tensor, mask: Tensor) -> None:
        """Pictures [N, C, H, W] and a mask of 0 and 1."""
        self.error += float(((wanted - found).square() * mask).to("cpu", torch.float64).sum())
        self.known += float(mask.to("cpu", torch.float64).sum())

    @property
    def decibels(self) -> float:
        """Peak signal-to-noise ratio; infinite where pictures follow exactly. Raises ValueError where nothing is known."""
        if not self.known:
            raise ValueError("the pictures are too small to be moved or turned and compared")
        if not self.error:
            return math.inf
        return 20 * math.log10(PEAK) - 10 * math.log10(self.error / self.known)


def follow(generator: PlaneGenerator, ws: Tensor, kind: Kind, chance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(what should be drawn, what is drawn, mask) of ws [N, rows, w_dim] on a plane moved or turned by `chance`.

    `chance` holds numbers of [0, 1): two for a translation, one for a rotation.
    """
    upright = generator.synthesize(ws)
    if kind == "rotation":
        angle = (2 * float(chance) - 1) * math.pi
        drawn = generator.synthesize(ws, transform=_plane(rotation(-angle), ws))
        wanted, seen = turned(upright, angle)
        blurred, known = as_if_turned(drawn, angle)
        return wanted, blurred, seen * known
    right, down = (float(x) for x in (chance * 2 - 1) * FARTHEST)
    if kind == "translation":
        right, down = (round(x * generator.resolution) / generator.resolution for x in (right, down))
    drawn = generator.synthesize(ws, transform=_plane([[1, 0, -right], [0, 1, -down], [0, 0, 1]], ws))
    wanted, mask = (translated if kind == "translation" else translated_finely)(upright, right, down)
    return wanted, drawn, mask


def _plane(matrix: object, like: Tensor) -> Tensor:
    return torch.as_tensor(matrix, dtype=torch.float32).to(like.device)


def unplaced(generator: PlaneGenerator) -> PlaneGenerator:
    """The generator without a transform of its own."""
    layer = generator.layers["input"]
    assert isinstance(layer, FourierInput)
    layer.transform.copy_(torch.eye(3))
    return generator


def equivariance(generator: PlaneGenerator, kind: Kind, draws: Iterable[tuple[Tensor, Tensor]]) -> Iterator[Following]:
    """Yields the same growing sums after every draw of (ws, chance)."""
    sums = Following()
    for ws, chance in draws:
        sums.add(*follow(generator, ws, kind, chance))
        yield sums
