"""What a model draws for metrics: at full truncation, with fresh noise, each piece from the seed and its number alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.checkpoints import load
from engine.networks import Canvas, Generator
from engine.networks.generator import draw
from engine.networks.layers import pack
from engine.networks.stylegan1 import one_hot
from engine.render.pixels import to_uint8

PIECE = 64  # pictures that are drawn and judged as one piece of work


@dataclass(frozen=True)
class Piece:
    """A part of some thousand pictures, and the device that works on it."""

    number: int
    start: int
    count: int
    device: str


def pieces(total: int, devices: tuple[str, ...], size: int = PIECE) -> list[Piece]:
    """`total` pictures in pieces of up to `size`, dealt out to the devices in turn."""
    starts = range(0, total, size)
    return [Piece(i, at, min(size, total - at), devices[i % len(devices)]) for i, at in enumerate(starts)]


@dataclass(frozen=True)
class Model:
    """A model file and how it is drawn from; `classes` says how often each class is drawn, alike where it is empty.

    `words` is a file of features of captions, float32 [C, text_size], each of which is asked for as often.
    """

    path: Path
    seed: int = 0
    batch: int = 8
    classes: tuple[float, ...] = ()
    words: Path | None = None

    def generator(self, device: str) -> Generator:
        """In float32 on the device; kept for the next piece."""
        return _opened(self.path, device)

    def chance(self, piece: Piece, purpose: int = 0) -> torch.Generator:
        """Random numbers of a piece, drawn on the CPU so that every device gets the same."""
        state = np.random.SeedSequence([self.seed, purpose, piece.number]).generate_state(1, np.uint64)[0]
        return torch.Generator().manual_seed(int(state) % 2**63)

    def pictures(self, piece: Piece) -> Tensor:
        """uint8 [N, 3, R, R] on the piece's device."""
        generator, chance = self.generator(piece.device), self.chance(piece)
        found = []
        for count in batches(piece.count, self.batch):
            z, labels = self.latents(generator, count, chance)
            ws = generator.broadcast(generator.mapping(z.to(piece.device), _on(labels, piece.device)))
            found.append(coloured(to_uint8(fresh(generator, ws, chance, count).float())))
        return torch.cat(found)

    def latents(self, generator: Generator, count: int, chance: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """z [N, z_dim] and one-hot labels [N, label_size], or features of captions [N, text_size], on the CPU."""
        z = torch.randn(count, generator.z_dim, generator=chance)
        if self.words is None and not generator.label_size:
            return z, None
        return z, self.asked(generator, count, chance)[1]

    def asked(self, generator: Generator, count: int, chance: torch.Generator) -> tuple[np.ndarray, Tensor]:
        """The numbers [N] of captions or classes that are asked for, and their features or one-hot labels, on the CPU."""
        if self.words is not None:
            known = np.load(self.words, mmap_mode="r")
            numbers = chosen(len(known), count, chance)
            return numbers, torch.from_numpy(known[numbers])
        share = torch.tensor(self.classes or (1.0,) * generator.label_size)
        drawn = torch.multinomial(share, count, replacement=True, generator=chance)
        return drawn.numpy(), one_hot(drawn, generator.label_size)


def chosen(known: int, count: int, chance: torch.Generator) -> np.ndarray:
    """Which of the captions are asked for, int64 [count]."""
    return torch.randint(known, (count,), generator=chance).numpy()


def fresh(generator: Generator, ws: Tensor, chance: torch.Generator, noises: int = 1) -> Tensor:
    """Pictures of ws [N, rows, w_dim] with new noise: one for each of N `noises`, or a single one that all share."""
    canvas = Canvas()
    for step in generator.steps():
        constant, noise = step.layer.constant_noise, None
        if constant is not None:
            noise = torch.randn(noises, *constant.shape[1:], generator=chance).to(ws.device)
        canvas = draw(step, canvas, ws, noise)
    assert canvas.picture is not None
    return canvas.picture


def batches(total: int, size: int) -> Iterator[int]:
    """`total` in parts of up to `size`."""
    for start in range(0, total, size):
        yield min(size, total - start)


def coloured(x: Tensor) -> Tensor:
    """[N, C, H, W] with three channels: grey becomes all of them, what is beyond is left out."""
    return x.expand(-1, 3, -1, -1) if x.shape[1] < 3 else x[:, :3]


def _on(labels: Tensor | None, device: str) -> Tensor | None:
    return None if labels is None else labels.to(device)


@lru_cache(maxsize=2)
def _opened(path: Path, device: str) -> Generator:
    generator, _ = load(path)
    generator.to(device)
    pack(generator)
    return generator


def forget() -> None:
    """Frees the networks that were kept."""
    _opened.cache_clear()
