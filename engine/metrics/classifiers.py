"""Classifiers of attributes, trained on labelled pictures, for linear separability (Karras et al. 2018, appendix C).

The paper trains one network for each attribute; here one network has an output for each, which costs as much as one.
"""

import math
from collections.abc import Generator, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.data.batches import Order
from engine.networks.discriminators.progressive import ProgressiveDiscriminator
from engine.networks.layers import downscale
from engine.progress import Progress

from .attributes import Attributes
from .kept import read

SIDE = 256
BATCH = 8
RATE = 1e-3
BETAS = (0.0, 0.99)
HELD_BACK = 10  # every tenth picture tests and never trains


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a classifier is made of: StyleGAN's discriminator without minibatch statistics."""

    resolution: int
    attributes: tuple[str, ...]
    base: int = 8192
    most: int = 512
    accuracy: float = 0.0
    """Of the pictures that were held back, over all attributes."""

    def build(self) -> ProgressiveDiscriminator:
        features = [min(self.base // 2**r, self.most) for r in range(int(math.log2(self.resolution)) + 1)]
        return ProgressiveDiscriminator(
            self.resolution, 3, features, len(self.attributes), "classify", group=1, statistics=0
        )


def reduced(x: Tensor) -> Tensor:
    """Pictures [N, 3, R, R] of more than 256 pixels made smaller by averaging."""
    return downscale(x, max(1, x.shape[-1] // SIDE))


def seen(network: ProgressiveDiscriminator, pixels: Tensor) -> Tensor:
    """uint8 [N, 3, R, R] → logits [N, attributes]; above 0: has it."""
    logits = network.judge(reduced(pixels.float() / 127.5 - 1.0))[1]
    assert logits is not None
    return logits


def train(
    pixels: np.ndarray, known: Attributes, design: Design, kimg: float, seed: int, device: str
) -> Generator[Progress, None, tuple[ProgressiveDiscriminator, float]]:
    """The trained classifier and its accuracy on what was held back. Pictures uint8 [N, 3, R, R]."""
    network, total = _random(design, seed).to(device), max(BATCH, round(kimg * 1000))
    optimizer = torch.optim.Adam(network.parameters(), RATE, BETAS)
    rows = np.array([row for row in range(len(pixels)) if row % HELD_BACK != HELD_BACK - 1])
    order = Order(seed, len(rows), mirror=False)
    for done in range(0, total, BATCH):
        batch = order.batch(done, BATCH)
        chosen = rows[batch.indices]
        pictures = torch.from_numpy(np.array(pixels[chosen])).to(device)
        truth = torch.from_numpy(known.has[chosen]).float().to(device)
        loss = F.binary_cross_entropy_with_logits(2 * seen(network, pictures), truth)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        yield Progress(min(done + BATCH, total), total, "Learning attributes")
    network.eval().requires_grad_(False)
    return network, accuracy(network, pixels, known, device)


def _random(design: Design, seed: int) -> ProgressiveDiscriminator:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return design.build()


def accuracy(network: ProgressiveDiscriminator, pixels: np.ndarray, known: Attributes, device: str) -> float:
    """Of the pictures that were held back; of all where there are too few for that."""
    rows = np.arange(HELD_BACK - 1, len(pixels), HELD_BACK)
    rows = rows if len(rows) else np.arange(len(pixels))
    right = [
        (seen(network, torch.from_numpy(np.array(pixels[part])).to(device)) > 0).cpu().numpy() == known.has[part]
        for part in _parts(rows)
    ]
    return float(np.concatenate(right).mean())


def _parts(rows: np.ndarray, size: int = 64) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


@lru_cache(maxsize=2)
def opened(path: Path, device: str) -> tuple[ProgressiveDiscriminator, Design]:
    """A classifier that was kept. Raises BadCheckpoint with one sentence."""
    network, design = read(path, Design, Design.build)
    return network.to(device), design


def forget() -> None:
    """Frees the classifiers that were kept."""
    opened.cache_clear()
