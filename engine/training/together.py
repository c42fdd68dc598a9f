"""Several processes of this machine train one run; one that dies is started again, all from the newest state."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

from engine.progress import Progress

from .loop import Trained, note, pictures
from .ranks import rounds
from .run import BadRun, Run

RESTARTS = 3  # torchrun's, of all processes together
EVERY = 0.25  # seconds between two looks at what they have written
PROGRAM = "latent-explorer"  # how the command line begins a sentence about an error
LOG = "processes.log"


def together(run: Run, processes: int, stopping: Callable[[], bool], *options: str) -> Generator[Progress, None, None]:
    """Prepares the pictures, then runs `torchrun` on this machine to its end; yields what the leading process writes of its steps.

    `options` are more words for the command `resume`. Whoever stops asking makes them finish their step and save. Raises BadRun
    with one sentence when they fail, or when the batch cannot be shared.
    """
    config = run.config()
    for size in {config.growth.batch, *config.growth.batches.values()}:
        try:
            rounds(size, config.accumulate, processes)
        except ValueError as error:
            raise BadRun(str(error)) from None
    yield from pictures(run, config)
    total, asked = round(config.kimg * 1000), False
    with (run.folder / LOG).open("ab") as log:
        begun = log.tell()
        # A session of its own: Ctrl-C comes to us alone, and they end by the run's own request to stop.
        child = subprocess.Popen(
            _command(run, processes, options), stdout=log, stderr=log, start_new_session=True, env=_env()
        )
    told = _News(run.stats_file)
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
    if child.returncode:
        raise BadRun(
            f"the processes failed: {_reason(run.folder / LOG, begun)} (all they said is in {run.folder / LOG})"
        )


def _command(run: Run, processes: int, options: tuple[str, ...]) -> list[str]:
    launcher = ["torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", f"--max-restarts={RESTARTS}"]
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
        self._seen = file.stat().st_size if file.exists() else 0

    def lines(self) -> list[dict[str, float]]:
        """Whole lines only; a file that a restart has cut is read on from its new end."""
        if not self.file.exists():
            return []
        with self.file.open("rb") as file:
            if file.seek(0, os.SEEK_END) < self._seen:
                self._seen = file.tell()
            file.seek(self._seen)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._seen += len(whole)
        return [json.loads(line) for line in whole.splitlines()]


def _reason(log: Path, begun: int) -> str:
    """The last sentence that one of ours said, in what was logged after `begun`."""
    with log.open("rb") as file:
        file.seek(begun)
        said = file.read().decode(errors="replace").splitlines()
    ours = [line.removeprefix(f"{PROGRAM}: ") for line in said if line.startswith(f"{PROGRAM}: ")]
    return ours[-1] if ours else "they ended without saying why"
