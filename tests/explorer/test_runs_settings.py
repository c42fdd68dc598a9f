"""A run that goes on with other settings, and a trial before one begins."""

import json
import re
from pathlib import Path

import pytest
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer import training
from explorer.panels.train import TrainDialog, half_at_once
from explorer.runs import RunFolder
from explorer.training import Start, Training
from explorer.widgets.run_settings import RunSettings, value
from explorer.widgets.run_trial import RunTrial
from tests.explorer.stage import LEFT
from tests.explorer.test_runs import CONFIG, a_run
from tests.explorer.test_train_dialog import pictures

PATIENCE = 120_000
FOUND = {
    "images": 60_000,
    "seconds": 7800.0,
    "picture": 0.01,
    "memory": 2**30,
    "all_memory": 16 * 2**30,
    "accumulate": 8,
    "halved": True,
    "device": "cpu",
    "resolution": 64,
}


def test_only_what_differs_is_changed(qtbot: QtBot) -> None:
    dialog = RunSettings(CONFIG)
    qtbot.addWidget(dialog)
    assert set(dialog.fields) == {"kimg", "growth.rate", "r1_gamma", "accumulate"}
    assert dialog.changes() == {}
    dialog.fields["growth.rate"].setText("0.001")
    dialog.others.setText("mixing=0.5, ema_kimg = 5,nonsense")
    with qtbot.waitSignal(dialog.wanted) as wanted:
        QTest.mouseClick(dialog.go, LEFT)
    assert wanted.args == [{"growth.rate": "0.001", "mixing": "0.5", "ema_kimg": "5", "nonsense": ""}]
    assert value(CONFIG, "mirror") == value(CONFIG, "network") == value(CONFIG, "growth.none") == ""


def test_half_as_many_at_once() -> None:
    assert half_at_once(CONFIG) == 6
    assert half_at_once({**CONFIG, "accumulate": 1}) == 1


class Fake:
    """A program that has ended."""

    def __init__(self, said: str, code: int = 0):
        self._said, self.exit_code, self.ended = said, code, False
        self.running = False

    def said(self) -> str:
        return self._said

    def complaint(self) -> str:
        return self._said.splitlines()[-1]

    def end(self) -> None:
        self.ended = True


def test_too_little_memory_offers_half_at_once(
    qtbot: QtBot, dialog: TrainDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run(tmp_path / "run")
    (run / "state").mkdir()
    (run / "state" / "000000200.safetensors").write_bytes(b"")
    asked: list[object] = []
    monkeypatch.setattr(training, "resume", lambda path, changes: asked.append(changes) or Fake("going on"))
    dialog.watch(run)
    dialog._training = Fake("there is not enough memory for this (CUDA out of memory)", 2)  # type: ignore[assignment]
    dialog.look()
    message = dialog.messages.message
    assert message is not None
    assert "kept" in message.text
    message.buttons[0][1]()
    assert asked == [{"accumulate": "6"}]


# a trial


def tried(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, fake: Fake) -> RunTrial:
    widget = RunTrial()
    qtbot.addWidget(widget)
    widget.show()
    assert not widget.ask.isEnabled()
    monkeypatch.setattr(training, "try_out", lambda *_: fake)
    widget.propose(Start(Path("pictures"), Path("run"), "tiny"))
    QTest.mouseClick(widget.ask, LEFT)
    qtbot.waitUntil(lambda: not widget.running, timeout=5000)
    assert fake.ended
    return widget


def test_a_trial_says_how_long_and_whether_it_fits(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = tried(qtbot, monkeypatch, Fake(f"Trying 64×64\n{json.dumps(FOUND)}"))
    assert "60,000 pictures take about 2 h 10 min" in widget.words.text()
    assert "100.0 pass in a second" in widget.words.text()
    assert "1.0 of 16 GiB" in widget.words.text()
    assert "8 pictures pass at once" in widget.words.text()
    assert widget.at_once == 8
    widget.propose(Start(Path("pictures"), Path("run"), "other"))
    assert widget.at_once == 0
    assert not widget.words.isVisible()


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ("Trying", -9, "more memory than there is"),
        ("This network does not fit into the memory", 2, "does not fit"),
        ("not a line of JSON", 0, "not a line of JSON"),
    ],
)
def test_a_trial_that_fails_says_why(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, said: str, code: int, words: str
) -> None:
    widget = tried(qtbot, monkeypatch, Fake(said, code))
    assert words in widget.words.text()
    assert widget.found is None
    assert widget.ask.isEnabled()


@pytest.mark.slow
def test_a_real_trial(qtbot: QtBot, dialog: TrainDialog, tmp_path: Path) -> None:
    dialog.form.pictures.take(pictures(tmp_path / "pictures"))
    qtbot.waitUntil(dialog.form.begin.isEnabled, timeout=PATIENCE)
    QTest.mouseClick(dialog.form.trial.ask, LEFT)
    qtbot.waitUntil(lambda: dialog.form.trial.found is not None, timeout=PATIENCE)
    assert re.match(
        r"All [\d,]+ pictures take about", dialog.form.trial.words.text()
    )  # which preset is proposed in time varies
    assert not RunFolder(Path(dialog.form.run.text())).path.exists()


def test_a_trial_is_given_up_at_once(tmp_path: Path) -> None:
    trial = training.try_out(Start(tmp_path, tmp_path / "run", "tiny"))
    assert isinstance(trial, Training)
    trial.end()
    assert not trial.running
    assert not trial.log.exists()
