"""Several processes of this machine train one run; when one dies, all are started again from the newest state."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NamedTuple

from engine.progress import Progress

from .loop import Trained, note, pictures
from .ranks import rounds
from .run import BadRun, Run

RESTARTS = 3  # of all processes together, without a step between them that was new
EVERY = 0.25  # seconds between two looks at what they have written
PROGRAM = "latent-explorer"  # how the command line begins a sentence about an error
LOG = "processes.log"
AGAIN = "started again: "  # how a sentence about it begins
TAIL, LONG = 3, 400  # lines of what they said last, and characters of it
TELLING = re.compile(r"\b(?!ChildFailed)\w*(Error|Exception)\b: .+|Signal \d+ \(\w+\)")


def together(run: Run, processes: int, stopping: Callable[[], bool], *options: str) -> Generator[Progress, None, None]:
    """Prepares the pictures, then runs `torchrun` on this machine to its end; yields what the leading process writes of its steps.

    Processes that die are started again as long as that leads further. torchrun's own restarts are not used: they are counted
    for the whole training, and would try errors again that stay. `options` are more words for the command `resume`. Whoever
    stops asking makes them finish their step and save. Raises BadRun with one sentence when they fail, or when the batch cannot
    be shared.
    """
    config = run.config()
    for size in {config.growth.batch, *config.growth.batches.values()}:
        try:
            rounds(size, config.accumulate, processes)
        except ValueError as error:
            raise BadRun(str(error)) from None
    yield from pictures(run, config)
    total, told, tries = round(config.kimg * 1000), _News(run.stats_file), 0
    while True:
        tries, before = tries + 1, told.images
        why = yield from _once(run, _command(run, processes, options), stopping, told, total)
        if not why:
            return
        tries = tries if told.images == before else 1
        if why.ours or stopping() or tries > RESTARTS:
            raise BadRun(f"the processes failed: {why.said} (all they said is in {run.folder / LOG})")
        yield Progress(told.images, total, f"{AGAIN}{why.said}")


class _Why(NamedTuple):
    """Why the processes failed; `ours` says that it is a sentence of our own, so that another try would end the same."""

    said: str
    ours: bool


def _once(
    run: Run, command: list[str], stopping: Callable[[], bool], told: "_News", total: int
) -> Generator[Progress, None, _Why | None]:
    """Runs torchrun to its end, each time with a rendezvous of its own; None: all is well."""
    asked = False
    with (run.folder / LOG).open("ab") as log:
        begun = log.tell()
        # A session of its own: Ctrl-C comes to us alone, and they end by the run's own request to stop.
        child = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=_env())
    try:
        while child.poll() is None:
            if stopping() and not asked:
                run.request_stop()
                asked = True
            for line in told.lines():
                yield Trained(int(line["images"]), total, note(line), line)
            time.sleep(EVERY)
        yield from (Trained(int(line["images"]), total, note(line), line) for line in told.lines())
    finally:
        if child.poll() is None:
            run.request_stop()
            child.wait()
    return _reason(run.folder / LOG, begun) if child.returncode else None


def _command(run: Run, processes: int, options: tuple[str, ...]) -> list[str]:
    launcher = ["torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", "--max-restarts=0"]
    return [sys.executable, "-m", *launcher, "-m", "engine.cli", "resume", str(run.folder), *options]


def _env() -> dict[str, str]:
    """Where a checkout is not installed, its packages are found beside this one."""
    here = str(Path(__file__).parents[2])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{known}" if known else here}


class _News:
    """The lines that have come to a file of statistics since the last look."""

    def __init__(self, file: Path):
        self.file = file
        self._seen, self._node = (file.stat().st_size, file.stat().st_ino) if file.exists() else (0, 0)
        self.images = 0
        """How many pictures the newest line had seen."""

    def lines(self) -> list[dict[str, float]]:
        """Whole lines only; of a file that a restart has written anew those that lead further than before."""
        if not self.file.exists():
            return []
        with self.file.open("rb") as file:
            node = os.fstat(file.fileno()).st_ino
            if node != self._node:
                self._seen, self._node = 0, node
            file.seek(self._seen)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._seen += len(whole)
        found = [line for line in map(json.loads, whole.splitlines()) if line["images"] > self.images]
        self.images = int(found[-1]["images"]) if found else self.images
        return found


def _reason(log: Path, begun: int) -> _Why:
    """The last sentence that one of ours said, in what was logged after `begun`, else the errors that it ends with."""
    with log.open("rb") as file:
        file.seek(begun)
        said = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    ours = [line.removeprefix(f"{PROGRAM}: ") for line in said if line.startswith(f"{PROGRAM}: ")]
    if ours:
        return _Why(ours[-1], ours=True)
    telling = [match[0] for line in said if (match := TELLING.search(line))]
    end = "; ".join(list(dict.fromkeys(telling or said))[-TAIL:])
    return _Why(f"they ended with: {end[-LONG:]}" if end else "they ended without a word", ours=False)
