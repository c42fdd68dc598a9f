"""The bench that metrics share: model, data and feature networks, each opened once, and features that several metrics read."""

import contextlib
import hashlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from engine import device as devices
from engine.data.folder import Images, prepare
from engine.data.scan import NoPictures
from engine.feature_networks import FILES, NETWORKS, FeatureNetwork
from engine.feature_networks.published import fetch
from engine.networks import Generator as Network
from engine.progress import Progress
from engine.render.words import feature

from .captions import captions
from .drawing import Model, Piece, pieces
from .extraction import Judge, Reals, features, gathered
from .shards import Passing
from .shards import opened as opened_shards
from .sharing import everyone, one_first, own_device

REAL, FAKE = "real", "generated"
ENDING = ".features"


@dataclass(frozen=True)
class Settings:
    """What is judged and how. `scratch` is emptied by whoever made it; `cache` keeps what belongs to data and networks."""

    model: Path
    data: Path | None
    cache: Path
    scratch: Path
    weights: Path | None = None
    device: str = "auto"
    batch: int = 8
    seed: int = 0
    processes: int = 1
    mirror: bool = False
    classifier_kimg: float = 150.0
    pair: Path | None = None
    shards: str = ""
    """Tar shards that are read as they come, in the place of `data`."""

    @property
    def source(self) -> Path:
        """Where the real pictures are, in whichever form."""
        return Path(self.shards) if self.data is None else self.data


