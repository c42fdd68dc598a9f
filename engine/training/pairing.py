"""Guides are trained here: a classifier of class folders, or a contrastive pair of words and pictures (Radford et al. 2021).

What EfficientNet-lite0 sees of every picture is computed once; what is trained on top learns from that alone.
"""

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from msgspec import structs
from torch import Tensor, nn
from torch.nn import functional as F

from engine.data.folder import Images, prepare
from engine.feature_networks.looks import Look
from engine.feature_networks.pyramid import Pyramid
from engine.feature_networks.reader import Reader, read_rows
from engine.feature_networks.wordpiece import END, START, UNKNOWN, words
from engine.metrics.captions import captions
from engine.metrics.guides import Classifier, Design, SmallPair, keep
from engine.progress import Progress

HELD_BACK = 10  # every tenth picture tests and never trains
MOST = 30_000  # pictures that are looked at
MOST_WORDS = 5000
AT_ONCE, BATCH = 64, 128
AMONG = 32  # texts among which the right one is to be found
RATE, DECAY = 1e-3, 1e-2
TEMPERATURE = 0.07  # that cosines are divided by at first
HOTTEST = 100.0  # that they are ever multiplied by
TELL = 10  # steps between two notes


class Learnt(NamedTuple):
    """What lies in the file, and of how many pictures it learnt."""

    design: Design
    pictures: int


class Seen(NamedTuple):
    """Features [N, D] of pictures, and which of them teach and which test."""

    features: Tensor
    teach: np.ndarray
    test: np.ndarray


Work = Generator[Progress, None, Learnt]


def train_guide(
    folder: Path, out: Path, cache: Path, labels: bool = False, steps: int = 600, seed: int = 0,
    device: str = "cpu", design: Design | None = None, pyramid: Pyramid | None = None,
) -> Work:  # fmt: skip
    """Trains a classifier of the folder's classes, or a pair on its captions, and writes it.

    Raises NoPictures, MissingWeights or ValueError with one sentence.
    """
    design = design or Design("classifier" if labels else "pair", hidden=512)
    images = yield from prepare(folder, design.side, cache, by_class=labels)
    texts = [] if labels else captions(folder, images)
    design = structs.replace(
        design, data=images.name, classes=images.classes, reader=None if labels else reader_of(texts, design.reader)
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        look = design.look(pyramid).to(device)
        seen = yield from looked_at(look, images)
        if design.reader is None:
            classifier = Classifier(design, look)
            accuracy = yield from _classes(classifier, seen, images, steps)
            kept = keep(out, _with(classifier, accuracy))
        else:
            pair = SmallPair(design, look, design.reader.build().to(device))
            accuracy = yield from _pairs(pair, seen, texts, steps)
            kept = keep(out, _with(pair, accuracy))
    return Learnt(kept, len(seen.teach))


def reader_of(texts: Sequence[str], like: Reader | None = None) -> Reader:
    """One that knows the words of the texts, the most frequent first. Raises ValueError where there are none."""
    counted = Counter(word for text in texts for word in words(text))
    if not counted:
        raise ValueError("the captions hold no words to learn")
    known = [word for word, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))][:MOST_WORDS]
    pieces = [piece for piece in (UNKNOWN, START, END, *known) if piece not in (UNKNOWN, START, END)]
    return structs.replace(like or Reader(width=128), pieces=(UNKNOWN, START, END, *pieces))


@torch.no_grad()
def looked_at(look: Look, images: Images) -> Generator[Progress, None, Seen]:
    """What the frozen network says of the pictures; the look learns their mean and deviation."""
    chosen = np.linspace(0, len(images) - 1, min(len(images), MOST)).astype(int)
    found: list[Tensor] = []
    for start in range(0, len(chosen), AT_ONCE):
        pixels = torch.from_numpy(np.array(images.pixels[chosen[start : start + AT_ONCE]]))
        found.append(look.seen(pixels.to(look.mean.device).float() / 255.0))
        yield Progress(min(start + AT_ONCE, len(chosen)), len(chosen), "Looking at pictures")
    features = torch.cat(found)
    look.mean.copy_(features.mean(0))
    look.deviation.copy_(features.std(0).nan_to_num(1.0).clamp(min=1e-3))
    tests = chosen % HELD_BACK == HELD_BACK - 1
    everything = np.ones(len(chosen), bool)
    return Seen(features, chosen[~tests], chosen[tests if tests.any() else everything])


