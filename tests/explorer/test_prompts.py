"""Prompts of a model that reads words: seen while they are typed, kept, brought back, blended, and refused in one sentence."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from engine.recipe import Condition, conditioned, plane, seeded
from engine.render import words
from explorer import mixing
from explorer.panels.explore import ExplorePanel
from explorer.prompts import Prompts
from explorer.settings import Settings
from explorer.widgets.prompt_box import PromptBox
from tests.explorer.stage import LEFT, Stage, staged
from tests.models import model_file
from tests.small_encoder import small_encoder

PATIENCE = 20_000
KEY = Qt.Key
RED, BLUE = Condition(prompt="red hair"), Condition(prompt="blue")


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    path = model_file(tmp_path, "stylegan-t", text_size=5, encoder="minilm-l6")
    with small_encoder(tmp_path, monkeypatch), staged(qtbot, path) as stage:
        yield stage


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage) -> ExplorePanel:
    widget = ExplorePanel(stage.store, stage.bridge)
    qtbot.addWidget(widget)
    widget.resize(280, 640)
    widget.show()
    assert widget.a.words.isHidden()
    assert stage.bridge.model is not None
    widget._introduce(stage.bridge.model)
    return widget


@pytest.fixture
def box(panel: ExplorePanel) -> PromptBox:
    assert panel.a.words.isVisible()
    assert panel.a.classes.isHidden()
    panel.a.words.first.setFocus()
    return panel.a.words


def test_words_are_seen_after_a_pause_and_one_step(box: PromptBox, stage: Stage, qtbot: QtBot) -> None:
    QTest.keyClicks(box.first, "red")
    assert stage.store.recipe.latent == seeded(0)
    qtbot.waitUntil(lambda: stage.store.recipe.latent == seeded(0, prompt="red"), timeout=3000)
    QTest.keyClicks(box.first, " hair ")
    qtbot.waitUntil(lambda: stage.store.recipe.latent == seeded(0, prompt="red hair"), timeout=3000)
    assert (stage.steps, box.first.text()) == (0, "red hair ")
    qtbot.waitUntil(lambda: stage.steps == 1, timeout=3000)
    assert stage.store.history.now.note == "A: “red hair”"
    qtbot.waitUntil(lambda: stage.bridge.frame is not None and stage.bridge.frame.recipe == stage.store.recipe,
                    timeout=PATIENCE)  # fmt: skip
    stage.store.undo()
    assert box.first.text() == ""
    assert not stage.errors


def test_enter_settles_at_once_and_remembers(box: PromptBox, panel: ExplorePanel, stage: Stage) -> None:
    for text in ("red", "blue", "red"):
        box.first.clear()
        QTest.keyClicks(box.first, text)
        QTest.keyClick(box.first, KEY.Key_Return)
    assert stage.store.recipe.latent == seeded(0, prompt="red")
    assert stage.steps == 3
    assert panel.habits()["prompts"] == ("red", "blue")


def test_words_that_are_cut_off_are_read_whole_under_the_mouse(box: PromptBox) -> None:
    hint = box.first.toolTip()
    box.first.setText("red")
    assert box.first.explained() == hint
    long = "a robot with <very> red hair & glasses, " * 5
    box.first.setText(long)
    assert box.first.explained() == f"<p>{escape(long)}</p><p>{hint}</p>"
    spot = QPoint(5, 5)
    QApplication.sendEvent(box.first, QHelpEvent(QEvent.Type.ToolTip, spot, box.first.mapToGlobal(spot)))
    assert QToolTip.text() == box.first.explained()
    QToolTip.hideText()


def test_older_prompts_come_back(box: PromptBox, panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    panel.use(Settings(prompts=("red", "blue", " ", "red"), speed=0.3))
    assert Prompts.of(stage.store).recent == ("red", "blue")
    QTest.keyClicks(box.first, "mine")
    seen = []
    for key in (KEY.Key_Up, KEY.Key_Up, KEY.Key_Up, KEY.Key_Down, KEY.Key_Down, KEY.Key_Down):
        QTest.keyClick(box.first, key)
        seen.append(box.first.text())
    assert seen == ["red", "blue", "blue", "red", "mine", "mine"]
    box.menu.aboutToShow.emit()
    assert [action.text() for action in box.menu.actions()] == ["red", "blue"]
    box.menu.actions()[1].trigger()
    assert stage.store.recipe.latent == seeded(0, prompt="blue")
    assert Prompts.of(stage.store).recent[0] == "blue"


def test_two_prompts_are_blended_and_walk(box: PromptBox, panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    box.first.write("red hair")
    assert not box.second.isVisible()
    QTest.mouseClick(box.opener, LEFT)
    QTest.keyClicks(box.second, "blue")
    QTest.keyClick(box.second, KEY.Key_Return)
    assert stage.store.recipe.latent == conditioned(0, ((RED, 0.5), (BLUE, 0.5)))
    assert stage.store.history.now.note == "A: “red hair” · “blue” 50%"
    box.blend.slide.setFocus()
    qtbot.keyClick(box.blend.slide, KEY.Key_PageUp)
    both = ((RED, 0.45), (BLUE, 0.55))
    assert stage.store.recipe.latent == conditioned(0, both)
    panel.walk.begin()
    panel.walk.by(0.5, 0.5)
    panel.walk.end()
    assert stage.store.recipe.latent == plane.at(0.5, 0.5, both)
    assert (box.first.text(), box.second.text(), box.blend.words.text()) == ("red hair", "blue", "55%")
    QTest.mouseClick(box.opener, LEFT)
    assert stage.store.recipe.latent == plane.at(0.5, 0.5, ((RED, 1.0),))
    assert not box.second.isVisible()


def test_an_empty_second_prompt_is_none(box: PromptBox, stage: Stage) -> None:
    box.first.write("red hair")
    QTest.mouseClick(box.opener, LEFT)
    box.second.write("blue")
    box.second.write("")
    assert stage.store.recipe.latent == seeded(0, prompt="red hair")
    assert not box.blend.isEnabled()


def test_b_has_words_of_its_own(panel: ExplorePanel, stage: Stage) -> None:
    panel.b.words.first.write("blue")
    assert mixing.b_latent(stage.store.recipe) == seeded(1, prompt="blue")
    panel.swap()
    assert (panel.a.words.first.text(), panel.b.words.first.text()) == ("blue", "")


def test_b_begins_with_the_words_of_a(panel: ExplorePanel, stage: Stage) -> None:
    panel.a.words.first.write("blue")
    assert mixing.b_latent(stage.store.recipe) == seeded(1, prompt="blue")
    laid = mixing.with_amounts(stage.store.recipe, (0.5,))
    assert laid.styles[0].latent == seeded(1, prompt="blue")


def test_a_missing_encoder_is_told(
    panel: ExplorePanel, stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, info = panel.a.words, stage.bridge.model
    assert info is not None
    qtbot.wait(50)
    assert box.note.isHidden()
    monkeypatch.setattr(words, "ENCODERS", {})
    panel._introduce(info)
    qtbot.waitUntil(lambda: not box.note.isHidden(), timeout=PATIENCE)
    assert box.note.text().startswith("this model reads words with minilm-l6, which is not at hand here")
