"""Each new model of a run is measured by a program of its own at low priority, while the training goes on; a training of several
processes has as many such programs, on every machine its own, which share the pictures.

The first machine calls the others by a file in the run's directory, which all of them see.
"""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import msgspec

from engine.networks import StyleGANT
from engine.progress import Progress
from engine.whole import write_bytes

from .config import Config
from .ranks import ALONE, Ranks
from .run import Run, add_line

MEASURING, UNMEASURED = "measuring ", "nothing is measured: "  # how sentences about it begin
NICE = 15
FIGURES, SAID = "metrics.json", "metrics.log"  # both are gone when it ends
CALL, LET_DOWN = "measuring.json", "measuring.failed"  # to other machines, and one's answer that it cannot
WHY = "unmeasured.txt"  # why nothing is measured, for whoever watches
LOOK = 0.25
PROGRAM = "latent-explorer: "  # how the command line begins a sentence about an error
OF_TORCHRUN = re.compile(r"(.*_)?(RANK|WORLD_SIZE)$|MASTER_|TORCHELASTIC_")  # the training may be one of its processes
HIGHER = ("pr", "is", "eq", "clip", "pair", "words")  # names of metrics of which more is better begin so


class Call(msgspec.Struct, frozen=True):
    """Which model is measured now, and where the programs that do it meet."""

    images: int
    address: str
    port: int


