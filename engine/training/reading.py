"""What a training knows of words: captions as features of the frozen encoder, and as pieces for the generator's own reader.

In such a run labels are numbers of captions, int64 [N, 1].
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from collections.abc import Generator as Work
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.checkpoints import BadCheckpoint
from engine.data.folder import Images
from engine.data.streaming.index import Shards
from engine.data.streaming.pictures import Streamed
from engine.feature_networks.clip_pair import CLIPPair, named, read_pair
from engine.feature_networks.reader import OWN, read_rows
from engine.metrics.captions import captioned, captions
from engine.metrics.guides import SmallPair, read_small_pair
from engine.networks import Generator, StyleGANT
from engine.networks.stylegan_t import StyleGANTGenerator
from engine.progress import Progress
from engine.render.words import ENCODERS, unknown

from .config import Config

TELL = 100  # captions between two notes
KEPT = 8192  # captions of a stream whose meaning is kept, so that a batch is read once

Encoder = Callable[[list[str]], Tensor]
Cut = Callable[[str], list[int]]
"""Numbers of a text's pieces, for the generator's own reader."""


class Words(ABC):
    """What the captions of a run's pictures mean, by their numbers: labels int64 [N, 1]."""

    @abstractmethod
    def __len__(self) -> int:
        """Pictures."""

    @abstractmethod
    def labels(self, pictures: np.ndarray) -> np.ndarray:
        """The numbers of pictures' captions, int64 [N]."""

    @abstractmethod
    def meant(self, labels: Tensor) -> Tensor:
        """Features [N, F] of captions, by the frozen encoder; zeros for no words."""

    @abstractmethod
    def rows(self, labels: Tensor) -> list[list[int]]:
        """Captions as numbers of their pieces."""

    def read(self, labels: Tensor, generator: Generator) -> Tensor:
        """The same as `meant`, by the generator's own reader, which may be learning."""
        assert isinstance(generator, StyleGANTGenerator)
        assert generator.reader is not None
        found = read_rows(generator.reader, self.rows(labels), labels.device)
        return found * self.meant(labels).any(1, keepdim=True)

    @torch.no_grad()
    def shown(self, generator: Generator, count: int) -> Tensor:
        """What a generator is asked for in samples, [count, F]: captions of pictures that lie far apart, always the same."""
        chosen = self.labels(np.linspace(0, len(self) - 1, count).astype(np.int64))
        labels = torch.from_numpy(chosen)[:, None].to(next(generator.parameters()).device)
        own = isinstance(generator, StyleGANTGenerator) and generator.reader is not None
        return self.read(labels, generator) if own else self.meant(labels)


@dataclass(frozen=True)
class Known(Words):
    """Of prepared pictures: features [C, F] and pieces of the different captions, and the number of each picture's."""

    features: Tensor
    pieces: tuple[list[int], ...]
    numbers: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    def labels(self, pictures: np.ndarray) -> np.ndarray:
        found: np.ndarray = self.numbers[pictures]
        return found

    def meant(self, labels: Tensor) -> Tensor:
        return self.features[labels[:, 0]]

    def rows(self, labels: Tensor) -> list[list[int]]:
        return [self.pieces[number] for number in labels[:, 0].tolist()]


class Passing(Words):
    """Of shards that are read as they come: each caption is read when it is wanted, and its number is that of its picture."""

    def __init__(self, shards: Shards, encoder: Encoder, cut: Cut | None):
        self._shards, self._encoder, self._cut = shards, encoder, cut
        self._text = lru_cache(KEPT)(shards.caption)
        self._feature = lru_cache(KEPT)(self._encoded)

    def __len__(self) -> int:
        return len(self._shards)

    def labels(self, pictures: np.ndarray) -> np.ndarray:
        return pictures.astype(np.int64)

    def meant(self, labels: Tensor) -> Tensor:
        return torch.stack([self._feature(text) for text in self._texts(labels)]).to(labels.device)

    def rows(self, labels: Tensor) -> list[list[int]]:
        assert self._cut is not None
        return [self._cut(text) for text in self._texts(labels)]

    def _texts(self, labels: Tensor) -> list[str]:
        return [self._text(number) for number in labels[:, 0].tolist()]

    def _encoded(self, text: str) -> Tensor:
        return self._encoder([text])[0] * float(bool(text.strip()))


