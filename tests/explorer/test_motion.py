"""The noise that moves by itself: evenly, one step of undo, and never against the timeline."""

import dataclasses

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe, put
from engine.recipe.timeline import Key, Timeline
from explorer.history_names import named
from explorer.panels.shape import ShapePanel
from explorer.settings import Settings
from explorer.timelines import TimelineDesk
from explorer.widgets.motion_row import MotionRow
from explorer.widgets.time_menus import WanderMenu
from tests.explorer.stage import Stage


@pytest.fixture
def row(stage: Stage, qtbot: QtBot) -> MotionRow:
    row = MotionRow(stage.store)
    qtbot.addWidget(row, before_close_func=lambda row: row.motion.stop())
    row.show()
    return row


def test_it_flows_and_is_one_step_of_undo(stage: Stage, row: MotionRow, qtbot: QtBot) -> None:
    before, phases = stage.steps, []
    stage.store.changed.connect(lambda recipe: phases.append(recipe.noise.phase))
    row.set_speed(4.0)
    qtbot.mouseClick(row.player, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(phases) > 6, timeout=10_000)
    assert row.player.isChecked()
    qtbot.mouseClick(row.player, Qt.MouseButton.LeftButton)
    assert phases == sorted(phases)
    assert 0 < phases[-1] <= 4.0 * 0.25 * len(phases)
    assert stage.steps == before + 1
    assert stage.store.history.entries[-1].note == "Noise moved"
    qtbot.mouseClick(row.settler, Qt.MouseButton.LeftButton)
    assert stage.store.recipe.noise.phase == 0.0
    assert not row.settler.isEnabled()
    stage.store.undo()
    stage.store.undo()
    assert stage.store.recipe.noise.phase == 0.0
    assert not stage.errors


def test_without_noise_nothing_moves(stage: Stage, row: MotionRow) -> None:
    stage.store.set("noise.mode", "off")
    assert not row.player.isEnabled()
    row.motion.toggle()
    assert not row.motion.playing


def test_noise_that_is_switched_off_stops_it(stage: Stage, row: MotionRow, qtbot: QtBot) -> None:
    row.motion.toggle()
    stage.store.set("noise.mode", "off")
    qtbot.waitUntil(lambda: not row.motion.playing, timeout=5000)


def test_it_and_the_timeline_give_way_to_one_another(stage: Stage, row: MotionRow) -> None:
    desk, recipe = TimelineDesk.of(stage.store), stage.store.recipe
    desk.do(Timeline(keys=(Key(0.0, recipe), Key(9.0, put(recipe, "truncation.psi", 0.3)))), "Two keys")
    row.motion.toggle()
    desk.toggle()
    assert (row.motion.playing, desk.playing) == (False, True)
    row.motion.toggle()
    assert (row.motion.playing, desk.playing) == (True, False)


def test_the_panel_has_it_for_models_with_noise_alone(stage: Stage, qtbot: QtBot) -> None:
    panel = ShapePanel(stage.store, stage.bridge)
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.motion.motion.stop())
    panel.show()
    assert panel.motion.isVisible()
    panel.motion.motion.toggle()
    assert stage.bridge.model is not None
    silent = tuple(dataclasses.replace(layer, has_noise=False) for layer in stage.bridge.model.layers)
    stage.bridge.model_changed.emit(dataclasses.replace(stage.bridge.model, layers=silent))
    assert not panel.motion.isVisible()
    assert not panel.motion.motion.playing
    panel.use(Settings(noise_speed=2.5))
    assert panel.motion.value.text() == "2.50/s"
    panel.motion.set_speed(0.5)
    assert panel.habits() == {"noise_speed": 0.5}


def test_a_film_has_its_own_speed(stage: Stage, qtbot: QtBot) -> None:
    desk = TimelineDesk.of(stage.store)
    desk.do(Timeline(keys=(Key(0.0, stage.store.recipe), Key(2.0, stage.store.recipe))), "Two keys")
    menu = WanderMenu(desk)
    qtbot.addWidget(menu)
    menu._fill()
    assert menu.flow.text() == "stands still"
    menu.flow.setValue(1.5)
    menu.flow.editingFinished.emit()
    assert desk.timeline.flow == 1.5
    assert desk.timeline.wander is None
    desk.go(2.0)
    assert stage.store.recipe.noise.phase == 3.0
    desk.undo()
    assert desk.timeline.flow == 0.0


def test_a_step_that_only_moved_the_noise_says_so() -> None:
    assert named(put(Recipe(), "noise.phase", 2.5), Recipe()) == "Noise motion 2.5"
