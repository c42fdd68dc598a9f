"""The sound of a film: decoded, begun at its moment, and encoded as far as the film goes."""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer

RATE = 48_000
LAYOUT = "stereo"
SAMPLES = {"pcm_s16le": "s16", "flac": "s16", "aac": "fltp", "libopus": "flt"}
BIT_RATE = 192_000


class BadSound(ValueError):
    """A file that is no sound; the message is one sentence for a person."""


def opened(path: Path) -> InputContainer:
    """An audio file. Raises BadSound with one sentence."""
    try:
        file = av.open(str(path))
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadSound(f"the sound {path.name} cannot be opened: {reason}") from None
    if not file.streams.audio:
        file.close()
        raise BadSound(f"there is no sound in {path.name}")
    return file


def heard(file: InputContainer, at: float, seconds: float, kind: str) -> Iterator[AudioFrame]:
    """Frames of `kind` samples (stereo, 48 kHz), timed so that 0 is the film's beginning; only those within it.

    Raises BadSound when the file is damaged.
    """
    if at < -1:
        file.seek(int((-at - 1) * av.time_base), any_frame=False)
    place: int | None = None
    for piece, begin in _pieces(file, AudioResampler(kind, LAYOUT, RATE)):
        place = round((begin + at) * RATE) if place is None else place
        if place >= seconds * RATE:
            return
        if place >= 0:
            piece.pts, piece.time_base = place, Fraction(1, RATE)
            yield piece
        place += piece.samples


def samples(path: Path, at: float) -> Iterator[bytes]:
    """What is heard from moment 0 on of a sound that begins at `at`: interleaved 16-bit stereo at 48 kHz, piece by piece.

    Silence until it begins. Raises BadSound with one sentence, at the first piece where it cannot be opened.
    """
    place = 0
    with opened(path) as file:
        for frame in heard(file, at, math.inf, "s16"):
            begin = frame.pts or 0
            while place < begin:
                still = min(begin - place, RATE)
                yield bytes(4 * still)
                place += still
            yield frame.to_ndarray().tobytes()
            place += frame.samples


def _pieces(file: InputContainer, resampler: AudioResampler) -> Iterator[tuple[AudioFrame, float]]:
    """Resampled frames, each with the moment in the file that the first of them is from."""
    begin: float | None = None
    try:
        for frame in chain(file.decode(audio=0), [None]):
            if begin is None and frame is not None:
                begin = frame.time or 0.0
            for piece in resampler.resample(frame):
                yield piece, begin or 0.0
    except av.FFmpegError as error:
        raise BadSound(f"the sound is damaged: {error.strerror}") from None
