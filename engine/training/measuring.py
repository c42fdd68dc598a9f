"""Each new model of a run is measured by a program of its own at low priority, while the training goes on; a training of several
processes on this machine has as many such programs, which share the pictures."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from engine.networks import StyleGANT
from engine.progress import Progress
from engine.whole import write_bytes

from .config import Config
from .run import Run, add_line

MEASURING, UNMEASURED = "measuring ", "nothing is measured: "  # how sentences about it begin
NICE = 15
FIGURES, SAID = "metrics.json", "metrics.log"  # both are gone when it ends
WHY = "unmeasured.txt"  # why nothing is measured, for whoever watches
LOOK = 0.25
PROGRAM = "latent-explorer: "  # how the command line begins a sentence about an error
OF_TORCHRUN = re.compile(r"(.*_)?(RANK|WORLD_SIZE)$|MASTER_|TORCHELASTIC_")  # the training may be one of its processes
HIGHER = ("pr", "is", "eq")  # names of metrics of which more is better begin so


class Measuring:
    """At most one model at a time; a model that came meanwhile waits, and an older one that waited is left out."""

    def __init__(self, run: Run, config: Config, processes: int = 1):
        self._run, self._config, self._processes = run, config, processes
        self._children: list[subprocess.Popen[bytes]] = []
        self._measured = self._waiting = 0
        self._off = not config.metrics
        known = {line["images"] for line in run.metrics()}
        newest = int(run.snapshots()[-1].stem) if run.snapshots() else 0
        if newest not in known:
            self.wish(newest)

    @property
    def wished(self) -> set[int]:
        """After how many pictures the models were saved that are measured now, or will be."""
        return set() if self._off else {self._measured, self._waiting}

    def wish(self, images: int) -> None:
        """The model after so many pictures shall be measured."""
        self._waiting = images

    def look(self) -> str:
        """What has ended is noted, what waits begins; a sentence where nothing more can be measured. Raises OSError."""
        if self._off or (self._running() and not any(child.poll() for child in self._children)):
            return ""
        said = self._note() if self._children else ""
        self._end()
        if self._waiting and not self._off:
            self._begin(self._waiting)
        return said

    def finish(self) -> Generator[Progress, None, str]:
        """Waits for what is being measured and for what waits still; gives what `look` says. Raises OSError."""
        said = self.look()
        while self._children and not said:
            yield Progress(0, 1, f"{MEASURING}the model at {self._measured}")
            time.sleep(LOOK)
            said = self.look()
        return said

    def close(self) -> None:
        """Ends what is being measured."""
        self._end()
        for name in (FIGURES, SAID):
            (self._run.folder / name).unlink(missing_ok=True)

    def _running(self) -> bool:
        return any(child.poll() is None for child in self._children)

    def _end(self) -> None:
        for child in self._children:
            if child.poll() is None:
                child.kill()
            child.wait()
        self._children, self._measured = [], 0

    def _begin(self, images: int) -> None:
        self._measured, self._waiting = images, 0
        (self._run.folder / WHY).unlink(missing_ok=True)
        words = ["metrics", "--model", self._run.snapshot_file(images), "--data", self._config.data, "--batch", 4]
        words += ["--metrics", self._config.metrics, "--json", self._run.folder / FIGURES, "--threads", 1]
        by = self._config.guidance.by
        words += ["--pair", by] if by and isinstance(self._config.network, StyleGANT) else []
        words += ["--device", self._config.device, *(["--mirror"] if self._config.mirror else [])]
        with (self._run.folder / SAID).open("wb") as said:
            command = [sys.executable, "-m", "engine.cli", *map(str, words)]
            for told in _ranks(self._processes):
                child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **_modest(told))
                self._children.append(child)
        for child in self._children:
            if hasattr(os, "setpriority"):
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, child.pid, NICE)

    def _note(self) -> str:
        """Appends the figures; a program that failed has said why, and is not asked again."""
        file = self._run.folder / FIGURES
        if any(child.poll() for child in self._children) or not file.exists():
            self._off = True
            lines = (self._run.folder / SAID).read_text(errors="replace").strip().splitlines()
            ours = [line for line in lines if line.startswith(PROGRAM)] or lines[-1:]
            why = ours[0].removeprefix(PROGRAM) if ours else "the program that measures ended"
            write_bytes(self._run.folder / WHY, why.encode())
            return UNMEASURED + why
        results = json.loads(file.read_text(encoding="utf-8"))["results"]
        file.unlink()
        for result in results:
            for name, value in result["values"].items():
                add_line(self._run.metrics_file, {"images": self._measured, "metric": name, "value": value})
        return ""


def _ranks(count: int) -> list[dict[str, str]]:
    """What tells each of several processes of this machine that it is one of them; nothing where there is one."""
    if count == 1:
        return [{}]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        known = {"WORLD_SIZE": str(count), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1])}
    return [{**known, "RANK": str(rank), "LOCAL_RANK": str(rank)} for rank in range(count)]


def _modest(told: dict[str, str]) -> dict[str, Any]:
    """A session of its own, so that Ctrl-C comes to the training alone, and a low priority where it is given at the start."""
    kept = {name: value for name, value in os.environ.items() if not OF_TORCHRUN.match(name)}
    environment = {**kept, "PYTHONPATH": _beside(), "OMP_NUM_THREADS": "1", **told}
    if sys.platform == "win32":
        return {"env": environment, "creationflags": subprocess.IDLE_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW}
    return {"env": environment, "start_new_session": True}


def _beside() -> str:
    """Where a checkout is not installed, its packages are found beside this one."""
    known = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(Path(__file__).parents[2]), *([known] if known else [])])


def best(measured: list[dict[str, Any]]) -> int:
    """How many pictures the model had seen that was best by the first metric; 0 where nothing was measured."""
    if not measured:
        return 0
    first = measured[0]["metric"]
    found = [(line["value"], line["images"]) for line in measured if line["metric"] == first]
    return int((max if first.startswith(HIGHER) else min)(found)[1])
