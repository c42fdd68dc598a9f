"""How soon a gallery of a thousand favourites is there, and how smoothly it scrolls."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from engine.gallery import changes, folder, query
from engine.gallery.folder import Contents
from engine.gallery.index import NAME
from engine.gallery.marks import Marks
from engine.recipe import Model, Recipe, seeded
from engine.render.frame import Frame

from .record import Record

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

    from explorer.panels.gallery import GalleryPanel

COUNT = 1000
SIDE = 256
ROUNDS = 5
SCROLL = 3.0  # seconds from the first row to the last


def measure() -> Iterator[Record]:
    """Pictures of smooth noise in a folder of their own; yardsticks are the figures asked for, or no index at all."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        _fill(place)
        first = _seconds(lambda: _read(place))
        again = min(_seconds(lambda: _read(place)) for _ in range(ROUNDS))
        yield Record("gallery", f"open {COUNT} favourites, with the index", again, "s", first, "reading every file")
        contents = _read(place)
        found = _seconds(lambda: query.found(contents.favourites, "seed 77 tiny", 0, "Best"))
        yield Record("gallery", "search and sort them", found * 1e3, "ms", 16.0, "a frame")
        yield from _in_the_window(place)
        (place / NAME).unlink()
        yield Record("gallery", "make a lost index again", _seconds(lambda: _read(place)), "s", first, "the first time")


def _fill(place: Path) -> None:
    ramp = np.linspace(0, 255, SIDE)
    for seed in range(COUNT):
        ways = np.random.default_rng(seed).uniform(0.2, 1, (2, 3))
        pixels = (ramp[:, None, None] * ways[0] / 2 + ramp[None, :, None] * ways[1] / 2).astype(np.uint8)
        recipe = msgspec.structs.replace(Recipe(), model=Model("tiny"), latent=seeded(seed))
        marks = Marks(seed % 6, ("sky",) if seed % 3 else (), added=1e9 + seed)
        changes.keep(place, f"tiny {seed}", Frame(recipe, pixels), marks)


def _read(place: Path) -> Contents:
    *_, last = folder.contents(place)
    return last


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _in_the_window(place: Path) -> Iterator[Record]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PyQt6 import sip
    from PyQt6.QtWidgets import QApplication

    from explorer import theme
    from explorer.bridge import Bridge
    from explorer.panels.gallery import GalleryPanel
    from explorer.store import Store

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    theme.apply(app, "dark")
    store = Store()
    for name in ("with small pictures still to be made", "with small pictures in the index"):
        panel = GalleryPanel(store, Bridge(store))
        panel.resize(1000, 600)
        begun = time.perf_counter()
        panel.show()
        panel.use(place)
        _turn(app, 60, partial(_all_listed, panel))
        app.processEvents()
        yield Record("gallery", f"panel shows {COUNT}, {name}", time.perf_counter() - begun, "s", 1.0, "asked for")
        _turn(app, 60, partial(_all_drawn, panel))
        yield Record("gallery", f"first page, {name}", time.perf_counter() - begun, "s", 1.0, "asked for")
        stall = _scrolled(app, panel)
        yield Record("gallery", f"longest stall while scrolling, {name}", stall * 1e3, "ms", 50.0, "three frames")
        panel.close_jobs()
        sip.delete(panel)


def _all_listed(panel: "GalleryPanel") -> bool:
    return len(panel.rows.shown) == COUNT


def _all_drawn(panel: "GalleryPanel") -> bool:
    """Whether every picture that is seen is there."""
    port = panel.view.viewport()
    if port is None:
        return False
    rows = [r for r in range(60) if panel.view.visualRect(panel.rows.index(r)).intersects(port.rect())]
    return bool(rows) and all(panel.pictures.get(panel.rows.shown[row]) is not None for row in rows)


def _scrolled(app: "QApplication", panel: "GalleryPanel") -> float:
    """The longest that the event loop did not turn, in seconds, on the way to the end."""
    bar = panel.view.verticalScrollBar()
    assert bar is not None
    begun = last = time.perf_counter()
    longest = 0.0
    while (now := time.perf_counter()) - begun < SCROLL:
        bar.setValue(round(bar.maximum() * (now - begun) / SCROLL))
        app.processEvents()
        longest = max(longest, time.perf_counter() - last)
        last = time.perf_counter()
        time.sleep(0.002)
    return longest


def _turn(app: "QApplication", seconds: float, over: Callable[[], bool]) -> None:
    """Lets the event loop turn until it is over."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and not over():
        app.processEvents()
        time.sleep(0.0005)
