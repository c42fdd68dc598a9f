"""A pause holds a training between two steps with all it has in memory; nothing of it shows in what is learnt."""

import os
import time
from pathlib import Path

import pytest
import torch

from engine.cli.main import main
from engine.training.loop import PAUSED, Trained, train
from engine.training.run import SILENT

from .small import BATCH, newest, small_run, steps


def test_a_pause_holds_between_steps_and_changes_nothing(tmp_path: Path) -> None:
    run, other = small_run(tmp_path / "run", kimg=0.04), small_run(tmp_path / "other", kimg=0.04)
    steps(other)
    waited = 0
    for now in train(run):
        if isinstance(now, Trained) and now.done == 3 * BATCH:
            run.request_pause()
            assert not run.pausing(), "so far it is a wish"
        if now.note == PAUSED:
            assert run.pausing()
            assert now.done == 3 * BATCH
            waited += 1
            if waited == 2:
                run.clear_pause()
    assert waited == 2
    assert [line["images"] for line in run.statistics()] == list(range(BATCH, 41, BATCH))
    assert all(torch.equal(newest(run)[name], tensor) for name, tensor in newest(other).items())


@pytest.mark.parametrize("by", ["stop", "close"])
def test_who_pauses_can_stop(tmp_path: Path, by: str) -> None:
    run = small_run(tmp_path / "run")
    work = train(run)
    for now in work:
        if isinstance(now, Trained):
            run.request_pause()
        if now.note == PAUSED:
            run.request_stop() if by == "stop" else work.close()
    assert [int(state.stem) for state in run.states()] == [BATCH]
    assert not run.pause_requested()
    assert not run.stop_requested()


def test_pause_and_resume_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = small_run(tmp_path / "run")
    assert main(["pause", str(run.folder)]) == 0
    assert run.pause_requested()
    run.beat()  # as whoever trains does
    assert main(["resume", str(run.folder), "--kimg", "1"]) == 2
    assert "pauses and keeps its settings; stop it first" in capsys.readouterr().err
    assert main(["resume", str(run.folder)]) == 0
    assert "goes on where it paused" in capsys.readouterr().out
    assert not run.pause_requested()
    run.beat()
    assert not run.pause_requested(), "a sign of life makes no pause"
    assert main(["pause", str(tmp_path)]) == 2
    assert "is not a run" in capsys.readouterr().err


def test_nobody_is_there_who_gives_no_sign_of_life(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    run.request_pause()
    run.beat()
    old = time.time() - SILENT - 1
    os.utime(run.pause_file, (old, old))
    assert run.pause_requested()
    assert not run.pausing()
