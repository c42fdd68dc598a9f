"""How soon the window is there, and its first picture."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator

from .record import Record, percentile

ROUNDS = 3


def measure() -> Iterator[Record]:
    """Each in a process of its own, on a warm disk; yardsticks are the figures asked for."""
    times: dict[str, list[float]] = {"window visible": [], "first picture": [], "import torch": []}
    for _ in range(ROUNDS + 1):
        for name, seconds in _start().items():
            times[name].append(seconds)
    asked = {"window visible": 1.0, "first picture": 3.0, "import torch": 3.0}
    for name, values in times.items():
        yield Record("startup", name, percentile(values[1:], 0.5), "s", asked[name], "asked for")


def _start() -> dict[str, float]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LATENT_EXPLORER_TIMES": "1"}
    begun = time.time()
    out = subprocess.run(
        [sys.executable, "-c", "from explorer.app import main; raise SystemExit(main(['--times']))"],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    found = {
        name: float(at) - begun
        for name, at in re.findall(r"^(window visible|first picture) ([\d.]+)$", out.stdout, re.M)
    }
    begun = time.time()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return {**found, "import torch": time.time() - begun}
