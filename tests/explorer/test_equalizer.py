"""The style equalizer, driven by mouse, wheel and keys."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import put
from explorer import mixing
from explorer.widgets.equalizer import Equalizer
from explorer.widgets.equalizer_difference import difference
from explorer.widgets.equalizer_edits import REST
from explorer.widgets.equalizer_faces import FACTOR, MIX, NOISE, PSI, STRENGTH, faces
from explorer.widgets.equalizer_menu import layer_menu
from explorer.widgets.layer_view import LayerView
from tests.explorer.stage import LEFT, Stage, drag, move, place, staged, wheel
from tests.models import model_file

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def equalizer(qtbot: QtBot, stage: Stage) -> Equalizer:
    widget = Equalizer(stage.store, stage.bridge)
    qtbot.addWidget(widget)
    widget.resize(320, 240)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def amounts(equalizer: Equalizer) -> tuple[float, ...]:
    return mixing.amounts(equalizer.edits.store.recipe, len(equalizer.edits.layers))


def rested(qtbot: QtBot) -> None:
    qtbot.wait(REST + 80)


def test_a_click_sets_one_column_as_one_step(qtbot: QtBot, stage: Stage, equalizer: Equalizer) -> None:
    QTest.mouseClick(equalizer, LEFT, pos=place(equalizer, 2, 0.5))
    rested(qtbot)
    expected = [0.0] * len(amounts(equalizer))
    expected[2] = pytest.approx(0.5, abs=0.02)
    assert list(amounts(equalizer)) == expected
    assert stage.steps == 1
    assert stage.store.history.now.note.startswith("Mix, layer 2: 5")


def test_painting_across_leaves_no_gaps(stage: Stage, equalizer: Equalizer) -> None:
    """Two mouse events, first and last column: everything between lies on the line between them."""
    last = len(amounts(equalizer)) - 1
    drag(equalizer, place(equalizer, 0, 0.2), place(equalizer, last, 0.9))
    found = amounts(equalizer)
    assert found[0] == pytest.approx(0.2, abs=0.02)
    assert found[-1] == pytest.approx(0.9, abs=0.02)
    assert all(0.2 < value < 0.9 for value in found[1:-1])
    assert list(found) == sorted(found)
    assert stage.steps == 1


def test_painting_back_and_beyond_the_edges(stage: Stage, equalizer: Equalizer) -> None:
    last = len(amounts(equalizer)) - 1
    far = [QPoint(-500, -500), QPoint(5000, 5000)]
    drag(equalizer, place(equalizer, last, 0.5), far[0], far[1], place(equalizer, 0, 1.0))
    assert amounts(equalizer)[0] == 1
    assert all(0 <= value <= 1 for value in amounts(equalizer))
    assert stage.steps == 1


def test_the_store_is_told_while_the_drag_goes_on(stage: Stage, equalizer: Equalizer) -> None:
    seen: list[float] = []
    stage.store.changed.connect(lambda recipe: seen.append(mixing.amounts(recipe, 6)[1]))
    drag(equalizer, place(equalizer, 1, 0.1), *(place(equalizer, 1, unit / 10) for unit in range(2, 9)))
    assert len(seen) == 8
    assert seen == sorted(seen)
    stage.store.undo()
    assert amounts(equalizer)[1] == 0


def test_taking_hold_of_a_handle_moves_nothing(qtbot: QtBot, stage: Stage, equalizer: Equalizer) -> None:
    equalizer.edits.lay((0.5,) * len(equalizer.edits.layers), "start")
    QTest.mouseClick(equalizer, LEFT, pos=place(equalizer, 1, 0.5) + QPoint(0, 4))
    rested(qtbot)
    assert amounts(equalizer)[1] == 0.5
    assert stage.steps == 1


def test_shift_stays_in_its_column_and_moves_finely(equalizer: Equalizer) -> None:
    equalizer.edits.lay((0.5,) * len(equalizer.edits.layers), "start")
    drag(equalizer, place(equalizer, 1, 0.5), place(equalizer, 4, 0.9), keys=SHIFT)
    assert amounts(equalizer)[1] == pytest.approx(0.6, abs=0.02)
    assert set(amounts(equalizer)[2:]) == {0.5}


def test_a_bracket_moves_its_band_together(stage: Stage, equalizer: Equalizer) -> None:
    equalizer.edits.lay((0.1, 0.3, 0.2, 0.2, 0.7, 0.7)[: len(equalizer.edits.layers)], "start")
    band = equalizer.geometry_now.bands[0]
    start = band.area.center().toPoint()
    way = round(equalizer.geometry_now.plot.height() / 2)
    before = amounts(equalizer)
    drag(equalizer, start, start - QPoint(0, way // 2), start - QPoint(0, way))
    for row, (old, new) in enumerate(zip(before, amounts(equalizer), strict=True)):
        assert new == pytest.approx(old + (0.5 if row in band.rows else 0), abs=0.03)
    assert stage.steps == 2
    assert stage.store.history.now.note == f"Mix, {band.text} layers"


def test_a_band_keeps_its_shape_when_it_touches_an_end(equalizer: Equalizer) -> None:
    values = tuple(0.2 + 0.1 * row for row in range(len(equalizer.edits.layers)))
    equalizer.edits.lay(values, "start")
    start = equalizer.geometry_now.bands[0].area.center().toPoint()
    drag(equalizer, start, start + QPoint(0, 1000), start)
    assert amounts(equalizer) == pytest.approx(values)


def test_double_click_resets_as_one_gesture(qtbot: QtBot, stage: Stage, equalizer: Equalizer) -> None:
    equalizer.edits.lay((0.5,) * len(equalizer.edits.layers), "start")
    where = place(equalizer, 2, 0.8)
    QTest.mouseClick(equalizer, LEFT, pos=where)
    QTest.mouseDClick(equalizer, LEFT, pos=where)
    rested(qtbot)
    assert amounts(equalizer)[2] == 0
    assert amounts(equalizer)[1] == 0.5
    assert stage.steps == 2


def test_the_wheel_needs_the_focus_or_control(qtbot: QtBot, stage: Stage, equalizer: Equalizer) -> None:
    equalizer.clearFocus()
    assert not wheel(equalizer, place(equalizer, 3, 0.5), 5)
    assert not any(amounts(equalizer))
    assert wheel(equalizer, place(equalizer, 3, 0.5), 5, CONTROL)
    assert wheel(equalizer, place(equalizer, 3, 0.5), 5, CONTROL)
    assert amounts(equalizer)[3] == pytest.approx(0.2)
    assert stage.steps == 0
    rested(qtbot)
    assert stage.steps == 1


def test_the_wheel_over_a_bracket_moves_the_band(qtbot: QtBot, equalizer: Equalizer) -> None:
    band = equalizer.geometry_now.bands[-1]
    wheel(equalizer, band.area.center().toPoint(), 10, CONTROL)
    assert {amounts(equalizer)[row] for row in band.rows} == {0.2}
    rested(qtbot)


def test_keys(qtbot: QtBot, stage: Stage, equalizer: Equalizer) -> None:
    equalizer.setFocus()
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Up, Key.Key_Up, Key.Key_PageUp):
        QTest.keyClick(equalizer, key)
    assert equalizer.chosen == 2
    assert amounts(equalizer)[2] == pytest.approx(0.14)
    rested(qtbot)
    assert stage.steps == 1
    QTest.keyClick(equalizer, Key.Key_End)
    assert amounts(equalizer)[2] == 1
    QTest.keyClick(equalizer, Key.Key_Home)
    QTest.keyClick(equalizer, Key.Key_Up, SHIFT)
    rows = next(band.rows for band in equalizer.geometry_now.bands if 2 in band.rows)
    assert [row for row, value in enumerate(amounts(equalizer)) if value] == list(rows)
    QTest.keyClick(equalizer, Key.Key_Delete)
    assert amounts(equalizer)[2] == 0
    QTest.keyClick(equalizer, Key.Key_Right, CONTROL)
    assert equalizer.chosen not in rows
    rested(qtbot)
    assert stage.steps == 2


def test_enter_asks_to_type_and_other_keys_go_on_to_the_window(qtbot: QtBot, equalizer: Equalizer) -> None:
    with qtbot.waitSignal(equalizer.typing):
        QTest.keyClick(equalizer, Key.Key_Return)
    before = amounts(equalizer)
    QTest.keyClick(equalizer, Key.Key_1)
    assert amounts(equalizer) == before


def test_mute_and_solo_are_steps_and_give_back_what_they_took(stage: Stage, equalizer: Equalizer) -> None:
    start = tuple(round(0.2 + 0.1 * row, 2) for row in range(len(equalizer.edits.layers)))
    equalizer.edits.lay(start, "start")
    equalizer.choose(1)
    QTest.keyClick(equalizer, Key.Key_M)
    assert amounts(equalizer) == (start[0], 0.0, *start[2:])
    assert equalizer.edits.muted() == {1}
    QTest.keyClick(equalizer, Key.Key_M)
    assert amounts(equalizer) == start
    QTest.keyClick(equalizer, Key.Key_M, SHIFT)
    assert amounts(equalizer)[1] == start[1]
    assert sum(map(bool, amounts(equalizer))) == 1
    assert equalizer.edits.aside("Solo", [1])
    assert not equalizer.edits.aside("Solo", [2])
    QTest.keyClick(equalizer, Key.Key_M, SHIFT)
    assert amounts(equalizer) == start
    assert stage.steps == 5


def test_solo_of_a_layer_that_has_nothing_makes_it_heard(equalizer: Equalizer) -> None:
    equalizer.edits.solo([2])
    assert amounts(equalizer)[2] == 1
    assert sum(amounts(equalizer)) == 1


def test_a_change_after_a_mute_ends_it(equalizer: Equalizer) -> None:
    equalizer.edits.lay((0.5,) * len(equalizer.edits.layers), "start")
    equalizer.edits.mute([1])
    equalizer.edits.set({0: 0.9})
    equalizer.edits.end()
    assert equalizer.edits.muted() == frozenset()
    equalizer.edits.mute([1])
    assert amounts(equalizer)[:2] == (0.9, 0.0)


@pytest.mark.parametrize("face", [STRENGTH, PSI, NOISE], ids=lambda face: face.key)
def test_other_faces_paint_their_own_numbers(stage: Stage, equalizer: Equalizer, face) -> None:  # type: ignore[no-untyped-def]
    equalizer.set_face(face)
    drag(equalizer, place(equalizer, 0, 0.9), place(equalizer, 1, 0.1))
    found = face.values(stage.store.recipe, 6)
    assert found[0] == pytest.approx(face.scale.from_unit(0.9), rel=0.06)
    assert found[1] == pytest.approx(face.scale.from_unit(0.1), rel=0.2)
    assert set(found[2:]) == {face.neutral}
    assert not any(amounts(equalizer))
    QTest.mouseDClick(equalizer, LEFT, pos=place(equalizer, 0, 0.2))
    equalizer.edits.reset([1])
    assert face.laid(stage.store.recipe, face.values(stage.store.recipe, 6)) == stage.store.recipe
    assert face.values(stage.store.recipe, 6) == (face.neutral,) * 6
    assert stage.store.recipe == stage.store.history.entries[0].state  # a reset leaves no trace


@pytest.mark.parametrize("face", [MIX, STRENGTH, PSI, NOISE], ids=lambda face: face.key)
def test_scales_go_both_ways_and_end_where_the_field_ends(stage: Stage, face) -> None:  # type: ignore[no-untyped-def]
    for step in range(101):
        assert face.scale.to_unit(face.scale.from_unit(step / 100)) == pytest.approx(step / 100)
    for value in face.range:
        face.laid(stage.store.recipe, (face.rounded(value),) * 3)
    with pytest.raises(ValueError, match="cannot be"):
        put(stage.store.recipe, f"{face.path}.0" if not face.mixes else "truncation.psi", face.range[1] + 3)


def test_neutral_is_stopped_at_not_stepped_over() -> None:
    assert STRENGTH.nudged(0.99, 5) == 1
    assert STRENGTH.nudged(1.01, -5) == 1
    assert PSI.nudged(1, 1) > 1
    assert FACTOR.from_unit(0.5) == 1


def test_notes_say_what_was_done(equalizer: Equalizer, stage: Stage) -> None:
    drag(equalizer, place(equalizer, 0, 0.5), place(equalizer, 2, 0.6))
    assert stage.store.history.now.note == "Mix, 3 layers"
    drag(equalizer, place(equalizer, 1, 0.5), place(equalizer, 1, 1.0))
    assert stage.store.history.now.note == "Mix, layer 1: all B"


def test_hovering_shows_name_value_and_difference(qtbot: QtBot, stage: Stage, equalizer: Equalizer) -> None:
    equalizer.edits.lay((0.25,) * len(equalizer.edits.layers), "start")
    QTest.mouseMove(equalizer, place(equalizer, 4, 0.5))
    QTest.mouseMove(equalizer, place(equalizer, 2, 0.5))
    card = equalizer.explainer.card
    qtbot.waitUntil(card.isVisible, timeout=3000)
    layer = equalizer.edits.layers[2]
    assert f"{layer.resolution} × {layer.resolution}" in card.text
    assert layer.band in card.text
    assert "25 % of B" in card.text
    qtbot.waitUntil(lambda: card.picture is not None, timeout=10_000)
    assert not stage.errors
    QTest.mousePress(equalizer, LEFT, pos=place(equalizer, 2, 0.5))
    assert not card.isVisible()
    QTest.mouseRelease(equalizer, LEFT, pos=place(equalizer, 2, 0.5))


def test_differences_are_kept_and_old_questions_dropped(qtbot: QtBot, stage: Stage, equalizer: Equalizer) -> None:
    answers: list[object] = []
    ask = equalizer.explainer.differences.ask
    pairs = [MIX.question(stage.store.recipe, row, 6) for row in range(4)]
    for pair in pairs:
        ask(pair, answers.append)
    qtbot.waitUntil(lambda: equalizer.explainer.differences.known(pairs[-1]) is not None, timeout=10_000)
    assert len(answers) < 4
    ask(pairs[-1], answers.append)
    assert answers[-1] is answers[-2]


def test_a_difference_glows_where_pictures_differ() -> None:
    import numpy as np

    before = np.full((64, 64, 3), 60, np.uint8)
    after = before.copy()
    after[16:32, 16:32] = 200
    found = difference(before, after)
    assert found.where.pixelColor(20, 20).lightness() > 150
    assert found.where.pixelColor(50, 50).lightness() < 40
    assert found.share > 0


def test_the_view_of_a_layer_opens_and_fills(qtbot: QtBot, stage: Stage, equalizer: Equalizer) -> None:
    next(
        action for action in layer_menu(equalizer, range(1, 2)).actions() if action.text().startswith("View")
    ).trigger()
    view = equalizer.findChild(LayerView)
    assert view is not None
    assert view.isVisible()
    qtbot.waitUntil(lambda: all(plate.image is not None for plate in view.plates), timeout=10_000)
    view.close()


def test_menu_of_a_band(stage: Stage, equalizer: Equalizer) -> None:
    band = equalizer.geometry_now.bands[0]
    actions = {action.text().split("\t")[0]: action for action in layer_menu(equalizer, band.rows).actions()}
    actions["All from B"].trigger()
    assert [row for row, value in enumerate(amounts(equalizer)) if value == 1] == list(band.rows)
    actions["Reset"].trigger()
    assert not any(amounts(equalizer))
    assert stage.steps == 2


def test_it_follows_the_store(stage: Stage, equalizer: Equalizer) -> None:
    blank = equalizer.grab().toImage()
    stage.store.do(mixing.with_amounts(stage.store.recipe, (1.0, 0.5)), "elsewhere")
    assert equalizer.grab().toImage() != blank
    stage.store.undo()
    assert equalizer.grab().toImage() == blank


def test_it_can_be_heard(stage: Stage, equalizer: Equalizer) -> None:
    equalizer.choose(1)
    assert "Layer 1" in equalizer.accessibleDescription()
    assert equalizer.accessibleName().startswith("Style equalizer")


def test_faces_for_a_model_without_styles_or_noise(qtbot: QtBot, tmp_path: Path) -> None:
    with staged(qtbot, model_file(tmp_path, "progan")) as stage:
        assert [face.key for face in faces(stage.bridge.model)] == ["mix"]
        widget = Equalizer(stage.store, stage.bridge)
        qtbot.addWidget(widget)
        widget.resize(300, 220)
        assert len(widget.geometry_now.columns) == 1
        drag(widget, place(widget, 0, 0.1), place(widget, 0, 0.6))
        assert mixing.amounts(stage.store.recipe, 1) == (pytest.approx(0.6, abs=0.02),)


def test_hover_moves_without_a_button_do_not_paint(equalizer: Equalizer) -> None:
    QTest.mouseMove(equalizer, place(equalizer, 1, 0.7))
    assert not any(amounts(equalizer))
    move_only = place(equalizer, 2, 0.9)
    QTest.mousePress(equalizer, Qt.MouseButton.MiddleButton, pos=move_only)
    QTest.mouseRelease(equalizer, Qt.MouseButton.MiddleButton, pos=move_only)
    move(equalizer, move_only)
    assert not any(amounts(equalizer))
