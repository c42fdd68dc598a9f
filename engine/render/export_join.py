"""The last step of a film: its parts put together as they are, or made into a GIF or WebP, and the sound beside them."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer

from . import sound
from .export_parts import packets
from .export_pictures import gif, webp
from .export_settings import Kind
from .formats import FORMATS

Heard = Callable[[float], Iterator[AudioFrame]]


def join(files: list[Path], path: Path, kind: Kind, fps: int, total: int, heard: Heard | None) -> None:
    """Writes the film from its parts; memory stays flat."""
    if kind == "gif":
        gif(files, path, fps)
    elif kind == "webp":
        webp(files, path, fps)
    else:
        _copied(files, path, kind, fps, total, heard)


def _copied(files: list[Path], path: Path, kind: Kind, fps: int, total: int, heard: Heard | None) -> None:
    found = FORMATS[kind]
    with (
        av.open(str(files[0])) as part,
        av.open(str(path), "w", format=found.container, options=dict(found.muxing)) as container,
    ):
        stream = container.add_stream_from_template(part.streams.video[0], opaque=True)
        track = Track(container, found.sound, heard(total / fps)) if heard is not None else None
        for packet in packets(files, fps):
            if track is not None and packet.dts is not None:
                track.until(packet.dts / fps)
            packet.stream = stream
            container.mux(packet)
        if track is not None:
            track.until(None)


class Track:
    """A sound that is encoded beside the picture, never far ahead of it or behind."""

    def __init__(self, container: OutputContainer, codec: str, frames: Iterator[AudioFrame]):
        self._container, self._frames = container, frames
        self._stream = cast(AudioStream, container.add_stream(codec, rate=sound.RATE))
        self._stream.codec_context.layout = sound.LAYOUT
        self._stream.codec_context.format = sound.SAMPLES[codec]
        self._stream.codec_context.time_base = Fraction(1, sound.RATE)
        if codec in ("aac", "libopus"):
            self._stream.codec_context.bit_rate = sound.BIT_RATE
        self._ended = False
        self._time = -1.0

    def until(self, seconds: float | None) -> None:
        """Encodes up to a moment; None is the end."""
        while not self._ended and (seconds is None or self._time < seconds):
            frame = next(self._frames, None)
            if frame is None:
                self._ended = True
            elif frame.time is not None:
                self._time = frame.time
            self._container.mux(self._stream.encode(frame))
