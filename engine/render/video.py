"""A way through recipes as an H.264 film: frame by frame, never all of them in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from engine.progress import Progress
from engine.recipe import Recipe, timeline
from engine.whole import whole

from .frame import Frame

if TYPE_CHECKING:
    from .renderer import Renderer

ENCODERS = (
    "libx264",
    "h264_nvenc",
    "h264_videotoolbox",
    "h264_vaapi",
    "h264_qsv",
    "h264_amf",
    "h264_mf",
    "libopenh264",
)
OTHERS = ("mpeg4", "libvpx-vp9", "libaom-av1", "libsvtav1", "libx265", "prores_ks", "ffv1", "gif")
OPTIONS = {"libx264": {"preset": "medium", "crf": "16"}}  # 16: no banding to be seen in smooth skies
BITS_PER_PIXEL = 0.3  # for the encoders that know no constant quality
BT709 = 1  # primaries, transfer and matrix of BT.709 all have the number 1 (ITU-T H.273)
MAX_FPS = 240
MAX_SIDE = 8192


class NoEncoder(ValueError):
    """This machine cannot write H.264; the message is one sentence for a person."""


@dataclass(frozen=True)
class Filmed(Progress):
    """How far a film is, and its newest frame."""

    frame: Frame | None = None


def film(
    recipes: Sequence[Recipe],
    renderer: Renderer,
    path: Path,
    seconds: float,
    fps: int = 30,
    loop: bool = False,
    scale: int = 1,
) -> Generator[Filmed, None, None]:
    """Writes an mp4 that takes `seconds` from each recipe to the next, enlarged `scale` times.

    It has round(seconds · fps) frames for each pair and the last recipe's; with `loop` the way leads back to the first
    recipe and the last frame is left out. Yields after every frame; `close()` before the end leaves no file behind.
    Raises ValueError, NoEncoder or OSError with one sentence, and what rendering raises.
    """
    steps = _steps(recipes, seconds, fps, scale)
    total = timeline.count(len(recipes), steps, loop)
    moments = timeline.moments(recipes, steps, loop)
    first = renderer.render(recipes[0])
    height, width = (side * scale for side in first.pixels.shape[:2])
    with whole(path) as temporary, _opened(temporary, width, height, fps) as (container, stream):
        for number, recipe in enumerate(moments):
            frame = renderer.render(recipe) if number else first
            picture = _picture(frame.pixels, scale)
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(picture))
            yield Filmed(number + 1, total, f"frame {number + 1}", frame)
        container.mux(stream.encode(None))


def _steps(recipes: Sequence[Recipe], seconds: float, fps: int, scale: int) -> int:
    if len(recipes) < 2:
        raise ValueError("a film needs at least two pictures to go between")
    if not 1 <= fps <= MAX_FPS:
        raise ValueError(f"a film has 1 to {MAX_FPS} frames per second, not {fps}")
    if not 0 < seconds <= 3600:
        raise ValueError(f"from one picture to the next it takes more than 0 and at most 3600 seconds, not {seconds:g}")
    if not 1 <= scale <= 64:
        raise ValueError(f"a film can be enlarged 1 to 64 times, not {scale} times")
    return max(1, round(seconds * fps))


@contextmanager
def _opened(path: Path, width: int, height: int, fps: int) -> Iterator[tuple[OutputContainer, VideoStream]]:
    """An mp4 with one H.264 stream; its index goes to the front, so that it plays while it loads."""
    if max(width, height) > MAX_SIDE:
        raise ValueError(f"a film of {width}×{height} pixels is too large; at most {MAX_SIDE} along a side")
    width, height = width + width % 2, height + height % 2
    codec = encoder(width, height, fps)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream(codec, rate=fps)
        assert isinstance(stream, VideoStream)
        _set(stream.codec_context, codec, width, height, fps)
        yield container, stream


def encoder(width: int = 256, height: int = 256, fps: int = 30) -> str:
    """The first H.264 encoder that really opens here. Raises NoEncoder with one sentence that lists what there is."""
    for codec in ENCODERS:
        if codec in av.codecs_available:
            context = cast(VideoCodecContext, av.CodecContext.create(codec, "w"))
            _set(context, codec, width, height, fps)
            try:
                context.open()
            except (av.FFmpegError, ValueError):
                continue
            return codec
    there = ", ".join(name for name in OTHERS if name in av.codecs_available) or "no other either"
    raise NoEncoder(
        f"no H.264 encoder works here for {width}×{height} pixels (there is {there}); pip install --force av"
    )


def _set(context: VideoCodecContext, codec: str, width: int, height: int, fps: int) -> None:
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.framerate, context.time_base = Fraction(fps), Fraction(1, fps)
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = ColorRange.MPEG
    if codec in OPTIONS:
        context.options = dict(OPTIONS[codec])
    else:
        context.bit_rate = max(100_000, int(width * height * fps * BITS_PER_PIXEL))


def _picture(pixels: np.ndarray, scale: int) -> av.VideoFrame:
    """[H, W, 3] → yuv420p by BT.709 in the studio range, odd sides padded with their last row or column."""
    pixels = pixels.repeat(scale, 0).repeat(scale, 1)
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24").reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
