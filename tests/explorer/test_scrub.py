"""Alt on the picture moves the equalizer's columns, one step a drag, and says what it does."""

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe
from explorer import mixing
from explorer.panels.mix import MixPanel
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, settled
from tests.explorer.stage import drag, move, wheel

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CURSOR = Qt.CursorShape


def over(window: Window, row: int, height: float = 0.5) -> QPoint:
    """The middle of a layer's share of the picture."""
    area, count = window.canvas.picture_rect(), len(window.scrub._equalizer.edits.layers)
    return QPointF(area.left() + area.width() * (row + 0.5) / count, area.bottom() - area.height() * height).toPoint()


def amounts(window: Window) -> tuple[float, ...]:
    return mixing.amounts(window.store.recipe, 6)


def hover(window: Window, point: QPoint, keys: Qt.KeyboardModifier) -> None:
    """A move of the mouse without a button."""
    from PyQt6.QtCore import QEvent
    from PyQt6.QtGui import QMouseEvent

    none, there = Qt.MouseButton.NoButton, QPointF(window.canvas.mapToGlobal(point))
    QApplication.sendEvent(window.canvas, QMouseEvent(QEvent.Type.MouseMove, QPointF(point), there, none, none, keys))


def test_an_alt_drag_moves_one_layer_and_is_one_step(window: Window, qtbot: QtBot) -> None:
    before, height = window.canvas.grab().toImage(), window.canvas.picture_rect().height()
    start = over(window, 2)
    drag(window.canvas, start, start - QPoint(0, 20), start - QPoint(120, round(height * 0.4)), keys=ALT)
    assert amounts(window) == pytest.approx((0, 0, 0.4, 0, 0, 0), abs=0.02)
    assert [entry.note.split(":")[0] for entry in window.store.history.entries[1:]] == ["Mix, layer 2"]
    assert window.store.recipe.latent == Recipe().latent
    assert window.panels[MixPanel].equalizer.chosen == 2
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    assert window.canvas.grab().toImage() != before
    window.store.undo()
    assert not any(amounts(window))


def test_shift_is_finer_and_the_ends_hold(window: Window) -> None:
    height, start = window.canvas.picture_rect().height(), over(window, 1)
    drag(window.canvas, start, start - QPoint(0, round(height * 0.4)), keys=ALT | SHIFT)
    assert amounts(window)[1] == pytest.approx(0.1, abs=0.02)
    drag(window.canvas, start, start - QPoint(0, 9000), keys=ALT)
    assert amounts(window)[1] == 1
    drag(window.canvas, start, start + QPoint(0, 9000), keys=ALT)
    assert amounts(window)[1] == 0


def test_it_moves_the_face_that_is_shown(window: Window) -> None:
    window.panels[MixPanel].show_face("strength")
    start = over(window, 3)
    drag(window.canvas, start, start - QPoint(0, 60), keys=ALT)
    assert window.store.recipe.strength[3] > 1
    assert not any(amounts(window))


def test_a_label_says_layer_and_value_while_alt_is_held(window: Window) -> None:
    start, scrub = over(window, 0), window.scrub
    hover(window, start, ALT)
    assert window.canvas.cursor().shape() == CURSOR.SizeVerCursor
    assert scrub.overlay.isVisible()
    assert scrub.overlay.text == "Layer 0 · 4 × 4 · Mix: all A"
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, ALT, start)
    move(window.canvas, start - QPoint(0, 9000), ALT)
    assert scrub.overlay.text == "Layer 0 · 4 × 4 · Mix: all B"
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, ALT, start)
    hover(window, start, Qt.KeyboardModifier.NoModifier)
    assert not scrub.overlay.isVisible()
    assert window.canvas.cursor().shape() == CURSOR.OpenHandCursor


def test_the_alt_key_itself_shows_it(window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.canvas, "underMouse", lambda: True)
    qtbot.keyPress(window.canvas, Qt.Key.Key_Alt)
    assert window.canvas.cursor().shape() == CURSOR.SizeVerCursor
    qtbot.keyRelease(window.canvas, Qt.Key.Key_Alt)
    assert window.canvas.cursor().shape() == CURSOR.OpenHandCursor


def test_alt_let_go_in_the_middle_ends_with_the_button(window: Window) -> None:
    start = over(window, 4)
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, ALT, start)
    move(window.canvas, start - QPoint(0, 50))
    move(window.canvas, start - QPoint(0, 100))
    assert window.scrub.dragging
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=start)
    assert not window.scrub.overlay.isVisible()
    assert amounts(window)[4] > 0
    assert len(window.store.history.entries) == 2


def test_wheel_nudges_and_double_click_resets(window: Window, qtbot: QtBot) -> None:
    wheel(window.canvas, over(window, 5), 3, ALT)
    assert amounts(window)[5] == pytest.approx(0.06)
    qtbot.waitUntil(lambda: len(window.store.history.entries) == 2, timeout=2000)
    QTest.mouseDClick(window.canvas, Qt.MouseButton.LeftButton, ALT, over(window, 5))
    assert amounts(window)[5] == 0
    assert len(window.store.history.entries) == 3


def test_nothing_is_said_in_front_of_an_audience(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, Qt.Key.Key_F11)
    start = over(window, 1)
    drag(window.canvas, start, start - QPoint(0, 80), keys=ALT)
    hover(window, start, ALT)
    assert amounts(window)[1] > 0
    assert not window.scrub.overlay.isVisible()
    assert window.canvas.cursor().shape() == CURSOR.BlankCursor
