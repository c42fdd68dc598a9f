"""How long a model file takes to open, and how much memory, against its size; and how soon it tells what it is."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.checkpoints.card import Card
from engine.checkpoints.ensemble import Ensemble
from engine.checkpoints.outline import outline
from engine.export import models
from engine.networks import StyleGAN2

from .record import Record

SIZES = (50, 150, 350)  # megabytes of a file, about
RESOLUTION, BASE = 512, 2**18
WAYS = {  # how a file is opened, what share of its size its memory may have above `FREE`, and that in megabytes
    "load": ("the generator", 1.5, 200.0),
    "load_all": ("all networks", 2.2, 0.0),
}
FORMATS = {  # ending, whether all networks are in it
    "ours": (".safetensors", False),
    "ours, all": (".safetensors", True),
    "NVIDIA pickle": (".pkl", False),
    "NVIDIA pickle, all": (".pkl", True),
    "rosinality": (".pt", False),
}
CHILD = """
import json, sys, threading, time
from pathlib import Path
import psutil, torch
from engine.checkpoints import load
from engine.checkpoints.ensemble import load_all
from engine.checkpoints.facts import read_facts
process, done = psutil.Process(), threading.Event()
before = peak = process.memory_info().rss
def watch():
    global peak
    while not done.wait(0.002):
        peak = max(peak, process.memory_info().rss)
watcher = threading.Thread(target=watch)
watcher.start()
begun = time.perf_counter()
kept = {"load": load, "load_all": load_all, "info": read_facts}[sys.argv[2]](Path(sys.argv[1]))
taken = time.perf_counter() - begun
done.set()
watcher.join()
print(json.dumps({"seconds": taken, "megabytes": (peak - before) / 1e6}))
"""


def measure() -> Iterator[Record]:
    """StyleGAN2s of several widths in each format, opened by a program of its own, whose memory is looked at every 2 ms."""
    with tempfile.TemporaryDirectory() as folder:
        for name, path, whole in files(Path(folder)):
            size = path.stat().st_size / 1e6
            case = f"{name}, {size:.0f} MB"
            for way in WAYS if whole else ("load",):
                what, share, free = WAYS[way]
                found, allowed = opened(path, way), share * size + free
                asked = f"{share} × size" + (f" + {free:.0f} MB" if free else "")
                seconds, alone = found["seconds"], read_time(path)
                yield Record("checkpoints", f"{case}: time to open {what}", seconds, "s", alone, "reading alone")
                yield Record("checkpoints", f"{case}: peak memory of {what}", found["megabytes"], "MB", allowed, asked)
            told = opened(path, "info")
            yield Record("checkpoints", f"{case}: time to tell", told["seconds"], "s", 1.0, "asked for")
            path.unlink()


def files(folder: Path) -> Iterator[tuple[str, Path, bool]]:
    """One file after the other, with what it is called and whether it holds all networks."""
    for size in SIZES:
        for name, (ending, whole) in FORMATS.items():
            path = folder / f"model{ending}"
            models.FORMATS[models.ENDINGS[ending]](path, made(size, whole))
            yield name, path, whole


def made(megabytes: int, whole: bool) -> Ensemble:
    """Networks whose tensors take about so much room: both generators and the discriminator, or a generator."""
    spec = max((wide for wide in specs() if numbers(wide, whole) * 4e-6 <= megabytes), key=lambda one: one.feature_max)
    average = spec.build()
    if not whole:
        return Ensemble(Card(spec), average)
    return Ensemble(Card(spec), average, spec.build(), spec.build_discriminator(), 0.5)


def specs() -> Iterator[StyleGAN2]:
    """StyleGAN2s of all widths."""
    for width in range(64, 768, 8):
        yield StyleGAN2(
            resolution=RESOLUTION, w_dim=width, z_dim=width, feature_base=BASE, feature_max=width, clamp=0.0
        )


def numbers(spec: StyleGAN2, whole: bool) -> int:
    """How many there are in its networks, about: a discriminator is as large as a generator."""
    return sum(x.numel() for x in outline(spec).state_dict().values()) * (3 if whole else 1)


def opened(path: Path, way: str) -> dict[str, float]:
    """Seconds, and megabytes above what the program takes by itself."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path), way], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def read_time(path: Path) -> float:
    """Seconds for reading every byte of the file."""
    from time import perf_counter

    begun = perf_counter()
    with path.open("rb") as file:
        while file.read(2**22):
            pass
    return perf_counter() - begun
