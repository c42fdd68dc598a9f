"""What the hand feels: slider to picture, and how long the window does not listen, while a slider is dragged."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.device import has_bf16_units
from engine.recipe import Recipe

from .record import Record, percentile

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

    from engine.render.frame import Frame
    from explorer.bridge import Bridge
    from explorer.store import Store

SECONDS = 6.0
HERTZ = 60
PULSE = 2  # milliseconds between two looks whether the event loop turns; more often would be a load of its own
ASKED_MS = 16.0 if has_bf16_units() else 33.0


def measure() -> Iterator[Record]:
    """Drags truncation for some seconds in the whole window, offscreen; yardsticks are the figures asked for.

    Nobody's own settings are read, and the tour of the first start is over.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = tempfile.mkdtemp()
    from PyQt6 import sip
    from PyQt6.QtWidgets import QApplication

    from explorer import settings, theme
    from explorer.window import Window

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    sys.setswitchinterval(0.001)
    theme.apply(app, "dark")
    own = Path(tempfile.mkdtemp()) / "settings.json"
    settings.write(settings.Settings(toured=True), own)
    window = Window(own)
    window.resize(1600, 1000)
    window.show()
    window.start(None)
    drag = Drag(window.store, window.bridge)
    _turn(app, 60.0, lambda: window.bridge.frame is not None)
    _turn(app, 3.0)  # thumbnails of the start
    _pull(app, drag)
    window.close()
    sip.delete(window)  # before the application goes
    for share in (0.5, 0.95):
        latency = percentile(drag.latencies, share) * 1e3
        yield Record("window", f"slider to picture, p{share * 100:.0f}", latency, "ms", ASKED_MS, "asked for")
    yield Record("window", "pictures shown while dragging", len(drag.latencies) / SECONDS, "1/s", HERTZ, "slider moves")
    yield Record("window", "event loop stall, p99", percentile(drag.gaps, 0.99) * 1e3, "ms", 16.0, "asked for")
    yield Record("window", "event loop stall, longest", max(drag.gaps) * 1e3, "ms", 16.0, "asked for")


def _turn(app: "QApplication", seconds: float, over: Callable[[], bool] = lambda: False) -> None:
    """Lets the event loop turn for so long, or until it is over."""
    from PyQt6.QtCore import QEventLoop, QTimer

    loop, end, look = QEventLoop(app), QTimer(), QTimer()
    end.setSingleShot(True)
    end.timeout.connect(loop.quit)
    look.timeout.connect(lambda: loop.quit() if over() else None)
    end.start(round(seconds * 1000))
    look.start(20)
    loop.exec()


def _pull(app: "QApplication", drag: "Drag") -> None:
    """Moves the slider, by timers of the window's own event loop."""
    from PyQt6.QtCore import Qt, QTimer

    mover, pulse = QTimer(), QTimer()
    for timer in (mover, pulse):
        timer.setTimerType(Qt.TimerType.PreciseTimer)
    mover.timeout.connect(drag.move)
    pulse.timeout.connect(drag.pulse)
    mover.start(1000 // HERTZ)
    pulse.start(PULSE)
    _turn(app, SECONDS)
    mover.stop()
    pulse.stop()


class Drag:
    """Moves a slider, and notes when each value's picture comes and how regularly the event loop turns."""

    def __init__(self, store: "Store", bridge: "Bridge") -> None:
        self._store, self._sent = store, dict[Recipe, float]()
        self.latencies: list[float] = []
        self.gaps: list[float] = []
        self._step, self._last = 0, 0.0
        bridge.framed.connect(self.shown)

    def move(self) -> None:
        self._step += 1
        self._store.set("truncation.psi", round(abs(self._step % 200 - 100) / 100 * 1.4 + self._step * 1e-9, 9))
        self._sent[self._store.recipe] = time.perf_counter()

    def shown(self, frame: "Frame") -> None:
        if (begun := self._sent.pop(frame.recipe, None)) is not None:
            self.latencies.append(time.perf_counter() - begun)

    def pulse(self) -> None:
        now = time.perf_counter()
        if self._last and self.latencies:
            self.gaps.append(now - self._last)
        self._last = now
