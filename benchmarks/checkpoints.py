"""How long a model file takes to open, and how much memory, against its size; and how soon it tells what it is."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch

from engine.checkpoints import native, rosinality2
from engine.export import models
from engine.networks import Generator, StyleGAN2

from .record import Record

SIZE = 1024
MORE = 56_000_000  # numbers beside the generator in a whole snapshot: discriminator, another generator, optimizers
CHILD = """
import json, sys, threading, time
from pathlib import Path
import psutil, torch
from engine.checkpoints import load
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
kept = {"load": load, "info": read_facts}[sys.argv[2]](Path(sys.argv[1]))
taken = time.perf_counter() - begun
done.set()
watcher.join()
print(json.dumps({"seconds": taken, "megabytes": (peak - before) / 1e6}))
"""


def measure() -> Iterator[Record]:
    """A StyleGAN2 of 1024² in each format, opened by a program of its own, whose memory is looked at every 2 ms."""
    with tempfile.TemporaryDirectory() as folder:
        for case, path in files(Path(folder)):
            size = path.stat().st_size / 1e6
            found = opened(path, "load")
            allowed = 1.5 * size + 200
            case = f"{case}, {size:.0f} MB"
            yield Record(
                "checkpoints", f"{case}: time to open", found["seconds"], "s", read_time(path), "reading alone"
            )
            yield Record(
                "checkpoints", f"{case}: peak memory", found["megabytes"], "MB", allowed, "1.5 × size + 200 MB"
            )
            told = opened(path, "info")
            yield Record("checkpoints", f"{case}: time to tell", told["seconds"], "s", 1.0, "asked for")
            path.unlink()


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """One file after the other, each with what it is called."""
    spec = StyleGAN2(resolution=SIZE, clamp=0.0)
    generator: Generator = spec.build()
    card = native.Card(spec)
    for name, ending in (("ours", ".safetensors"), ("NVIDIA pickle", ".pkl"), ("rosinality", ".pt")):
        path = folder / f"model{ending}"
        models.FORMATS[models.ENDINGS[ending]](path, generator, card)
        yield name, path
    path = folder / "whole.pt"
    state = rosinality2.to_theirs(dict(generator.state_dict()), spec)
    torch.save({"g": state, "d": {"x": torch.zeros(MORE)}, "g_ema": state}, path)
    yield "rosinality, whole snapshot", path


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
