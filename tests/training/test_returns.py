"""Numbers that burst: the training goes back to its newest state by itself, with a lower rate, and on from there."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from msgspec import structs

from engine.networks import FAMILIES
from engine.training import loop
from engine.training.config import PathLength
from engine.training.growth import Growth
from engine.training.loop import train
from engine.training.returns import MOST, Watch, calmer, sound
from engine.training.run import BadRun, Run
from engine.training.step import Players, play

from .small import BATCH, newest, small_run, steps

Injected = Callable[[Callable[[Players], bool]], None]


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Injected:
    """Sets a weight of the generator to NaN before each step of which a test says so."""

    def inject(when: Callable[[Players], bool]) -> None:
        def poisoned(players: Players, *rest: Any) -> Any:
            if when(players):
                next(players.generator.parameters()).data.view(-1)[0] = math.nan
            return play(players, *rest)

        monkeypatch.setattr(loop, "play", poisoned)

    return inject


@pytest.mark.parametrize("family", ["stylegan1", "stylegan2"])
def test_a_nan_sends_the_run_back_and_resume_stays_exact(tmp_path: Path, poison: Injected, family: str) -> None:
    lazy = {"phases": "lazy", "path": PathLength(2.0), "r1_interval": 3} if family == "stylegan2" else {}
    changes = {"network": FAMILIES[family].tiny(), "kimg": 0.1, **lazy}
    run, other = small_run(tmp_path / "run", **changes), small_run(tmp_path / "other", **changes)
    rate = run.config().growth.rate
    poison(lambda players: players.images == 12 * BATCH and players.config.growth.rate == rate)
    said = [now.note for now in train(run) if now.note.startswith(("back", "Went"))]
    assert said == [
        "back to the state after 40 pictures with a learning rate of 0.0005: after 60 the losses were no numbers"
    ]
    assert [line["images"] for line in run.statistics()] == list(range(BATCH, 101, BATCH)), "every step once, in order"
    assert all(math.isfinite(value) for line in run.statistics() for value in line.values())
    assert [(back["images"], back["state"], back["rate"]) for back in run.returns()] == [(60, 40, rate / 2)]
    assert run.config() == calmer(other.config())
    # somebody who stops there, lowers the rate by hand and goes on gets the same, bit for bit
    steps(other, 10)
    other.write_config(calmer(other.config()))
    steps(other, 4)
    steps(other)
    ours, theirs = newest(run), newest(other)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_before_the_first_state_it_begins_anew(tmp_path: Path, poison: Injected) -> None:
    run = small_run(tmp_path / "run", kimg=0.02)
    poison(lambda players: players.images == BATCH and not run.returns())
    said = [now.note for now in train(run)]
    assert any(note.startswith("back to the beginning with a learning rate of 0.0005") for note in said)
    assert [line["images"] for line in run.statistics()] == [4, 8, 12, 16, 20]
    assert sound(_players(run))


def test_a_state_that_burst_is_never_written(tmp_path: Path, poison: Injected) -> None:
    """At 20 pictures a state is due, one step after the weights have burst: too early for three in a row."""
    run = small_run(tmp_path / "run", kimg=0.04)
    poison(lambda players: players.images == 4 * BATCH and not run.returns())
    steps(run)
    assert [back["state"] for back in run.returns()] == [0]
    poison(lambda players: players.images == 11 * BATCH)
    run.write_config(structs.replace(run.config(), kimg=1.0))
    steps(run, 2)  # stopped by a person just then
    assert [int(state.stem) for state in run.states()] == [20, 40]
    assert sound(_players(run))


def test_after_some_returns_in_vain_it_ends_with_a_sentence(tmp_path: Path, poison: Injected) -> None:
    run = small_run(tmp_path / "run")
    poison(lambda players: players.images >= 7 * BATCH)
    with pytest.raises(BadRun, match="no numbers even after 3 returns to the state of 20 pictures"):
        steps(run)
    assert [back["state"] for back in run.returns()] == [20] * MOST
    assert run.config().growth.rate == 0.001 / 2**MOST
    with pytest.raises(BadRun):  # going on the same way is in vain as well
        steps(run)
    assert len(run.returns()) == MOST
    run.write_config(structs.replace(run.config(), r1_gamma=1.0))
    with pytest.raises(BadRun):  # other settings have as many tries
        steps(run)
    assert len(run.returns()) == 2 * MOST


def test_single_steps_that_burst_are_let_pass() -> None:
    watch = Watch()
    good, bad = {"loss_generator": 1.0}, {"loss_generator": math.inf, "r1": 1.0}
    assert [watch.burst(step) for step in (bad, bad, good, bad, good, bad, bad, bad)] == [False] * 7 + [True]


def test_every_rate_is_lowered(tmp_path: Path) -> None:
    config = small_run(tmp_path / "run", growth=Growth(rate=0.002, rates={8: 0.003}), judge_rate=0.001).config()
    lower = calmer(config)
    assert (lower.growth.rate, lower.growth.rates, lower.judge_rate) == (0.001, {8: 0.0015}, 0.0005)


def test_a_line_that_a_return_made_is_plain_json(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    run.note_return({"images": 8, "state": 4, "rate": 0.1, "settings": "x"})
    assert json.loads(run.returns_file.read_text()) == run.returns()[0]


def _players(run: Run) -> Players:
    from engine.training.ranks import ALONE

    return loop._players(run, run.config(), ALONE)
