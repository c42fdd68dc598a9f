"""Models are measured beside the training by the command of that name; the training goes on, whatever comes of it."""

import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.training import measuring
from engine.training.changes import check_change
from engine.training.config import Config, check
from engine.training.loop import train
from engine.training.measuring import UNMEASURED, Measuring, best
from engine.training.ranks import Ranks
from engine.training.run import add_line

from .small import BATCH, small_run, steps

FAKE = """if True:
    import json, pathlib, sys
    words = sys.argv[1:]
    model, out = (words[words.index(name) + 1] for name in ('--model', '--json'))
    value = {20: 5.0, 40: 3.0, 60: 4.0}.get(int(pathlib.Path(model).stem), 9.0)
    pathlib.Path(out).write_text(json.dumps({'results': [{'values': {'fd_lite0_10': value}}]}))"""


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A program in the place of `metrics` that knows the figures, and how it was called; the command's own tests are elsewhere."""
    popen, calls = measuring.subprocess.Popen, list[list[str]]()

    def start(command: list[str], **rest: object) -> object:
        assert command[:4] == [sys.executable, "-m", "engine.cli", "metrics"]
        calls.append(command)
        return popen([sys.executable, "-c", FAKE, *command[4:]], **rest)

    monkeypatch.setattr(measuring.subprocess, "Popen", start)
    return calls


@pytest.mark.slow
def test_every_model_is_measured_and_the_best_state_stays(tmp_path: Path, begun: list[list[str]]) -> None:
    run = small_run(tmp_path / "run", kimg=0.08, metrics="fd_lite0_10", keep_states=1)
    for _ in train(run):
        wait_until(lambda: len(run.metrics()) + (run.folder / measuring.FIGURES).exists() >= len(begun))
    assert [(line["images"], line["metric"], line["value"]) for line in run.metrics()] == [
        (20, "fd_lite0_10", 5.0), (40, "fd_lite0_10", 3.0), (60, "fd_lite0_10", 4.0), (80, "fd_lite0_10", 9.0),
    ]  # fmt: skip
    assert [int(state.stem) for state in run.states()] == [40, 80]
    assert not list(run.folder.glob("metrics.json")) + list(run.folder.glob("metrics.log"))


def test_several_processes_measure_one_model_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "of the training")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "7")
    popen, told = measuring.subprocess.Popen, list[dict[str, str]]()

    def start(command: list[str], **rest: Any) -> object:
        told.append(rest["env"])
        return popen([sys.executable, "-c", "print('latent-explorer: no'); raise SystemExit(2)", *command[4:]], **rest)

    monkeypatch.setattr(measuring.subprocess, "Popen", start)
    run = small_run(tmp_path / "run", metrics="fd_lite0_10")
    work = Measuring(run, run.config(), Ranks(count=2, here=2))
    work.wish(20)
    while not (said := work.look()):
        time.sleep(0.02)
    assert said.endswith("no")
    assert [env["RANK"] for env in told] == [env["LOCAL_RANK"] for env in told] == ["0", "1"]
    assert told[0]["MASTER_PORT"] == told[1]["MASTER_PORT"]
    assert {env["WORLD_SIZE"] for env in told} == {"2"}
    assert not any(name.startswith("TORCHELASTIC") or name == "LOCAL_WORLD_SIZE" for name in told[0])
    work.close()


