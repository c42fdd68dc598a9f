"""Each new model of a run is measured by a program of its own at low priority, while the training goes on."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from engine.progress import Progress
from engine.whole import write_bytes

from .config import Config
from .run import Run, add_line

MEASURING, UNMEASURED = "measuring ", "nothing is measured: "  # how sentences about it begin
NICE = 15
FIGURES, SAID = "metrics.json", "metrics.log"  # both are gone when it ends
WHY = "unmeasured.txt"  # why nothing is measured, for whoever watches
LOOK = 0.25
HIGHER = ("pr", "is", "eq")  # names of metrics of which more is better begin so


class Measuring:
    """At most one program at a time; a model that came meanwhile waits, and an older one that waited is left out."""

    def __init__(self, run: Run, config: Config):
        self._run, self._config = run, config
        self._child: subprocess.Popen[bytes] | None = None
        self._measured = self._waiting = 0
        self._off = not config.metrics
        known = {line["images"] for line in run.metrics()}
        newest = int(run.snapshots()[-1].stem) if run.snapshots() else 0
        if newest not in known:
            self.wish(newest)

    def wish(self, images: int) -> None:
        """The model after so many pictures shall be measured."""
        self._waiting = images

    def look(self) -> str:
        """What has ended is noted, what waits begins; a sentence where nothing more can be measured. Raises OSError."""
        if self._off or (self._child is not None and self._child.poll() is None):
            return ""
        said = self._note() if self._child is not None else ""
        self._child = None
        if self._waiting and not self._off:
            self._begin(self._waiting)
        return said

    def finish(self) -> Generator[Progress, None, str]:
        """Waits for what is being measured and for what waits still; gives what `look` says. Raises OSError."""
        said = self.look()
        while self._child is not None and not said:
            yield Progress(0, 1, f"{MEASURING}the model at {self._measured}")
            time.sleep(LOOK)
            said = self.look()
        return said

    def close(self) -> None:
        """Ends what is being measured."""
        if self._child is not None:
            if self._child.poll() is None:
                self._child.kill()
            self._child.wait()
            self._child = None
        for name in (FIGURES, SAID):
            (self._run.folder / name).unlink(missing_ok=True)

    def _begin(self, images: int) -> None:
        self._measured, self._waiting = images, 0
        (self._run.folder / WHY).unlink(missing_ok=True)
        words = ["metrics", "--model", self._run.snapshot_file(images), "--data", self._config.data, "--batch", 4]
        words += ["--metrics", self._config.metrics, "--json", self._run.folder / FIGURES, "--threads", 1]
        words += ["--device", self._config.device, *(["--mirror"] if self._config.mirror else [])]
        with (self._run.folder / SAID).open("wb") as said:
            command = [sys.executable, "-m", "engine.cli", *map(str, words)]
            self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **_modest())
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._child.pid, NICE)

    def _note(self) -> str:
        """Appends the figures; a program that failed has said why, and is not asked again."""
        assert self._child is not None
        file = self._run.folder / FIGURES
        if self._child.returncode or not file.exists():
            self._off = True
            lines = (self._run.folder / SAID).read_text(errors="replace").strip().splitlines()
            why = lines[-1].removeprefix("latent-explorer: ") if lines else "the program that measures ended"
            write_bytes(self._run.folder / WHY, why.encode())
            return UNMEASURED + why
        results = json.loads(file.read_text(encoding="utf-8"))["results"]
        file.unlink()
        for result in results:
            for name, value in result["values"].items():
                add_line(self._run.metrics_file, {"images": self._measured, "metric": name, "value": value})
        return ""


def _modest() -> dict[str, Any]:
    """A session of its own, so that Ctrl-C comes to the training alone, and a low priority where it is given at the start."""
    environment = {**os.environ, "PYTHONPATH": _beside(), "OMP_NUM_THREADS": "1"}
    for name in ("WORLD_SIZE", "RANK", "LOCAL_RANK"):  # it is none of torchrun's processes
        environment.pop(name, None)
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
