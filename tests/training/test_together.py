"""Several processes of one machine train a run; when one of them is killed, all go on from the newest state."""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.cli.training import train
from engine.networks import FAMILIES
from engine.training.config import Config
from engine.training.growth import Growth
from engine.training.loop import Trained
from engine.training.run import BadRun, Run
from engine.training.together import LOG, RESTARTS, together


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "pictures").mkdir()
    random = np.random.default_rng(0)
    for i in range(6):
        Image.fromarray(random.integers(0, 255, (16, 16, 3), np.uint8)).save(tmp_path / "pictures" / f"{i}.png")
    settings = Config(
        data=str(tmp_path / "pictures"), network=FAMILIES["stylegan1"].tiny(), growth=Growth(8, 60, 60, batch=4),
        kimg=0.24, device="cpu", precision="fp32", samples_kimg=9, snapshot_kimg=0.02,
    )  # fmt: skip
    return Run.create(tmp_path / "run", settings)


def workers(run: Run) -> list[int]:
    """The processes that train the run, without the one that started them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(run.folder).encode() in words and b"torch.distributed.run" not in words:
            found.append(int(folder.name))
    return sorted(found)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are found by /proc")
def test_a_process_that_dies_is_started_again_and_nothing_before_the_newest_state_is_lost(run: Run) -> None:
    killed: list[int] = []
    seen = []
    for now in together(run, 2, lambda: False, "--threads", "1"):
        if isinstance(now, Trained):
            seen.append(now.done)
            if not killed and run.states():
                killed = workers(run)
                assert len(killed) == 2
                os.kill(killed[-1], signal.SIGKILL)
    assert killed
    assert seen[-1] == 240
    images = [line["images"] for line in run.statistics()]
    assert images == list(range(4, 244, 4)), "every step once, in order"
    assert workers(run) == []


def test_a_batch_that_cannot_be_shared_is_refused_before_anything_starts(run: Run) -> None:
    with pytest.raises(BadRun, match="a batch of 4 cannot be shared by 3 processes; choose a multiple of 3"):
        list(together(run, 3, lambda: False))
    assert not (run.folder / LOG).exists()


def test_what_went_wrong_is_said_in_one_sentence_and_not_tried_again(run: Run) -> None:
    with pytest.raises(BadRun, match=r"the processes failed: there is no device 'cuda:9' here"):
        list(together(run, 2, lambda: False, "--device", "cuda:9"))
    assert (run.folder / LOG).read_text().count("latent-explorer: there is no device") <= 2, "once in each process"


def failing(run: Run, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """A program in the place of torchrun, which finds the run's statistics in its first word."""
    command = [sys.executable, "-c", program, str(run.stats_file)]
    monkeypatch.setattr("engine.training.together._command", lambda *_: command)


def test_processes_that_die_without_a_sentence_are_quoted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(run, monkeypatch, "print('before'); raise RuntimeError('Connection closed by peer [127.0.0.1]:4242')")
    told: list[str] = []
    said = r"they ended with: RuntimeError: Connection closed by peer \[127.0.0.1\]:4242 \(all"
    with pytest.raises(BadRun, match=said):
        told.extend(now.note for now in together(run, 2, lambda: False))
    assert sum(note.startswith("started again: they ended with: RuntimeError") for note in told) == RESTARTS
    failing(run, monkeypatch, "import os; os._exit(3)")
    with pytest.raises(BadRun, match="they ended without a word"):
        list(together(run, 2, lambda: False))


def test_as_long_as_there_are_new_steps_all_are_started_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    line = '{"images": %d, "resolution": 8, "loss_generator": 1, "loss_discriminator": 1, "img_s": 1}\\n'
    program = f"""if True:
        import os, sys
        done = open(sys.argv[1]).read().count('images') if os.path.exists(sys.argv[1]) else 0
        open(sys.argv[1] + '.new', 'w').write(''.join('{line}' % (4 * i + 4) for i in range(done + 1)))
        os.replace(sys.argv[1] + '.new', sys.argv[1])
        sys.exit(done < 6)"""
    failing(run, monkeypatch, program)
    seen = [now.done for now in together(run, 2, lambda: False) if isinstance(now, Trained)]
    assert seen == [4, 8, 12, 16, 20, 24, 28], "every step once, though the file is written anew each time"


def test_how_often_it_came_back_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program = """if True:
        import os, sys
        with open(sys.argv[1] + '.tries', 'a') as file:
            file.write('.')
        tries = os.path.getsize(sys.argv[1] + '.tries')
        sys.exit(f'RuntimeError: Connection closed by peer number {tries}' if tries < 3 else 0)"""
    failing(run, monkeypatch, program)
    assert train(run, processes=2) == 0
    said = capfd.readouterr()
    assert "It came back 2 times after a process was lost" in said.out
    assert "for the second time: they ended with: RuntimeError: Connection closed by peer number 2" in said.err
