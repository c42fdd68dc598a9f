"""The handles that move and turn the picture: pulled on the canvas, typed in the panel, gone where a model has none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.networks import FAMILIES
from engine.recipe import Transform
from explorer import placing
from explorer.panels.shape import ShapePanel
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, open_window, settled
from tests.explorer.stage import LEFT, drag
from tests.models import model_file

SHIFT = Qt.KeyboardModifier.ShiftModifier
AREA = QRectF(100, 100, 400, 400)
CENTRE = QPointF(300, 300)


@pytest.fixture
def window(qtbot: QtBot, home: Path, tmp_path: Path) -> Iterator[Window]:
    """With a tiny model that can move what it draws."""
    window = open_window(qtbot, home, model_file(tmp_path, "stylegan3"))
    qtbot.waitUntil(lambda: window.bridge.model is not None and window.bridge.model.transforms, timeout=PATIENCE)
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    yield window
    window.close()


def centre(window: Window) -> QPoint:
    return window.handles.centre.toPoint()


def knob(window: Window) -> QPoint:
    return placing.knob(window.handles.centre, window.handles.transform.angle).toPoint()


def test_pulling_the_middle_moves_the_picture_and_is_one_step(window: Window, qtbot: QtBot) -> None:
    before, side = window.canvas.grab().toImage(), window.canvas.picture_rect().width()
    latent, start, steps = window.store.recipe.latent, centre(window), len(window.store.history.entries)
    drag(window.canvas, start, start + QPoint(round(side / 8), 0), start + QPoint(round(side / 4), -round(side / 8)))
    found = window.store.recipe.transform
    assert (found.x, found.y, found.angle) == pytest.approx((0.25, -0.125, 0), abs=0.01)
    assert window.store.recipe.latent == latent  # nobody walked
    assert len(window.store.history.entries) == steps + 1
    assert window.store.history.now.note.startswith("Moved: 0.2")
    assert (centre(window) - start).x() == pytest.approx(side / 4, abs=2)  # the handle stays under the hand
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    assert window.canvas.grab().toImage() != before
    window.store.undo()
    assert window.store.recipe.transform == Transform()


def test_pulling_the_ring_turns_it(window: Window) -> None:
    start, middle = knob(window), centre(window)
    assert start.y() < middle.y()  # above
    drag(window.canvas, start, middle + QPoint(-31, -31), middle + QPoint(-44, 0))
    assert window.store.recipe.transform.angle == pytest.approx(90, abs=2)
    assert knob(window).x() < middle.x()
    drag(window.canvas, knob(window), middle + QPoint(-31, 31), keys=SHIFT)
    assert window.store.recipe.transform.angle == 135
    QTest.mouseDClick(window.canvas, LEFT, pos=knob(window))
    assert window.store.recipe.transform == Transform()
    assert window.store.history.now.note == "Turned back"


def test_beside_the_handles_the_hand_walks(window: Window) -> None:
    start = centre(window) + QPoint(90, 90)
    drag(window.canvas, start, start + QPoint(40, 0))
    assert window.store.recipe.transform == Transform()
    assert window.store.history.now.note == "Walked"


def test_the_key_hides_them_and_the_window_remembers(window: Window, qtbot: QtBot) -> None:
    assert window.handles.active
    qtbot.keyClick(window.canvas, Qt.Key.Key_M)
    assert not window.handles.active
    start = centre(window)
    drag(window.canvas, start, start + QPoint(40, 0))
    assert window.store.recipe.transform == Transform()
    window.close()
    assert not window.files.settings.handles


def test_never_in_front_of_an_audience(window: Window) -> None:
    window.canvas.set_output(True)
    assert not window.handles.active
    window.canvas.set_output(False)
    assert window.handles.active


def test_numbers_are_shown_typed_and_put_back(window: Window, qtbot: QtBot) -> None:
    rows = window.panels[ShapePanel].place
    assert rows.isVisible()
    assert not rows.reset.isEnabled()
    rows.angle.value.setFocus()
    rows.angle.value.selectAll()
    qtbot.keyClicks(rows.angle.value, "-30°")
    qtbot.keyClick(rows.angle.value, Qt.Key.Key_Return)
    assert window.store.recipe.transform == Transform(0, 0, -30)
    assert rows.angle.value.text() == "−30°"
    drag(window.canvas, centre(window), centre(window) + QPoint(0, 40))
    assert rows.down.slide.value() == round(window.store.recipe.transform.y * 100) > 0
    rows.reset.click()
    assert window.store.recipe.transform == Transform()
    window.store.undo()
    assert window.store.recipe.transform.angle == -30


@pytest.mark.parametrize("family", [name for name in FAMILIES if name not in ("stylegan3", "stylegan-xl")])
def test_other_families_have_none(qtbot: QtBot, home: Path, tmp_path: Path, family: str) -> None:
    window = open_window(qtbot, home, model_file(tmp_path, family))
    qtbot.waitUntil(lambda: window.bridge.model is not None and settled(window), timeout=PATIENCE)
    assert not window.handles.active
    assert not window.panels[ShapePanel].place.isVisible()
    window.close()


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (1.0, -1.0), (-0.4, 0.2)])
def test_the_handles_can_always_be_reached(x: float, y: float) -> None:
    seen = QRectF(0, 0, 500, 500)
    found = placing.middle(Transform(x, y, 0), AREA, seen)
    assert seen.contains(found)
    assert seen.contains(placing.knob(found, 200))


def test_plain_numbers_of_pulling() -> None:
    assert placing.moved(Transform(0.9, 0, 5), QPointF(100, 40), AREA, straight=True) == Transform(1.0, 0.0, 5)
    full = Transform(0, 0, 170)
    half = placing.turned(full, QPointF(300, 200), QPointF(200, 300), CENTRE, steps=False)
    assert half.angle == -100  # 260 within half a turn
    assert placing.grip_at(CENTRE, CENTRE, 0) == "move"
    assert placing.grip_at(CENTRE + QPointF(placing.RING, 0), CENTRE, 0) == "turn"
    assert placing.grip_at(CENTRE + QPointF(120, 0), CENTRE, 0) is None
