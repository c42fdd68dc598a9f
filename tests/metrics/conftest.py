"""Tiny models, a folder of tiny pictures, and tiny feature networks in the published layouts instead of the big ones."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from engine import feature_networks
from engine.feature_networks import FeatureNetwork, Kind
from engine.feature_networks.efficientnet import EfficientNetLite0
from engine.feature_networks.inception import Inception
from engine.feature_networks.reader import Reader
from engine.feature_networks.vgg import VGG16, Perceptual
from engine.metrics.bench import Settings
from engine.metrics.extraction import forget
from engine.metrics.registry import Result, measure, understood
from tests.models import model_file

TINY = (3, 4, 4, 5, 5)


class Corners(EfficientNetLite0):
    """Means and deviations of the four quarters' colours: enough to tell tiny pictures apart."""

    size = 24

    def __init__(self) -> None:
        nn.Module.__init__(self)
        self.scale, self.classes = nn.Parameter(torch.ones(())), nn.Linear(24, 5)

    def forward(self, pictures: Tensor) -> Tensor:
        x = pictures.float() / 255 * self.scale
        quarters = torch.cat([part for half in x.chunk(2, 2) for part in half.chunk(2, 3)], 1)
        return torch.cat([quarters.mean((2, 3)), quarters.std((2, 3))], 1)


class TinyInception(Inception):
    """Inception's probabilities of few features."""

    size = 24

    def __init__(self) -> None:
        nn.Module.__init__(self)
        self.corners, self.fc = Corners(), nn.Linear(24, 5)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.corners(pictures)


def written(folder: Path, file: str, tensors: dict[str, Tensor]) -> None:
    torch.save(tensors, folder / feature_networks.FILES[file].file)


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights of the tiny networks under the published names."""
    folder = tmp_path_factory.mktemp("weights")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        written(folder, "lite0", Corners().state_dict())
        written(folder, "inception", TinyInception().state_dict())
        written(folder, "vgg16", VGG16(TINY, 6).state_dict())
        written(folder, "lpips", {f"lin{i}.model.1.weight": torch.rand(1, w, 1, 1) for i, w in enumerate(TINY)})
    return folder


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny networks stand in for the big ones."""
    builds: dict[str, Callable[[], FeatureNetwork]] = {
        "lite0": Corners, "inception": TinyInception,
        "vgg16": lambda: VGG16(TINY, 6), "perceptual": lambda: Perceptual(TINY, 6),
        "inception-places": TinyInception, "lite0-places": Corners, "inception-random": Corners, "lite0-random": Corners,
    }  # fmt: skip
    for name, build in builds.items():
        kind = feature_networks.NETWORKS[name]
        renamed = (lambda found: dict(found["lite0"])) if kind.files == ("lite0",) else kind.renamed
        changed = Kind(kind.title, kind.files, build, renamed, kind.verified)
        monkeypatch.setitem(feature_networks.NETWORKS, name, changed)
    forget()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model of each family; pictures of 32 pixels, so that half of one still has the 16 that LPIPS needs."""
    folder = tmp_path_factory.mktemp("models")
    found = {name: model_file(folder, name, resolution=32) for name in ("progan", "stylegan1", "stylegan2")}
    found["stylegan3"] = model_file(folder, "stylegan3")
    reader = Reader(("[UNK]", "[CLS]", "[SEP]", "dark", "bright"), 6, 1, 2, 8)
    words = {"text_size": 6, "encoder": "own", "reader": reader}
    found["words"] = model_file(folder / "words", "stylegan-t", **words)
    found["classes"] = model_file(folder / "classes", "stylegan1", label_size=2)
    return found


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 pictures in two class folders, 16 dark ones and 8 bright ones."""
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.RandomState(0)
    for number in range(24):
        name, low = ("dark", 0) if number % 3 else ("bright", 155)
        (folder / name).mkdir(exist_ok=True)
        Image.fromarray(random.randint(low, low + 100, (16, 16, 3)).astype(np.uint8)).save(
            folder / name / f"{number}.png"
        )
    return folder


@pytest.fixture
def judge(tmp_path: Path, weights: Path, models: dict[str, Path], photos: Path) -> Callable[..., list[Result]]:
    """Measures by names, with settings changed at will."""

    def call(names: str, model: str = "stylegan1", **changes: object) -> list[Result]:
        scratch = tmp_path / "scratch"
        plain = {"data": photos, "cache": tmp_path / "cache", "scratch": scratch, "weights": weights, "device": "cpu"}
        settings = Settings(models[model], **{**plain, **changes})  # type: ignore[arg-type]
        work = measure(understood(names.split(",")), settings)
        while True:
            try:
                now = next(work)
                assert 0 <= now.done <= now.total, now
            except StopIteration as end:
                for file in scratch.glob("*"):
                    file.unlink()
                return end.value  # type: ignore[no-any-return]

    return call
