"""Metrics that compare features: generated pictures with real ones, or with one another."""

from collections.abc import Generator

import numpy as np
import torch

from engine.feature_networks.efficientnet import EfficientNetLite0
from engine.feature_networks.inception import Inception
from engine.progress import Progress

from .asked import Asked
from .bench import FAKE, REAL, Bench
from .frechet import Moments, frechet_distance
from .inception_score import Score
from .kernel_distance import SUBSETS, kernel_distances
from .precision_recall import PrecisionRecall, precision_recall

BLOCK = 1024
HUNDRED = 100  # shares of work are told in percent
MOST_KERNEL_REALS = 1_000_000
MOST_BALLS = 200_000
Values = dict[str, float]
Work = Generator[Progress, None, Values]


def frechet(bench: Bench, what: Asked, network: str) -> Work:
    """Fréchet distance between the features of real and of generated pictures."""
    real = yield from bench.real(network, None if what.full else what.count)
    fake = yield from bench.fake(network, what.count)
    first, second = moments(real), moments(fake)
    yield Progress(0, 1, f"{what.name}: roots of covariances")
    return {what.name: frechet_distance(first, second), **counts(real, fake)}


def moments(rows: np.ndarray) -> Moments:
    """Of features [N, D] that may lie on disk."""
    found = Moments()
    for start in range(0, len(rows), BLOCK):
        found.add(torch.from_numpy(np.array(rows[start : start + BLOCK])))
    return found


def kernel(bench: Bench, what: Asked, network: str) -> Work:
    """Kernel distance between the features of real and of generated pictures."""
    real = yield from bench.real(network, None if what.full else what.count)
    real = real[:MOST_KERNEL_REALS]
    fake = yield from bench.fake(network, what.count)
    found = []
    for value in kernel_distances(real, fake, np.random.RandomState(bench.settings.seed % 2**32)):
        found.append(value)
        yield Progress(len(found), SUBSETS, f"{what.name}: subsets")
    return {what.name: float(np.mean(found)), **counts(real, fake)}


def precision_and_recall(bench: Bench, what: Asked, network: str) -> Work:
    """How much of what is generated looks real, and how much of what is real can be generated."""
    real = yield from bench.real(network, None if what.full else what.count)
    real = real[:MOST_BALLS]
    fake = yield from bench.fake(network, what.count)
    for now in precision_recall(real, fake, device=bench.devices[0]):
        if isinstance(now, PrecisionRecall):
            values = {f"{what.name}_precision": now.precision, f"{what.name}_recall": now.recall}
            return {**values, **counts(real, fake)}
        yield Progress(round(now * HUNDRED), HUNDRED, f"{what.name}: distances")
    raise AssertionError("precision and recall end with their result")


def inception_score(bench: Bench, what: Asked, network: str) -> Work:
    """How clear and how varied generated pictures are."""
    score = Score(what.count)
    fake = yield from bench.fake(network, what.count)
    judge = yield from bench.opened(network)
    assert isinstance(judge, Inception | EfficientNetLite0)
    for start in range(0, len(fake), BLOCK):
        rows = torch.from_numpy(np.array(fake[start : start + BLOCK])).to(bench.devices[0])
        score.add(judge.probabilities(rows))
        yield Progress(min(start + BLOCK, len(fake)), len(fake), what.name)
    mean, deviation = score.result()
    return {f"{what.name}_mean": mean, f"{what.name}_std": deviation, FAKE: float(len(fake))}


def counts(real: np.ndarray, fake: np.ndarray) -> Values:
    """How many pictures a figure is of."""
    return {REAL: float(len(real)), FAKE: float(len(fake))}
