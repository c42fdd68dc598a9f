"""How soon the window is there, and its first picture."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from .record import Record, percentile

ROUNDS = 3
ASKED = {"window visible": 1.0, "first picture": 3.0}


def measure() -> Iterator[Record]:
    """Each start in a process of its own, on a warm disk and with the bytecode that the first one leaves, as at anybody's second
    start; yardsticks are the figures asked for.
    """
    starts = [_start() for _ in range(ROUNDS + 1)][1:]
    for name, asked in ASKED.items():
        yield Record("startup", name, percentile([start[name] for start in starts], 0.5), "s", asked, "asked for")


def _start() -> dict[str, float]:
    folders = {
        f"XDG_{name}_HOME": tempfile.mkdtemp() for name in ("CONFIG", "DATA", "STATE", "CACHE")
    }  # nobody's session
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.time()
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.startup"],
        env={**compiled, **folders, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    lines = (line.rsplit(" ", 1) for line in out.stdout.splitlines())
    return {name: float(at) - begun for name, at in lines if name in ASKED}


def watched() -> int:
    """The program as it starts, saying when its window is visible and when its first picture is; then it ends."""
    from PyQt6.QtCore import QTimer

    from explorer import app

    catch_all = app.catch_all
    told: set[str] = set()

    def tell(name: str) -> None:
        if name not in told:
            told.add(name)
            print(name, time.time(), flush=True)

    def watch(window: app.Window) -> None:
        catch_all(window)
        timer = QTimer(window)

        def look() -> None:
            if window.isVisible():
                tell("window visible")
            if window.bridge.frame is not None:
                tell("first picture")
                window.close()

        timer.timeout.connect(look)
        timer.start(2)

    app.catch_all = watch
    return app.main([])


if __name__ == "__main__":
    sys.exit(watched())
