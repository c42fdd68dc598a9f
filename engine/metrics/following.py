"""How often pictures show what their words, or classes, say, as a network reads it that learnt from the data set's own pictures."""

import hashlib
from collections.abc import Generator
from functools import partial
from pathlib import Path

import numpy as np
import torch

from engine.data.folder import Images
from engine.progress import Progress
from engine.render.pixels import to_uint8

from .asked import Asked
from .bench import FAKE, Bench
from .drawing import Model, Piece, batches, coloured, fresh
from .extraction import gathered
from .kept import keep
from .phrases import UNKNOWN, Attribute, Told, told
from .recognition import SIDE, Design, Learning, opened, train
from .sharing import one_first

PURPOSE = 5  # its random numbers differ from those of other metrics
Work = Generator[Progress, None, dict[str, float]]


def require_asked(bench: Bench, what: Asked) -> None:
    """Raises ValueError with one sentence where the model is asked for nothing, or there is nothing to learn from."""
    if not (bench.generator.text_size or bench.generator.label_size):
        raise ValueError(
            f"{what.name} needs a model that is asked for words or classes, and this one is asked for nothing"
        )
    if bench.settings.data is None:
        raise ValueError(
            f"{what.name} learns from prepared pictures; name their folder with --data FOLDER, without --stream"
        )


def follows(bench: Bench, what: Asked) -> Work:
    """The share of pictures that show what was asked for, of each attribute and on the average over them."""
    images = yield from bench.data()
    known = _told(bench, what, images)
    with one_first():
        path = yield from recogniser(bench, images, known)
    design = opened(path, bench.devices[0])[1]
    said = bench.settings.scratch / "said.npy"
    np.save(said, _asked_for(bench, known))
    work = partial(judged, bench.model, path, said)
    file = bench.settings.scratch / f"{what.name}.rows"
    rows = np.asarray((yield from gathered(work, bench.pieces(what.count), bench.settings.processes, file, what.name)))
    counts = (rows >= 0).sum(0)
    if not counts.any():
        raise ValueError(f"{what.name} drew too few pictures to see any attribute; ask for more")
    found = {
        f"{what.name} {attribute.name}": float((rows[:, place] == 1).sum() / counts[place])
        for place, attribute in enumerate(design.attributes)
        if counts[place]
    }
    bench.notes[what.name] = of_real(design)
    return {what.name: float(np.mean(list(found.values()))), **found, FAKE: float(what.count)}


def of_real(design: Design) -> str:
    """How far the figures can go: how the network reads real pictures, and what always saying the commonest value would give."""
    rows = zip(design.attributes, design.accuracy, design.commonest, strict=True)
    each = ", ".join(f"{attribute.name} {share:.1%} ({guess:.0%})" for attribute, share, guess in rows)
    return f"of real pictures that were held back it reads rightly (in brackets, who always says the commonest value) {each}"


def _told(bench: Bench, what: Asked, images: Images) -> Told:
    """What is known of every real picture: what its caption says, or its class. Raises ValueError with one sentence."""
    if bench.generator.text_size:
        found = told(bench.said)
        if not found.attributes:
            raise ValueError(
                f'{what.name} needs captions of phrases between commas that differ, such as "red hair, glasses, green '
                f'background"; those of {bench.settings.source} are not of this kind'
            )
        return found
    if images.labels is None or len(images.classes) != bench.generator.label_size:
        raise ValueError(f"{what.name} needs a folder for each of the model's {bench.generator.label_size} classes")
    return Told((Attribute("class", images.classes),), np.asarray(images.labels, np.int64)[:, None])


def _asked_for(bench: Bench, known: Told) -> np.ndarray:
    """What each caption that is drawn, or each class, says: int64 [captions or classes, attributes]."""
    if not bench.generator.text_size:
        return np.arange(bench.generator.label_size)[:, None]
    first = {caption: place for place, caption in reversed(list(enumerate(bench.said)))}
    return known.values[[first[caption] for caption in bench.captions]]


def recogniser(bench: Bench, images: Images, known: Told) -> Generator[Progress, None, Path]:
    """The file of a network that recognises these attributes, trained where there is none yet."""
    settings, design = bench.settings, Design(min(images.resolution, SIDE), known.attributes)
    stem = Path(getattr(images.pixels, "filename", images.name)).stem
    state = repr((known.attributes, settings.classifier_kimg, settings.mirror, settings.seed))
    digest = hashlib.sha256(state.encode() + known.values.tobytes()).hexdigest()[:12]
    path = settings.cache / f"{stem}-{digest}.recogniser"
    if not path.exists():
        what = Learning(images.pixels, known, settings.classifier_kimg, settings.mirror)
        network, design = yield from train(what, design, settings.seed, bench.devices[0])
        keep(path, network, design)
    return path


def judged(model: Model, path: Path, said: Path, piece: Piece) -> np.ndarray:
    """Of a piece of pictures whether each shows what was asked for: 1, 0, or UNKNOWN; float32 [N, attributes]."""
    generator, chance = model.generator(piece.device), model.chance(piece, PURPOSE)
    network, told_of, found = opened(path, piece.device)[0], np.load(said), []
    for count in batches(piece.count, model.batch):
        z = torch.randn(count, generator.z_dim, generator=chance)
        numbers, asked = model.asked(generator, count, chance)
        ws = generator.broadcast(generator.mapping(z.to(piece.device), asked.to(piece.device)))
        pictures = coloured(to_uint8(fresh(generator, ws, chance, count).float()))
        truth = told_of[numbers]
        right = network.read(pictures).cpu().numpy() == truth
        found.append(np.where(truth == UNKNOWN, UNKNOWN, right).astype(np.float32))
    return np.concatenate(found)
