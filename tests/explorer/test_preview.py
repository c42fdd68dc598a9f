"""A smaller picture while something moves: seen in the place of the whole one, and by nobody who keeps pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe
from engine.render.frame import Frame
from engine.render.renderer import Renderer
from explorer import settings
from explorer.bridge import Bridge
from explorer.canvas import Canvas
from explorer.pixels import MOST, enlarged, image
from explorer.recorder import Recorder
from explorer.second_monitor import MonitorWindow
from explorer.settings_pages import ROWS
from explorer.status import Status
from explorer.store import Store
from explorer.thumbnails import Thumbnails, plain
from explorer.walk import Walk
from explorer.window import Window

WHOLE, FACTOR = 64, 4


def picture(recipe: Recipe, side: int, factor: int = 1) -> Frame:
    """Left half black, right half white."""
    pixels = np.zeros((side, side, 3), np.uint8)
    pixels[:, side // 2 :] = 255
    return Frame(recipe, pixels, 0.5, factor=factor)


class Early:
    """Shows a preview first, and the whole picture once it may."""

    def __init__(self) -> None:
        self.held = False
        self.learned = 0

    def render(self, recipe: Recipe, stale: Callable[[], bool], early: Any = None) -> Frame:
        if early is not None:
            early(picture(recipe, WHOLE // FACTOR, FACTOR), 0.01)
        while self.held and not stale():
            pass
        return picture(recipe, WHOLE)

    def learn(self, stale: Callable[[], bool]) -> None:
        self.learned += 1

    def info(self, recipe: Recipe) -> str:
        return "card"


@pytest.fixture
def renderer() -> Early:
    return Early()


@pytest.fixture
def bridge(qtbot: QtBot, renderer: Early) -> Iterator[Bridge]:
    store = Store()
    bridge = Bridge(store, lambda: renderer)
    bridge.setProperty("store", store)
    with qtbot.waitSignal(bridge.framed, timeout=5000):
        bridge.start(store.recipe)
    bridge.show_previews(True)
    yield bridge
    renderer.held = False
    bridge.close()


def test_a_preview_is_told_by_itself_and_the_whole_picture_follows(
    qtbot: QtBot, bridge: Bridge, renderer: Early
) -> None:
    store, status, whole = bridge.property("store"), Status(bridge.property("store"), bridge), bridge.frame
    monitor, busy = MonitorWindow(bridge), list[bool]()
    qtbot.addWidget(status)
    qtbot.addWidget(monitor)
    bridge.busy.connect(busy.append)
    renderer.held = True
    with qtbot.waitSignal(bridge.previewed, timeout=5000):
        store.set("noise.seed", 5)
    assert status.facts.text().endswith("preview 16²  ·")
    assert monitor.frame is not None
    assert monitor.frame.preview
    assert bridge.frame is whole  # what copies, exports and keeps pictures looks at
    assert busy == [True]
    renderer.held = False
    with qtbot.waitSignal(bridge.framed, timeout=5000):
        pass
    assert bridge.frame is not None
    assert (bridge.frame.recipe, bridge.frame.preview) == (store.recipe, False)
    assert status.facts.text().endswith("·  64²  ·")
    assert busy == [True, False]
    qtbot.waitUntil(lambda: renderer.learned == 1, timeout=5000)


def test_nobody_keeps_a_preview(qtbot: QtBot, bridge: Bridge, renderer: Early) -> None:
    store, recorder = bridge.property("store"), Recorder(bridge)
    shown, thumbnails = list[Frame](), Thumbnails.shared(store, bridge)
    recorder._show = shown.append  # type: ignore[method-assign]
    bridge.framed.connect(lambda frame: recorder._show(frame))
    renderer.held = True
    with qtbot.waitSignal(bridge.previewed, timeout=5000):
        store.set("noise.seed", 6)
    thumbnails._rested()
    assert plain(store.recipe) not in thumbnails._kept
    assert not shown
    renderer.held = False
    qtbot.waitUntil(lambda: len(shown) == 1, timeout=5000)
    assert not shown[0].preview
    thumbnails._rested()
    assert plain(store.recipe) in thumbnails._kept


@contextmanager
def halfway(qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The window between a preview of the next change and its whole picture."""
    render, go_on = Renderer.render, Event()

    def held(self: Any, recipe: Recipe, stale: Any = lambda: False, early: Any = None) -> Frame:
        if early is not None:
            early(picture(recipe, 4, FACTOR), 0.01)
            go_on.wait(5.0)
        return render(self, recipe, stale)

    monkeypatch.setattr(Renderer, "render", held)
    with qtbot.waitSignal(window.bridge.previewed, timeout=5000):
        qtbot.keyClick(window.canvas, Qt.Key.Key_R)
    try:
        yield
    finally:
        go_on.set()


