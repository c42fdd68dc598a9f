"""Starts trainings as programs of their own, which outlive the window and a crash on either side."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import engine

from .words import tr

TAIL = 4000  # characters of what a program said last


class Training:
    """One training that was started here. It writes its run's folder, and what it says goes to a log."""

    def __init__(self, arguments: list[str]):
        """Starts it. Raises OSError."""
        self._begun = time.monotonic()
        handle, name = tempfile.mkstemp(prefix="latent-explorer-train-", suffix=".log")
        self.log = Path(name)
        with os.fdopen(handle, "wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "engine.cli", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment(),
                **_detached(),
            )

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._begun

    @property
    def running(self) -> bool:
        return self.exit_code is None

    def said(self) -> str:
        """The end of what it said."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        lines = [line.rstrip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
        return "\n".join(lines)[-TAIL:]

    def complaint(self) -> str:
        """Its last sentence, which says why it ended."""
        lines = self.said().splitlines()
        last = lines[-1] if lines else tr("the training ended at once (exit code {code})", code=self.exit_code)
        return last.removeprefix("latent-explorer: ")

    def wait(self, seconds: float) -> None:
        """Waits for its end; for tests."""
        self._process.wait(seconds)

    def end(self) -> None:
        """Ends at once what writes nothing, such as a trial."""
        if self.running:
            self._process.kill()
        self._process.wait()
        self.log.unlink(missing_ok=True)


@dataclass(frozen=True)
class Start:
    """What a new training begins with; `at_once` is how many of its pictures pass at once at most, 0: as the preset says."""

    pictures: Path | str
    run: Path
    preset: str
    transfer: Path | None = None
    changes: tuple[tuple[str, str], ...] = ()
    at_once: int = 0
    labels: bool = False
    """Its classes are learnt too."""
    stream: bool = False
    """Tar files are read while the training goes on."""
    reading: tuple[str, ...] = ()
    """The options by which a StyleGAN-T follows words."""

    def words(self) -> list[str]:
        """The same for the command line."""
        words = [str(self.pictures), "--out", str(self.run), "--preset", self.preset]
        words += ["--transfer", str(self.transfer)] if self.transfer is not None else []
        words += ["--accumulate", str(self.at_once)] if self.at_once else []
        words += [f"--{name}" for name in ("labels", "stream") if getattr(self, name)]
        return [*words, *self.reading, *settings(dict(self.changes))]


def train(start: Start) -> Training:
    """A new run. Raises OSError."""
    return Training(["train", *start.words()])


def try_out(start: Start) -> Training:
    """Some steps of the same, which write nothing; the last line that it says is JSON. Raises OSError."""
    return Training(["trial", *start.words(), "--json"])


def resume(run: Path, changes: Mapping[str, str] | None = None) -> Training:
    """Goes on with a run that had stopped, whatever it was asked before, with other settings by their names. Raises OSError."""
    for request in ("stop", "pause"):
        (run / request).unlink(missing_ok=True)
    return Training(["resume", str(run), *settings(changes or {})])


def settings(changes: Mapping[str, str]) -> list[str]:
    """Other settings by their names, for the command line."""
    return [word for name, value in changes.items() for word in ("--set", f"{name}={value}")]


def environment() -> dict[str, str]:
    """Ours, and the place of the engine, so that it is found from a checkout and from an installed wheel alike."""
    place = str(Path(engine.__file__ or ".").resolve().parent.parent)
    path = os.pathsep.join(part for part in (place, os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def _detached() -> dict[str, Any]:
    """So that closing the window, or Ctrl-C in its terminal, does not end the training."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
