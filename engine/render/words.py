"""What prompts mean to a model: features by the very encoder that it was trained with, and no other."""

from collections.abc import Callable
from functools import cache, lru_cache, partial

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.feature_networks.clip import CLIPS, TextTower
from engine.feature_networks.clip_pair import read_pair
from engine.feature_networks.reader import OWN
from engine.feature_networks.sentences import SentenceEncoder, SentenceNetwork, read_sentences
from engine.networks import Generator
from engine.networks.stylegan_t import StyleGANTGenerator
from engine.recipe import Arc, Seed

Encoder = Callable[[list[str]], Tensor]
ENCODERS: dict[str, Callable[[], Encoder]] = {
    SentenceEncoder.name: cache(read_sentences),
    **{name: cache(partial(read_pair, name)) for name in CLIPS},
}


def words_of(point: Seed | Arc, generator: Generator) -> Tensor:
    """[text_size] of a point's prompt; between two prompts it turns from one to the other and keeps its length.

    Raises ValueError or MissingWeights with one sentence.
    """
    if isinstance(point, Seed):
        return feature(point.prompt or "", generator)
    start, end = (feature(seed.prompt or "", generator) for seed in (point.start, point.end))
    between = torch.lerp(start, end, point.t)
    return F.normalize(between, dim=0) if start.any() and end.any() else between


def feature(prompt: str, generator: Generator) -> Tensor:
    """[text_size]; zeros for no words. Raises ValueError or MissingWeights with one sentence."""
    if not prompt.strip():
        return torch.zeros(generator.text_size)
    name = generator.encoder
    found = _own(generator, prompt) if name == OWN else _read(name, prompt)
    if len(found) != generator.text_size:
        raise ValueError(f"this model takes {generator.text_size} numbers for a text, and {name} gives {len(found)}")
    return found


def _own(generator: Generator, prompt: str) -> Tensor:
    """By the reader that the model carries."""
    if isinstance(generator, StyleGANTGenerator):
        reader, spec = generator.reader, generator.spec
        if isinstance(reader, TextTower) and spec.tower is not None:
            return spec.tower.encoder(reader)([prompt])[0]
        if isinstance(reader, SentenceNetwork) and spec.reader is not None:
            return spec.reader.encoder(reader)([prompt])[0]
    raise ValueError("this model says that it carries its reader of words, and it does not")


@lru_cache(256)
def _read(encoder: str, prompt: str) -> Tensor:
    if encoder not in ENCODERS:
        raise ValueError(unknown(encoder))
    return ENCODERS[encoder]()([prompt])[0]


def absent(encoder: str) -> str:
    """Why prompts for this encoder cannot be read here, in one sentence; empty where they can. The encoder is ready then."""
    if encoder == OWN:
        return ""
    try:
        if encoder not in ENCODERS:
            raise ValueError(unknown(encoder))
        ENCODERS[encoder]()
    except ValueError as error:
        return str(error)
    return ""


def unknown(encoder: str) -> str:
    known = f"with {encoder}" if encoder else "with an encoder that it does not name"
    return f"this model reads words {known}, which is not at hand here; leave the prompt out"
