"""Linear separability of a model: classifiers of the data's attributes say what its pictures show (Karras et al. 2018)."""

import hashlib
from collections.abc import Generator
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import torch

from engine.data.folder import Images
from engine.progress import Progress

from .asked import Asked
from .attributes import Attributes, attributes
from .bench import FAKE, Bench
from .captions import names_of
from .classifiers import SIDE, Design, opened, seen, train
from .drawing import Model, Piece, batches, coloured, fresh
from .extraction import gathered
from .kept import keep
from .linear_separability import entropies, require_scikit_learn, separability
from .sharing import one_first

PURPOSE = 3  # its random numbers differ from those of other metrics


def linear_separability(bench: Bench, what: Asked) -> Generator[Progress, None, dict[str, float]]:
    """2 to the power of all attributes' entropies that a plane in Z, or in W, leaves."""
    require_scikit_learn()
    images = yield from bench.data()
    assert bench.settings.data is not None
    known = attributes(bench.settings.data, names_of(images))
    with one_first():
        path = yield from classifier(bench, images, known)
    generator, (_, design) = bench.generator, opened(path, bench.devices[0])
    file = bench.settings.scratch / f"{what.name}.rows"
    work = partial(judged, bench.model, path)
    rows = yield from gathered(work, bench.pieces(what.count), bench.settings.processes, file, what.name)
    spaces = {"z": slice(0, generator.z_dim)}
    first = generator.z_dim + generator.w_dim
    if generator.has_w:
        spaces["w"] = slice(generator.z_dim, first)
    values: dict[str, float] = {}
    for space, columns in spaces.items():
        found = []
        for bits in entropies(np.array(rows[:, columns]), np.array(rows[:, first:])):
            found.append(bits)
            yield Progress(len(found), len(known.names), f"{what.name}: planes in {space.upper()}")
        values[f"{what.name}_{space}"] = separability(found)
    told = {"classifier_accuracy": design.accuracy, "attributes": float(len(known.names))}
    return {**values, **told, FAKE: float(what.count)}


def classifier(bench: Bench, images: Images, known: Attributes) -> Generator[Progress, None, Path]:
    """The file of a classifier of these attributes, trained where there is none yet."""
    settings, side = bench.settings, min(images.resolution, SIDE)
    design = Design(side, known.names)
    told = repr((known.names, settings.classifier_kimg, hashlib.sha256(known.has.tobytes()).hexdigest()))
    stem = Path(getattr(images.pixels, "filename", images.name)).stem
    path = settings.cache / f"{stem}-{hashlib.sha256(told.encode()).hexdigest()[:12]}.classifier"
    if not path.exists():
        network, accuracy = yield from train(
            np.asarray(images.pixels), known, design, settings.classifier_kimg, settings.seed, bench.devices[0]
        )
        keep(path, network, msgspec.structs.replace(design, accuracy=accuracy))
    return path


def judged(model: Model, path: Path, piece: Piece) -> np.ndarray:
    """z, w and logits of a piece of pictures side by side, float32 [N, z_dim + w_dim + attributes]."""
    generator, chance = model.generator(piece.device), model.chance(piece, PURPOSE)
    network, found = opened(path, piece.device)[0], []
    for count in batches(piece.count, model.batch):
        z, labels = model.latents(generator, count, chance)
        w = generator.mapping(z.to(piece.device), None if labels is None else labels.to(piece.device))
        pictures = coloured(fresh(generator, generator.broadcast(w), chance, count).float())
        logits = seen(network, (pictures + 1) * 127.5)
        found.append(torch.cat([z, w.float().cpu(), logits.cpu()], 1))
    return torch.cat(found).numpy()