def test_what_is_copied_during_a_preview_is_the_whole_picture_of_what_is_seen(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.clear()
    assert window.bridge.frame is not None
    before = image(window.bridge.frame.pixels)
    with halfway(qtbot, window, monkeypatch):
        wanted = window.store.recipe
        qtbot.keyClick(window.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert clipboard.image().isNull()
    qtbot.waitUntil(lambda: not clipboard.image().isNull(), timeout=5000)
    assert (window.bridge.frame.recipe, window.bridge.frame.preview) == (wanted, False)
    copied = clipboard.image().convertToFormat(before.format())
    assert copied == image(window.bridge.frame.pixels) != before


def test_a_recording_begins_with_the_whole_picture_of_what_is_seen(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown, recorder = list[Any](), Recorder(window.bridge)
    with halfway(qtbot, window, monkeypatch):
        recorder.start(tmp_path / "film.mp4")
        monkeypatch.setattr(recorder._queue, "put_nowait", shown.append)
        qtbot.wait(40)
        assert not shown
    qtbot.waitUntil(lambda: bool(shown), timeout=5000)
    assert window.bridge.frame is not None
    assert shown[0][0] is window.bridge.frame.pixels
    assert shown[0][1] == 0.0
    assert window.bridge.frame.recipe == window.store.recipe
    recorder.stop(wait=True)


def test_switched_off_only_whole_pictures_come(qtbot: QtBot, bridge: Bridge, renderer: Early) -> None:
    previews = list[Frame]()
    bridge.previewed.connect(previews.append)
    bridge.show_previews(False)
    with qtbot.waitSignal(bridge.framed, timeout=5000):
        bridge.property("store").set("noise.seed", 7)
    assert not previews
    assert not renderer.learned


def test_the_setting_reaches_the_thread_at_once(window: Window) -> None:
    assert window.bridge._thread.previews
    window.files.change(previews="never")
    assert not window.bridge._thread.previews
    window.files.change(previews="moving")
    assert window.bridge._thread.previews


def test_a_recording_is_of_whole_pictures(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    recorder, previews = Recorder(bridge), list[Frame]()
    bridge.previewed.connect(previews.append)
    recorder.start(tmp_path / "film.mp4")
    with qtbot.waitSignal(bridge.framed, timeout=5000):
        bridge.property("store").set("noise.seed", 8)
    assert not previews
    recorder.stop(wait=True)
    with qtbot.waitSignal(bridge.previewed, timeout=5000):
        bridge.property("store").set("noise.seed", 9)


def test_the_canvas_shows_it_in_the_place_of_the_whole_and_smoothly(qtbot: QtBot) -> None:
    store = Store()
    canvas = Canvas(Walk(store))
    qtbot.addWidget(canvas)
    canvas.resize(432, 432)
    for zoomed in (False, True):
        if zoomed:
            canvas.zoom_by(3.0)
        canvas.show_frame(picture(store.recipe, WHOLE))
        place, scale, sharp = canvas.picture_rect(), canvas.scale, canvas.grab().toImage()
        canvas.show_frame(picture(store.recipe, WHOLE // FACTOR, FACTOR))
        assert (canvas.picture_rect(), canvas.scale) == (place, scale)
        soft, row = canvas.grab().toImage(), canvas.height() // 2
        across = {QColor(soft.pixel(x, row)).value() for x in range(round(place.left()) + 8, canvas.width() - 24)}
        assert len(across) > 8  # a slope, no step
        assert abs(soft.pixelColor(40, row).value() - sharp.pixelColor(40, row).value()) < 8


def test_a_preview_is_made_as_large_as_the_better_filter_may() -> None:
    assert enlarged(np.zeros((16, 16, 3), np.uint8), 60.0, MOST).width() == 256
    assert enlarged(np.zeros((16, 16, 3), np.uint8), 60.0).width() == 48
    assert enlarged(np.zeros((512, 512, 3), np.uint8), 2.0, MOST).width() == 512


def test_the_setting_has_words_and_a_default() -> None:
    choices = ROWS["previews"].choices
    assert choices is not None
    assert set(choices()) == {"moving", "never"}
    assert settings.Settings().previews == "moving"
