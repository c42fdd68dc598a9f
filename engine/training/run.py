"""A run's directory, the whole interface of training: config.json, stats.jsonl, samples/, snapshots/, state/ and requests.

A request is an empty file, `stop` or `pause`; an empty file `NUMBER.held` beside a model asks to keep it. Returns after numbers
that burst are in returns.jsonl, what was measured of the snapshots is in metrics.jsonl.
"""

import errno
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine.whole import whole, write_bytes

from .config import Config

BEAT = 5.0  # seconds between two signs of life of a training that pauses
SILENT = 4 * BEAT  # after which nobody seems to be there


class BadRun(ValueError):
    """A directory that is no run, or one that is in use; the message is one sentence for a person."""


@dataclass(frozen=True)
class Run:
    """Paths and small files of a run. Several programs may read it while one writes."""

    folder: Path

    @property
    def config_file(self) -> Path:
        return self.folder / "config.json"

    @property
    def stop_file(self) -> Path:
        return self.folder / "stop"

    @property
    def pause_file(self) -> Path:
        return self.folder / "pause"

    @property
    def stats_file(self) -> Path:
        return self.folder / "stats.jsonl"

    @property
    def metrics_file(self) -> Path:
        return self.folder / "metrics.jsonl"

    @property
    def returns_file(self) -> Path:
        return self.folder / "returns.jsonl"

    @classmethod
    def create(cls, folder: Path, config: Config) -> "Run":
        """A new run. Raises BadRun when the folder already holds one, or anything else."""
        run = cls(folder)
        if run.config_file.exists():
            raise BadRun(f"{folder} already holds a run; continue it with `resume {folder}` or choose another folder")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadRun(f"{folder} is not empty; choose a new folder for the run")
        folder.mkdir(parents=True, exist_ok=True)
        run.write_config(config)
        return run

    def write_config(self, config: Config) -> None:
        """What the run goes on with from its next start."""
        write_bytes(self.config_file, msgspec.json.format(msgspec.json.encode(config), indent=2))

    def config(self) -> Config:
        """What the run was started with. Raises BadRun when there is none that can be read."""
        try:
            return msgspec.json.decode(self.config_file.read_bytes(), type=Config)
        except OSError:
            raise BadRun(f"{self.folder} is not a run: it has no config.json") from None
        except msgspec.MsgspecError as error:
            raise BadRun(f"{self.config_file} cannot be read: {error}") from None

    def snapshots(self) -> list[Path]:
        """All models of the run, oldest first."""
        return sorted((self.folder / "snapshots").glob("*.safetensors"))

    def states(self) -> list[Path]:
        """All full states, oldest first."""
        return sorted((self.folder / "state").glob("*.safetensors"))

    def samples(self) -> list[Path]:
        """All sample grids, oldest first."""
        return sorted((self.folder / "samples").glob("*.png"))

    def snapshot_file(self, images: int) -> Path:
        """Where the model after so many pictures goes."""
        return self.folder / "snapshots" / f"{images:09d}.safetensors"

    def state_file(self, images: int) -> Path:
        """Where the full state after so many pictures goes."""
        return self.folder / "state" / f"{images:09d}.safetensors"

    def sample_file(self, images: int) -> Path:
        """Where the sample grid after so many pictures goes."""
        return self.folder / "samples" / f"{images:09d}.png"

    def append(self, statistics: dict[str, Any]) -> None:
        """One line more in stats.jsonl, whole or not at all. Raises OSError."""
        add_line(self.stats_file, statistics)

    def note_return(self, back: dict[str, Any]) -> None:
        """One line more in returns.jsonl. Raises OSError."""
        add_line(self.returns_file, back)

    def forget_after(self, images: int) -> None:
        """Drops the lines of stats.jsonl and metrics.jsonl that lie after a state to which the run goes back."""
        for file in (self.stats_file, self.metrics_file):
            if file.exists():
                with whole(file) as part, part.open("wb") as kept:
                    for line in read_lines(file):
                        if line["images"] <= images:
                            kept.write((json.dumps(line) + "\n").encode())

    def sweep(self) -> None:
        """Removes what a killed process left half-written."""
        for name in ("", "samples", "snapshots", "state"):
            for part in (self.folder / name).glob(".*.part"):
                part.unlink(missing_ok=True)

    def statistics(self) -> Iterator[dict[str, Any]]:
        """The lines of stats.jsonl; a last line that is still being written is left out."""
        return read_lines(self.stats_file)

    def metrics(self) -> list[dict[str, Any]]:
        """What was measured of the snapshots: `images`, `metric`, `value`."""
        return list(read_lines(self.metrics_file))

    def returns(self) -> list[dict[str, Any]]:
        """Every return to an earlier state: `images` at which the numbers burst, `state` to which it went, `rate` since then."""
        return list(read_lines(self.returns_file))

    def request_stop(self) -> None:
        """Asks whoever trains to finish the step, save and end."""
        self.stop_file.touch()

    def stop_requested(self) -> bool:
        return self.stop_file.exists()

    def forget_stop_before(self, moment: float) -> None:
        """Drops a request to stop that is older than `moment` (seconds, as time.time() counts): nobody was there to hear it."""
        if self.stop_requested() and self.stop_file.stat().st_mtime < moment:
            self.clear_stop()

    def clear_stop(self) -> None:
        self.stop_file.unlink(missing_ok=True)

    def request_pause(self) -> None:
        """Asks whoever trains to wait after this step, with everything in memory, until the file is gone."""
        self.pause_file.touch()

    def pause_requested(self) -> bool:
        return self.pause_file.exists()

    def beat(self) -> None:
        """A sign of life of whoever pauses; nothing where nobody asks for a pause any more."""
        try:
            with self.pause_file.open("r+b") as file:
                file.write(b"paused")
            os.utime(self.pause_file)
        except OSError:
            return

    def pausing(self) -> bool:
        """Whether somebody is there who pauses, on whichever machine."""
        try:
            status = self.pause_file.stat()
        except OSError:
            return False
        return status.st_size > 0 and abs(time.time() - status.st_mtime) < SILENT

    def clear_pause(self) -> None:
        self.pause_file.unlink(missing_ok=True)


def held_file(model: Path) -> Path:
    """The mark beside a model of a run that somebody holds on to, so that it is not removed when newer ones come."""
    return model.with_suffix(".held")


def add_line(path: Path, line: dict[str, Any]) -> None:
    """One line of JSON more, whole or not at all. Raises OSError."""
    data = (json.dumps(line) + "\n").encode()
    with path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            if file.write(data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        except OSError:
            file.truncate(before)
            raise


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file of JSON lines, none where it is missing; one that is still being written is left out."""
    try:
        file = path.open(encoding="utf-8")
    except OSError:
        return
    with file:  # line by line: a long run has hundreds of megabytes of them
        for line in file:
            try:
                yield json.loads(line)
            except ValueError:
                continue
