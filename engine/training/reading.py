"""What a training knows of words: captions as features of the frozen encoder, and as pieces for the generator's own reader.

In such a run labels are numbers of captions, int64 [N, 1].
"""

from collections.abc import Generator as Work
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.checkpoints import BadCheckpoint
from engine.data.folder import Images
from engine.feature_networks.clip_pair import CLIPPair, named, read_pair
from engine.feature_networks.reader import OWN, read_rows
from engine.metrics.captions import captions
from engine.metrics.guides import SmallPair, read_small_pair
from engine.networks import Generator, StyleGANT
from engine.networks.stylegan_t import StyleGANTGenerator
from engine.progress import Progress
from engine.render.words import ENCODERS, unknown

from .config import Config

TELL = 100  # captions between two notes


class Words(NamedTuple):
    """Different captions: features [C, F] by the frozen encoder (zeros for no words) and pieces; the caption of each picture."""

    features: Tensor
    rows: tuple[list[int], ...]
    numbers: np.ndarray

    def meant(self, labels: Tensor) -> Tensor:
        """Features [N, F] of captions' numbers, by the frozen encoder; zeros for no words."""
        return self.features[labels[:, 0]]

    def read(self, labels: Tensor, generator: Generator) -> Tensor:
        """The same by the generator's own reader, which may be learning."""
        assert isinstance(generator, StyleGANTGenerator)
        assert generator.reader is not None
        rows = [self.rows[number] for number in labels[:, 0].tolist()]
        found = read_rows(generator.reader, rows, labels.device)
        return found * self.meant(labels).any(1, keepdim=True)

    @torch.no_grad()
    def shown(self, generator: Generator, count: int) -> Tensor:
        """What a generator is asked for in samples, [count, F]: captions of pictures that lie far apart, always the same."""
        chosen = np.linspace(0, len(self.numbers) - 1, count).astype(int)
        labels = torch.from_numpy(self.numbers[chosen])[:, None].to(self.features.device)
        own = isinstance(generator, StyleGANTGenerator) and generator.reader is not None
        return self.read(labels, generator) if own else self.meant(labels)


def invented(network: StyleGANT, device: torch.device) -> Words:
    """A caption without meaning, for trials."""
    return Words(torch.ones(1, network.text_size, device=device), ([1, 0, 2],), np.zeros(1, np.int64))


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
    found = named(folder)
    if not found or found != network.encoder:
        raise BadCheckpoint(
            f"{folder} does not hold {network.encoder}, with which this run reads; its words mean something else"
        )
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
    said = captions(Path(config.data), images)
    texts = list(dict.fromkeys(said))
    places = {text: place for place, text in enumerate(texts)}
    if pair is None and network.encoder not in ENCODERS:
        raise ValueError(unknown(network.encoder))
    encoder = pair.texts if pair is not None else ENCODERS[network.encoder]()
    parts = []
    for start in range(0, len(texts), TELL):
        parts.append(encoder(texts[start : start + TELL]).cpu())
        yield Progress(min(start + TELL, len(texts)), len(texts), "Reading captions")
    features = torch.cat(parts) * torch.tensor([[float(bool(text.strip()))] for text in texts])
    if features.shape[1] != network.text_size:
        raise ValueError(
            f"the network takes {network.text_size} numbers for a text, and its encoder gives {features.shape[1]}"
        )
    return Words(features.to(device), _rows(network, texts), np.array([places[text] for text in said], np.int64))


def _rows(network: StyleGANT, texts: list[str]) -> tuple[list[int], ...]:
    if network.encoder != OWN or network.reader is None:
        return ()
    vocabulary = network.reader.vocabulary()
    return tuple(vocabulary(text, network.reader.size.read) for text in texts)
