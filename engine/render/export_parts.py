"""The finished parts of a film that is still being made: after a kill, the next export of the same film goes on there."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import msgspec
from av.packet import Packet

from engine.recipe.timeline import Timeline
from engine.whole import write_bytes

from .export_settings import ExportSettings

VERSION = 1  # raise it when parts are made in another way
PART = 120  # frames
PLAN = "plan.txt"


class Parts:
    """A hidden folder beside the film, with one small film for each PART frames."""

    def __init__(self, path: Path, suffix: str):
        self.folder = folder_of(path)
        self._suffix = suffix

    def begin(self, plan: str) -> None:
        """Keeps what an export of the very same film has left, and throws away everything else. Raises OSError."""
        kept = self.folder / PLAN
        if not (kept.is_file() and kept.read_text(encoding="utf-8", errors="replace") == plan):
            self.discard()
            write_bytes(kept, plan.encode())
        for left in self.folder.glob(".*.part"):
            left.unlink(missing_ok=True)  # a part that a kill has cut off

    def file(self, part: int) -> Path:
        return self.folder / f"{part:06d}{self._suffix}"

    def tidy(self) -> None:
        """Removes a folder in which nothing is finished."""
        if not any(file.name != PLAN for file in self.folder.glob("*")):
            self.discard()

    def finish(self, path: Path) -> None:
        """The folder itself becomes `path`, which may be there when it is empty. Raises OSError."""
        (self.folder / PLAN).unlink(missing_ok=True)
        if path.is_dir():
            path.rmdir()
        os.replace(self.folder, path)

    def discard(self) -> None:
        """Removes everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


def folder_of(path: Path) -> Path:
    """Where the parts of this film lie."""
    return path.with_name(f".{path.name}.parts")


def begun(path: Path) -> bool:
    """Whether an export has left finished parts of a film of this name."""
    folder = folder_of(path)
    return any(not file.name.startswith(".") and file.name != PLAN for file in folder.glob("*"))


def plan_of(timeline: Timeline, settings: ExportSettings, size: tuple[int, int], codec: str) -> str:
    """A word that is the same only for the very same film, encoder and version of it."""
    said = [VERSION, msgspec.json.encode(timeline), msgspec.json.encode(settings), size, codec, av.__version__]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def ranges(frames: int) -> list[range]:
    """The frames of each part."""
    return [range(begin, min(begin + PART, frames)) for begin in range(0, frames, PART)]


def packets(files: list[Path], fps: int) -> Iterator[Packet]:
    """The encoded frames of all parts as one stream, counted from the first; time is told in frames."""
    begin = 0
    for path in files:
        with av.open(str(path)) as part:
            stream, count = part.streams.video[0], 0
            for packet in part.demux(stream):
                if packet.size == 0 or packet.pts is None or packet.dts is None:
                    continue
                place = packet.time_base * fps
                pts, dts = round(packet.pts * place), round(packet.dts * place)
                packet.time_base = Fraction(1, fps)
                packet.pts, packet.dts, packet.duration = begin + pts, begin + dts, 1
                count += 1
                yield packet
        begin += count


def frames(files: list[Path]) -> Iterator[av.VideoFrame]:
    """The decoded frames of all parts, one after the other."""
    for path in files:
        with av.open(str(path)) as part:
            yield from part.decode(video=0)
