"""A disk that takes no more, and a process that is killed: what was saved is still there, and nothing is half there."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import checkpoints
from engine.checkpoints import native
from engine.training import diary
from engine.training.run import BadRun, Run, add_line
from engine.training.together import _env

from .small import BATCH, small_run, steps

WRITERS = ("save_state", "native", "write_grid", "append")


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk_is_one_sentence_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    run = small_run(tmp_path / "run", kimg=0.048, samples_kimg=5 * BATCH / 1000)
    steps(run, 7)
    kept = {path: path.read_bytes() for path in files(run) if path != run.stats_file}
    with monkeypatch.context() as patch:
        if writer == "native":
            patch.setattr(native, "write", full)
        elif writer == "append":
            patch.setattr(Run, "append", full)
        else:
            patch.setattr(diary, writer, full)
        with pytest.raises(
            BadRun, match=r"stopped after \d+ pictures because the disk is full: all that was saved before"
        ):
            steps(run)
    assert all(path.read_bytes() == data for path, data in kept.items())
    whole(run)
    steps(run)
    assert [line["images"] for line in run.statistics()] == list(range(BATCH, 49, BATCH))


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = small_run(tmp_path / "run")

    def refused(*_: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(diary, "save_state", refused)
    with pytest.raises(BadRun, match="its folder cannot be written"):
        steps(run)


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with hardly any room; skipped where nobody may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no file system can be made here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="a small file system is made with Linux's mount")
def test_a_disk_that_is_really_full(tmp_path: Path, little_disk: Path) -> None:
    run = small_run(little_disk / "run", keep_states=100)
    with pytest.raises(BadRun, match="because the disk is full"):
        steps(run)
    assert run.states()
    whole(run)


def test_a_line_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    add_line(lines, {"a": 1})
    limit = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); " if os.name == "posix" else ""
    )
    if not limit:
        pytest.skip("no file can be limited here")
    program = (
        limit + "resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)); "
        "from pathlib import Path; from engine.training.run import add_line; "
        "add_line(Path(sys.argv[1]), {'b': 'much too long for what is left'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(lines)], env=_env(), capture_output=True, text=True, check=False
    )
    assert "OSError" in done.stderr
    assert lines.read_bytes() == b'{"a": 1}\n'


def test_what_a_killed_process_left_half_written_is_swept_away(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    steps(run, 5)
    left = run.folder / "state" / ".000000040.safetensors.4711.part"
    left.write_bytes(b"half")
    steps(run, 1)
    assert not left.exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="nothing can be forked there")
def test_killed_twenty_times_it_loses_only_the_steps_since_the_last_state(tmp_path: Path) -> None:
    """Each life is forked from here, where torch is there already, so that most of it is training."""
    run = small_run(tmp_path / "run", kimg=40.0, samples_kimg=2 * BATCH / 1000, snapshot_kimg=3 * BATCH / 1000)
    step = median(BATCH / done.statistics["img_s"] for done in steps(run, 4) if done.statistics)
    chance, reached = random.Random(7), [BATCH * 4]
    for _ in range(20):
        kill_after(run, chance.uniform(0, 6 * step))
        states = [int(state.stem) for state in run.states()]
        done = max(line["images"] for line in run.statistics())
        assert states[-1] >= reached[-1]
        assert done - states[-1] <= 3 * BATCH
        reached.append(states[-1])
        whole(run)
    assert reached[-1] > reached[0]
    steps(run, 1)
    images = [line["images"] for line in run.statistics()]
    assert images == list(range(BATCH, images[-1] + 1, BATCH)), "every step once, in order"
    assert not list(run.folder.rglob("*.part"))


def kill_after(run: Run, seconds: float) -> None:
    """Trains in a process of its own, which is killed so many seconds after it has begun to write."""
    before = run.stats_file.stat().st_mtime_ns
    life = os.fork()
    if life == 0:
        try:
            steps(Run(run.folder))
        finally:
            os._exit(0)
    while run.stats_file.stat().st_mtime_ns == before:
        time.sleep(0.01)
    time.sleep(seconds)
    os.kill(life, signal.SIGKILL)
    os.waitpid(life, 0)


def files(run: Run) -> list[Path]:
    return [path for path in run.folder.rglob("*") if path.is_file()]


def whole(run: Run) -> None:
    """Every file that has its name can be read to its end."""
    run.config()
    for path in run.samples():
        assert np.asarray(Image.open(path)).std() > 0
    for state in run.states():
        native.read_tensors(state)
    for snapshot in run.snapshots():
        checkpoints.load(snapshot)
