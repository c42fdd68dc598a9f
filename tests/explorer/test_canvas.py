"""The picture under the hand: walking, pushing, zooming, and always the newest frame."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe, plane, seeded
from engine.render.frame import Frame
from explorer import mixing, zoom
from explorer.canvas import Canvas
from explorer.pixels import enlarged, image
from explorer.store import Store
from explorer.walk import Walk
from explorer.window import Window
from explorer.zoom import Zoom
from tests.explorer.conftest import PATIENCE, settled
from tests.explorer.stage import drag, move, wheel

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def canvas(qtbot: QtBot, store: Store) -> Canvas:
    widget = Canvas(Walk(store))
    qtbot.addWidget(widget)
    widget.resize(432, 432)  # the picture fits in 400 with its margins
    widget.show_frame(Frame(store.recipe, np.zeros((16, 16, 3), np.uint8)))
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_a_drag_walks_one_seed_for_a_picture_and_is_one_step(canvas: Canvas, store: Store) -> None:
    start = canvas.rect().center()
    drag(canvas, start, start + QPoint(50, 20), start + QPoint(100, 50))
    assert plane.place(store.recipe.latent) == pytest.approx((0.25, 0.125))
    assert [entry.note for entry in store.history.entries] == ["Start", "Walked"]
    store.undo()
    assert store.recipe == Recipe()


def test_a_drag_begins_where_the_last_ended(canvas: Canvas, store: Store) -> None:
    start = canvas.rect().center()
    drag(canvas, start, start + QPoint(100, 0))
    drag(canvas, start, start + QPoint(100, 0))
    assert plane.place(store.recipe.latent) == pytest.approx((0.5, 0))
    assert len(store.history.entries) == 3


def test_a_click_changes_nothing(canvas: Canvas, store: Store) -> None:
    start = canvas.rect().center()
    drag(canvas, start, start + QPoint(1, 1))
    assert store.recipe == Recipe()
    assert len(store.history.entries) == 1


def test_linked_b_walks_along(qtbot: QtBot, canvas: Canvas, store: Store) -> None:
    canvas._walk.link(True)
    start = canvas.rect().center()
    drag(canvas, start, start + QPoint(100, 0))
    assert plane.place(mixing.b_latent(store.recipe)) == pytest.approx((1.25, 0))


def test_arrow_keys_walk_and_are_one_step_after_a_rest(qtbot: QtBot, canvas: Canvas, store: Store) -> None:
    canvas.setFocus()
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    assert plane.place(store.recipe.latent) == pytest.approx((0.3, 1.0))
    assert len(store.history.entries) == 1
    qtbot.waitUntil(lambda: len(store.history.entries) == 2, timeout=2000)


def test_middle_button_and_ctrl_push_the_picture(canvas: Canvas, store: Store) -> None:
    canvas.zoom_by(4)
    before, start = canvas.picture_rect(), canvas.rect().center()
    drag(canvas, start, start + QPoint(30, 10), keys=CTRL)
    assert canvas.picture_rect().topLeft() - before.topLeft() == QPointF(30, 10)
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=start)
    move(canvas, start + QPoint(-30, -10))
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=start)
    assert (canvas.picture_rect().topLeft() - before.topLeft()).manhattanLength() < 1e-6
    assert store.recipe == Recipe()


def test_the_wheel_zooms_at_the_pointer_and_double_click_fits(canvas: Canvas) -> None:
    fitted, point = canvas.picture_rect(), QPoint(120, 300)
    share = (point.x() - fitted.x()) / fitted.width()
    wheel(canvas, point, 3)
    larger = canvas.picture_rect()
    assert larger.width() == pytest.approx(fitted.width() * 1.25**3)
    assert (point.x() - larger.x()) / larger.width() == pytest.approx(share)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=point)
    assert canvas.picture_rect() == fitted


def test_one_to_one_is_a_pixel_for_a_pixel(canvas: Canvas) -> None:
    canvas.one_to_one()
    assert canvas.picture_rect().width() * canvas.devicePixelRatioF() == 16
    assert canvas.scale == 1


@pytest.mark.parametrize("factor", [1e-9, 0.3, 1.0, 7.0, 1e9])
def test_zoom_stays_within_reason(factor: float) -> None:
    new = zoom.at_pointer(Zoom(), factor, (10, 390), (64, 64), (400, 400))
    assert new.scale is not None
    assert zoom.LEAST <= new.scale <= zoom.MOST
    assert 0 <= new.x <= 1
    assert 0 <= new.y <= 1


def test_far_zoomed_in_the_pixels_are_shown_as_they_are(qtbot: QtBot, canvas: Canvas, store: Store) -> None:
    pixels = np.zeros((16, 16, 3), np.uint8)
    pixels[:, ::2] = 255
    canvas.show_frame(Frame(store.recipe, pixels))
    canvas.zoom_by(2)
    seen = canvas.grab().toImage()
    assert {seen.pixelColor(x, 200).red() for x in range(100, 300)} == {0, 255}


def test_a_picture_is_shown_in_its_own_colours(canvas: Canvas, store: Store) -> None:
    pixels = np.full((16, 16, 3), (200, 30, 90), np.uint8)
    canvas.show_frame(Frame(store.recipe, pixels))
    assert canvas.grab().toImage().pixelColor(canvas.rect().center()).getRgb()[:3] == (200, 30, 90)


@pytest.mark.parametrize("width", [1, 3, 16, 37, 640])
def test_images_of_every_width_are_upright_and_whole(width: int) -> None:
    pixels = np.random.RandomState(0).randint(0, 256, (5, width, 3), np.uint8)
    for seen in (image(pixels), enlarged(pixels, 1.0)):
        assert (seen.width(), seen.height()) == (width, 5)
        assert seen.pixelColor(width - 1, 4).getRgb()[:3] == tuple(pixels[4, width - 1])
    assert enlarged(pixels, 9.0).width() in (width, 2 * width, 3 * width)


def test_dragging_changes_what_is_seen(window: Window, qtbot: QtBot) -> None:
    before = window.canvas.grab().toImage()
    start = window.canvas.rect().center()
    drag(window.canvas, start, start + QPoint(90, 40), start + QPoint(180, 90))
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    assert window.canvas.grab().toImage() != before
    window.store.undo()
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    assert window.store.recipe.latent == seeded(0)
    qtbot.waitUntil(lambda: window.canvas.grab().toImage() == before, timeout=5000)
