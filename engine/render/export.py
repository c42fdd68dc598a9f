"""A timeline as a film: frame by frame, part by part, never all of it in memory, and taken up again after a kill."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import msgspec
from av.video.stream import VideoStream

from engine.progress import Progress
from engine.recipe.timeline import Timeline
from engine.whole import whole

from .export_join import join
from .export_parts import Parts, folder_of, plan_of, ranges
from .export_pictures import folder_of_pictures
from .export_settings import ExportSettings
from .formats import FORMATS, Format, encoder, part_format, set_up, video_frame
from .frame import Frame
from .framing import Framing, framing

if TYPE_CHECKING:
    from .renderer import Renderer

LONGEST = 2_000_000  # frames
GIF_FPS = 50  # players show faster ones slowly


@dataclass(frozen=True)
class Filmed(Progress):
    """How far a film is, and its newest frame (None while finished parts are found or put together)."""

    frame: Frame | None = None


@dataclass(frozen=True)
class Shot:
    """All that is settled before the first frame is written."""

    timeline: Timeline
    settings: ExportSettings
    fps: int
    framing: Framing
    codec: str
    format: Format


def export(
    timeline: Timeline,
    renderer: Renderer,
    path: Path,
    settings: ExportSettings | None = None,
    sound: Path | None = None,
) -> Generator[Filmed, None, None]:
    """Writes the film `path` (a folder for PNG pictures), which is there only once it is complete.

    A closed generator and a kill both leave the finished parts in a hidden folder beside it, where the next export of
    the same film goes on; `discard` removes them. `sound` stands for the timeline's own file where that has moved.
    Raises ValueError (NoEncoder, BadSound) or OSError with one sentence, and what rendering raises.
    """
    settings = settings or ExportSettings()
    total = checked(timeline, settings)
    first = renderer.render(timeline.at(0.0))
    if settings.kind == "png":
        yield from folder_of_pictures(timeline, renderer, path, settings, Filmed)
        return
    shot = _shot(timeline, settings, first)
    parts = Parts(path, part_format(settings.kind).suffix)
    if path.is_dir():
        raise IsADirectoryError(21, "it is a folder, and a film should be written there", str(path))
    with sounding(timeline, settings, sound) as heard:
        parts.begin(plan_of(timeline, settings, shot.framing.outer, shot.codec))
        files = [parts.file(number) for number in range(len(ranges(total)))]
        try:
            yield from _parts(shot, renderer, files, total)
        finally:
            parts.tidy()
        if not FORMATS[settings.kind].joined:
            yield Filmed(total, total, "choosing its colours")
        with whole(path) as temporary:
            join(files, temporary, settings.kind, shot.fps, total, heard)
    parts.discard()


def discard(path: Path) -> None:
    """Removes what an unfinished export of this film has left."""
    Parts(path, "").discard()


def left_over(path: Path) -> bool:
    """Whether an unfinished export of this film could go on."""
    return folder_of(path).is_dir()


def checked(timeline: Timeline, settings: ExportSettings) -> int:
    """How many frames the film will have. Raises ValueError with one sentence when it cannot be made."""
    msgspec.convert(msgspec.to_builtins(settings), ExportSettings)
    fps = settings.fps or timeline.fps
    if not timeline.keys:
        raise ValueError("there is nothing to film yet: a film needs at least one key")
    if settings.kind == "gif" and fps > GIF_FPS:
        raise ValueError(f"a GIF has at most {GIF_FPS} frames per second, not {fps}")
    total = timeline.frames(fps)
    if total > LONGEST:
        raise ValueError(f"a film of {total:,} frames is too long; at most {LONGEST:,}")
    return total


@contextmanager
def sounding(timeline: Timeline, settings: ExportSettings, sound: Path | None) -> Iterator[Callable | None]:
    """What `join` asks for the sound's frames; None where there is none to be heard."""
    from . import sound as sounds

    kind = FORMATS[settings.kind].sound
    if timeline.sound is None or not kind:
        yield None
        return
    file = sounds.opened(sound or Path(timeline.sound.path))
    at = timeline.sound.at
    with file:
        yield lambda seconds: sounds.heard(file, at, seconds, sounds.SAMPLES[kind])


def _shot(timeline: Timeline, settings: ExportSettings, first: Frame) -> Shot:
    found = part_format(settings.kind)
    fps = settings.fps or timeline.fps
    frame = framing(first.pixels, settings, even=found.yuv)
    return Shot(timeline, settings, fps, frame, encoder(settings, *frame.outer, fps), found)


def _parts(shot: Shot, renderer: Renderer, files: list[Path], total: int) -> Generator[Filmed, None, None]:
    for file, numbers in zip(files, ranges(total), strict=True):
        if file.is_file():
            yield Filmed(numbers.stop, total, "already there")
        else:
            yield from _part(shot, renderer, file, numbers, total)


def _part(shot: Shot, renderer: Renderer, file: Path, numbers: range, total: int) -> Generator[Filmed, None, None]:
    with whole(file) as temporary, _opened(temporary, shot) as write:
        recipes = (shot.timeline.frame(number, shot.fps) for number in numbers)
        for number, frame in zip(numbers, renderer.flow(recipes), strict=True):
            write(number - numbers.start, frame)
            yield Filmed(number + 1, total, f"frame {number + 1}", frame)


@contextmanager
def _opened(path: Path, shot: Shot) -> Iterator[Callable[[int, Frame], None]]:
    """A part that is being written, as a function that takes the frames with their numbers."""
    with av.open(str(path), "w", format=shot.format.container) as container:
        stream = container.add_stream(shot.codec, rate=shot.fps)
        assert isinstance(stream, VideoStream)
        set_up(stream.codec_context, shot.codec, shot.format, shot.settings.quality, shot.framing.outer, shot.fps)

        def write(number: int, frame: Frame) -> None:
            picture = video_frame(shot.framing.frame(frame.pixels), shot.format)
            picture.pts, picture.time_base = number, Fraction(1, shot.fps)
            container.mux(stream.encode(picture))

        yield write
        container.mux(stream.encode(None))
