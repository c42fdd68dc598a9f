"""A live recording: pictures with the moments they were shown at, streamed to disk so that a kill leaves what was recorded."""

import os
from collections.abc import Generator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from engine.progress import Progress
from engine.whole import free_path

from .formats import BITS_PER_PIXEL, FORMATS, NoEncoder, set_up, video_frame

STREAM = ".recording.mkv"  # the end of the name of what is streamed to disk
TICK = 1000  # moments are told in milliseconds, as Matroska does
LIVE = {"preset": "ultrafast", "tune": "zerolatency", "crf": "14"}  # no frame waits for a later one
STREAMED = {"cluster_time_limit": "500", "flush_packets": "1"}  # so at most half a second is lost by a kill
KEY_EVERY = 60  # frames


class Recording:
    """Writes `path` (.mp4) by way of a Matroska file beside it, which plays at any moment, also after a kill.

    Raises NoEncoder or OSError with one sentence. Not safe for several threads at once.
    """

    def __init__(self, path: Path):
        self.path = path
        self.live = path.with_name(path.stem + STREAM)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.frames = 0
        self._last = -1
        self._size = (0, 0)
        self._picture: np.ndarray | None = None
        self._container: av.container.OutputContainer | None = None
        self._stream: VideoStream | None = None

    def show(self, pixels: np.ndarray, seconds: float) -> None:
        """A picture [H, W, 3] uint8 that was shown so many seconds after the beginning; later ones have later moments."""
        if self._container is None:
            self._open(pixels.shape[1], pixels.shape[0])
        self._picture = self._fitted(pixels)
        self._write(self._picture, max(round(seconds * TICK), self._last + 1))

    def stop(self, seconds: float) -> Path | None:
        """The last picture stays until now; the film, that plays everywhere, or None where nothing was shown."""
        if self._container is None or self._stream is None or self._picture is None:
            return None
        self._write(self._picture, max(round(seconds * TICK), self._last + 1))
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self._container = None
        remuxed(self.live, self.path)
        self.live.unlink()
        return self.path

    def _open(self, width: int, height: int) -> None:
        self._size = (width + width % 2, height + height % 2)
        codec = next(
            (name for name in FORMATS["h264"].codecs if name in av.codecs_available and self._opens(name)), None
        )
        if codec is None:
            raise NoEncoder(f"no H.264 encoder works here for {width}×{height} pixels; pip install --force av")
        self._container = av.open(str(self.live), "w", format="matroska", options=dict(STREAMED))
        stream = self._container.add_stream(codec, rate=30)
        assert isinstance(stream, VideoStream)
        self._set(stream.codec_context, codec)
        self._stream = stream

    def _opens(self, codec: str) -> bool:
        context = av.CodecContext.create(codec, "w")
        self._set(context, codec)
        try:
            context.open()
        except (av.FFmpegError, ValueError):
            return False
        return True

    def _set(self, context: av.CodecContext, codec: str) -> None:
        assert isinstance(context, av.VideoCodecContext)
        set_up(context, codec, FORMATS["h264"], "good", self._size, 30)
        context.time_base = Fraction(1, TICK)
        context.gop_size = KEY_EVERY
        if codec == "libx264":
            context.options = dict(LIVE)
        else:
            context.bit_rate = max(400_000, int(self._size[0] * self._size[1] * 30 * BITS_PER_PIXEL))

    def _fitted(self, pixels: np.ndarray) -> np.ndarray:
        """In the size of the first picture: another model's is made to fit, with black beside it."""
        width, height = self._size
        if pixels.shape[0] in (height, height - 1) and pixels.shape[1] in (width, width - 1):
            return np.pad(pixels, ((0, height - pixels.shape[0]), (0, width - pixels.shape[1]), (0, 0)), mode="edge")
        factor = min(width / pixels.shape[1], height / pixels.shape[0])
        size = (max(int(pixels.shape[1] * factor), 1), max(int(pixels.shape[0] * factor), 1))
        small = Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS)
        whole = Image.new("RGB", (width, height))
        whole.paste(small, ((width - size[0]) // 2, (height - size[1]) // 2))
        return np.asarray(whole)

    def _write(self, pixels: np.ndarray, moment: int) -> None:
        assert self._container is not None
        assert self._stream is not None
        picture = video_frame(np.ascontiguousarray(pixels), FORMATS["h264"])
        picture.pts, picture.time_base = moment, Fraction(1, TICK)
        self._container.mux(self._stream.encode(picture))
        self._last = moment
        self.frames += 1


def remuxed(live: Path, path: Path) -> None:
    """A streamed recording, also one that was cut off by a kill, as a film that plays everywhere; nothing is encoded again."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with (
            av.open(str(live)) as source,
            av.open(str(temporary), "w", format="mp4", options=dict(FORMATS["h264"].muxing)) as film,
        ):
            stream = film.add_stream_from_template(source.streams.video[0], opaque=True)
            for packet in source.demux(video=0):
                if packet.size and packet.pts is not None:
                    packet.stream = stream
                    film.mux(packet)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def rescue(left: Sequence[Path]) -> Generator[Progress, None, list[Path]]:
    """Films of recordings that were cut off, each named after its own; what was streamed goes once its film is there.

    Raises OSError with the reason.
    """
    films = []
    for done, live in enumerate(left, 1):
        film = free_path(live.with_name(f"{live.name.removesuffix(STREAM)}.mp4"))
        remuxed(live, film)
        live.unlink()
        films.append(film)
        yield Progress(done, len(left), film.name)
    return films
