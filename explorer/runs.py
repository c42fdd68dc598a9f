"""Reads a training run's directory while somebody else, here or on another machine, writes it. No torch."""

import contextlib
import json
import math
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine.training.troubles import Disk
from engine.whole import write_bytes

BITE = 2**19  # bytes of statistics read at a time, some ten milliseconds' worth
QUIET = 90.0  # seconds without a sign of life after which nobody seems to train here
RATE_LINES = 100


class NoRun(ValueError):
    """A folder that is no run; the message is one sentence for a person."""


@dataclass(frozen=True)
class Plan:
    """What a run was started with, as far as a window shows it."""

    data: str
    family: str
    resolution: int
    images: int
    """How many pictures the whole training shows."""


@dataclass(frozen=True)
class RunFolder:
    """The files of a run."""

    path: Path

    def plan(self) -> Plan:
        """Raises NoRun with one sentence."""
        try:
            config = json.loads((self.path / "config.json").read_bytes())
            network = config["network"]
            images = round(float(config["kimg"]) * 1000)
            return Plan(str(config["data"]), str(network["family"]), int(network["resolution"]), images)
        except OSError:
            raise NoRun(f"{self.path} is not a run of a training: there is no config.json in it") from None
        except (ValueError, KeyError, TypeError):
            raise NoRun(f"the config.json in {self.path} is not that of a training") from None

    def samples(self) -> list[Path]:
        """All sample grids, oldest first."""
        return sorted((self.path / "samples").glob("[0-9]*.png"))

    def snapshots(self) -> list[Path]:
        """All models, oldest first."""
        return sorted((self.path / "snapshots").glob("[0-9]*.safetensors"))

    def has_state(self) -> bool:
        """Whether training can go on from here."""
        return any((self.path / "state").glob("*.safetensors"))

    def request_stop(self) -> None:
        """Asks whoever trains to finish the step, save and end. Raises OSError."""
        (self.path / "stop").touch()

    def stop_requested(self) -> bool:
        return (self.path / "stop").exists()

    def request_pause(self) -> None:
        """Asks whoever trains to wait after this step, with everything in memory. Raises OSError."""
        (self.path / "pause").touch()

    def end_pause(self) -> None:
        """Lets whoever pauses go on. Raises OSError."""
        (self.path / "pause").unlink(missing_ok=True)

    def pause_requested(self) -> bool:
        return (self.path / "pause").exists()

    def pausing(self) -> bool:
        """Whether it does pause: whoever trains writes a word into the request."""
        try:
            return (self.path / "pause").stat().st_size > 0
        except OSError:
            return False

    def last_return(self) -> dict[str, Any]:
        """The last return to an earlier state after numbers that burst: `images`, `state`, `rate`; empty where there was none."""
        try:
            lines = (self.path / "returns.jsonl").read_bytes().splitlines()
        except OSError:
            return {}
        return next(_read(lines[::-1]), {})

    def unmeasured(self) -> str:
        """Why its snapshots cannot be measured; "" where they can, or nobody wishes it."""
        try:
            return (self.path / "unmeasured.txt").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""

    def card(self) -> Path:
        """The model card that it wrote of itself, if it is there yet."""
        return self.path / "card.md"

    def settings(self) -> dict[str, Any]:
        """All that is in its config.json. Raises NoRun with one sentence."""
        self.plan()
        return dict(json.loads((self.path / "config.json").read_bytes()))

    def disk(self) -> Disk:
        """How much room is left where it lies, and how much its newest save took."""
        newest = [*self.snapshots()[-1:], *sorted((self.path / "state").glob("*.safetensors"))[-1:]]
        try:
            return Disk(shutil.disk_usage(self.path).free, sum(path.stat().st_size for path in newest))
        except OSError:
            return Disk()

    def silence(self) -> float:
        """Seconds since its last step was noted; infinite before the first."""
        return _age(self.path / "stats.jsonl")

    def alive(self) -> bool:
        """Whether there was a sign of life lately, from whichever machine it may be."""
        marks = (self.path / name for name in ("stats.jsonl", "config.json", "samples", "state", "pictures", "pause"))
        return any(_age(mark) < QUIET for mark in marks)


def _age(path: Path) -> float:
    try:
        return abs(time.time() - path.stat().st_mtime)
    except OSError:
        return math.inf


