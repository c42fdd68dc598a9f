"""The mixing desk by hand and by keys: several sources over one another, each change one step of undo."""

from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.cli.main import main
from engine.render import png
from explorer import mixing
from explorer.panels.mix import MixPanel
from explorer.widgets.desk_row import WORDS
from explorer.widgets.slide import REST
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, settled
from tests.explorer.pile import carry, piled, seeds
from tests.explorer.stage import LEFT, Stage, move

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage, tmp_path: Path) -> MixPanel:
    widget = MixPanel(stage.store, stage.bridge, curves=tmp_path / "curves.json")
    qtbot.addWidget(widget)
    widget.resize(330, 560)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def pixels(window: Window, qtbot: QtBot) -> np.ndarray:
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    assert window.canvas.frame is not None
    return window.canvas.frame.pixels


def test_three_sources_by_hand_saved_and_drawn_again(
    window: Window, qtbot: QtBot, home: Path, model: Path, tmp_path: Path
) -> None:
    mix: MixPanel = window.panels[MixPanel]
    seen = [pixels(window, qtbot)]
    for _ in range(3):
        qtbot.keyClick(window.canvas, KEY.Key_L, Qt.KeyboardModifier.ShiftModifier)
        seen.append(pixels(window, qtbot))
    assert mix.pile.isVisible()
    assert not mix.header.isVisible()
    QTest.mouseClick(mix.pile.rows[1].eye, LEFT)
    seen.append(pixels(window, qtbot))
    carry(mix.pile.rows[0], -3)
    seen.append(pixels(window, qtbot))
    fader = mix.pile.rows[2].fader
    QTest.mouseClick(fader, LEFT, pos=QPoint(round(fader._x(90)), 10))
    seen.append(pixels(window, qtbot))
    assert all(not np.array_equal(a, b) for at, a in enumerate(seen) for b in seen[at + 1 :])
    recipe = window.store.recipe
    assert [style.on for style in recipe.styles] == [False, True, True]
    assert mixing.amounts(recipe, 6, 2) == (0.9,) * 6
    assert len(window.store.history.entries) == 7
    qtbot.keyClick(window.canvas, KEY.Key_S)
    qtbot.waitUntil(lambda: bool(list((home / "pictures").glob("*.png"))), timeout=PATIENCE)
    (saved,) = (home / "pictures").glob("*.png")
    again = tmp_path / "again.png"
    assert main(["render", str(saved), "--model", str(model), "--device", "cpu", "--out", str(again)]) == 0
    assert again.read_bytes() == saved.read_bytes()
    assert png.read(saved) == recipe  # the same desk, what is off included


def test_a_and_b_stay_as_they_were_until_there_is_more(stage: Stage, panel: MixPanel) -> None:
    assert panel.header.isVisible()
    assert not panel.pile.isVisible()
    QTest.mouseClick(panel.opener, LEFT)
    assert panel.pile.isVisible()
    assert not panel.header.isVisible()
    assert panel.pile.rows == []
    assert stage.steps == 0
    QTest.mouseClick(panel.bar.closer, LEFT)
    assert panel.header.isVisible()
    panel.add_seed(7)
    panel.add_seed(8)
    assert not panel.bar.closer.isVisible()
    assert [row.name for row in panel.pile.rows] == ["seed 7", "seed 8"]
    stage.store.undo()
    stage.store.undo()
    assert stage.store.recipe.styles == ()
    assert panel.pile.rows == []


def test_keys_choose_switch_carry_double_and_take_away(qtbot: QtBot, stage: Stage, panel: MixPanel) -> None:
    piled(stage, 1, 2, 3)
    pile, press = panel.pile, lambda key, held=Qt.KeyboardModifier.NoModifier: QTest.keyClick(panel.pile, key, held)
    pile.setFocus()
    press(KEY.Key_Up)
    press(KEY.Key_Up)
    press(KEY.Key_Up)
    assert panel.desk.chosen == 2
    press(KEY.Key_Down)
    assert (panel.desk.chosen, stage.steps) == (1, 0)
    press(KEY.Key_Space)
    assert [style.on for style in stage.store.recipe.styles] == [True, False, True]
    press(KEY.Key_Up, CONTROL)
    assert (seeds(stage.store.recipe), panel.desk.chosen) == (["1", "3", "2"], 2)
    press(KEY.Key_Down, CONTROL)
    press(KEY.Key_Down, CONTROL)
    assert (seeds(stage.store.recipe), panel.desk.chosen) == (["2", "1", "3"], 0)
    press(KEY.Key_D, CONTROL)
    assert (seeds(stage.store.recipe), panel.desk.chosen) == (["2", "2", "1", "3"], 1)
    press(KEY.Key_Delete)
    press(KEY.Key_Delete)
    assert seeds(stage.store.recipe) == ["2", "3"]
    assert stage.steps == 7
    for _ in range(7):
        stage.store.undo()
    assert seeds(stage.store.recipe) == ["1", "2", "3"]
    assert all(style.on for style in stage.store.recipe.styles)


