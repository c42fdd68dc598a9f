"""Newest first both ways, errands, kind failures, and an end that waits."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from PyQt6.QtCore import QThread
from pytestqt.qtbot import QtBot

from engine.recipe import Model, Recipe, put
from engine.render.frame import Failure, Frame
from explorer.bridge import Bridge
from explorer.store import Store


@dataclass
class Slow:
    """A renderer that takes its time and can be told to fail."""

    seconds: float = 0.02
    drawn: list[Recipe] = field(default_factory=list)

    def render(self, recipe: Recipe, stale: Callable[[], bool] = lambda: False) -> Frame:
        time.sleep(self.seconds)
        if recipe.noise.seed == 666:
            raise ValueError("this seed brings bad luck")
        self.drawn.append(recipe)
        return Frame(recipe, np.zeros((2, 2, 3), np.uint8))

    def info(self, recipe: Recipe) -> str:
        return f"card of {recipe.model.name}"


@dataclass
class Line:
    store: Store
    bridge: Bridge
    renderer: Slow
    frames: list[Frame]
    failures: list[Failure]
    busy: list[bool]


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[Line]:
    store, renderer = Store(), Slow()
    bridge = Bridge(store, lambda: renderer)
    line = Line(store, bridge, renderer, [], [], [])
    bridge.framed.connect(line.frames.append)
    bridge.failed.connect(line.failures.append)
    bridge.busy.connect(line.busy.append)
    bridge.start(store.recipe)
    qtbot.waitUntil(lambda: len(line.frames) == 1, timeout=5000)
    yield line
    bridge.close()


def test_a_moving_slider_shows_pictures_on_the_way_and_ends_on_the_last(line: Line, qtbot: QtBot) -> None:
    for number in range(200):
        line.store.show(put(line.store.recipe, "noise.seed", number))
        qtbot.wait(1)
    qtbot.waitUntil(lambda: line.frames[-1].recipe.noise.seed == 199, timeout=5000)
    assert 3 < len(line.frames) < 150


def test_a_busy_window_never_gets_a_queue_of_frames(line: Line, qtbot: QtBot) -> None:
    line.renderer.seconds = 0.001
    for number in range(100):
        line.store.show(put(line.store.recipe, "noise.seed", number))
        time.sleep(0.003)  # the window does something else and handles no events
    qtbot.waitUntil(lambda: line.frames[-1].recipe.noise.seed == 99, timeout=5000)
    assert len(line.renderer.drawn) > 20
    assert len(line.frames) < 10


def test_frames_come_in_the_windows_thread(line: Line, qtbot: QtBot) -> None:
    threads: list[bool] = []
    line.bridge.framed.connect(lambda _: threads.append(threading.current_thread() is threading.main_thread()))
    line.store.set("noise.seed", 5)
    qtbot.waitUntil(lambda: bool(threads), timeout=5000)
    assert threads == [True]
    assert QThread.currentThread() is not None


def test_a_failure_is_told_and_the_next_recipe_is_drawn(line: Line, qtbot: QtBot) -> None:
    line.store.set("noise.seed", 666)
    qtbot.waitUntil(lambda: bool(line.failures), timeout=5000)
    assert "bad luck" in str(line.failures[0].error)
    line.store.set("noise.seed", 1)
    qtbot.waitUntil(lambda: line.frames[-1].recipe.noise.seed == 1, timeout=5000)
    assert line.busy[-1] is False


def test_busy_says_when_and_when_no_longer(line: Line, qtbot: QtBot) -> None:
    line.busy.clear()
    line.store.set("noise.seed", 3)
    line.store.set("noise.seed", 4)
    qtbot.waitUntil(lambda: line.busy == [True, False], timeout=5000)


def test_errands_answer_here(line: Line, qtbot: QtBot) -> None:
    answers: list[object] = []
    line.bridge.ask(lambda renderer: renderer.info(Recipe()), answers.append)
    line.bridge.ask(lambda renderer: 1 / 0, answers.append, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=5000)
    assert answers[0] == "card of "
    assert isinstance(answers[1], ZeroDivisionError)
    line.bridge.ask(lambda renderer: renderer.nothing, answers.append)
    qtbot.waitUntil(lambda: bool(line.failures), timeout=5000)


def test_another_model_is_introduced(line: Line, qtbot: QtBot) -> None:
    def other(card: object) -> bool:  # the first model may be introduced just now
        return card == "card of other"

    with qtbot.waitSignal(line.bridge.model_changed, timeout=5000, check_params_cb=other):
        line.store.show(Recipe(model=Model("other")))


def test_a_renderer_that_cannot_be_made_is_a_failure(qtbot: QtBot) -> None:
    def make() -> Slow:
        raise ImportError("torch is not installed")

    bridge = Bridge(Store(), make)
    with qtbot.waitSignal(bridge.failed, timeout=5000) as told:
        bridge.start(Recipe())
    assert "torch" in str(told.args[0].error)
    bridge.close()


def test_nothing_arrives_after_the_end(line: Line, qtbot: QtBot) -> None:
    line.store.set("noise.seed", 9)
    answers: list[object] = []
    line.bridge.ask(lambda renderer: 1, answers.append)
    line.bridge.close()
    count = len(line.frames)
    qtbot.wait(50)
    assert len(line.frames) == count
    assert not answers
    line.bridge.close()
