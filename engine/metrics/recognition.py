"""A small network that learns from a data set's own pictures to recognise several attributes at once, each of several values."""

from collections.abc import Generator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.data.batches import Batch, Order, Pixels, take
from engine.networks.discriminators.vision import by_area
from engine.progress import Progress

from .kept import read
from .phrases import UNKNOWN, Attribute, Told

SIDE = 64  # pixels a side that it sees of larger pictures
SMALLEST = 4  # pixels a side of its last maps
BATCH, RATES = 64, (2e-3, 2e-4)  # the second rate begins where the first has taught all that it can
KIMG = 60.0  # thousands of pictures that it sees at most
STRETCH = 4096  # pictures after which it is looked whether it still learns
BETTER = 0.002  # by which share of all answers a stretch has to be better
NOISE = 0.1  # so that it looks at colours and shapes, and not at a drawing's exact numbers
HELD_BACK = 10  # every tenth picture tests and never trains


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it is made of, and how it did on pictures that were held back."""

    side: int
    attributes: tuple[Attribute, ...]
    width: int = 32
    accuracy: tuple[float, ...] = ()
    """The share of right answers to each attribute."""
    commonest: tuple[float, ...] = ()
    """The share that always saying the commonest value would get right."""

    def build(self) -> "Recogniser":
        return Recogniser(self)


class Recogniser(nn.Module):
    """Pictures uint8 [N, 3, R, R] → logits [N, all values], those of one attribute after the other."""

    def __init__(self, design: Design):
        super().__init__()
        self.sizes, self.side = [len(attribute.values) for attribute in design.attributes], design.side
        layers, before, width, side = list[nn.Module](), 3, design.width, design.side
        while side > SMALLEST or not layers:
            layers += [nn.Conv2d(before, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            before, width, side = width, min(2 * width, 4 * design.width), (side + 1) // 2
        self.body, self.head = nn.Sequential(*layers), nn.Linear(before * side * side, sum(self.sizes))

    def forward(self, pictures: Tensor, noise: Tensor | None = None) -> Tensor:
        """`noise` [N, 3, side, side] is laid over pictures in [-1, 1]."""
        x = by_area(pictures.float() / 127.5 - 1.0, self.side)
        return self.head(self.body(x if noise is None else x + noise).flatten(1))

    def read(self, pictures: Tensor) -> Tensor:
        """The number of each attribute's likeliest value, int64 [N, attributes]."""
        return self.chosen(self(pictures))

    def chosen(self, logits: Tensor) -> Tensor:
        return torch.stack([part.argmax(1) for part in logits.split(self.sizes, 1)], 1)

    def loss(self, logits: Tensor, truth: Tensor) -> Tensor:
        """Mean cross entropy of all answers; of what is `UNKNOWN` nothing is asked. Truth int64 [N, attributes]."""
        found = [
            F.cross_entropy(part, truth[:, place], ignore_index=UNKNOWN, reduction="sum")
            for place, part in enumerate(logits.split(self.sizes, 1))
        ]
        return torch.stack(found).sum() / (truth != UNKNOWN).sum().clamp(min=1)


class Learning(NamedTuple):
    """Pictures [N, 3, R, R], what they show, and how many thousands of them may be looked at."""

    pixels: Pixels
    told: Told
    kimg: float = KIMG
    mirror: bool = False


def train(
    what: Learning, design: Design, seed: int, device: str
) -> Generator[Progress, None, tuple[Recogniser, Design]]:
    """The trained network, and its design with how it did on what was held back."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = design.build().to(device)
    yield from _learn(network, what, seed, device)
    network.eval().requires_grad_(False)
    rows = np.arange(HELD_BACK - 1, len(what.pixels), HELD_BACK)
    rows = rows if len(rows) else np.arange(len(what.pixels))
    parts = np.array_split(rows, len(rows) // BATCH + 1)
    answers = torch.cat([network.read(torch.from_numpy(np.array(what.pixels[part])).to(device)) for part in parts])
    truth, guess = what.told.values[rows], most_common(what.told)
    right, commonest = shares(answers.cpu().numpy(), truth), shares(np.broadcast_to(guess, truth.shape), truth)
    return network, msgspec.structs.replace(design, accuracy=right, commonest=commonest)


def _learn(network: Recogniser, what: Learning, seed: int, device: str) -> Generator[Progress, None, None]:
    """Until it stands still at the last of the rates, or has seen enough."""
    rows = np.array([row for row in range(len(what.pixels)) if row % HELD_BACK != HELD_BACK - 1])
    order, total = Order(seed, len(rows), what.mirror), max(BATCH, round(min(what.kimg, KIMG) * 1000))
    optimizer, pace, chance = torch.optim.Adam(network.parameters(), RATES[0]), Pace(), torch.Generator()
    chance.manual_seed(seed)
    for done in range(0, total, BATCH):
        batch = order.batch(done, BATCH)
        chosen = Batch(rows[batch.indices], batch.mirrored)
        truth = torch.from_numpy(what.told.values[chosen.indices]).to(device)
        noise = NOISE * torch.randn(len(chosen), 3, network.side, network.side, generator=chance)
        logits = network(torch.from_numpy(take(what.pixels, chosen)).to(device), noise.to(device))
        optimizer.zero_grad(set_to_none=True)
        network.loss(logits, truth).backward()
        optimizer.step()
        yield Progress(min(done + BATCH, total), total, "Learning what captions tell apart")
        right = (network.chosen(logits) == truth)[truth != UNKNOWN]
        optimizer.param_groups[0]["lr"] = rate = pace.after(right.float().sum().item(), len(right))
        if not rate:
            yield Progress(total, total, "Learnt what captions tell apart")
            return


class Pace:
    """The rate of learning: the first one as long as a stretch is better than those before, then the next; 0 where it is over."""

    def __init__(self) -> None:
        self._rates, self._best = list(RATES), 0.0
        self._batches = self._right = self._asked = 0

    def after(self, right: float, asked: int) -> float:
        """That of the next batch, after one with so many right answers."""
        self._batches, self._right, self._asked = self._batches + 1, self._right + int(right), self._asked + asked
        if self._batches * BATCH >= STRETCH:
            now = self._right / max(self._asked, 1)
            if now < self._best + BETTER:
                self._rates.pop(0)
            self._batches = self._right = self._asked = 0
            self._best = max(self._best, now)
        return self._rates[0] if self._rates else 0.0


def shares(answers: np.ndarray, truth: np.ndarray) -> tuple[float, ...]:
    """Which share of answers [N, attributes] is right to each attribute, of those whose truth is known; 0 where none is."""
    known = truth != UNKNOWN
    right = ((answers == truth) & known).sum(0) / np.maximum(known.sum(0), 1)
    return tuple(float(share) for share in right)


def most_common(told: Told) -> np.ndarray:
    """The value that is commonest of each attribute, int64 [attributes]."""
    return np.array([np.bincount(column[column != UNKNOWN], minlength=1).argmax() for column in told.values.T])


@lru_cache(maxsize=2)
def opened(path: Path, device: str) -> tuple[Recogniser, Design]:
    """One that was kept. Raises BadCheckpoint with one sentence."""
    network, design = read(path, Design, Design.build)
    return network.to(device), design


def forget() -> None:
    """Frees those that were kept."""
    opened.cache_clear()