def hold(model: Path) -> None:
    """Asks a training not to remove this model of its run when newer ones come; of other files nothing is asked."""
    if model.parent.name == "snapshots" and (model.parents[1] / "config.json").exists():
        with contextlib.suppress(OSError):  # on a disk that is only read, nothing is removed either
            model.with_suffix(".held").touch()


def images_of(path: Path) -> int:
    """How many pictures had been shown when this sample grid or snapshot was made; its name says it."""
    return int(path.stem) if path.stem.isdigit() else 0


class Statistics:
    """The lines of stats.jsonl so far, read bite by bite; `read` again and again while the file grows."""

    def __init__(self, path: Path):
        self._path = path
        self.measured: dict[str, tuple[list[int], list[float]]] = {}
        """Pictures seen and value of every snapshot that was measured, by the names of metrics."""
        self._measured_at = 0.0
        self._forget()

    def _forget(self) -> None:
        self._offset, self._node = 0, 0
        self._rest = b""
        self.images: list[int] = []
        self.columns: dict[str, list[float]] = {}
        self.last: dict[str, Any] = {}
        self._rates: list[float] = []

    @property
    def discriminator(self) -> list[float]:
        """Its losses."""
        return self.columns.get("loss_discriminator", [])

    @property
    def generator(self) -> list[float]:
        """Its losses."""
        return self.columns.get("loss_generator", [])

    @property
    def rate(self) -> float:
        """Pictures a second, over the last steps."""
        chosen = sorted(self._rates)
        return chosen[len(chosen) // 2] if chosen else 0.0

    def read(self) -> bool:
        """Reads on; whether there is more at once. A run that went back to an earlier state is read anew."""
        self._measure()
        try:
            with self._path.open("rb") as file:
                status = self._path.stat()
                if status.st_size < self._offset or self._node not in (0, status.st_ino):
                    self._forget()
                self._node = status.st_ino
                file.seek(self._offset)
                text = file.read(BITE)
        except OSError:
            return False
        self._offset += len(text)
        *lines, self._rest = (self._rest + text).split(b"\n")
        for line in _read(lines):
            self._note(line)
        return self._offset < status.st_size

    def _measure(self) -> None:
        """The few lines of metrics.jsonl, whenever it has changed."""
        file = self._path.with_name("metrics.jsonl")
        try:
            changed = file.stat().st_mtime
            lines = file.read_bytes().splitlines() if changed != self._measured_at else []
        except OSError:
            return
        if changed == self._measured_at:
            return
        self._measured_at, self.measured = changed, {}
        for line in _read(lines):
            images, values = self.measured.setdefault(str(line.get("metric")), ([], []))
            images.append(line["images"])
            values.append(_number(line.get("value")))

    def _note(self, line: dict[str, Any]) -> None:
        self.last = line
        for name in line.keys() - self.columns.keys():
            self.columns[name] = [math.nan] * len(self.images)
        for name, column in self.columns.items():
            column.append(_number(line.get(name)))
        self.images.append(int(line["images"]))
        rate = _number(line.get("img_s"))
        if math.isfinite(rate):
            self._rates = [*self._rates[1 - RATE_LINES :], rate]


def _read(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            found = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            found = _lenient(line)
        if isinstance(found, dict) and isinstance(found.get("images"), int):
            yield found


def _lenient(line: bytes) -> Any:
    """Python writes NaN where a loss has burst, which is no JSON but worth showing."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


class RunBook:
    """The runs at the usual place, and those elsewhere that were opened once, whose names a small file keeps."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._file = folder / "elsewhere.json"

    def runs(self) -> list[Path]:
        """The one with the latest sign of life first."""
        found = {path.parent for path in self.folder.glob("*/config.json")}
        found |= {path for path in self._elsewhere() if (path / "config.json").exists()}
        return sorted(found, key=lambda run: min(_age(run / "stats.jsonl"), _age(run / "config.json")))

    def remember(self, run: Path) -> None:
        """Notes a run that lies elsewhere; where nothing can be written, it is forgotten at the end."""
        run = run.resolve()
        others = self._elsewhere()
        if run.parent == self.folder.resolve() or run in others:
            return
        with contextlib.suppress(OSError):
            write_bytes(self._file, msgspec.json.encode([str(path) for path in (run, *others)]))

    def _elsewhere(self) -> list[Path]:
        try:
            return [Path(name) for name in msgspec.json.decode(self._file.read_bytes(), type=list[str])]
        except (OSError, msgspec.DecodeError):
            return []
