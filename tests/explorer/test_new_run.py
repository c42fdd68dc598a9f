"""The form of a new training: why a preset is proposed, what it begins with, and every setting in a form of its own."""

from collections.abc import Generator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from engine.metrics import guides
from engine.networks import TRAINABLE
from engine.progress import Progress
from engine.training.config import Config
from engine.training.described import Setting, described
from explorer.panels.train import TrainDialog
from explorer.runs import RunBook
from explorer.training import Start
from explorer.widgets import run_words
from explorer.widgets.run_advanced import GROUPS, RunAdvanced
from explorer.widgets.run_begin import OTHER_FILE, RunBegin
from explorer.widgets.run_preset import RunPreset
from explorer.widgets.run_words import LEARN, SENTENCES, RunWords
from tests.explorer.stage import LEFT
from tests.explorer.test_train_dialog import fake_run, pictures
from tests.training.guides import Averages, coloured_pictures, small_guide

SETTINGS = [
    Setting("kimg", 60.0, float, 0, None, (), "Length of the training."),
    Setting("mirror", True, bool),
    Setting("loss", "logistic", str, choices=("logistic", "hinge"), about="What is minimised."),
    Setting("growth.rate", 0.0025, float, 0, 1, (), "How large the steps are."),
]


def test_a_preset_is_proposed_until_somebody_chooses(qtbot: QtBot, tmp_path: Path) -> None:
    widget = RunPreset()
    qtbot.addWidget(widget)
    widget.show()
    assert not widget.why.isVisible()
    widget.know_pictures(800, 300)
    assert widget.name.startswith("stylegan2-small")
    assert "800 pictures of mostly 300 pixels without a graphics card" in widget.why.text()
    widget.know_device("NVIDIA H100")
    assert widget.name == "stylegan2-auto"
    assert "on NVIDIA H100: StyleGAN2 at 256 × 256" in widget.why.text()
    widget.family.setFocus()
    QTest.keyClick(widget.family, Qt.Key.Key_Home)
    widget.family.activated.emit(0)  # what a person's choice sends
    assert widget.name == "tiny"
    assert not widget.why.isVisible(), "the reason belongs to what was proposed"
    widget.know_pictures(20, 300)
    assert widget.name == "tiny"


def test_it_begins_with_what_there_is(qtbot: QtBot, tmp_path: Path) -> None:
    run = fake_run(tmp_path / "runs" / "hills")
    widget = RunBegin(RunBook(tmp_path / "runs"))
    qtbot.addWidget(widget)
    widget.show()
    widget.know_embedded([("landscape", tmp_path / "landscape.safetensors")])
    words = [widget.box.itemText(at) for at in range(widget.box.count())]
    assert words[:3] == ["Begin from scratch", "With landscape, embedded", "With the run hills"]
    assert widget.model is None
    assert not widget.hint.isVisible()
    with qtbot.waitSignal(widget.turned):
        widget.box.activated.emit(2)
    assert widget.model == run
    assert widget.box.currentIndex() == 2
    assert widget.hint.isVisible()
    with qtbot.waitSignal(widget.refused):
        widget._take_known(tmp_path)  # a folder that is no run
    assert widget.model == run
    widget._take_known(tmp_path / "other.pkl")
    assert widget.box.currentText() == "With other.pkl"
    widget.box.activated.emit(widget.box.findData(OTHER_FILE))
    assert widget.model == tmp_path / "other.pkl", "until a file is chosen, it stays as it was"
    widget.take(None)
    assert widget.box.currentIndex() == 0


def test_the_form_has_a_place_for_every_group_of_settings() -> None:
    groups = {found.group for kind in TRAINABLE.values() for found in described(Config(network=kind()))}
    assert groups == GROUPS.keys()


def test_the_form_is_made_of_declarations(qtbot: QtBot) -> None:
    form = RunAdvanced(SETTINGS, {"kimg": "5"})
    qtbot.addWidget(form)
    form.show()
    kinds = [type(field.editor) for field in form.fields.values()]
    assert kinds == [QLineEdit, QCheckBox, QComboBox, QLineEdit]
    assert form.changes() == {"kimg": "5"}
    assert "●" in form.fields["kimg"].title.text()
    assert form.fields["mirror"].title.text() == "mirror"
    assert "from 0 to 1" in form.fields["growth.rate"].editor.toolTip()
    rate = form.fields["growth.rate"].editor
    assert isinstance(rate, QLineEdit)
    rate.clear()
    assert "growth.rate" not in form.changes(), "an empty field is the preset's"
    QTest.keyClicks(rate, "2.5e-3")
    assert "growth.rate" not in form.changes(), "the same number"
    mirror = form.fields["mirror"].editor
    assert isinstance(mirror, QCheckBox)
    mirror.setChecked(False)
    assert form.count.text() == "2 changed"
    QTest.keyClicks(form.search, "steps")
    assert [name for name, field in form.fields.items() if field.editor.isVisible()] == ["growth.rate"]
    form.search.clear()
    with qtbot.waitSignal(form.chosen) as chosen:
        QTest.mouseClick(form.take, LEFT)
    assert chosen.args == [{"kimg": "5", "mirror": "false"}]
    form.reset.click()
    assert form.changes() == {}


