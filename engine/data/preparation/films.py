"""Frames of videos as pictures: which moments to take, at a rate or one for each scene, and the pictures themselves."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.data.pictures import UPRIGHT, BadPicture, check_size

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".flv", ".ogv", ".wmv"})
# Files only, and no format that names other files: a playlist called .mp4 could fetch whatever it likes.
SAFE = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf",
}
MAX_FRAMES = 500_000
SCENE = 0.1  # share of full brightness by which a cut changes the small picture on average
SMALL = (32, 18)
HD = 720


def moments(path: Path, rate: float, scenes: bool = False) -> list[tuple[int, float]]:
    """Time stamp and seconds of the frames to take: `rate` each second, or the middle one of each scene.

    Raises BadPicture with one sentence.
    """
    with film(path) as (container, stream):
        base = float(stream.time_base or 0)
        stamps = middles(container, stream) if scenes else every(shown(container, stream), 1 / (rate * base))
        start = stream.start_time or 0
        if not stamps:
            raise BadPicture("The video has no frames that can be read.")
        return [(stamp, (stamp - start) * base) for stamp in stamps]


def shown(container: InputContainer, stream: VideoStream) -> list[int]:
    """The time stamps of all frames in the order in which they are shown; nothing is decoded for it."""
    stamps: list[int] = []
    for packet in container.demux(stream):
        if packet.pts is not None:
            stamps.append(packet.pts)
        if len(stamps) > MAX_FRAMES:
            raise BadPicture(f"The video has more than {MAX_FRAMES} frames; cut it into parts.")
    return sorted(stamps)


def every(stamps: Sequence[int], step: float) -> list[int]:
    """The first frame at or after each multiple of the step."""
    taken: list[int] = []
    due = float(stamps[0]) if stamps else 0.0
    for stamp in stamps:
        if stamp >= due - 1e-6:
            taken.append(stamp)
            due += step * max(1, np.floor((stamp - due) / step + 1 + 1e-9))
    return taken


def middles(container: InputContainer, stream: VideoStream) -> list[int]:
    """The frame in the middle of each scene; a scene ends where the small picture changes at once."""
    scenes: list[list[int]] = []
    before: np.ndarray | None = None
    for number, frame in enumerate(container.decode(stream)):
        if number > MAX_FRAMES:
            raise BadPicture(f"The video has more than {MAX_FRAMES} frames; cut it into parts.")
        if frame.pts is None:
            continue
        small = frame.reformat(*SMALL, format="rgb24").to_ndarray().astype(np.float32) / 255
        if before is None or float(np.abs(small - before).mean()) > SCENE:
            scenes.append([])
        scenes[-1].append(frame.pts)
        before = small
    return [stamps[len(stamps) // 2] for stamps in scenes]


def frames(path: Path, stamps: Sequence[int]) -> Generator[Image.Image, None, None]:
    """The frames with these rising time stamps, as upright RGB. Raises BadPicture with one sentence."""
    waiting = list(stamps)
    with film(path) as (container, stream):
        container.seek(waiting[0], stream=stream)
        for frame in container.decode(stream):
            while waiting and frame.pts is not None and frame.pts >= waiting[0]:
                waiting.pop(0)
                yield picture(frame)
            if not waiting:
                return
    raise BadPicture("The video is damaged or cut off at this place.")


def picture(frame: VideoFrame) -> Image.Image:
    """The frame as RGB, in the colours it was meant in and turned as it was held."""
    from av.video.reformatter import Colorspace

    unsaid_but_hd = int(frame.colorspace) == 2 and frame.height >= HD
    space = Colorspace.ITU709 if int(frame.colorspace) == 1 or unsaid_but_hd else Colorspace.ITU601
    image = Image.fromarray(frame.reformat(format="rgb24", src_colorspace=space).to_ndarray())
    turn = {90: UPRIGHT[8], 180: UPRIGHT[3], 270: UPRIGHT[6]}.get(int(frame.rotation) % 360)
    return image.transpose(turn) if turn is not None else image


@contextmanager
def film(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The opened video and its first stream of pictures. Raises BadPicture with one sentence."""
    import av

    try:
        with av.open(str(path), options=SAFE) as container:
            if not container.streams.video:
                raise BadPicture("The file holds no video.")
            stream = container.streams.video[0]
            check_size(stream.codec_context.width, stream.codec_context.height)
            yield container, stream
    except av.FFmpegError as error:
        raise BadPicture(f"The video cannot be read: {error.strerror}.") from error
