"""Films that are pictures: GIF with a palette of its own, moving WebP, and a folder of PNGs that carry their recipes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import av
from av.container import OutputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from engine.recipe.timeline import Timeline

from . import png
from .export_parts import Parts, frames, plan_of
from .export_settings import ExportSettings
from .frame import Frame
from .framing import framing

if TYPE_CHECKING:
    from .renderer import Renderer

F = TypeVar("F")
PALETTE_FRAMES = 200  # that the palette of a GIF is made from, spread evenly over it
WEBP_QUALITY = "85"


def gif(files: list[Path], path: Path, fps: int) -> None:
    """One palette for the whole film, so that nothing flickers; the rest is dithered where it changes."""
    palette = _palette(files, fps)
    graph = Graph()
    first = next(frames(files))
    video = graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=Fraction(1, fps))
    colours = graph.add_buffer(
        width=palette.width, height=palette.height, format=palette.format, time_base=Fraction(1, fps)
    )
    use, sink = graph.add("paletteuse", "dither=sierra2_4a:diff_mode=rectangle"), graph.add("buffersink")
    video.link_to(use, 0, 0)
    colours.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    palette.pts = 0
    colours.push(palette)
    colours.push(None)
    size = first.width, first.height
    with av.open(str(path), "w", format="gif", options={"loop": "0"}) as container:
        stream = _stream(container, "gif", "pal8", size, fps)
        for frame in _through(video.push, sink.pull, _numbered(files, fps)):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def webp(files: list[Path], path: Path, fps: int) -> None:
    """A WebP that moves and repeats."""
    with av.open(str(path), "w", format="webp", options={"loop": "0"}) as container:
        first = next(frames(files))
        stream = _stream(container, "libwebp_anim", "bgra", (first.width, first.height), fps)
        stream.codec_context.options = {"quality": WEBP_QUALITY, "loop": "0"}
        for frame in _numbered(files, fps):
            picture = frame.reformat(format="bgra")
            picture.pts, picture.time_base = frame.pts, Fraction(1, fps)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def folder_of_pictures(
    timeline: Timeline,
    renderer: Renderer,
    path: Path,
    settings: ExportSettings,
    filmed: Callable[[int, int, str, Frame | None], F],
) -> Generator[F, None, None]:
    """Every frame as a PNG with its recipe, in a folder that is there only once it is complete."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(17, "something is there already, and the pictures need a folder of their own", str(path))
    fps = settings.fps or timeline.fps
    total, digits = timeline.frames(fps), len(str(timeline.frames(fps)))
    parts = Parts(path, ".png")
    parts.begin(plan_of(timeline, settings, (0, 0), "png"))
    for number in range(total):
        file = parts.folder / f"{number + 1:0{max(digits, 5)}d}.png"
        frame = None
        if not file.is_file():
            frame = renderer.render(timeline.frame(number, fps))
            shaped = framing(frame.pixels, settings, even=False).frame(frame.pixels)
            png.write(file, Frame(frame.recipe, shaped))
        yield filmed(number + 1, total, file.name, frame)
    parts.finish(path)


def _palette(files: list[Path], fps: int) -> VideoFrame:
    """The 256 colours that serve the film best."""
    graph = Graph()
    first, count = next(frames(files)), sum(1 for _ in frames(files))
    buffer = graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=Fraction(1, fps))
    make, sink = graph.add("palettegen", "stats_mode=full"), graph.add("buffersink")
    buffer.link_to(make)
    make.link_to(sink)
    graph.configure()
    step = max(count // PALETTE_FRAMES, 1)
    for frame in _numbered(files, fps):
        if frame.pts is not None and frame.pts % step == 0:
            buffer.push(frame)
    buffer.push(None)
    found = sink.pull()
    assert isinstance(found, VideoFrame)
    return found


def _numbered(files: list[Path], fps: int) -> Iterator[VideoFrame]:
    for number, frame in enumerate(frames(files)):
        frame.pts, frame.time_base = number, Fraction(1, fps)
        yield frame


def _through(
    push: Callable[[VideoFrame | None], None], pull: Callable[[], object], inside: Iterator[VideoFrame]
) -> Iterator[VideoFrame]:
    """What comes out of a filter while frames are put in."""
    for frame in chain(inside, [None]):
        push(frame)
        while True:
            try:
                found = pull()
            except (BlockingIOError, av.EOFError):
                break
            assert isinstance(found, VideoFrame)
            yield found


def _stream(container: OutputContainer, codec: str, pixels: str, size: tuple[int, int], fps: int) -> VideoStream:
    stream = container.add_stream(codec, rate=fps)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size
    stream.pix_fmt = pixels
    stream.codec_context.time_base = Fraction(1, fps)
    return stream