def _classes(guide: Classifier, seen: Seen, images: Images, steps: int) -> Generator[Progress, None, float]:
    assert images.labels is not None
    labels, look = torch.from_numpy(images.labels).to(seen.features.device), guide.look

    def loss(rows: Tensor, pictures: Tensor) -> Tensor:
        return F.cross_entropy(look.judged(pictures), labels[rows], label_smoothing=0.1)

    yield from _descended([*look.inner.parameters(), *look.outer.parameters()], seen, loss, steps)
    with torch.no_grad():
        right = look.judged(seen.features[_places(seen, seen.test)]).argmax(1) == labels[torch.from_numpy(seen.test)]
    return float(right.float().mean())


def _pairs(pair: SmallPair, seen: Seen, texts: Sequence[str], steps: int) -> Generator[Progress, None, float]:
    vocabulary, look, device = pair.reader.vocabulary(), pair.look, seen.features.device
    rows = [vocabulary(text, pair.reader.size.read) for text in texts]
    heat = nn.Parameter(torch.tensor(1 / TEMPERATURE, device=device).log())

    def loss(numbers: Tensor, pictures: Tensor) -> Tensor:
        said = read_rows(pair.words, [rows[number] for number in numbers.tolist()], device)
        return contrast(F.normalize(look.judged(pictures), dim=1), said, heat.exp().clamp(max=HOTTEST),
                        [texts[number] for number in numbers.tolist()])  # fmt: skip

    trained = [*look.inner.parameters(), *look.outer.parameters(), *pair.words.parameters(), heat]
    yield from _descended(trained, seen, loss, steps)
    with torch.no_grad():
        said = read_rows(pair.words, [rows[number] for number in seen.test.tolist()], device)
        shown = F.normalize(look.judged(seen.features[_places(seen, seen.test)]), dim=1)
    return found_again(shown, said, [texts[number] for number in seen.test.tolist()])


def contrast(pictures: Tensor, said: Tensor, heat: Tensor, texts: Sequence[str]) -> Tensor:
    """Cross entropy of the cosines of all pictures and texts [N, F], both ways; equal texts are equally right."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    mine = torch.tensor([numbers[text] for text in texts], device=pictures.device)
    right = (mine[:, None] == mine).to(pictures.dtype)
    logits, right = heat * pictures @ said.t(), right / right.sum(1, keepdim=True)
    return (F.cross_entropy(logits, right) + F.cross_entropy(logits.t(), right)) / 2


def found_again(pictures: Tensor, said: Tensor, texts: Sequence[str]) -> float:
    """The share of pictures whose own text, or an equal one, is nearest among 32 that follow one another."""
    right = total = 0
    for start in range(0, len(pictures), AMONG):
        part = slice(start, start + AMONG)
        nearest = (pictures[part] @ said[part].t()).argmax(1).tolist()
        right += sum(texts[part][mine] == texts[part][found] for mine, found in enumerate(nearest))
        total += len(nearest)
    return right / max(total, 1)


def _descended(
    parameters: Sequence[Tensor], seen: Seen, loss: Callable[[Tensor, Tensor], Tensor], steps: int
) -> Generator[Progress, None, None]:
    """AdamW down `loss(numbers of pictures, what was seen of them)`, at a rate that falls to nothing."""
    optimizer = torch.optim.AdamW(parameters, RATE, weight_decay=DECAY)
    places = torch.from_numpy(_places(seen, seen.teach))
    numbers = torch.from_numpy(seen.teach)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - step / steps)
        drawn = torch.randperm(len(numbers))[:BATCH]
        value = loss(numbers[drawn], seen.features[places[drawn]])
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        if step % TELL == 0 or step == steps - 1:
            yield Progress(step + 1, steps, f"loss {float(value.detach()):.3f}")


def _places(seen: Seen, numbers: np.ndarray) -> np.ndarray:
    """Where the features of these pictures are."""
    everything = np.union1d(seen.teach, seen.test)
    found: np.ndarray = np.searchsorted(everything, numbers)
    return found


def _with(guide: "Classifier | SmallPair", accuracy: float) -> "Classifier | SmallPair":
    guide.design = structs.replace(guide.design, accuracy=accuracy)
    return guide
