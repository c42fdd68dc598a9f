"""Newest wins, nobody starves, failures are delivered, errands wait their turn."""

import threading
import time

from engine.recipe import Recipe, put
from engine.render.frame import Failure
from engine.render.mailbox import Mailbox, Superseded
from engine.render.thread import REST, RenderThread


class Slow:
    """A renderer of ten layers, a millisecond each."""

    def __init__(self, layer: float = 0.001):
        self.layer = layer
        self.finished: list[float] = []

    def render(self, recipe, stale):
        if recipe.truncation.psi == -1.0:
            raise ValueError("no such picture")
        for _ in range(10):
            if stale():
                raise Superseded
            time.sleep(self.layer)
        self.finished.append(recipe.truncation.psi)
        return recipe


class Early(Slow):
    """One that shows a preview after two of its layers, and notes the pictures that it learns from."""

    def __init__(self, layer: float = 0.01):
        super().__init__(layer)
        self.learned: list[float] = []

    def render(self, recipe, stale, early=None):
        if early is None:
            return super().render(recipe, stale)
        time.sleep(2 * self.layer)
        early(("preview", recipe.truncation.psi), 8 * self.layer)
        return super().render(recipe, stale)

    def learn(self, stale):
        self.learned.append(self.finished[-1])


class Improving(Slow):
    """One that has something to do while nobody waits: ten parts of it, each of which ends early when somebody does."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.interrupted = 10, 0
        self.begun, self.hold = threading.Event(), True

    def improve(self, stale):
        self.begun.set()
        while self.hold and not stale():
            time.sleep(0.001)
        if stale():
            self.interrupted += 1
        else:
            self.left -= 1
        return self.left > 0


class Keeping(Slow):
    """One that keeps pictures, and notes the last one drawn by then."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.kept: list[float] = []

    def keep(self) -> None:
        self.kept.append(self.finished[-1])
        if len(self.kept) == 3:
            raise RuntimeError("there is no room")


def started(renderer, previews=False):
    delivered, arrived = [], threading.Event()

    def deliver(item):
        delivered.append(item)
        arrived.set()

    thread = RenderThread(lambda: renderer, deliver)
    thread.previews = previews
    thread.start()
    return thread, delivered, arrived


def at(psi: float) -> Recipe:
    return put(Recipe(), "truncation.psi", psi)


def wait_until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.002)
    assert condition()


def test_a_moving_slider_shows_pictures_on_the_way_and_always_the_last():
    thread, delivered, _ = started(Slow())
    for i in range(200):
        thread.submit(at(i / 100))
        time.sleep(0.001)
    wait_until(lambda: delivered and delivered[-1] == at(1.99))
    thread.stop()
    assert 3 <= len(delivered) < 100
    shown = [recipe.truncation.psi for recipe in delivered]
    assert shown == sorted(shown)


def test_a_moving_slider_shows_previews_and_ends_on_the_whole_picture_of_the_last_value():
    renderer = Early()
    thread, delivered, _ = started(renderer, previews=True)
    for i in range(100):
        thread.submit(at(i / 100))
        time.sleep(0.005)
    wait_until(lambda: delivered and delivered[-1] == at(0.99))
    thread.stop()
    shown = [item[1] for item in delivered if isinstance(item, tuple)]
    assert shown == sorted(shown)
    assert len(shown) > 5
    assert shown[-1] == 0.99
    assert len(renderer.finished) < len(shown) / 2  # whole pictures were given up for newer values
    assert renderer.learned == renderer.finished


def test_what_may_be_done_later_gives_way_at_once_and_goes_on(monkeypatch):
    monkeypatch.setattr("engine.render.thread.IDLE", 0.01)
    renderer = Improving()
    thread, delivered, _ = started(renderer)
    done = []
    for psi in (0.1, 0.2):
        assert renderer.begun.wait(5.0)
        thread.submit(at(psi))
        wait_until(lambda psi=psi: delivered and delivered[-1] == at(psi))
        renderer.begun.clear()
    assert renderer.begun.wait(5.0)
    thread.ask(lambda _: "errand", done.append, done.append)
    wait_until(lambda: done == ["errand"])
    assert (renderer.left, renderer.interrupted) == (10, 3)
    renderer.hold = False
    wait_until(lambda: renderer.left == 0)
    thread.stop()


def test_only_pictures_at_which_the_hand_rests_are_kept_and_each_once(monkeypatch):
    renderer, done, now = Keeping(), [], [0.0]
    monkeypatch.setattr("engine.render.thread.monotonic", lambda: now[0])
    thread, delivered, _ = started(renderer)
    for rest in (0.1, 0.2, 0.3, 0.4):
        for value in (rest - 0.07, rest - 0.05, rest):
            now[0] += REST / 2
            thread.submit(at(value))
            wait_until(lambda: thread._shown == now[0])
        now[0] += REST
        for _ in range(2 if rest < 0.4 else 0):
            thread.ask(lambda _: "errand", done.append, done.append)
        wait_until(lambda rest=rest: len(done) == round(min(rest, 0.3) * 20))
    thread.stop()
    assert renderer.kept == [0.1, 0.2, 0.3]
    assert [str(item.error) for item in delivered if isinstance(item, Failure)] == ["there is no room"]


def test_switched_off_there_are_no_previews():
    renderer = Early(0.001)
    thread, delivered, _ = started(renderer)
    for i in range(20):
        thread.submit(at(i / 100))
        time.sleep(0.005)
    wait_until(lambda: delivered and delivered[-1] == at(0.19))
    thread.stop()
    assert not any(isinstance(item, tuple) for item in delivered)
    assert not renderer.learned


def test_a_failure_is_delivered_and_the_next_recipe_still_drawn():
    thread, delivered, _ = started(Slow())
    thread.submit(at(-1.0))
    wait_until(lambda: delivered)
    thread.submit(at(0.5))
    wait_until(lambda: len(delivered) == 2)
    thread.stop()
    assert isinstance(delivered[0], Failure)
    assert str(delivered[0].error) == "no such picture"
    assert delivered[1] == at(0.5)


def test_errands_are_done_in_order_and_after_the_recipe_that_waits():
    renderer = Slow(0.005)
    thread, delivered, _ = started(renderer)
    order, failures = [], []
    thread.submit(at(0.1))
    for name in ("one", "two"):
        thread.ask(lambda _, name=name: name, order.append, failures.append)
    thread.ask(lambda _: 1 / 0, order.append, failures.append)
    thread.submit(at(0.2))
    wait_until(lambda: len(order) == 2 and failures)
    assert delivered[-1] == at(0.2)
    assert order == ["one", "two"]
    assert isinstance(failures[0], ZeroDivisionError)
    thread.stop()


def test_a_renderer_that_cannot_be_made_is_a_failure():
    delivered = []
    thread = RenderThread(lambda: 1 / 0, delivered.append)
    thread.start()
    thread.join(5)
    assert isinstance(delivered[0], Failure)
    thread.stop()


def test_stopping_while_drawing_ends_the_thread():
    thread, _, _ = started(Slow(0.05))
    thread.submit(at(0.1))
    time.sleep(0.02)
    thread.stop()
    assert not thread.is_alive()


def test_a_newer_letter_replaces_the_unread_one():
    box: Mailbox[int] = Mailbox()
    box.put(1)
    box.put(2)
    assert box.waiting()
    assert box.waits_within(10)
    assert box.take() == 2
    assert not box.waits_within(0.001)
    assert not box.waiting()
    box.close()
    assert box.take() is None
