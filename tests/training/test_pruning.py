"""Old states and models of a run go, but for the best and those that somebody holds."""

from pathlib import Path

import pytest
from msgspec import structs

from engine.training import diary
from engine.training.diary import prune
from engine.training.measuring import Measuring
from engine.training.run import Run, held_file
from explorer.runs import hold

from .small import small_run, steps


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """One with ten states and models."""
    run = small_run(tmp_path / "run", metrics="fd_lite0_10", snapshot_kimg=9.0)
    for images in range(10, 101, 10):
        for file in (run.state_file(images), run.snapshot_file(images)):
            file.parent.mkdir(exist_ok=True)
            file.touch()
    return run


def pruned(run: Run, **changes: int) -> tuple[list[int], list[int]]:
    prune(run, structs.replace(run.config(), **changes), set())
    return [int(path.stem) for path in run.states()], [int(path.stem) for path in run.snapshots()]


def test_the_newest_the_best_and_the_held_stay(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diary, "best", lambda measured: 30)
    hold(run.snapshot_file(50))
    assert held_file(run.snapshot_file(50)).exists()
    assert pruned(run, keep_states=2, keep_models=3) == ([30, 90, 100], [30, 50, 80, 90, 100])


def test_none_means_all(run: Run) -> None:
    assert pruned(run, keep_states=0, keep_models=0) == (list(range(10, 101, 10)),) * 2
    assert pruned(run, keep_states=1, keep_models=1) == ([100], [100])


def test_what_waits_to_be_measured_stays(run: Run) -> None:
    measuring = Measuring(run, run.config())
    measuring.wish(20)
    prune(run, structs.replace(run.config(), keep_models=1), measuring.wished)
    assert [int(path.stem) for path in run.snapshots()] == [20, 100]


def test_a_training_forgets_its_old_models(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run", keep_models=1, keep_states=1, kimg=0.04)
    done = steps(run)
    assert len(done) == 10
    assert [path.stem for path in run.snapshots()] == [path.stem for path in run.states()] == ["000000040"]


def test_only_models_of_runs_are_held(tmp_path: Path) -> None:
    (tmp_path / "snapshots").mkdir()
    model = tmp_path / "snapshots" / "000000010.safetensors"
    model.touch()
    hold(model)
    assert not held_file(model).exists()
    hold(tmp_path / "nowhere" / "snapshots" / "x.safetensors")