class Bench:
    """`wanted` says how many features of each (network, source) all metrics together need, so that they are taken once."""

    def __init__(self, settings: Settings, wanted: Mapping[tuple[str, str], int]):
        self.settings, self._wanted = settings, wanted
        self.devices = self._named(settings)
        self.model = Model(settings.model, settings.seed, settings.batch)
        self.said: tuple[str, ...] = ()  # the caption of each picture of the data set
        self.captions: tuple[str, ...] = ()  # different ones, which a model of words is asked for
        self.notes: dict[str, str] = {}  # what a reader of a figure should know, by the figure's name
        self._images: Images | None = None
        self._passing: Passing | None = None
        self._rows: dict[tuple[str, str], np.ndarray] = {}

    @staticmethod
    def _named(settings: Settings) -> tuple[str, ...]:
        """One device; all CUDA devices where several processes may use them, but one for each that `torchrun` started."""
        if settings.device in ("auto", "cuda") and (own := own_device()):
            return (own,)
        if settings.processes > 1 and settings.device in ("auto", "cuda"):
            found = tuple(name for name in devices.available() if name.startswith("cuda"))
            if found:
                return found
        return (str(devices.named(settings.device)),)

    @property
    def generator(self) -> Network:
        """On the first device. Raises BadCheckpoint with one sentence."""
        return self.model.generator(self.devices[0])

    @property
    def resolution(self) -> int:
        """Pixels of what the model draws; less than it could where it has not grown up."""
        return int(self.generator.resolution / 2 ** int(self.generator.lod))

    def pieces(self, total: int, size: int = 64) -> list[Piece]:
        return pieces(total, self.devices, size)

    def data(self) -> Generator[Progress, None, Images]:
        """The real pictures at the model's resolution. Raises NoPictures with one sentence."""
        if self._images is None:
            settings, labelled = self.settings, self.generator.label_size > 0
            with one_first():
                if settings.shards:
                    self._images, self._passing = yield from opened_shards(
                        settings.shards, settings.cache, self.resolution, labelled
                    )
                else:
                    self._images = yield from self._prepared(labelled)
            self._draw_classes_as_in(self._images)
            self._ask_for_captions_of(self._images)
        return self._images

    def _prepared(self, labelled: bool) -> Generator[Progress, None, Images]:
        """With their classes, where they have some."""
        assert self.settings.data is not None
        cache = self.settings.cache / "pictures"
        try:
            return (yield from prepare(self.settings.data, self.resolution, cache, by_class=labelled))
        except NoPictures:
            if not labelled:
                raise
        return (yield from prepare(self.settings.data, self.resolution, cache))

    def _draw_classes_as_in(self, images: Images) -> None:
        """Classes as often as the data set has them, where it has those of the model."""
        if images.labels is not None and len(images.classes) == self.generator.label_size:
            counts = np.bincount(images.labels, minlength=len(images.classes))
            settings = self.settings
            self.model = Model(settings.model, settings.seed, settings.batch, tuple(float(n) for n in counts))

    def _ask_for_captions_of(self, images: Images) -> None:
        """A model of words draws what the captions of the data set say."""
        if self.generator.text_size:
            self.said = tuple(captions(self.settings.source, images))
            self.captions = tuple(dict.fromkeys(self.said))
            words = self.settings.scratch / "words.npy"
            words.parent.mkdir(parents=True, exist_ok=True)
            np.save(words, np.stack([feature(text, self.generator).numpy() for text in self.captions]))
            self.model = replace(self.model, words=words)

    def reals(self, mirror: bool) -> Generator[Progress, None, Reals | Passing]:
        """The same, as a source of features."""
        images = yield from self.data()
        if self._passing is not None:
            return replace(self._passing, mirror=mirror)
        file = Path(getattr(images.pixels, "filename", ""))
        return Reals(file, len(images), images.resolution, mirror)

    def judge(self, network: str) -> Generator[Progress, None, Judge]:
        """A feature network's weights, fetched where they are missing. Raises MissingWeights with one sentence."""
        paths = []
        with one_first():
            for file in NETWORKS[network].files:
                paths.append((yield from fetch(FILES[file], self.settings.weights, self.settings.cache / "weights")))
        return Judge(network, tuple(paths))

    def opened(self, network: str) -> Generator[Progress, None, FeatureNetwork]:
        """The network itself, on the first device."""
        judge = yield from self.judge(network)
        return judge.opened(self.devices[0])

    def real(self, network: str, count: int | None) -> Generator[Progress, None, np.ndarray]:
        """Features [N, D] of at most `count` real pictures (None: of all, and none mirrored), kept for the next time."""
        source = yield from self.reals(self.settings.mirror and count is not None)
        total = len(source) if count is None else min(count, len(source))
        key = (network, REAL if count is not None else f"all {REAL}")
        if key not in self._rows or len(self._rows[key]) < total:
            judge = yield from self.judge(network)
            most = min(len(source), max(total, self._wanted.get(key, 0)))
            stem = f"{source.key}-{network}-{_digest(judge)}{'-mirrored' * source.mirror}"
            path = remembered(self.settings.cache, stem, most)
            self._rows[key] = yield from self._taken(path, judge, source, most)
            forget_older(self.settings.cache, source.key)
        return self._rows[key][:total]

    def fake(self, network: str, count: int) -> Generator[Progress, None, np.ndarray]:
        """Features [N, D] of `count` generated pictures."""
        key = (network, FAKE)
        if key not in self._rows or len(self._rows[key]) < count:
            judge = yield from self.judge(network)
            most = max(count, self._wanted.get(key, 0))
            path = self.settings.scratch / f"{network}-{most}{ENDING}"
            self._rows[key] = yield from self._taken(path, judge, self.model, most)
        return self._rows[key][:count]

    def _taken(
        self, path: Path, judge: Judge, source: Reals | Passing | Model, total: int
    ) -> Generator[Progress, None, np.ndarray]:
        size = judge.opened(self.devices[0]).size
        if everyone(path.exists() and path.stat().st_size >= total * size * 4):
            return np.memmap(path, np.float32, "r", shape=(total, size))
        kind = FAKE if isinstance(source, Model) else REAL
        note = f"{NETWORKS[judge.network].title} looks at {kind} pictures"
        work = partial(features, judge, source, self.settings.batch)
        return (yield from gathered(work, self.pieces(total), self.settings.processes, path, note))


def remembered(cache: Path, stem: str, count: int) -> Path:
    """The file of at least `count` features that is there already, else the one to be written."""
    there = {path.stem.rpartition("-")[2]: path for path in cache.glob(f"{stem}-*{ENDING}")}
    enough = sorted(int(number) for number in there if number.isdecimal() and int(number) >= count)
    return there[str(enough[0])] if enough else cache / f"{stem}-{count}{ENDING}"


def forget_older(cache: Path, pictures: str) -> None:
    """Removes features of pictures that were prepared from the same folder before it changed."""
    for path in cache.glob(f"{pictures.rpartition('-')[0]}-*{ENDING}"):
        if not path.name.startswith(pictures):
            with contextlib.suppress(OSError):  # Windows does not remove a file that another program still maps
                path.unlink()


def _digest(judge: Judge) -> str:
    """The first digits of the SHA-256 over all files of weights."""
    digest = hashlib.sha256()
    for path in judge.paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
