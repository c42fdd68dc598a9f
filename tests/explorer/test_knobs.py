"""Sliders, words side by side and typed numbers: one gesture, one step, by whatever hand."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe
from engine.render.info import LayerInfo, ModelInfo
from explorer.bridge import Bridge
from explorer.panels.shape import NOISE, ShapePanel
from explorer.store import Store
from explorer.widgets.bound import Knob
from explorer.widgets.choice import Choice
from explorer.widgets.slide import REST
from tests.explorer.stage import drag, move, wheel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def knob(qtbot: QtBot, store: Store) -> Knob:
    widget = Knob(store, "truncation.psi", origin=0.0)
    qtbot.addWidget(widget)
    widget.resize(320, 28)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def notes(store: Store) -> list[str]:
    return [entry.note for entry in store.history.entries][1:]


def at(knob: Knob, value: float) -> QPoint:
    return QPoint(round(knob.slide._x(knob._tick(value))), knob.slide.height() // 2)


def test_a_drag_moves_the_recipe_all_the_way_and_is_one_step(knob: Knob, store: Store) -> None:
    seen: list[float] = []
    store.changed.connect(lambda recipe: seen.append(recipe.truncation.psi))
    drag(knob.slide, at(knob, 1.0), at(knob, 0.8), at(knob, 0.6), at(knob, 0.5))
    assert len(seen) == 3
    assert store.recipe.truncation.psi == pytest.approx(0.5, abs=0.03)
    assert len(notes(store)) == 1
    assert notes(store)[0].startswith("Truncation 0.")
    store.undo()
    assert knob.slide.value() == 100
    assert knob.value.text() == "1.00"


def test_touching_the_handle_changes_nothing(knob: Knob, store: Store) -> None:
    QTest.mouseClick(knob.slide, LEFT, pos=at(knob, 1.0) + QPoint(3, 2))
    assert store.recipe == Recipe()
    assert notes(store) == []


def test_a_click_in_the_groove_goes_there(knob: Knob, store: Store) -> None:
    QTest.mouseClick(knob.slide, LEFT, pos=at(knob, -0.5))
    assert store.recipe.truncation.psi == pytest.approx(-0.5, abs=0.03)
    assert len(notes(store)) == 1


def test_the_wheel_needs_the_focus(knob: Knob, store: Store, qtbot: QtBot) -> None:
    knob.slide.clearFocus()
    assert not wheel(knob.slide, at(knob, 1.0), 1)
    assert store.recipe == Recipe()
    knob.slide.setFocus()
    for _ in range(3):
        assert wheel(knob.slide, at(knob, 1.0), -1)
    assert store.recipe.truncation.psi == pytest.approx(0.85)
    assert notes(store) == []
    qtbot.waitUntil(lambda: len(notes(store)) == 1, timeout=REST * 5)


def test_keys_end_to_end(knob: Knob, store: Store, qtbot: QtBot) -> None:
    knob.slide.setFocus()
    for key, value in (
        (Qt.Key.Key_End, 2.0), (Qt.Key.Key_Home, -1.0), (Qt.Key.Key_Right, -0.99), (Qt.Key.Key_PageUp, -0.94),
        (Qt.Key.Key_Left, -0.95), (Qt.Key.Key_Delete, 1.0),
    ):  # fmt: skip
        qtbot.keyClick(knob.slide, key)
        assert store.recipe.truncation.psi == pytest.approx(value)
    qtbot.keyClick(knob.slide, Qt.Key.Key_Home)
    assert notes(store) == []
    knob.slide.clearFocus()
    assert notes(store) == ["Truncation −1.00"]


def test_double_click_is_the_default(knob: Knob, store: Store) -> None:
    store.set("truncation.psi", 0.2)
    store.keep("before")
    QTest.mouseDClick(knob.slide, LEFT, pos=at(knob, 0.2))
    assert store.recipe.truncation.psi == 1.0


@pytest.mark.parametrize(("typed", "value"), [("0.65", 0.65), ("-0,5", -0.5), ("1.2345", 1.2345), (" 2 ", 2.0)])
def test_numbers_are_typed(knob: Knob, store: Store, qtbot: QtBot, typed: str, value: float) -> None:
    knob.value.setFocus()
    knob.value.selectAll()
    qtbot.keyClicks(knob.value, typed)
    qtbot.keyClick(knob.value, Qt.Key.Key_Return)
    assert store.recipe.truncation.psi == value
    assert len(notes(store)) == 1


@pytest.mark.parametrize("typed", ["", "wild", "9", "-3", "nan", "inf"])
def test_what_is_no_number_is_refused_and_the_old_one_stays(knob: Knob, store: Store, qtbot: QtBot, typed: str) -> None:
    knob.value.setFocus()
    knob.value.selectAll()
    qtbot.keyClick(knob.value, Qt.Key.Key_Delete)
    qtbot.keyClicks(knob.value, typed)
    qtbot.keyClick(knob.value, Qt.Key.Key_Return)
    assert store.recipe == Recipe()
    assert knob.value.text() == "1.00"


def test_a_slider_shows_what_the_store_holds_and_tells_nobody(knob: Knob, store: Store) -> None:
    changes: list[object] = []
    store.set("truncation.psi", 1.2345)
    store.changed.connect(changes.append)
    assert knob.slide.value() == 123
    assert store.recipe.truncation.psi == 1.2345
    assert not changes


def test_words_and_terms_stand_together(knob: Knob) -> None:
    assert knob.label.text() == "Truncation"
    assert "psi" in knob.toolTip()
    assert knob.slide.accessibleName() == "Truncation"


def test_a_choice_is_one_step(qtbot: QtBot, store: Store) -> None:
    choice = Choice(store, "noise.mode", NOISE)
    qtbot.addWidget(choice)
    choice.show()
    qtbot.mouseClick(choice.buttons["random"], LEFT)
    assert store.recipe.noise.mode == "random"
    store.undo()
    assert choice.buttons["const"].isChecked()


def card(layers: int, noise: bool, has_w: bool = True) -> ModelInfo:
    rows = tuple(LayerInfo(row, str(row), 8, "coarse", noise) for row in range(layers))
    return ModelInfo(Recipe().model, None, "stylegan1", 8, 3, rows, 4, 4, 1, has_w, 0, (), 0, "", "")


def test_the_shape_panel_follows_the_model(qtbot: QtBot, store: Store) -> None:
    bridge = Bridge(store, lambda: None)
    panel = ShapePanel(store, bridge)
    qtbot.addWidget(panel)
    panel.show()
    bridge.model_changed.emit(card(6, noise=True))
    assert panel.cutoff.slide.maximum() == 6
    assert panel.cutoff.value.text() == "all"
    assert not panel.seed.isEnabled()
    store.set("noise.mode", "random")
    assert panel.seed.isEnabled()
    panel.cutoff.slide.setFocus()
    qtbot.keyClick(panel.cutoff.slide, Qt.Key.Key_Left)
    assert store.recipe.truncation.cutoff == 5
    qtbot.keyClick(panel.cutoff.slide, Qt.Key.Key_End)
    assert store.recipe.truncation.cutoff == 64
    panel.cutoff.value.setFocus()
    panel.cutoff.value.selectAll()
    qtbot.keyClicks(panel.cutoff.value, "3")
    qtbot.keyClick(panel.cutoff.value, Qt.Key.Key_Return)
    assert store.recipe.truncation.cutoff == 3
    bridge.model_changed.emit(card(6, noise=False))
    assert not panel.mode.isVisible()
    assert panel._no_noise.isVisible()
    bridge.model_changed.emit(card(6, noise=True, has_w=False))
    assert not panel.psi.isVisible()


def test_a_moving_slider_ends_on_its_last_value(knob: Knob, store: Store) -> None:
    QTest.mousePress(knob.slide, LEFT, pos=at(knob, 1.0))
    for step in range(100):
        move(knob.slide, at(knob, 1.0 - step / 100))
    QTest.mouseRelease(knob.slide, LEFT, pos=at(knob, 0.01))
    assert store.recipe.truncation.psi == pytest.approx(0.01, abs=0.03)
    assert len(notes(store)) == 1
