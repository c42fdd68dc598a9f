"""A tiny model, a folder of tiny pictures, and a command line whose words and exit code can be looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.cli.main import main
from tests.models import model_file


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def complaint(self) -> str:
        """The one sentence of a refusal."""
        lines = self.err.splitlines()
        assert self.code == 2, self
        assert self.out == ""
        assert len(lines) == 1, lines
        assert "Traceback" not in self.err
        return lines[0]


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def call(*words: object) -> Said:
        capfd.readouterr()
        code = main([str(word) for word in words])
        return Said(code, *capfd.readouterr())

    return call


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_file(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def progan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_file(tmp_path_factory.mktemp("progan"), "progan", label_size=3)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 pictures in two sub-folders, and one that is none."""
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(0)
    for number in range(20):
        inside = folder / ("cats", "dogs")[number % 2]
        inside.mkdir(exist_ok=True)
        Image.fromarray(random.integers(0, 255, (20, 16, 3), np.uint8)).save(inside / f"{number}.png")
    (folder / "cats" / "broken.png").write_bytes(b"nothing")
    return folder


@pytest.fixture(autouse=True)
def _no_models_embedded(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the program ships must not decide what these tests see."""
    empty = tmp_path_factory.mktemp("assets")
    monkeypatch.setattr("engine.render.models.assets", lambda: empty)
