"""Films that are pictures: GIF with a palette of its own, moving WebP, and a folder of PNGs that carry their recipes."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from engine.recipe.timeline import Timeline

from . import png
from .export_parts import Parts, frames, plan_of
from .export_settings import ExportSettings
from .frame import Frame
from .framing import framing

if TYPE_CHECKING:
    from .renderer import Renderer

F = TypeVar("F")
PALETTE_FRAMES, PALETTE_PIXELS = (
    64,
    4096,
)  # frames, spread evenly, and pixels of each, that a GIF's palette is made from
WEBP_QUALITY = "85"
WRITERS = min(os.cpu_count() or 1, 4)  # PNG files that are packed at a time, while the next pictures are drawn


def gif(files: list[Path], path: Path, fps: int) -> None:
    """One palette for the whole film, so that nothing flickers, and dithered."""
    palette = _palette(files)
    table = _table(palette)
    with av.open(str(path), "w", format="gif", options={"loop": "0"}) as container:
        first = next(frames(files))
        stream = _stream(container, "gif", "pal8", (first.width, first.height), fps)
        for number, frame in enumerate(frames(files)):
            picture = frame.to_image().quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
            drawn = VideoFrame.from_ndarray((np.asarray(picture), table), format="pal8")  # type: ignore[arg-type]
            drawn.pts, drawn.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(drawn))
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
    """Every frame as a PNG with its recipe, in a folder that is there only once it is complete.

    While some are packed the next ones are drawn; what is yielded is written.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(17, "something is there already, and the pictures need a folder of their own", str(path))
    from .stream import in_flight  # torch only where something is drawn

    fps = settings.fps or timeline.fps
    total = timeline.frames(fps)
    parts = Parts(path, ".png")
    parts.begin(plan_of(timeline, settings, (0, 0), "png"))
    digits = max(len(str(total)), 5)

    def place(number: int) -> Path:
        return parts.folder / f"{number + 1:0{digits}d}.png"

    missing = (number for number in range(total) if not place(number).is_file())
    flow = iter(renderer.flow(timeline.frame(number, fps) for number in missing))

    def begin(number: int) -> Callable[[], Frame | None]:
        if place(number).is_file():
            return lambda: None
        return writers.submit(_write, place(number), next(flow), settings).result

    with ThreadPoolExecutor(WRITERS, "pictures") as writers:
        for number, frame in enumerate(in_flight(begin, range(total), WRITERS)):
            yield filmed(number + 1, total, place(number).name, frame)
    parts.finish(path)


def _write(file: Path, frame: Frame, settings: ExportSettings) -> Frame:
    """In the shape of the film, with its recipe."""
    shaped = framing(frame.pixels, settings, even=False).frame(frame.pixels)
    png.write(file, Frame(frame.recipe, shaped))
    return frame


def _palette(files: list[Path]) -> Image.Image:
    """A picture whose palette holds the 256 colours that serve the film best."""
    count = sum(1 for _ in frames(files))
    step = max(-(-count // PALETTE_FRAMES), 1)
    random, seen = np.random.RandomState(0), []
    for frame in islice(frames(files), 0, None, step):
        pixels = frame.to_ndarray(format="rgb24").reshape(-1, 3)
        seen.append(pixels[random.randint(0, len(pixels), PALETTE_PIXELS)])
    return Image.fromarray(np.stack(seen)).quantize(256, Image.Quantize.MEDIANCUT, kmeans=2)


def _table(palette: Image.Image) -> np.ndarray:
    """[256, 4] uint8, alpha first; places that the palette leaves free are black."""
    colours = np.array(palette.getpalette() or [], np.uint8).reshape(-1, 3)
    table = np.zeros((256, 4), np.uint8)
    table[:, 0] = 255
    table[: len(colours), 1:] = colours
    return table


def _numbered(files: list[Path], fps: int) -> Iterator[VideoFrame]:
    for number, frame in enumerate(frames(files)):
        frame.pts, frame.time_base = number, Fraction(1, fps)
        yield frame


def _stream(container: OutputContainer, codec: str, pixels: str, size: tuple[int, int], fps: int) -> VideoStream:
    stream = container.add_stream(codec, rate=fps)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size
    stream.pix_fmt = pixels
    stream.codec_context.time_base = Fraction(1, fps)
    return stream
