"""Metrics of models that are asked for something: distances class by class, and how well pictures fit their words."""

from collections.abc import Generator
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.feature_networks.clip_pair import CLIPPair, named, read_pair
from engine.feature_networks.published import MissingWeights
from engine.networks.discriminators.vision import by_area
from engine.progress import Progress

from .asked import Asked
from .bench import FAKE, REAL, Bench
from .distances import moments
from .drawing import Model, Piece, batches, coloured, fresh
from .extraction import features, gathered
from .frechet import frechet_distance
from .guides import Pair, SmallPair, agreement, read_small_pair

PURPOSE = 4  # its random numbers differ from those of other metrics
CLIP = "clip"  # how names of CLIP's pairs begin
Work = Generator[Progress, None, dict[str, float]]


def require_classes(bench: Bench, what: Asked) -> None:
    """Raises ValueError with one sentence where the model has no classes."""
    if not bench.generator.label_size:
        raise ValueError(f"{what.name} needs a model of several classes, and this one has none")


def require_words(bench: Bench, what: Asked) -> None:
    """Raises ValueError with one sentence where the model knows no words, or nobody can judge them."""
    if not bench.generator.text_size:
        raise ValueError(f"{what.name} needs a model that draws what words say, and this one knows none")
    if bench.settings.data is None and not bench.settings.shards:
        raise ValueError(f"{what.name} needs pictures with captions; name their folder with --data FOLDER")
    pair_here(bench, what)


def pair_here(bench: Bench, what: Asked) -> Path:
    """The pair that judges: a file or folder that is named, else CLIP among the weights. Raises MissingWeights."""
    folder = bench.settings.pair or bench.settings.weights
    if folder is None or (folder.is_dir() and not named(folder)):
        raise MissingWeights(
            f"{what.name} needs a pair of encoders for words and pictures: name with --pair a file that `guide` trained, or a "
            f"folder with CLIP's weights and vocabulary"
        )
    return folder


def by_class(bench: Bench, what: Asked, network: str) -> Work:
    """The mean over classes of the Fréchet distances between real and generated pictures of each.

    All real pictures are looked at, of shards no more than are generated, unless all are asked for.
    """
    images = yield from bench.data()
    classes = bench.generator.label_size
    if images.labels is None or len(images.classes) != classes:
        raise ValueError(f"{what.name} needs a folder for each of the model's {classes} classes")
    real = yield from bench.real(network, what.count if bench.settings.shards and not what.full else None)
    labels = images.labels[np.arange(len(real)) % len(images)]
    judge = yield from bench.judge(network)
    each, found, fewest = max(what.count // classes, 2), [], len(real)
    for number in range(classes):
        model = replace(bench.model, classes=tuple(float(other == number) for other in range(classes)))
        work = partial(features, judge, model, bench.settings.batch)
        path = bench.settings.scratch / f"{network}-class-{number}.rows"
        fake = yield from gathered(
            work, bench.pieces(each), bench.settings.processes, path, f"{what.name}: {images.classes[number]}"
        )
        rows = real[np.flatnonzero(labels == number)]
        if not len(rows):
            raise ValueError(
                f"{what.name} saw no picture of {images.classes[number]} in the shards; ask for more, or for all with _full"
            )
        fewest = min(fewest, len(rows))
        found.append(frechet_distance(moments(rows), moments(fake)))
    worst = int(np.argmax(found))
    values = {what.name: float(np.mean(found)), f"{what.name}_worst ({images.classes[worst]})": found[worst]}
    return {**values, REAL: float(fewest), FAKE: float(each)}


def clip_score(bench: Bench, what: Asked) -> Work:
    """The mean cosine of what a pair of encoders says of pictures and of the captions that they were asked for.

    It is called CLIP score only where the pair is a CLIP.
    """
    yield from bench.data()
    where, device = pair_here(bench, what), bench.devices[0]
    pair = opened_pair(where, device)
    said = bench.settings.scratch / "said.npy"
    np.save(said, pair.texts(list(bench.captions)).cpu().numpy())
    work = partial(scored, bench.model, where, said)
    path = bench.settings.scratch / f"{what.name}.cosines"
    rows = yield from gathered(work, bench.pieces(what.count), bench.settings.processes, path, what.name)
    name = what.name if pair.name.startswith(CLIP) else what.name.replace(CLIP, "pair", 1)
    return {name: float(np.asarray(rows, np.float64).mean()), FAKE: float(what.count)}


def scored(model: Model, where: Path, said: Path, piece: Piece) -> np.ndarray:
    """Cosines of a piece of pictures and their captions, float32 [N, 1]."""
    generator, chance = model.generator(piece.device), model.chance(piece, PURPOSE)
    pair, told = opened_pair(where, piece.device), np.load(said, mmap_mode="r")
    found = []
    for count in batches(piece.count, model.batch):
        z = torch.randn(count, generator.z_dim, generator=chance).to(piece.device)
        numbers, words = model.asked(generator, count, chance)
        ws = generator.broadcast(generator.mapping(z, words.to(piece.device)))
        pictures = fresh(generator, ws, chance, count).float()
        found.append(fit(pair, pictures, torch.from_numpy(told[numbers]).to(piece.device)).cpu())
    return torch.cat(found).numpy()[:, None]


def fit(pair: Pair, pictures: Tensor, said: Tensor) -> Tensor:
    """Cosines [N] of pictures [N, C, R, R] in [-1, 1] and features of their captions [N, F]."""
    seen = (coloured(pictures).clamp(-1.0, 1.0) + 1.0) / 2.0
    return agreement(pair, by_area(seen, pair.side), said)


@lru_cache(maxsize=2)
def opened_pair(where: Path, device: str) -> SmallPair | CLIPPair:
    """A pair from a file that `guide` wrote, or CLIP from a folder. Raises BadCheckpoint, MissingWeights or ValueError."""
    if where.is_dir():
        return read_pair(named(where), where).to(torch.device(device))
    return read_small_pair(where).to(device)


def forget() -> None:
    """Frees the pairs that were kept."""
    opened_pair.cache_clear()
