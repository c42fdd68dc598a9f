"""EQ-T, EQ-T_frac and EQ-R of a model, a batch for each random movement (Karras et al. 2021, appendix E)."""

from collections.abc import Generator
from functools import partial

import torch

from engine.networks.plane import PlaneGenerator
from engine.progress import Progress

from .asked import Asked
from .bench import FAKE, Bench
from .drawing import Model, Piece
from .extraction import shared
from .translation_rotation import Following, Kind, follow, unplaced

PURPOSE = 2  # its random numbers differ from those of other metrics
BATCH = 4  # pictures that are moved alike


def require_plane(bench: Bench, what: Asked) -> None:
    """Raises ValueError with one sentence for families whose pictures follow no plane."""
    if not isinstance(bench.generator, PlaneGenerator):
        raise ValueError(
            f"{what.name} judges how pictures follow their plane, and only StyleGAN3 models and StyleGAN-XL's have one"
        )


def follows_its_plane(bench: Bench, what: Asked, kind: Kind) -> Generator[Progress, None, dict[str, float]]:
    """Peak signal-to-noise ratio in dB between pictures that are moved, and pictures of a moved plane."""
    sums, done = Following(), 0
    parts = bench.pieces(what.count, BATCH)
    for error, known in shared(partial(followed, bench.model, kind), parts, bench.settings.processes):
        sums.error, sums.known, done = sums.error + error, sums.known + known, done + 1
        yield Progress(min(done * BATCH, what.count), what.count, what.name)
    return {what.name: sums.decibels, FAKE: float(what.count)}


def followed(model: Model, kind: Kind, piece: Piece) -> tuple[float, float]:
    """Squared error and number of pixels of one batch that is moved by chance."""
    generator, chance = model.generator(piece.device), model.chance(piece, PURPOSE)
    assert isinstance(generator, PlaneGenerator)
    z, labels = model.latents(generator, piece.count, chance)
    labels = None if labels is None else labels.to(piece.device)
    ws = generator.broadcast(generator.mapping(z.to(piece.device), labels))
    sums = Following()
    shift = torch.rand(() if kind == "rotation" else (2,), generator=chance)
    sums.add(*follow(unplaced(generator), ws, kind, shift))
    return sums.error, sums.known