class Measuring:
    """At most one model at a time; a model that came meanwhile waits, and an older one that waited is left out."""

    def __init__(self, run: Run, config: Config, ranks: Ranks = ALONE):
        self._run, self._config, self._ranks = run, config, ranks
        self._children: list[subprocess.Popen[bytes]] = []
        self._measured = self._waiting = 0
        self._call: Call | None = None
        self._off = not config.metrics or ranks.local > 0  # the first process of each machine is enough
        if not ranks.leads:
            return
        self._hang_up()
        known = {line["images"] for line in run.metrics()}
        newest = int(run.snapshots()[-1].stem) if run.snapshots() else 0
        if newest not in known:
            self.wish(newest)

    @property
    def _several(self) -> bool:
        """Whether other machines measure too."""
        return self._ranks.count > self._ranks.here

    @property
    def wished(self) -> set[int]:
        """After how many pictures the models were saved that are measured now, or will be."""
        return set() if self._off else {self._measured, self._waiting}

    def wish(self, images: int) -> None:
        """The model after so many pictures shall be measured."""
        self._waiting = images

    def look(self) -> str:
        """What has ended is noted, what waits begins; a sentence where nothing more can be measured. Raises OSError."""
        if self._off:
            return ""
        if not self._ranks.leads:
            self._help()
            return ""
        if self._running() and not self._failed():
            return ""
        said = self._note() if self._children else ""
        self._end()
        if self._waiting and not self._off:
            self._wanted(self._waiting)
        return said

    def finish(self, agreed: Callable[[bool], bool] = bool) -> Generator[Progress, None, str]:
        """Waits for what is being measured and for what waits still, in every process until the first one says in `agreed` that
        it is over; gives what `look` says. Raises OSError."""
        said = self.look()
        while not agreed(bool(said) or not self._children):
            yield Progress(0, 1, f"{MEASURING}the model at {self._measured}")
            time.sleep(LOOK)
            said = self.look()
        return said

    def close(self) -> None:
        """Ends what is being measured."""
        self._end()
        if self._ranks.leads:
            (self._run.folder / FIGURES).unlink(missing_ok=True)
        self._log.unlink(missing_ok=True)

    @property
    def _log(self) -> Path:
        """What the programs of this machine say."""
        file = self._run.folder / SAID
        return file if self._ranks.leads else file.with_stem(f"{file.stem}-{self._ranks.rank}")

    def _help(self) -> None:
        """On another machine than the first: measures what that one calls for, and says where it cannot. Raises OSError."""
        call = self._called()
        if call != self._call:
            self._end()
            self._call = call
            if call is not None:
                self._begin(call)
        elif self._children and self._failed():
            write_bytes(self._run.folder / LET_DOWN, self._complaint().encode())
            self._end()
            self._call = call

    def _called(self) -> Call | None:
        try:
            return msgspec.json.decode((self._run.folder / CALL).read_bytes(), type=Call)
        except (OSError, msgspec.MsgspecError):
            return None

    def _hang_up(self) -> None:
        for name in (CALL, LET_DOWN):
            (self._run.folder / name).unlink(missing_ok=True)

    def _failed(self) -> bool:
        lost = self._ranks.leads and self._several and (self._run.folder / LET_DOWN).exists()
        return lost or any(child.poll() for child in self._children)

    def _running(self) -> bool:
        return any(child.poll() is None for child in self._children)

    def _end(self) -> None:
        for child in self._children:
            if child.poll() is None:
                child.kill()
            child.wait()
        self._children, self._measured, self._call = [], 0, None
        if self._ranks.leads:
            self._hang_up()

    def _wanted(self, images: int) -> None:
        """The first machine begins, and calls the others."""
        self._measured, self._waiting = images, 0
        (self._run.folder / WHY).unlink(missing_ok=True)
        call = Call(images, os.environ["MASTER_ADDR"] if self._several else "127.0.0.1", free_port())
        self._begin(call)
        if self._several:
            write_bytes(self._run.folder / CALL, msgspec.json.encode(call))

    def _begin(self, call: Call) -> None:
        command = [sys.executable, "-m", "engine.cli", *self._words(call.images)]
        with self._log.open("wb") as said:
            for told in _ranks(self._ranks, call):
                child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **_modest(told))
                self._children.append(child)
        for child in self._children:
            if hasattr(os, "setpriority"):
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, child.pid, NICE)

    def _words(self, images: int) -> list[str]:
        """The same for the command line."""
        config, by = self._config, self._config.guidance.by
        words = ["metrics", "--model", self._run.snapshot_file(images), "--data", config.data, "--batch", 4]
        words += ["--metrics", config.metrics, "--json", self._run.folder / FIGURES, "--threads", 1]
        words += ["--pair", by] if by and isinstance(config.network, StyleGANT) else []
        words += ["--stream"] if config.stream.on else []
        words += ["--device", config.device, *(["--mirror"] if config.mirror else [])]
        return [str(word) for word in words]

    def _note(self) -> str:
        """Appends the figures; a program that failed has said why, and is not asked again."""
        file = self._run.folder / FIGURES
        if self._failed() or not file.exists():
            self._off, let_down = True, self._run.folder / LET_DOWN
            why = let_down.read_text(encoding="utf-8") if let_down.exists() else self._complaint()
            write_bytes(self._run.folder / WHY, why.encode())
            return UNMEASURED + why
        results = json.loads(file.read_text(encoding="utf-8"))["results"]
        file.unlink()
        for result in results:
            for name, value in result["values"].items():
                add_line(self._run.metrics_file, {"images": self._measured, "metric": name, "value": value})
        return ""

    def _complaint(self) -> str:
        """What a program said before it ended."""
        lines = self._log.read_text(errors="replace").strip().splitlines()
        ours = [line for line in lines if line.startswith(PROGRAM)] or lines[-1:]
        return ours[0].removeprefix(PROGRAM) if ours else "the program that measures ended"


def free_port() -> int:
    """One of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("", 0))
        return int(free.getsockname()[1])


def _ranks(ranks: Ranks, call: Call) -> list[dict[str, str]]:
    """What tells each program of this machine that it is one of several, here and elsewhere; nothing where there is one."""
    if ranks.count == 1:
        return [{}]
    known = {"WORLD_SIZE": str(ranks.count), "MASTER_ADDR": call.address, "MASTER_PORT": str(call.port)}
    return [{**known, "RANK": str(ranks.rank + here), "LOCAL_RANK": str(here)} for here in range(ranks.here)]


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
