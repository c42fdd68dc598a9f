"""A trial tells time and memory of a training by real steps, and finds how many pictures fit at once."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec import structs
from PIL import Image

from engine.cli.main import main
from engine.networks import FAMILIES
from engine.progress import Progress
from engine.training import trial as trials
from engine.training.config import Config, PathLength
from engine.training.growth import Growth
from engine.training.step import Players
from engine.training.trial import NoRoom, Trial, kinds_of_steps, less_at_once, moments, trial
from tests.training.test_steps import joined, lazy

CONFIGS = {
    "progan": joined("progan"),
    "stylegan1": joined("stylegan1"),
    "stylegan2": lazy(),
    "stylegan3": Config(network=FAMILIES["stylegan3"].tiny(), growth=Growth(batch=4), phases="lazy"),
}


def finished(config: Config) -> tuple[Trial, list[Progress]]:
    work, told = trial(structs.replace(config, device="cpu", precision="fp32", kimg=0.1)), []
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            return end.value, told


@pytest.mark.parametrize("family", CONFIGS)
def test_a_training_is_tried(family: str) -> None:
    found, told = finished(CONFIGS[family])
    assert found.images == 100
    assert 0 < found.picture < 60
    assert 0 < found.seconds < 100 * 60
    assert 2**20 < found.memory < found.all_memory
    assert found.resolution == CONFIGS[family].network.resolution
    assert not found.halved
    assert told[-1].done == told[-1].total - 1


def test_steps_of_every_kind_have_their_share() -> None:
    config = lazy(path=PathLength(2.0, 4), r1_interval=16)
    assert kinds_of_steps(config) == {0: 1 / 16, 1: 12 / 16, 4: 3 / 16}
    assert kinds_of_steps(structs.replace(joined("stylegan1"), r1_interval=8)) == {0: 1 / 8, 1: 7 / 8}
    assert kinds_of_steps(joined("progan")) == {0: 1.0}


def test_a_growing_network_is_tried_at_every_size() -> None:
    config = structs.replace(joined("stylegan1"), kimg=0.1)
    parts = moments(Players(config, torch.device("cpu")))
    assert [part.resolution for part in parts] == [8, 16]
    assert sum(part.share for part in parts) == pytest.approx(1)
    assert 0 < parts[0].share < parts[1].share


@pytest.mark.parametrize(("accumulate", "batch", "less"), [(0, 32, 16), (0, 12, 8), (64, 32, 16), (2, 32, 1)])
def test_fewer_at_once(accumulate: int, batch: int, less: int) -> None:
    config = lazy(accumulate=accumulate, growth=Growth(batch=batch))
    assert less_at_once(config).accumulate == less
    assert less_at_once(config).growth == config.growth


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        MemoryError(),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_too_little_memory_halves_what_passes_at_once(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    real = trials.timed

    def timed(players: Players, part: trials.Moment, step: int) -> float:
        if trials.at_once(players.config, part) > 1:
            raise error
        return real(players, part, step)

    monkeypatch.setattr(trials, "timed", timed)
    found, told = finished(lazy())
    assert found.halved
    assert found.accumulate == 1
    assert any("trying 2 pictures at once" in now.note for now in told)
    monkeypatch.setattr(trials, "at_once", lambda *_: 2)
    with pytest.raises(NoRoom, match="not even one picture"):
        finished(lazy())


def test_another_failure_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def timed(*_: object) -> float:
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(trials, "timed", timed)
    with pytest.raises(RuntimeError, match="shapes"):
        finished(lazy())


def test_the_command_says_it_in_words_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pictures").mkdir()
    for at in range(3):
        Image.fromarray(np.full((32, 32, 3), 60 * at, np.uint8)).save(tmp_path / "pictures" / f"{at}.png")
    small = ["--set", "growth.batch=2", "--set", "network.feature_max=8", "--device", "cpu", "--precision", "fp32"]
    run = tmp_path / "run"
    words = ["trial", str(tmp_path / "pictures"), "--out", str(run), "--preset", "stylegan2-tiny", *small]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "100000 pictures take about" in said
    assert "GiB of memory on cpu" in said
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["images"] == 100_000
    assert not run.exists()
    assert main(["trial", str(tmp_path / "pictures"), "--out", str(run), "--preset", "nothing"]) == 2
