"""What guides a generator beside its discriminator: a classifier, or a pair of encoders for words and pictures.

A classifier guides StyleGAN-XL towards the classes that it was asked for (Sauer et al. 2022, section 3.4).
"""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.feature_networks.published import MissingWeights
from engine.feature_networks.reassembled import ImageNetNorm
from engine.feature_networks.vit import VITS, read_vit
from engine.metrics.guides import Classifier, Pair, read_design, read_guide
from engine.networks import StyleGANXL
from engine.networks.discriminators.vision import by_area

from .config import Config
from .crops import Random
from .run import BadRun
from .text_guidance import text_guidance

SIDE = 224  # pixels a side that classifiers of ImageNet take
IMAGENET = "deit-small"
CLASSES = 1000  # that it knows

Guide = Callable[[Tensor, Tensor, Random], Tensor]
"""Pictures [N, 3, H, W] in [-1, 1], what they were asked for and random numbers → a loss, a mean over the batch."""


def seen_by_classifier(pictures: Tensor) -> Tensor:
    """Pictures [N, 3, H, W] in [-1, 1] as a classifier of ImageNet takes them, [N, 3, 224, 224]."""
    norm = ImageNetNorm().to(pictures.device)
    return F.interpolate(norm(pictures), (SIDE, SIDE), mode="bilinear", align_corners=False)


def guidance(classifier: Callable[[Tensor], Tensor], pictures: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy of a classifier's logits with the classes [N, K] that pictures were asked for, a mean over the batch.

    The pictures are neither blurred nor augmented.
    """
    return F.cross_entropy(classifier(seen_by_classifier(pictures)), labels.argmax(1))


def guide_of(config: Config, pair: Pair | None, device: torch.device) -> Guide | None:
    """What guides the generator of a run; None where nothing does. Raises MissingWeights or BadCheckpoint with one sentence."""
    chosen, network = config.guidance, config.network
    if not chosen.weight:
        return None
    if pair is not None:
        return lambda pictures, words, random: text_guidance(pair.pictures, pictures, words, random, pair.side)
    if not isinstance(network, StyleGANXL) or network.resolution <= chosen.above:
        return None
    if chosen.by == IMAGENET:
        return _imagenet(network.label_size, device)
    classifier = read_classifier(Path(chosen.by), network.label_size).to(device)
    return lambda pictures, labels, random: F.cross_entropy(
        classifier((by_area(pictures, classifier.side) + 1.0) / 2.0), labels.argmax(1)
    )


def read_classifier(path: Path, count: int) -> Classifier:
    """One of so many classes. Raises BadCheckpoint, MissingWeights or ValueError with one sentence."""
    found = read_guide(path)
    if not isinstance(found, Classifier):
        raise ValueError(
            f"{path.name} is a pair for words; a StyleGAN-XL needs a classifier, which `guide --labels` trains"
        )
    if len(found.design.classes) != count:
        raise ValueError(others(path, found.design.classes))
    return found


def others(path: Path, classes: tuple[str, ...]) -> str:
    """That a classifier's classes are not those that are needed."""
    return f"{path.name} knows the classes {', '.join(classes[:10])}, which are not those of this training"


def agree(config: Config, classes: tuple[str, ...]) -> None:
    """Raises BadRun with one sentence where a classifier knows other classes than the pictures of a run have."""
    by = config.guidance.by
    if isinstance(config.network, StyleGANXL) and by not in ("", IMAGENET):
        known = read_design(Path(by)).classes
        if known and known != classes:
            raise BadRun(others(Path(by), known))


def _imagenet(classes: int, device: torch.device) -> Guide:
    kind = VITS[IMAGENET]
    if classes != CLASSES:
        raise ValueError(
            f"{kind.title} knows the {CLASSES} classes of ImageNet; train a guide for {classes} with `guide --labels`"
        )
    path = kind.source.here(Path("weights"))
    if path is None:
        raise MissingWeights(
            f"the weights of {kind.title} are missing: put {kind.source.file} from {kind.source.address} into a folder "
            f"named weights, or train a guide with `guide --labels`"
        )
    network = read_vit(IMAGENET, path).to(device)
    return lambda pictures, labels, random: guidance(network.judged, pictures, labels)
