"""Runs in the window: pauses, returns after numbers that burst, figures of snapshots, and what becomes of a snapshot."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtGui import QAction
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.training.run import Run
from engine.training.troubles import RECENT, Disk, troubles
from explorer.panels.train import TrainDialog
from explorer.runs import RunFolder
from tests.explorer.stage import LEFT, Stage
from tests.explorer.test_runs import a_run, quiet, read, warned
from tests.explorer.test_train_dialog import fake_run
from tests.models import model_file

BACK = {"images": 700, "state": 480, "rate": 0.0005}


@pytest.fixture
def dialog(qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[TrainDialog]:
    window = QWidget()
    deed = QAction("Export the model…", window)
    deed.setObjectName("export_model")
    widget = TrainDialog(stage.store, stage.bridge, window, home=tmp_path / "home")
    qtbot.addWidget(window)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.form.close_jobs()


def test_a_pause_is_asked_for_shown_and_ended(dialog: TrainDialog, tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    dialog.watch(run)
    QTest.mouseClick(dialog.facts.pause, LEFT)
    assert RunFolder(run).pause_requested()
    assert "Pausing after this step" in dialog.facts.state.text()
    Run(run).beat()  # as whoever trains does
    dialog.look()
    assert "Paused, with everything in memory" in dialog.facts.state.text()
    assert dialog.facts.pause.text() == "Go on"
    assert shown(dialog) == "–", "nothing is left to wait for while it pauses"
    QTest.mouseClick(dialog.facts.pause, LEFT)
    assert not RunFolder(run).pause_requested()
    assert "Training" in dialog.facts.state.text()


def test_a_long_pause_is_a_sign_of_life(tmp_path: Path) -> None:
    run = quiet(a_run(tmp_path / "run"))
    assert not RunFolder(run).alive()
    (run / "pause").touch()
    assert RunFolder(run).alive()
    assert not RunFolder(run).pausing()


def shown(dialog: TrainDialog) -> str:
    return dialog.facts.facts["Time left"].text()


def test_a_return_is_told_until_it_is_long_ago(dialog: TrainDialog, tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    (run / "returns.jsonl").write_text(
        json.dumps({"images": 1, "state": 0, "rate": 1}) + "\n" + json.dumps(BACK) + "\n{"
    )
    dialog.watch(run)
    assert warned(dialog) == ["returned"]
    assert "went back to 480 and goes on with a learning rate of 0.0005" in str(dialog.facts.health.troubles[0])
    columns = {"images": [700.0 + 12 * RECENT + 1], "batch": [12.0]}
    assert troubles(columns, (), Disk(), 0.0, BACK) == []
    assert troubles({}, (), Disk(), 0.0, {"images": "x"}) == []


def test_figures_of_snapshots_are_a_curve(dialog: TrainDialog, tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    dialog.watch(run)
    assert not dialog.plot.boxes["metric"].isVisible()
    with (run / "metrics.jsonl").open("a") as file:
        for images, value in ((240, 50.0), (480, 40.0)):
            file.write(json.dumps({"images": images, "metric": "fd_lite0_5k", "value": value}) + "\n")
    dialog.look()
    assert dialog.plot.charts["metric"].isVisible()
    (line,) = dialog.plot.charts["metric"].lines
    assert (line.name, list(line.images), list(line.values)) == ("fd_lite0_5k", [240, 480], [50.0, 40.0])
    both = [("a", read(run)), ("b", read(a_run(tmp_path / "b")))]
    dialog.plot.show_runs(both)
    assert [line.name for line in dialog.plot.charts["metric"].lines] == ["a"]


def test_why_nothing_is_measured_is_said(dialog: TrainDialog, tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    (run / "unmeasured.txt").write_text("weights.pth is missing: pip install it")
    dialog.watch(run)
    assert warned(dialog) == ["unmeasured"]
    assert str(dialog.facts.health.troubles[0]).endswith("weights.pth is missing: pip install it")


def test_a_snapshot_is_opened_and_the_windows_deed_does_the_rest(
    qtbot: QtBot, stage: Stage, dialog: TrainDialog, tmp_path: Path
) -> None:
    run = fake_run(tmp_path / "run")
    model_file(run / "snapshots").rename(run / "snapshots" / "000000200.safetensors")
    dialog.watch(run)
    assert not dialog.facts.card.isVisible()
    (run / "card.md").write_text("# run")
    dialog.look()
    assert dialog.facts.card.isVisible()
    window = dialog.parent()
    assert window is not None
    deed = window.findChild(QAction, "export_model")
    assert deed is not None
    dialog.facts.uses.aboutToShow.emit()
    (action,) = dialog.facts.uses.actions()
    assert action.text() == "Export the model…"
    with qtbot.waitSignal(deed.triggered, timeout=10_000):
        action.trigger()
    with qtbot.assertNotEmitted(deed.triggered, wait=0), qtbot.waitSignal(stage.bridge.opened, timeout=10_000):
        dialog.explore()
