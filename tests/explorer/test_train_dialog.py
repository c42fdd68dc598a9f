"""The train dialog: reads a run's folder, starts and stops a real training, survives whatever is in a folder."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.cli.presets import FAMILIES, PRESET_NOTES
from explorer.panels.train import TrainDialog
from explorer.runs import NoRun, RunBook, RunFolder, Statistics
from explorer.training import Start, Training
from explorer.widgets import run_facts
from explorer.widgets.loss_plot import averaged
from explorer.widgets.new_run import free
from explorer.widgets.run_preset import resolution_of, sentence
from tests.explorer.pile import drop_on
from tests.explorer.stage import LEFT, Stage
from tests.models import model_file

PATIENCE = 120_000


def fake_run(folder: Path, steps: int = 40, kimg: float = 10.0) -> Path:
    """A run as it would look after some steps."""
    config = {"data": "/pictures/hills", "network": {"family": "stylegan1", "resolution": 16}, "kimg": kimg}
    for name in ("samples", "snapshots", "state"):
        (folder / name).mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config))
    for step in range(steps):
        add_step(folder, step)
    add_sample(folder, 100)
    add_sample(folder, 200)
    (folder / "state" / "000000200.safetensors").write_bytes(b"")
    return folder


def add_step(folder: Path, step: int) -> None:
    line = {
        "images": 16 * (step + 1),
        "loss_generator": 1.0,
        "loss_discriminator": 0.5,
        "resolution": 8,
        "img_s": 50.0 + step % 3,
    }
    with (folder / "stats.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


def add_sample(folder: Path, images: int) -> None:
    Image.fromarray(np.full((32, 64, 3), images % 255, np.uint8)).save(folder / "samples" / f"{images:09d}.png")


def shown(dialog: TrainDialog, title: str) -> str:
    return dialog.facts.facts[title].text()


def pictures(folder: Path, count: int = 24) -> Path:
    folder.mkdir(parents=True)
    drawn = np.random.RandomState(0).randint(0, 255, (count, 32, 32, 3), np.uint8)
    for at, pixels in enumerate(drawn):
        Image.fromarray(pixels).save(folder / f"{at}.png")
    return folder


def test_a_run_is_shown(dialog: TrainDialog, tmp_path: Path) -> None:
    dialog.watch(fake_run(tmp_path / "a run"))
    assert dialog.left.currentWidget() is dialog.facts
    assert shown(dialog, "Seen") == "640 of 10,000"
    assert shown(dialog, "Now learning") == "8 × 8"
    assert shown(dialog, "Speed").startswith("51.0")
    assert shown(dialog, "Pictures") == "hills"
    assert shown(dialog, "Network") == "StyleGAN, 16 × 16"
    assert shown(dialog, "Time left") == "about 3 min 4 s"
    assert "elsewhere" in dialog.facts.state.text()
    assert dialog.samples.images == 200
    assert dialog.plot.isVisible()
    assert not dialog.facts.explore.isEnabled()
    assert not dialog.grab().isNull()


def test_it_follows_a_growing_run(qtbot: QtBot, dialog: TrainDialog, tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run")
    dialog.watch(run)
    add_sample(run, 300)
    add_step(run, 40)
    qtbot.waitUntil(lambda: dialog.samples.images == 300, timeout=5000)
    assert shown(dialog, "Seen").startswith("656 ")


def test_time_can_be_turned_back(qtbot: QtBot, dialog: TrainDialog, tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run")
    for images in (90, 210):
        (run / "snapshots" / f"{images:09d}.safetensors").write_bytes(b"")
    dialog.watch(run)
    assert dialog.facts.explore.text().endswith("210")
    dialog.samples.slider.setFocus()
    QTest.keyClick(dialog.samples.slider, Qt.Key.Key_Home)
    assert dialog.samples.images == 100
    assert dialog.facts.explore.text().endswith("at 90")
    add_sample(run, 300)
    dialog.look()
    assert dialog.samples.images == 100  # whoever looks back is left in peace


def test_a_snapshot_is_explored(qtbot: QtBot, stage: Stage, dialog: TrainDialog, tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run")
    model_file(tmp_path / "run" / "snapshots").rename(run / "snapshots" / "000000200.safetensors")
    dialog.watch(run)
    with qtbot.waitSignal(stage.bridge.opened, timeout=10_000) as opened:
        QTest.mouseClick(dialog.facts.explore, LEFT)
    assert opened.args[0].path == run / "snapshots" / "000000200.safetensors"


def test_a_damaged_snapshot_is_told(qtbot: QtBot, dialog: TrainDialog, tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run")
    (run / "snapshots" / "000000200.safetensors").write_bytes(b"nothing")
    dialog.watch(run)
    dialog.explore()
    qtbot.waitUntil(lambda: dialog.messages.message is not None, timeout=10_000)


def test_stop_is_a_file_in_the_run(dialog: TrainDialog, tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run")
    dialog.watch(run)
    QTest.mouseClick(dialog.facts.stop, LEFT)
    assert (run / "stop").exists()
    assert "Finishing" in dialog.facts.state.text()
    assert not dialog.facts.stop.isEnabled()


def test_a_quiet_run_can_go_on_and_a_whole_one_is_finished(dialog: TrainDialog, tmp_path: Path) -> None:
    old = time.time() - 3600
    quiet = fake_run(tmp_path / "quiet")
    for path in [quiet, *quiet.rglob("*")]:
        os.utime(path, (old, old))
    dialog.watch(quiet)
    assert "Stopped" in dialog.facts.state.text()
    assert dialog.facts.go_on.isVisible()
    dialog.watch(fake_run(tmp_path / "whole", steps=40, kimg=0.64))
    assert "Finished" in dialog.facts.state.text()


def test_a_program_that_still_measures_the_end_is_not_called_silent(tmp_path: Path) -> None:
    run = RunFolder(fake_run(tmp_path / "whole", steps=40, kimg=0.64))
    statistics = Statistics(run.path / "stats.jsonl")
    statistics.read()
    now = run_facts.standing(run, statistics, own=True, ended=False)
    assert (now, now.active, now.works) == (run_facts.ENDING, True, False)
    assert run_facts.standing(run, statistics, own=False, ended=True) is run_facts.FINISHED


@pytest.mark.parametrize("config", [None, "{", "[]", '{"network": 3}', '{"data": "x", "kimg": "many", "network": {}}'])
def test_a_folder_that_is_no_run_changes_nothing(dialog: TrainDialog, tmp_path: Path, config: str | None) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if config is not None:
        (folder / "config.json").write_text(config)
    dialog.watch(folder)
    assert dialog.left.currentWidget() is dialog.form
    assert dialog.messages.message is not None
    with pytest.raises(NoRun):
        RunFolder(folder).plan()


def test_statistics_are_read_bite_by_bite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.runs.BITE", 100)
    run = fake_run(tmp_path / "run", steps=30)
    statistics = Statistics(run / "stats.jsonl")
    bites = 1
    while statistics.read():
        bites += 1
    assert bites > 10
    assert statistics.images == [16 * (step + 1) for step in range(30)]
    with (run / "stats.jsonl").open("a") as file:
        file.write('{"images": 1000, "loss_gen')  # still being written
    statistics.read()
    assert len(statistics.images) == 30
    with (run / "stats.jsonl").open("a") as file:
        file.write('erator": NaN}\nno line at all\n{"images": "x"}\n')
    while statistics.read():
        pass
    assert statistics.images[-1] == 1000
    assert np.isnan(statistics.generator[-1])


def test_statistics_of_a_run_that_went_back_are_read_anew(tmp_path: Path) -> None:
    run = fake_run(tmp_path / "run", steps=30)
    statistics = Statistics(run / "stats.jsonl")
    statistics.read()
    lines = (run / "stats.jsonl").read_text().splitlines(keepends=True)
    part = run / "part"
    part.write_text("".join(lines[:5]))
    part.replace(run / "stats.jsonl")
    statistics.read()
    assert len(statistics.images) == 5
    assert not Statistics(run / "missing").read()


def test_long_curves_are_averaged() -> None:
    values = [1.0, float("nan")] * 5000
    assert len(averaged(values)) == 600
    assert np.allclose(averaged(values), 1.0)
    assert np.isnan(averaged([float("nan")] * 2000)).all()
    assert averaged([1.0, 2.0]).tolist() == [1.0, 2.0]


def test_pictures_are_chosen_by_dropping_a_folder(qtbot: QtBot, dialog: TrainDialog, tmp_path: Path) -> None:
    def drop(folder: Path) -> None:
        assert drop_on(dialog, QPoint(5, 5), folder)

    assert not dialog.form.begin.isEnabled()
    empty = tmp_path / "empty"
    empty.mkdir()
    drop(empty)
    qtbot.waitUntil(lambda: dialog.messages.message is not None, timeout=5000)
    assert not dialog.form.begin.isEnabled()
    drop(pictures(tmp_path / "hills"))
    qtbot.waitUntil(dialog.form.begin.isEnabled, timeout=5000)
    assert "24 pictures" in dialog.form.pictures.words.text()
    qtbot.waitUntil(lambda: dialog.form.preset.advice is not None, timeout=5000)
    assert dialog.form.run.text().endswith("hills-stylegan2-tiny"), "they are 32 pixels wide"
    assert "They are very few" in dialog.form.preset.why.text()
    drop(fake_run(tmp_path / "run"))
    assert dialog.left.currentWidget() is dialog.facts


def test_sample_pictures_are_drawn(qtbot: QtBot, dialog: TrainDialog) -> None:
    dialog.form.pictures.number.setValue(64)
    QTest.mouseClick(dialog.form.pictures.draw, LEFT)
    qtbot.waitUntil(dialog.form.begin.isEnabled, timeout=PATIENCE)
    assert dialog.form.pictures.found is not None
    assert dialog.form.pictures.found.count == 64
    assert not dialog.messages.isVisible()


def test_presets_explain_themselves(dialog: TrainDialog) -> None:
    form, found = dialog.form.preset, 0
    for family in FAMILIES:
        form.family.setCurrentText(family)
        found += form.preset.count()
        assert form.note.text() == sentence(PRESET_NOTES[form.name])
    assert found == len(PRESET_NOTES)
    form.choose("stylegan1-1024")
    assert form.family.currentText() == "StyleGAN"
    assert "weeks" in form.note.text()
    assert dialog.form.pictures.side == 1024
    assert resolution_of("tiny") == 32


def test_runs_are_found_and_names_are_free(dialog: TrainDialog, tmp_path: Path) -> None:
    runs = tmp_path / "home" / "runs"
    run = fake_run(runs / "first")
    assert RunBook(runs).runs() == [run]
    assert free(run) == runs / "first-2"
    dialog.form._fill()
    dialog.form.menu.actions()[0].trigger()
    assert dialog.facts.name.text() == "first"
    dialog.leave()
    assert dialog.left.currentWidget() is dialog.form


def test_a_live_run_is_opened_by_itself(qtbot: QtBot, stage: Stage, tmp_path: Path) -> None:
    fake_run(tmp_path / "home" / "runs" / "live")
    dialog = TrainDialog(stage.store, stage.bridge, home=tmp_path / "home")
    qtbot.addWidget(dialog)
    assert dialog.left.currentWidget() is dialog.facts


def test_a_training_that_fails_says_why(qtbot: QtBot, dialog: TrainDialog, tmp_path: Path) -> None:
    taken = pictures(tmp_path / "taken")
    dialog.start(Start(taken, taken, "tiny"))
    qtbot.waitUntil(lambda: dialog.messages.message is not None, timeout=PATIENCE)
    assert dialog.messages.message is not None
    assert "not empty" in dialog.messages.message.text
    assert dialog.left.currentWidget() is dialog.form


@pytest.mark.slow
def test_a_real_training(qtbot: QtBot, stage: Stage, dialog: TrainDialog, tmp_path: Path) -> None:
    """Started, watched, stopped, explored, gone on with; it outlives the dialog."""
    run = tmp_path / "home" / "runs" / "real"
    dialog.start(Start(pictures(tmp_path / "pictures", 64), run, "tiny"))
    try:
        qtbot.waitUntil(lambda: (run / "stats.jsonl").exists(), timeout=PATIENCE)
        dialog.hide()
        dialog.show()
        qtbot.waitUntil(lambda: "of 60,000" in shown(dialog, "Seen"), timeout=PATIENCE)
        qtbot.waitUntil(lambda: "Training" in dialog.facts.state.text(), timeout=PATIENCE)
    finally:
        dialog.stop()
        ended(dialog)
    qtbot.waitUntil(lambda: dialog.facts.go_on.isVisible(), timeout=PATIENCE)
    with qtbot.waitSignal(stage.bridge.opened, timeout=PATIENCE) as opened:
        dialog.explore()
    assert opened.args[0].family == "stylegan1"
    steps = _steps(run)
    QTest.mouseClick(dialog.facts.go_on, LEFT)
    try:
        qtbot.waitUntil(lambda: _steps(run) > steps, timeout=PATIENCE)
    finally:
        dialog.stop()
        ended(dialog)


def _steps(run: Path) -> int:
    return len((run / "stats.jsonl").read_text().splitlines())


def ended(dialog: TrainDialog) -> None:
    training = dialog._training
    assert isinstance(training, Training)
    training.wait(PATIENCE / 1000)
