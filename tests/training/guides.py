"""Small guides and captioned pictures for tests, that look at pictures through next to nothing instead of EfficientNet."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engine.feature_networks.pyramid import Pyramid
from engine.feature_networks.reader import Reader
from engine.metrics.guides import Design
from engine.training.pairing import Learnt, train_guide

COLOURS = {"red": (220, 30, 30), "blue": (30, 30, 220)}
READER = Reader(width=8, depth=1, heads=2, inner=8, read=16, context=16)


class Averages(Pyramid):
    """The picture itself, and its quarter."""

    channels = (3, 3)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        return [pictures, F.avg_pool2d(pictures, 2)]


def coloured_pictures(folder: Path, captions: bool = True, side: int = 16) -> Path:
    """Six red and six blue ones, in class folders, with captions beside them."""
    random = np.random.default_rng(0)
    for number in range(12):
        name = list(COLOURS)[number % 2]
        (folder / name).mkdir(parents=True, exist_ok=True)
        pixels = np.clip(np.array(COLOURS[name]) + random.integers(-20, 20, (side, side, 3)), 0, 255)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{number}.png")
        if captions:
            (folder / name / f"{number}.txt").write_text(f"a {name} square")
    return folder


def small_guide(pictures: Path, out: Path, labels: bool = False, steps: int = 30, seed: int = 0) -> Learnt:
    """Trains one and writes it."""
    design = Design("classifier" if labels else "pair", hidden=8, side=16, reader=None if labels else READER)
    work = train_guide(pictures, out, out.parent / "cache", labels, steps, seed, design=design, pyramid=Averages())
    return ended(work)


def ended(work: Generator[object, None, Learnt]) -> Learnt:
    """What a long job returns."""

    def whole() -> Generator[object, None, None]:
        found.append((yield from work))

    found: list[Learnt] = []
    for _ in whole():
        pass
    return found[0]


def equal(one: dict[str, Tensor], other: dict[str, Tensor], prefix: str) -> set[str]:
    """The names below a prefix whose tensors are the same in both, to the last bit."""
    return {name for name in one if name.startswith(prefix) and torch.equal(one[name], other[name])}