def invented(network: StyleGANT, device: torch.device) -> Words:
    """A caption without meaning, for trials."""
    row = [1, 0, 2] if network.tower is None else [1, 2] + [0] * (network.tower.size.context - 2)
    return Known(torch.ones(1, network.text_size, device=device), (row,), np.zeros(1, np.int64))


def pair_of(config: Config, device: torch.device) -> SmallPair | CLIPPair | None:
    """The pair that a StyleGAN-T reads with and is guided by; None without. Raises BadCheckpoint, MissingWeights or ValueError."""
    network, by = config.network, config.guidance.by
    if not isinstance(network, StyleGANT) or not by:
        return None
    if Path(by).is_dir():
        return _clip(network, Path(by)).to(device)
    found = read_small_pair(Path(by))
    if network.reader is None or found.reader.origin != network.reader.origin:
        raise BadCheckpoint(
            f"{Path(by).name} is not the pair that this run began with, whose words mean something else"
        )
    return found.to(device)


def _clip(network: StyleGANT, folder: Path) -> CLIPPair:
    found, known = named(folder), network.encoder if network.tower is None else network.tower.name
    if not found or found != known:
        raise BadCheckpoint(f"{folder} does not hold {known}, with which this run reads; its words mean something else")
    return read_pair(found, folder)


def words_of(
    config: Config, images: Images, pair: SmallPair | CLIPPair | None, device: torch.device
) -> Work[Progress, None, Words | None]:
    """What the captions of a run's pictures mean; None for a run without words.

    Raises ValueError or MissingWeights with one sentence where there are no captions, or no encoder.
    """
    network = config.network
    if not isinstance(network, StyleGANT) or not network.text_size:
        return None
    if pair is None and network.encoder not in ENCODERS:
        raise ValueError(unknown(network.encoder))
    encoder = pair.texts if pair is not None else ENCODERS[network.encoder]()
    size = encoder(["words"]).shape[1]
    if size != network.text_size:
        raise ValueError(f"the network takes {network.text_size} numbers for a text, and its encoder gives {size}")
    if isinstance(images.pixels, Streamed):
        return Passing(captioned(images.pixels.shards), encoder, _cut(network, pair))
    said = captions(Path(config.data), images)
    return (yield from _known(said, encoder, _cut(network, pair), device))


def _known(said: list[str], encoder: Encoder, cut: Cut | None, device: torch.device) -> Work[Progress, None, Known]:
    """What captions mean, the same ones read once."""
    texts = list(dict.fromkeys(said))
    places = {text: place for place, text in enumerate(texts)}
    parts = []
    for start in range(0, len(texts), TELL):
        parts.append(encoder(texts[start : start + TELL]).cpu())
        yield Progress(min(start + TELL, len(texts)), len(texts), "Reading captions")
    features = torch.cat(parts) * torch.tensor([[float(bool(text.strip()))] for text in texts])
    rows = tuple(cut(text) for text in texts) if cut is not None else ()
    return Known(features.to(device), rows, np.array([places[text] for text in said], np.int64))


def _cut(network: StyleGANT, pair: SmallPair | CLIPPair | None) -> Cut | None:
    """What cuts texts for the network's own reader; None where it has none."""
    if isinstance(pair, CLIPPair) and network.tower is not None:
        tokens, context = pair.vocabulary, network.tower.size.context
        return lambda text: tokens(text, context)
    if network.encoder != OWN or network.reader is None:
        return None
    vocabulary, most = network.reader.vocabulary(), network.reader.size.read
    return lambda text: vocabulary(text, most)