def test_all_of_it_becomes_words_of_the_command_line(
    qtbot: QtBot, dialog: TrainDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = dialog.form
    form.pictures.take(pictures(tmp_path / "hills"))
    qtbot.waitUntil(lambda: form.begin.isEnabled() and form.preset.advice is not None, timeout=10_000)
    form.preset.choose("tiny")
    QTest.mouseClick(form.advanced, LEFT)
    qtbot.waitUntil(lambda: bool(form.findChildren(RunAdvanced)), timeout=30_000)
    (advanced,) = form.findChildren(RunAdvanced)
    assert len(advanced.fields) > 40
    kimg = advanced.fields["kimg"].editor
    assert isinstance(kimg, QLineEdit)
    kimg.setText("5")
    QTest.mouseClick(advanced.take, LEFT)
    assert form.advanced.text() == "Advanced (1)…"
    form.begins.take(tmp_path / "model.pkl")
    with qtbot.waitSignal(form.start) as started:
        monkeypatch.setattr(dialog, "_begin", lambda make, folder: None)
        QTest.mouseClick(form.begin, LEFT)
    start = started.args[0]
    assert isinstance(start, Start)
    assert start.words() == [
        str(tmp_path / "hills"), "--out", str(start.run), "--preset", "tiny", "--transfer", str(tmp_path / "model.pkl"),
        "--set", "kimg=5",
    ]  # fmt: skip
    form.preset.choose("small-128")
    assert form.changes == {}, "what was changed belonged to the preset before"


def test_the_preset_follows_the_model_to_begin_with(qtbot: QtBot, dialog: TrainDialog) -> None:
    begins = dialog.form.begins
    qtbot.waitUntil(lambda: bool(begins._embedded), timeout=30_000)
    dialog.form.preset.choose("stylegan3-t-256")
    begins.box.activated.emit(1)
    qtbot.waitUntil(lambda: dialog.form.preset.name == "small-128", timeout=30_000)


def test_words_are_learnt_by_a_pair_of_the_persons_own(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guides, "lite0_pyramid", Averages)
    pair = tmp_path / "pair.safetensors"
    small_guide(coloured_pictures(tmp_path / "coloured"), pair, steps=2)
    widget = RunWords(tmp_path / "pairs")
    qtbot.addWidget(widget)
    widget.know("StyleGAN2", str(tmp_path))
    assert (widget.isHidden(), widget.options) == (True, ())
    widget.know("StyleGAN-T", "")
    with qtbot.waitSignal(widget.refused) as refused:
        widget.box.activated.emit(widget.box.findData(LEARN))
    assert "Choose pictures" in str(refused.args[0])
    widget.take(pair)
    assert widget.options == ("--guide", str(pair))
    assert widget.box.currentText() == "With pair.safetensors"
    with qtbot.waitSignal(widget.refused) as refused:
        widget.take(tmp_path)
    assert "holds no CLIP" in str(refused.args[0])
    assert widget.options == ("--guide", str(pair)), "what was chosen stays"
    widget.box.activated.emit(widget.box.findData(SENTENCES))
    assert widget.options == ("--captions",)
    widget.know("ProGAN", "")
    assert widget.options == ()


def test_a_pair_is_learnt_from_the_pictures_themselves(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def learning(place: Path, out: Path) -> Generator[Progress, None, Path]:
        yield Progress(1, 2, "Learning")
        out.parent.mkdir()
        small_guide(place, out, steps=2)
        return out

    monkeypatch.setattr(guides, "lite0_pyramid", Averages)
    monkeypatch.setattr(run_words, "learning", learning)
    folder = coloured_pictures(tmp_path / "coloured")
    widget = RunWords(tmp_path / "pairs")
    qtbot.addWidget(widget)
    widget.know("StyleGAN-T", str(folder))
    widget.box.activated.emit(widget.box.findData(LEARN))
    assert widget.busy
    qtbot.waitUntil(lambda: not widget.busy, timeout=20_000)
    qtbot.waitUntil(lambda: widget.options == ("--guide", str(tmp_path / "pairs" / "coloured-pair.safetensors")))