def test_several_machines_measure_one_model_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first machine calls by a file; the others follow it, say where they cannot, and hang up with it."""
    monkeypatch.setenv("MASTER_ADDR", "first")
    popen, told = measuring.subprocess.Popen, list[dict[str, str]]()
    ends = iter(
        ["import time; time.sleep(60)"] * 5 + ["print('latent-explorer: no weights here'); raise SystemExit(2)"]
    )

    def start(command: list[str], **rest: Any) -> object:
        told.append(rest["env"])
        return popen([sys.executable, "-c", next(ends), *command[4:]], **rest)

    monkeypatch.setattr(measuring.subprocess, "Popen", start)
    run = small_run(tmp_path / "run", metrics="fd_lite0_10")
    (run.folder / measuring.CALL).write_text("of a killed training")
    first = Measuring(run, run.config(), Ranks(0, 3, 0, 1))
    idle = Measuring(run, run.config(), Ranks(2, 3, 1, 2))
    second = Measuring(run, run.config(), Ranks(1, 3, 0, 2))
    assert not (run.folder / measuring.CALL).exists()
    first.wish(20)
    assert [each.look() for each in (second, first, second, idle, second)] == [""] * 5
    assert [(env["RANK"], env["LOCAL_RANK"]) for env in told] == [("0", "0"), ("1", "0"), ("2", "1")]
    assert {(env["WORLD_SIZE"], env["MASTER_ADDR"], env["MASTER_PORT"]) for env in told} == {
        ("3", "first", told[0]["MASTER_PORT"])
    }
    first._end()
    second.look()
    assert not second._children, "the first one has hung up"
    first.wish(40)
    first.look()
    second.look()
    wait_until(lambda: second._children[1].poll())
    second.look()
    assert first.look() == f"{UNMEASURED}no weights here"
    assert not first._children
    first.close()
    second.close()
    assert not [path for path in run.folder.iterdir() if path.name.startswith("measuring")]
    assert not list(run.folder.glob("metrics*.log"))


def wait_until(true: object) -> None:
    until = time.monotonic() + 5
    while not true() and time.monotonic() < until:  # type: ignore[operator]
        time.sleep(0.02)


@pytest.mark.slow
def test_the_command_itself_measures_and_says_what_cannot_be(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run", kimg=0.02, metrics="eqr10")
    notes = [now.note for now in train(run)]
    (said,) = [note for note in notes if note.startswith(UNMEASURED)]
    assert "StyleGAN3" in said
    assert (run.folder / measuring.WHY).read_text() == said.removeprefix(UNMEASURED)
    assert run.statistics()
    assert run.snapshots(), "training goes on"
    assert run.metrics() == []


def test_who_stops_does_not_wait_for_figures(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run", metrics="fd_lite0_10")
    steps(run, 6)  # the program that measures is ended, or the test's clean-up complains
    assert [int(state.stem) for state in run.states()] == [20, 24]
    assert run.metrics() == []


def test_the_newest_model_that_was_not_measured_comes_first(tmp_path: Path, begun: list[list[str]]) -> None:
    run = small_run(tmp_path / "run", kimg=0.02)
    steps(run)
    config = Config(data="x", metrics="fd_lite0_10")
    beside = Measuring(run, config)
    assert list(beside.finish())
    assert [line["images"] for line in run.metrics()] == [20]
    again = Measuring(run, config)
    assert again.look() == ""
    assert list(again.finish()) == []


def test_a_metric_that_nobody_knows_is_refused_and_one_can_be_wished_later() -> None:
    with pytest.raises(ValueError, match="there is no metric 'fdi'"):
        check(Config(metrics="fdi"))
    check_change(Config(), Config(metrics="fd_lite0_5k"))


def test_the_best_by_the_first_metric() -> None:
    def line(images: int, metric: str, value: float) -> dict[str, object]:
        return {"images": images, "metric": metric, "value": value}

    assert best([]) == 0
    assert best([line(20, "fid50k", 9.0), line(20, "kid", 1.0), line(40, "fid50k", 5.0), line(60, "fid50k", 6.0)]) == 40
    for name in ("pr50k_recall", "words1k", "clip_score10k", "pair_score_1k"):
        assert best([line(20, name, 0.1), line(40, name, 0.3)]) == 40


def test_what_lies_after_a_state_to_go_back_to_is_forgotten(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    steps(run, 5)
    for images in (20, 40):
        add_line(run.metrics_file, {"images": images, "metric": "fid", "value": 1.0})
    steps(run, 1)
    assert [line["images"] for line in run.metrics()] == [20]
    assert run.states()[-1].stem == f"{6 * BATCH:09d}"
