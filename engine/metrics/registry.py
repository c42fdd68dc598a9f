"""All metrics by name. To add one: a function with its paper's name, and its line in `METRICS`."""

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from engine.feature_networks import NETWORKS
from engine.progress import Progress

from . import classifiers, conditional, extraction, recognition, shards
from .asked import Asked, asked
from .bench import FAKE, REAL, Bench, Settings
from .conditional import by_class, clip_score, require_classes, require_words
from .distances import frechet, inception_score, kernel, precision_and_recall
from .following import follows, require_asked
from .paths import Path, perceptual_path_length, require_path
from .planes import follows_its_plane, require_plane
from .separation import linear_separability

Values = dict[str, float]
Measure = Callable[[Bench, Asked], Generator[Progress, None, Values]]
COUNT = 50_000


def nothing(bench: Bench, what: Asked) -> None:
    """For metrics that any model has."""


def require_data(bench: Bench, what: Asked) -> None:
    """For metrics that need the pictures that a model was trained on."""
    if bench.settings.data is None and not bench.settings.shards:
        raise ValueError(f"{what.name} needs real pictures; name their folder with --data FOLDER")


def require_attributes(bench: Bench, what: Asked) -> None:
    """For metrics that need to know what is on the pictures."""
    require_data(bench, what)
    if bench.settings.shards:
        raise ValueError(f"{what.name} reads attributes beside prepared pictures, and shards have none")


@dataclass(frozen=True)
class Metric:
    """What it is called in full, what measures it, which feature network it reads, and how many pictures its paper takes."""

    title: str
    measure: Measure
    network: str = ""
    count: int = COUNT
    compares: bool = False
    """With real pictures."""
    fewest: int = 0
    """Pictures below which the figure is biased: a covariance of D features needs more than D."""
    require: Callable[[Bench, Asked], None] = nothing
    """Raises ValueError with one sentence where the model cannot be measured so."""


class Result(NamedTuple):
    """What was measured, by name, with its full title, of how many pictures, seconds, and anything to know about it."""

    name: str
    title: str
    values: Values
    pictures: dict[str, int]
    seconds: float
    note: str = ""


def _path(space: str, full: bool, crop: bool) -> Metric:
    where = "anywhere on the path" if full else "at the beginning of the path only (t = 0)"
    title = (
        f"Perceptual path length in {space.upper()}, {where}, {'middle of the picture' if crop else 'whole picture'}"
    )
    path = Path(space, full, crop)
    measured = partial(perceptual_path_length, path=path)
    return Metric(title, measured, "perceptual", require=partial(require_path, path=path))


METRICS: dict[str, Metric] = {
    "fid": Metric("Fréchet Inception distance", partial(frechet, network="inception"), "inception", compares=True,
                  fewest=2048),
    "kid": Metric("Kernel Inception distance", partial(kernel, network="inception"), "inception", compares=True),
    "pr": Metric("Precision and recall, 3 neighbours in VGG16", partial(precision_and_recall, network="vgg16"), "vgg16",
                 compares=True),
    "is": Metric("Inception score", partial(inception_score, network="inception"), "inception"),
    "ppl_zfull": _path("z", True, True),
    "ppl_wfull": _path("w", True, True),
    "ppl_zend": _path("z", False, True),
    "ppl_wend": _path("w", False, True),
    "ppl2_wend": _path("w", False, False),
    "ls": Metric("Linear separability of attributes in Z and W", linear_separability, count=200_000,
                 require=require_attributes),
    "eqt_int": Metric("EQ-T, dB", partial(follows_its_plane, kind="translation"), require=require_plane),
    "eqt_frac": Metric("EQ-T_frac, dB", partial(follows_its_plane, kind="fine translation"), require=require_plane),
    "eqr": Metric("EQ-R, dB", partial(follows_its_plane, kind="rotation"), require=require_plane),
    "is_lite0": Metric("Inception score by EfficientNet-lite0's classes; not IS", partial(inception_score, network="lite0"),
                       "lite0"),
    "sfid": Metric("sFID: Fréchet distance of Inception's maps by place", partial(frechet, network="inception-places"),
                   "inception-places", compares=True, fewest=2023),
    "rfid": Metric("Fréchet distance in Inception with random weights of our own; not the papers' rFID",
                   partial(frechet, network="inception-random"), "inception-random", compares=True, fewest=2048),
    "fid_class": Metric("Fréchet Inception distance, mean over classes", partial(by_class, network="inception"),
                        "inception", compares=True, fewest=2048, require=require_classes),
    "clip_score": Metric("Mean cosine of pictures and captions, by the pair that is named", clip_score,
                         require=require_words),
    "words": Metric("Share of pictures that show what their words, or classes, say, as a small classifier reads them", follows,
                    count=1000, require=require_asked),
    "sfd_lite0": Metric("Fréchet distance of EfficientNet-lite0's maps by place; not sFID",
                        partial(frechet, network="lite0-places"), "lite0-places", compares=True, fewest=1372),
    "rfd_lite0": Metric("Fréchet distance in EfficientNet-lite0 with random weights; not rFID",
                        partial(frechet, network="lite0-random"), "lite0-random", compares=True, fewest=1280),
    "fd_lite0_class": Metric("Fréchet distance in EfficientNet-lite0, mean over classes; not FID",
                             partial(by_class, network="lite0"), "lite0", compares=True, fewest=1280,
                             require=require_classes),
    "fd_lite0": Metric("Fréchet distance in EfficientNet-lite0; not FID", partial(frechet, network="lite0"), "lite0",
                       compares=True, fewest=1280),
    "kd_lite0": Metric("Kernel distance in EfficientNet-lite0; not KID", partial(kernel, network="lite0"), "lite0",
                       compares=True),
    "pr_lite0": Metric("Precision and recall, 3 neighbours in EfficientNet-lite0",
                       partial(precision_and_recall, network="lite0"), "lite0", compares=True),
}  # fmt: skip
ALIASES = {"pr3": "pr", "ppl_z": "ppl_zfull", "ppl_w": "ppl_wfull", "eqt": "eqt_int"}


