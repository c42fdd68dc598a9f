"""Runs in the window: warnings, curves, other settings, several runs compared and thrown away, a trial before a training."""

import json
import math
import os
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.panels.train import TrainDialog
from explorer.runs import RunBook, RunFolder, Statistics
from explorer.widgets import run_list
from explorer.widgets.run_chart import Line, course
from explorer.widgets.run_curves import COLOURS, GROUPS, RunCurves
from explorer.widgets.run_health import Examiner
from tests.explorer.stage import LEFT
from tests.explorer.test_train_dialog import fake_run

PATIENCE = 120_000
CONFIG = {
    "data": "/pictures/hills",
    "network": {"family": "stylegan2", "resolution": 16},
    "growth": {"batch": 12, "rate": 0.0025},
    "kimg": 10.0,
    "r1_gamma": 1,
    "accumulate": 0,
    "mirror": True,
}


def a_run(folder: Path, steps: int = 60, **changes: float) -> Path:
    """A run with all that a step measures."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    lines = []
    for step in range(steps):
        line = {"images": 12 * (step + 1), "loss_generator": 1.0, "loss_discriminator": 0.5, "real_sign": 0.2}
        line |= {"real_score": 0.5, "fake_score": -0.5, "img_s": 50.0, "batch": 12}
        line |= {"r1": 0.1} if step % 4 == 0 else {}
        lines.append(json.dumps({**line, **changes}) + "\n")
    (folder / "stats.jsonl").write_text("".join(lines))
    return folder


def quiet(run: Path) -> Path:
    old = time.time() - 3600
    for path in [*run.rglob("*"), run]:
        os.utime(path, (old, old))
    return run


def read(run: Path) -> Statistics:
    statistics = Statistics(run / "stats.jsonl")
    while statistics.read():
        pass
    return statistics


def warned(dialog: TrainDialog) -> list[str]:
    return [trouble.kind for trouble in dialog.facts.health.troubles]


# live


def test_every_number_has_its_column(tmp_path: Path) -> None:
    statistics = read(a_run(tmp_path / "run"))
    assert {len(column) for column in statistics.columns.values()} == {60}
    assert statistics.columns["real_sign"] == [0.2] * 60
    assert [math.isnan(number) for number in statistics.columns["r1"][:5]] == [False, True, True, True, False]
    with (tmp_path / "run" / "stats.jsonl").open("a") as file:
        file.write('{"images": 732, "augment_p": 0.5}\n')
    statistics.read()
    assert statistics.columns["augment_p"][-2:] == pytest.approx([math.nan, 0.5], nan_ok=True)
    assert math.isnan(statistics.generator[-1])


def test_the_heart_beats(dialog: TrainDialog, tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    dialog.watch(run)
    assert dialog.facts.health.beat.text().startswith("Last step ")
    assert dialog.facts.health.beat.isVisible()
    assert warned(dialog) == []
    quiet(run)
    dialog.look()
    assert not dialog.facts.health.beat.isVisible()


def test_warnings_come_and_go(dialog: TrainDialog, tmp_path: Path) -> None:
    run = a_run(tmp_path / "run", real_sign=0.97, fake_score=-6.0)
    dialog.watch(run)
    assert warned(dialog) == ["discriminator"]
    text = "".join(line for line in (run / "stats.jsonl").read_text().splitlines(keepends=True)[:-1])
    (run / "part").write_text(text + '{"images": 720, "loss_generator": NaN}\n')
    (run / "part").replace(run / "stats.jsonl")
    dialog.look()
    assert warned(dialog) == ["numbers", "discriminator"]
    assert not dialog.grab().isNull()
    dialog.watch(a_run(tmp_path / "good"))
    assert warned(dialog) == []


def test_samples_that_become_alike_are_seen_in_the_grids(dialog: TrainDialog, tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    (run / "samples").mkdir()
    random = np.random.RandomState(0)
    for at, strength in enumerate((100, 110, 80, 60, 20)):
        grid = 128 + random.uniform(-strength, strength, (4 * 16, 8 * 16, 3))
        Image.fromarray(grid.clip(0, 255).astype(np.uint8)).save(run / "samples" / f"{at:09d}.png")
    (run / "samples" / "000000009.png").write_bytes(b"half a picture")
    dialog.watch(run)
    for _ in range(6):
        dialog.look()
    assert warned(dialog) == ["collapse"]


def test_curves_are_chosen_with_boxes(qtbot: QtBot, tmp_path: Path) -> None:
    curves = RunCurves()
    qtbot.addWidget(curves)
    curves.resize(700, 200)
    curves.show()
    curves.show_runs([("one", read(a_run(tmp_path / "one")))])
    there = {key for key, box in curves.boxes.items() if box.isVisible()}
    assert there == {"loss", "scores", "sign", "r1", "speed"}
    assert {key for key, chart in curves.charts.items() if chart.isVisible()} == {"loss", "sign"}
    QTest.keyClick(curves.boxes["r1"], Qt.Key.Key_Space)
    assert curves.charts["r1"].isVisible()
    QTest.keyClick(curves.boxes["loss"], Qt.Key.Key_Space)
    assert not curves.charts["loss"].isVisible()
    assert [line.name for line in curves.charts["r1"].lines] == [""]


def test_several_runs_lie_over_one_another(qtbot: QtBot, tmp_path: Path) -> None:
    curves = RunCurves()
    qtbot.addWidget(curves)
    curves.show()
    runs = [(f"run {at}", read(a_run(tmp_path / f"{at}", steps=40 + at))) for at in range(7)]
    curves.show_runs(runs)
    lines = curves.charts["loss"].lines
    assert [line.name for line in lines[:5]] == [f"run {at}" for at in range(5)]  # no more can be told apart
    assert [line.colour for line in lines] == [*COLOURS, *COLOURS]
    assert [line.dashed for line in lines] == [False] * 5 + [True] * 5
    assert len(GROUPS["loss"][2]) == 2


def test_a_line_of_few_numbers_has_no_gaps() -> None:
    x, y = course(Line("r1", "b", range(0, 8000, 1000), [1.0, *[math.nan] * 3, 2.0, *[math.nan] * 3]))
    assert x.tolist() == [0.0, 4.0]
    assert y.tolist() == [1.0, 2.0]


# several runs


def test_runs_are_listed_compared_and_opened(dialog: TrainDialog, tmp_path: Path) -> None:
    runs = tmp_path / "home" / "runs"
    quiet(a_run(runs / "first"))
    a_run(runs / "second")
    dialog.watch(quiet(fake_run(tmp_path / "far away" / "third")))
    assert RunBook(runs).runs()[0] == runs / "second"
    dialog.show_runs()
    names = [dialog.list.rows.topLevelItem(at).text(0) for at in range(3)]  # type: ignore[union-attr]
    assert names[0] == "second"
    assert sorted(names) == ["first", "second", "third"]
    dialog.list.rows.selectAll()
    assert sorted({line.name for line in dialog.plot.charts["loss"].lines}) == ["", "first", "second", "third"]
    assert not dialog.list.open.isEnabled()
    dialog.list.rows.setCurrentItem(dialog.list.rows.topLevelItem(0))
    QTest.mouseClick(dialog.list.open, LEFT)
    assert dialog.facts.name.text() == "second"
    assert dialog.run_folder == runs / "second"


def test_a_run_goes_into_the_trash(dialog: TrainDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = tmp_path / "home" / "runs"
    old = quiet(a_run(runs / "old"))
    monkeypatch.setattr(run_list, "to_trash", lambda path: path.rename(tmp_path / "trash"))
    dialog.show_runs()
    QTest.mouseClick(dialog.list.throw, LEFT)
    assert not old.exists()
    assert dialog.list.rows.topLevelItemCount() == 0
    assert dialog.messages.message is not None
    assert "in the trash" in dialog.messages.message.text
    ((words, do),) = dialog.messages.message.buttons
    assert words == "Put back"
    do()
    assert old.is_dir()
    assert dialog.list.marked() == [old]


def test_without_a_trash_somebody_must_say_it(
    dialog: TrainDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = quiet(a_run(tmp_path / "home" / "runs" / "old"))
    monkeypatch.setattr(run_list, "to_trash", lambda path: None)
    dialog.show_runs()
    dialog.list.throw_away()
    assert old.exists()
    message = dialog.messages.message
    assert message is not None
    ((words, do),) = message.buttons
    assert words == "Delete for good"
    do()
    assert not old.exists()


def test_a_run_that_is_trained_stays(dialog: TrainDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_list, "to_trash", lambda path: pytest.fail("it is alive"))
    live = a_run(tmp_path / "home" / "runs" / "live")
    dialog.show_runs()
    dialog.list.throw_away()
    assert live.exists()
    assert dialog.messages.message is not None
    assert "stop it first" in dialog.messages.message.text


def test_boxes_of_many_curves_take_another_line(qtbot: QtBot, tmp_path: Path) -> None:
    """Rather than make the dialog wider."""
    curves = RunCurves()
    qtbot.addWidget(curves)
    curves.show()
    rest = dict.fromkeys(("path_penalty", "augment_p", "memory", "gradient_generator", "fake_sign", "rate"), 0.5)
    curves.show_runs([("one", read(a_run(tmp_path / "one", **rest)))])
    assert {"path", "gradient", "memory", "rate"} <= {key for key, box in curves.boxes.items() if box.isVisible()}
    assert curves.sizeHint().width() < 720
    qtbot.waitUntil(lambda: len({box.y() for box in curves.boxes.values() if box.isVisible()}) == 2, timeout=5000)


def test_who_has_just_gone_on_was_not_silent_before(tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    os.utime(run / "stats.jsonl", (0, 0))
    examiner, statistics = Examiner(RunFolder(run)), read(run)
    assert "silent" in [trouble.kind for trouble in examiner.look(statistics, True)]
    assert "silent" not in [trouble.kind for trouble in examiner.look(statistics, True, 10.0)]
