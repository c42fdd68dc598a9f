"""How soon a day's work is there again, ten thousand steps and a thousand favourites, and how smoothly its history scrolls."""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import msgspec

from engine.recipe import Model, Recipe, Stored, Style, put, seeded
from engine.recipe.recipe import Latent, Weighted

from .record import Record, percentile

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

    from explorer.store import Store
    from explorer.window import Window

STEPS, FAVOURITES, LAYERS, WIDTH = 10_000, 1000, 14, 512
FORK = 40  # steps between two goings back
PICTURES = 300
SCROLL = 3.0  # seconds over the whole history
FRAME = 16.7  # ms


def measure() -> Iterator[Record]:
    """A history with branches, styles and stored latents; yardsticks are the figures asked for."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):  # nobody's own settings
        os.environ[f"XDG_{name}_HOME"] = tempfile.mkdtemp()
    from PyQt6.QtWidgets import QApplication

    from explorer import session, session_shelf, theme
    from explorer.session_codec import Encoder

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    theme.apply(app, "dark")
    with tempfile.TemporaryDirectory() as name:
        home, store = Path(name), worked()
        now, encoder = session.taken(store), Encoder()
        first = _seconds(lambda: encoder.encode(now))
        again = min(_seconds(lambda: encoder.encode(now)) for _ in range(5))
        yield Record(
            "session", f"write {STEPS} steps after one more", again * 1e3, "ms", first * 1e3, "writing them anew"
        )
        size, plain = len(encoder.encode(now)), sum(len(msgspec.json.encode(e.state)) for e in now.entries)
        yield Record("session", "its file", size / 2**20, "MiB", plain / 2**20, "whole recipes")
        session_shelf.write(replace(now, ended=True), home / "s.session")
        read = min(_seconds(lambda: session_shelf.read(home / "s.session")) for _ in range(3))
        yield Record("session", f"read {STEPS} steps", read, "s", 1.0, "asked for")
        yield from _in_the_window(app, home)


def worked(steps: int = STEPS) -> "Store":
    """A store after so many gestures of all kinds, with a branch now and then."""
    from explorer.store import Store

    chance, store = random.Random(1), Store(Recipe(model=Model("landscape", "a" * 64)))
    points = [Stored(chance.randbytes(4 * LAYERS * WIDTH), LAYERS) for _ in range(8)]
    for number in range(1, steps):
        if number % FORK == 0:
            for _ in range(3):
                store.undo()
        store.do(_changed(store.recipe, number, chance, points), f"Step {number}")
    return store


def _changed(recipe: Recipe, number: int, chance: random.Random, points: list[Stored]) -> Recipe:
    if number % 5 == 0:
        return msgspec.structs.replace(recipe, latent=seeded(number))
    if number % 5 == 1:
        amounts = tuple(chance.random() for _ in range(LAYERS))
        return msgspec.structs.replace(recipe, styles=(Style(seeded(number), amounts),))
    if number % 5 == 2:
        mixed = Latent((Weighted(chance.choice(points)), Weighted(seeded(number).points[0].point, 0.5)))
        return msgspec.structs.replace(recipe, latent=mixed)
    return put(
        recipe, "noise.seed" if number % 5 == 3 else "truncation.psi", number if number % 5 == 3 else chance.random()
    )


def _in_the_window(app: "QApplication", home: Path) -> Iterator[Record]:
    from PyQt6 import sip

    from explorer import session_shelf, settings
    from explorer.settings import Settings
    from explorer.window import Window

    from . import gallery

    pictures = home / "pictures"
    gallery._fill(pictures / "Favourites")
    gallery._read(pictures / "Favourites")
    settings.write(Settings(pictures=str(pictures), toured=True), home / "settings.json")
    os.replace(home / "s.session", home / "session.json")
    found = session_shelf.read(home / "session.json")
    begun = time.perf_counter()
    empty = Window(home / "settings.json", home / "none" / "session.json")
    empty.resize(1600, 1000)
    empty.show()
    app.processEvents()
    bare = time.perf_counter() - begun
    begun = time.perf_counter()
    empty.sessions.take(found)
    empty.deeds["gallery"].trigger()
    app.processEvents()
    _turn(app, 30, lambda: len(empty.shelf.gallery.rows.shown) == FAVOURITES)
    taken = time.perf_counter() - begun
    empty.close()
    sip.delete(empty)
    yield Record("session", "take it over, with 1,000 favourites listed", taken, "s", 1.0, "asked for")
    begun = time.perf_counter()
    window = Window(home / "settings.json", home / "session.json")
    window.resize(1600, 1000)
    window.show()
    app.processEvents()
    yield Record("session", "a window with it", time.perf_counter() - begun, "s", bare, "a window with nothing")
    window.reset_layout()
    app.processEvents()
    for name, high in (("in the strip", 96), ("with several lanes", 320)):
        yield from _scrolled(app, window, name, high)
    window.close()
    sip.delete(window)


def _scrolled(app: "QApplication", window: "Window", name: str, high: int) -> Iterator[Record]:
    """How long one turn of the event loop takes while the history moves from its end to its beginning and back."""
    from PyQt6.QtCore import Qt

    from explorer.panels.history import HistoryPanel

    dock, view = window.docks[HistoryPanel], window.panels[HistoryPanel].view
    _have_pictures(window)
    dock.show()
    window.resizeDocks([dock], [high], Qt.Orientation.Vertical)
    app.processEvents()
    assert not view.viewport().visibleRegion().isEmpty(), "nothing would be painted"
    bar = view.horizontalScrollBar()
    begun, frames = time.perf_counter(), list[float]()
    while (done := (time.perf_counter() - begun) / SCROLL) < 1:
        before = time.perf_counter()
        bar.setValue(round(bar.maximum() * abs(1 - 2 * done)))
        view.viewport().repaint()
        app.processEvents()
        frames.append(time.perf_counter() - before)
        time.sleep(0.002)
    middle, late = statistics.median(frames) * 1e3, percentile(frames, 0.99) * 1e3
    yield Record("session", f"a frame while scrolling, {name}, median", middle, "ms", FRAME, "a display's frame")
    yield Record("session", f"a frame while scrolling, {name}, p99", late, "ms", FRAME, "a display's frame")


def _have_pictures(window: "Window") -> None:
    """A small picture for every step that is asked for, as if all had been drawn."""
    from PyQt6.QtGui import QColor, QPixmap

    from explorer.thumbnails import SIDE, Thumbnails

    pictures = []
    for hue in range(PICTURES):
        picture = QPixmap(SIDE, SIDE)
        picture.fill(QColor.fromHsv(hue, 120, 200))
        pictures.append(picture)
    shared = Thumbnails.shared(window.store, window.bridge)
    mock.patch.object(shared, "get", lambda recipe: pictures[hash(recipe) % PICTURES]).start()


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _turn(app: "QApplication", seconds: float, over: Callable[[], bool]) -> None:
    """Lets the event loop turn until it is over."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and not over():
        app.processEvents()
        time.sleep(0.0005)
