"""Golden figures of metrics: formulas on made-up features, and how closely networks follow their plane."""

import re

import numpy as np
import torch
from torch import Tensor

from engine.metrics.frechet import Moments, frechet_distance
from engine.metrics.inception_score import Score
from engine.metrics.kernel_distance import kernel_distances
from engine.metrics.path_length import EPSILON, bounds, slerp, trimmed_mean
from engine.metrics.precision_recall import PrecisionRecall, precision_recall
from engine.metrics.translation_rotation import Kind, equivariance, unplaced

from .golden import Golden, Tolerance
from .stylegan2 import FORWARD
from .stylegan3 import build

FIGURE = Tolerance(1e-6)
DECIBELS = Tolerance(0.0, 0.01)
GENERATED = 220  # rows of features that the figures are of


def check_metrics(golden: Golden) -> None:
    """Fréchet distance, KID, precision and recall, Inception score, path length."""
    real, fake = golden.read("in.real_features"), golden.read("in.gen_features")[:GENERATED]
    for limit in (1_000_000, 180):
        moments = moments_of(real[:limit])
        golden.compare(f"meancov.max{limit}.mean", moments.mean, FORWARD)
        golden.compare(f"meancov.max{limit}.cov", moments.covariance, FORWARD)
        name = "None" if limit > len(real) else limit
        _figure(golden, f"fid.max_real={name},num_gen={GENERATED}", frechet_distance(moments, moments_of(fake)))
    for name, subsets, size, fakes in (
        ("subsets100,max_subset_size=50", 100, 50, 220),
        ("subsets1,size>n", 1, 1000, 200),
    ):
        drawn = np.random.RandomState(0)
        found = list(kernel_distances(real.numpy(), fake[:fakes].numpy(), drawn, subsets, size))
        _figure(golden, f"kid.{name},np_seed0", float(np.mean(found)))
    for neighbours in (1, 3):
        *_, shares = precision_recall(real.numpy(), fake.numpy(), neighbours, block=100)
        assert isinstance(shares, PrecisionRecall)
        _figure(golden, f"pr.nhood{neighbours}.precision", shares.precision)
        _figure(golden, f"pr.nhood{neighbours}.recall", shares.recall)
    _compare_scores(golden)
    _compare_paths(golden)


def moments_of(features: Tensor) -> Moments:
    """In pieces, as they come from a network."""
    moments = Moments()
    for piece in features.split(64):
        moments.add(piece)
    return moments


def _figure(golden: Golden, name: str, ours: float) -> None:
    golden.compare_number(name, ours, golden.notes["values"][name], FIGURE)


def _compare_scores(golden: Golden) -> None:
    probabilities = golden.read("in.probs")
    for name, splits in (("is", 10), ("is.splits7", 7)):
        score = Score(len(probabilities[:GENERATED]), splits)
        for piece in probabilities[:GENERATED].split(64):
            score.add(piece)
        for part, value in zip(("mean", "std"), score.result(), strict=True):
            _figure(golden, f"{name}.{part}", value)


def _compare_paths(golden: Golden) -> None:
    a, b, t = (golden.read(f"in.slerp_{name}") for name in "abt")
    golden.compare("slerp.t", slerp(a, b, t), FORWARD)
    golden.compare("slerp.t_plus_eps", slerp(a, b, t + EPSILON), FORWARD)
    lengths = golden.read("in.ppl_dist").numpy()
    low, high = bounds(lengths)
    for name, value in (("filtered_mean", trimmed_mean(lengths)), ("lo", low), ("hi", high)):
        _figure(golden, f"ppl.{name}", value)


KINDS: dict[str, Kind] = {"eqt_int": "translation", "eqt_frac": "fine translation", "eqr": "rotation"}


def check_equivariance(golden: Golden) -> None:
    """The network of this file, or of the generator's file beside it, with the draws of this one."""
    beside = golden
    if not golden.has("sd."):
        beside = Golden(golden.path.with_name(golden.path.name.replace("eq_metric_", "g_")))
    generator = unplaced(build(beside.notes["constructor"], beside.variables("sd.")))
    for name, kind in KINDS.items():
        drawn = [golden.read(x) for x in sorted(golden.tensors) if re.match(rf"compute_{name}\.draw\d+\.", x)]
        pairs = zip(drawn[::2], drawn[1::2], strict=True)
        draws = ((generator.broadcast(generator.mapping(z)), chance) for z, chance in pairs)
        with torch.no_grad():
            *_, sums = equivariance(generator, kind, draws)
        wanted = golden.notes["values_db"][f"compute_{name}"]
        golden.compare_number(f"compute_{name}", sums.decibels, wanted, DECIBELS)