def understood(names: Iterable[str]) -> list[Asked]:
    """What names such as fid50k mean, each once. Raises ValueError with one sentence for a name that none has."""
    found = []
    for name in dict.fromkeys(name.strip() for name in names if name.strip()):
        what = asked(name)
        metric = ALIASES.get(what.metric, what.metric)
        if metric not in METRICS:
            raise ValueError(
                f"there is no metric {name!r}; there is {', '.join(METRICS)}, each with or without a count"
            )
        if what.full and not METRICS[metric].compares:
            raise ValueError(f"{name} compares with no real pictures; leave _full out")
        found.append(replace(what, metric=metric, count=what.count or METRICS[metric].count))
    if not found:
        raise ValueError(f"name at least one metric: {', '.join(METRICS)}")
    return found


def wanted(names: Sequence[Asked]) -> dict[tuple[str, str], int]:
    """How many features of each (network, source) all of them need."""
    most: dict[tuple[str, str], int] = {}
    for what in names:
        network = METRICS[what.metric].network
        if network and network != "perceptual":
            most[network, FAKE] = max(most.get((network, FAKE), 0), what.count)
            most[network, REAL] = max(most.get((network, REAL), 0), 0 if what.full else what.count)
    return most


def measure(names: Sequence[Asked], settings: Settings) -> Generator[Progress, None, list[Result]]:
    """All of them, one after the other. Raises ValueError with one sentence where one cannot be measured."""
    bench, results = Bench(settings, wanted(names)), []
    try:
        yield from required(bench, names)
        for what in names:
            metric, began = METRICS[what.metric], time.monotonic()
            values = yield from metric.measure(bench, what)
            pictures = {kind: int(values.pop(kind)) for kind in (REAL, FAKE) if kind in values}
            said, seconds = note(what, metric, pictures, bench.notes.get(what.name, "")), time.monotonic() - began
            results.append(Result(what.name, metric.title, values, pictures, seconds, said))
    finally:
        extraction.forget()
        classifiers.forget()
        recognition.forget()
        conditional.forget()
        shards.forget()
    return results


def required(bench: Bench, names: Sequence[Asked]) -> Generator[Progress, None, None]:
    """Finds out what is missing before hours are spent: data, a suitable model, weights, which are fetched."""
    for what in names:
        metric = METRICS[what.metric]
        if metric.compares:
            require_data(bench, what)
        metric.require(bench, what)
    for what in names:
        if METRICS[what.metric].network:
            yield from bench.judge(METRICS[what.metric].network)


def note(what: Asked, metric: Metric, pictures: Mapping[str, int], known: str = "") -> str:
    """What a reader of the figure should know; what is `known` of it comes first."""
    said = [known] if known else []
    if metric.network and not NETWORKS[metric.network].verified:
        said.append("not verified with published weights")
    if metric.compares and not what.full and pictures[REAL] < what.count:
        said.append(f"there are only {pictures[REAL]} real pictures")
    if min(pictures.values()) < metric.fewest:
        said.append("of so few pictures it is too high, and can be compared only with figures of as many")
    return "; ".join(said)
