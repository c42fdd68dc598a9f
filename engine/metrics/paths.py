"""Perceptual path length of a model, piece by piece (Karras et al. 2018, section 4.1, as StyleGAN2-ADA measures it)."""

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from engine.feature_networks.vgg import SMALLEST
from engine.networks import Generator as Network
from engine.networks.layers import downscale
from engine.progress import Progress

from .asked import Asked
from .bench import FAKE, Bench
from .drawing import Model, Piece, batches, coloured, fresh
from .extraction import Judge, gathered
from .path_length import EPSILON, middle_crop, slerp, squared_step, trimmed_mean

PURPOSE = 1  # its random numbers differ from those of other metrics
SIDE = 256  # larger pictures are made smaller by a whole factor
PAIRS = 2  # that share a batch, and with it one noise


@dataclass(frozen=True)
class Path:
    """Where a path runs, z or w; whether steps are taken anywhere on it or at its beginning (t = 0, called "end") only; and
    whether pictures are cropped to the middle.
    """

    space: str
    full: bool
    crop: bool


def require_path(bench: Bench, what: Asked, path: Path) -> None:
    """Raises ValueError with one sentence where the model has no W, or draws too few pixels."""
    if path.space == "w" and not bench.generator.has_w:
        raise ValueError(f"{what.name} needs a model with W, which this family has not; ask for ppl_zfull or ppl_zend")
    if bench.resolution < SMALLEST * (2 if path.crop else 1):
        raise ValueError(f"{what.name} needs pictures of at least {SMALLEST} pixels a side after its crop")


def perceptual_path_length(bench: Bench, what: Asked, path: Path) -> Generator[Progress, None, dict[str, float]]:
    """The trimmed mean of |difference of pictures|² / ε² for steps of ε."""
    judge = yield from bench.judge("perceptual")
    work = partial(lengths, bench.model, judge, path)
    file = bench.settings.scratch / f"{what.name}.lengths"
    found = yield from gathered(work, bench.pieces(what.count), bench.settings.processes, file, what.name)
    return {what.name: trimmed_mean(np.array(found[:, 0])), FAKE: 2.0 * what.count}


def lengths(model: Model, judge: Judge, path: Path, piece: Piece) -> np.ndarray:
    """Those of a piece of pairs, float32 [N, 1]."""
    generator, chance = model.generator(piece.device), model.chance(piece, PURPOSE)
    perceive, found = judge.opened(piece.device), []
    for count in batches(piece.count, PAIRS):
        ws = stepped(model, generator, path, count, chance, piece.device)
        pictures = viewed(fresh(generator, ws, chance).float(), path.crop)
        ahead, behind = perceive(pictures).chunk(2)
        found.append(squared_step(ahead, behind).cpu())
    return torch.cat(found).numpy()[:, None]


def stepped(model: Model, generator: Network, path: Path, count: int, chance: torch.Generator, device: str) -> Tensor:
    """ws [2 · count, rows, w_dim]: first all places on their paths, then the same a step further; both ends share a label."""
    z, labels = model.latents(generator, 2 * count, chance)
    t = torch.rand(count, generator=chance) if path.full else torch.zeros(count)
    ones = None if labels is None else labels[:count].repeat(2, 1).to(device)
    (first, second), t = z.to(device).chunk(2), t.to(device)
    if path.space == "z":
        places = torch.cat([slerp(first, second, t), slerp(first, second, t + EPSILON)])
        return generator.broadcast(generator.mapping(places, ones))
    one, other = generator.mapping(torch.cat([first, second]), ones).chunk(2)
    return generator.broadcast(
        torch.cat([torch.lerp(one, other, t[:, None]), torch.lerp(one, other, t[:, None] + EPSILON)])
    )


def viewed(x: Tensor, crop: bool) -> Tensor:
    """[N, C, R, R] in [-1, 1] → what the feature network sees, from 0 to 255; made smaller by R / 256, cropped or not."""
    factor = max(1, x.shape[2] // SIDE)
    return (coloured(downscale(middle_crop(x) if crop else x, factor)) + 1) * 127.5