def test_arrows_fade_and_a_rest_ends_the_gesture(qtbot: QtBot, stage: Stage, panel: MixPanel) -> None:
    piled(stage, 1, 2)
    panel.pile.setFocus()
    for _ in range(3):
        QTest.keyClick(panel.pile, KEY.Key_Right)
    QTest.keyClick(panel.pile, KEY.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert mixing.amounts(stage.store.recipe, 6, 0) == pytest.approx((0.64,) * 6)
    assert stage.steps == 0
    qtbot.wait(REST + 80)
    assert stage.steps == 1
    assert stage.store.history.now.note == "Style seed 1: 64 %"


@pytest.mark.parametrize(("row", "lines", "order"), [
    (0, -2, ["2", "3", "1"]), (2, 2, ["3", "1", "2"]), (1, -1, ["1", "3", "2"]), (1, 9, ["2", "1", "3"]), (2, 0.3, ["1", "2", "3"]),
])  # fmt: skip
def test_lines_are_carried_to_another_place(
    stage: Stage, panel: MixPanel, row: int, lines: float, order: list[str]
) -> None:
    piled(stage, 1, 2, 3)
    QApplication.processEvents()
    carry(panel.pile.rows[row], lines)
    assert seeds(stage.store.recipe) == order
    assert stage.steps == (order != ["1", "2", "3"])
    assert seeds(stage.store.recipe)[panel.desk.chosen] == str(row + 1)


def test_the_equalizer_and_all_that_says_b_follow_the_chosen_one(stage: Stage, panel: MixPanel) -> None:
    piled(stage, 1, 2)
    stage.store.do(mixing.with_amounts(stage.store.recipe, (1.0, 0.0, 0.25), 1), "")
    QTest.mouseClick(panel.pile.rows[1], LEFT, pos=QPoint(WORDS, 8))
    assert panel.equalizer.edits.values == (1.0, 0.0, 0.25, 0.0, 0.0, 0.0)
    panel.equalizer.edits.lay((0.0,) * 5 + (1.0,), "fine")
    assert mixing.amounts(stage.store.recipe, 6, 1) == (0.0,) * 5 + (1.0,)
    assert mixing.amounts(stage.store.recipe, 6, 0) == (0.5,) * 6
    QTest.mouseClick(panel.pile.rows[0], LEFT, pos=QPoint(WORDS, 8))
    assert panel.equalizer.edits.values == (0.5,) * 6
    assert panel.pile.rows[0].chosen
    assert not panel.pile.rows[1].chosen


def test_faders_move_all_layers_or_a_part_and_keep_the_curve(qtbot: QtBot, stage: Stage, panel: MixPanel) -> None:
    piled(stage, 1)
    panel.open_desk(True)
    stage.store.show(mixing.with_amounts(stage.store.recipe, (0.8, 0.4, 0.0, 0.0, 0.2, 0.2)))
    fader = panel.pile.rows[0].fader
    assert fader.value() == 80
    fader.setFocus()
    QTest.mousePress(fader, LEFT, pos=QPoint(round(fader._x(80)), 10))
    for tick in (40, 0, 40):
        move(fader, QPoint(round(fader._x(tick)), 10))
    assert mixing.amounts(stage.store.recipe, 6) == pytest.approx((0.4, 0.2, 0.0, 0.0, 0.1, 0.1), abs=0.01)
    move(fader, QPoint(0, 10))
    QTest.mouseRelease(fader, LEFT, pos=QPoint(0, 10))
    assert mixing.amounts(stage.store.recipe, 6) == (0.0,) * 6
    QTest.mouseClick(fader, LEFT, pos=QPoint(fader.width(), 10))
    assert mixing.amounts(stage.store.recipe, 6) == pytest.approx((1.0, 0.5, 0.0, 0.0, 0.25, 0.25))  # it came back
    panel.bar.part.setCurrentText("Fine")
    assert fader.value() == 25
    QTest.mouseClick(fader, LEFT, pos=QPoint(fader.width(), 10))
    info = stage.bridge.model
    assert info is not None
    fine = [row for row, layer in enumerate(info.layers) if layer.band == "fine"]
    values = mixing.amounts(stage.store.recipe, 6)
    assert all(values[row] == 1 for row in fine)
    assert values[0] == 1.0
    assert values[1] == 0.5


def test_what_is_off_is_told_and_shown_faint(stage: Stage, panel: MixPanel) -> None:
    piled(stage, 1, 2)
    assert not panel.note.isVisible()
    QTest.mouseClick(panel.pile.rows[0].eye, LEFT)
    assert panel.note.isVisible()
    assert "seed 1" in panel.note.text()
    assert panel.equalizer.edits.muted() == frozenset(range(6))
    panel.show_face("psi")
    assert not panel.note.isVisible()
    assert panel.equalizer.edits.muted() == frozenset()
    panel.show_face("mix")
    QTest.mouseClick(panel.pile.rows[0].eye, LEFT)
    assert not panel.note.isVisible()
    assert mixing.amounts(stage.store.recipe, 6) == (0.5,) * 6
