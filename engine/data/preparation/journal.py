"""What is finished of a data set that is being made, line by line, so that a stopped one is taken up where it was."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.data.preparation.outputs import Entry
from engine.whole import write_bytes

VERSION = 1  # raise it when pictures are made in another way


class Line(msgspec.Struct, frozen=True, array_like=True):
    """What became of one item: its finished pictures, or why there are none."""

    name: str
    entries: tuple[Entry, ...]
    reason: str = ""
    enlarged: bool = False


def folder_for(out: Path) -> Path:
    """The hidden folder beside `out` in which it grows."""
    return out.with_name(f".{out.name}.part")


def discard(out: Path) -> None:
    """Remove what a stopped preparation left of `out`."""
    shutil.rmtree(folder_for(out), ignore_errors=True)


def key(*what: object) -> str:
    """A name for a request: other sources or another plan give another one."""
    return hashlib.sha256(msgspec.json.encode([VERSION, what], order="sorted")).hexdigest()


class Journal:
    """The lines so far, on disk before the next item is begun."""

    def __init__(self, folder: Path, request: str) -> None:
        path = folder / "journal.jsonl"
        self.lines, whole = read(path, request)
        self._count = sum(len(line.entries) for line in self.lines)
        if not whole:
            shutil.rmtree(folder, ignore_errors=True)
            write_bytes(path, msgspec.json.encode(request) + b"\n")
        self._file = path.open("r+b")
        if whole:
            self._file.truncate(whole)
        self._file.seek(0, 2)

    @property
    def count(self) -> int:
        """Finished pictures so far."""
        return self._count

    def add(self, lines: Sequence[Line]) -> None:
        """Note what became of these items, after their pictures were written."""
        self.lines += lines
        self._count += sum(len(line.entries) for line in lines)
        self._file.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        self._file.flush()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def read(path: Path, request: str) -> tuple[list[Line], int]:
    """The whole lines of an earlier try of the same request and how many bytes they take; of another one nothing."""
    lines: list[Line] = []
    size = 0
    try:
        with path.open("rb") as file:
            first = file.readline()
            if not first.endswith(b"\n") or msgspec.json.decode(first) != request:
                return lines, 0
            size = len(first)
            for row in file:
                if not row.endswith(b"\n"):
                    break
                lines.append(msgspec.json.decode(row, type=Line))
                size += len(row)
    except (OSError, msgspec.DecodeError):
        pass  # nothing there, or damage: what was read before it counts
    return lines, size
