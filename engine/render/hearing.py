"""What the eye needs to see of a sound: how loud it is along time, and where its beats are."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from engine.progress import Progress

from .sound import BadSound, opened

RATE = 22_000  # samples a second: a whole number of them in a peak
PEAKS = 100  # a second
HOP, WINDOW = 220, 1024  # samples between two spectra, and of one: a spectrum for each peak
BLOCK = 10 * RATE  # samples that are looked at together
LONGEST = 4 * 3600  # seconds
TEMPO, SPREAD = (
    120.0,
    0.9,
)  # beats a minute that people hear most readily, and how far, in octaves, that preference goes
SLOWEST, FASTEST = 50.0, 220.0
TIGHT = 100.0  # what an even beat is worth against a loud one (Ellis 2007, "Beat tracking by dynamic programming", 3.1)


@dataclass(frozen=True)
class Heard:
    """`peaks` from 0 to 1, PEAKS of them a second; `beats` in seconds, in their order."""

    seconds: float
    peaks: tuple[float, ...]
    beats: tuple[float, ...]


def hear(path: Path) -> Generator[Progress, None, Heard]:
    """Listens to a sound file, block by block. Raises BadSound with one sentence."""
    peaks: list[np.ndarray] = []
    onsets: list[np.ndarray] = []
    tail, before, count = np.zeros(WINDOW - HOP, np.float32), np.zeros(WINDOW // 2 + 1, np.float32), 0
    with opened(path) as file:
        total = int((file.duration or 0) / av.time_base)
        for block in _blocks(file, path.name):
            count += len(block)
            if count > LONGEST * RATE:
                raise BadSound(f"{path.name} is longer than {LONGEST // 3600} hours")
            block = np.pad(block, (0, -len(block) % HOP))
            peaks.append(np.abs(block).reshape(-1, HOP).max(1))
            strength, before = _onsets(np.concatenate([tail, block]), before)
            onsets.append(strength)
            tail = np.concatenate([tail, block])[-(WINDOW - HOP) :]
            yield Progress(count // RATE, max(total, count // RATE), "listening")
    loud = np.concatenate(peaks) if peaks else np.zeros(0)
    found = beats(np.concatenate(onsets) if onsets else np.zeros(0))
    return Heard(count / RATE, tuple(np.clip(loud, 0, 1).round(3).tolist()), found)


def _blocks(file: InputContainer, name: str) -> Iterator[np.ndarray]:
    """The sound as mono float32, BLOCK samples at a time."""
    resampler, kept, length = AudioResampler("flt", "mono", RATE), [], 0
    try:
        for frame in chain(file.decode(audio=0), [None]):
            for piece in resampler.resample(frame):
                kept.append(piece.to_ndarray()[0].astype(np.float32))
                length += len(kept[-1])
            if length >= BLOCK:
                yield np.concatenate(kept)
                kept, length = [], 0
    except av.FFmpegError as error:
        raise BadSound(f"the sound {name} is damaged: {error.strerror}") from None
    if kept:
        yield np.concatenate(kept)


def _onsets(samples: np.ndarray, before: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much louder the spectrum gets at each hop (spectral flux of logarithms), and the last spectrum."""
    views = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    spectra = np.log1p(100 * np.abs(np.fft.rfft(views * np.hanning(WINDOW), axis=1))).astype(np.float32)
    rise = np.diff(np.concatenate([before[None], spectra]), axis=0)
    return np.maximum(rise, 0).sum(1), spectra[-1]


def beats(onsets: np.ndarray) -> tuple[float, ...]:
    """Where a foot would tap, in seconds; nothing where there is no rhythm. `onsets` [n], PEAKS of them a second."""
    if len(onsets) < 2 * PEAKS or onsets.std() < 1e-6:
        return ()
    strength = (onsets - onsets.mean()) / onsets.std()
    strength = np.convolve(strength, np.hanning(9) / np.hanning(9).sum(), "same")
    period = _period(strength)
    score, came_from = strength.copy(), np.full(len(strength), -1)
    reach = np.arange(-round(2 * period), -round(period / 2))
    cost = -TIGHT * np.log(-reach / period) ** 2
    for at in range(len(strength)):
        earlier = at + reach
        usable = earlier >= 0
        if usable.any():
            values = score[earlier[usable]] + cost[usable]
            best = int(values.argmax())
            if values[best] > 0:
                score[at] += values[best]
                came_from[at] = earlier[usable][best]
    at = int(score[-round(1.5 * period) :].argmax()) + max(len(score) - round(1.5 * period), 0)
    found = []
    while at >= 0:
        found.append(at)
        at = int(came_from[at])
    middle = (WINDOW / 2 - (WINDOW - HOP)) / RATE  # a hop's spectrum looks back; this is its middle
    return tuple(round(max(at / PEAKS + middle, 0.0), 3) for at in reversed(found))


def _period(strength: np.ndarray) -> float:
    """Hops from beat to beat: the lag at which the rhythm repeats best, near the tempo that people prefer."""
    lags = np.arange(round(60 * PEAKS / FASTEST), round(60 * PEAKS / SLOWEST) + 1)
    part = strength[: 120 * PEAKS]
    alike = np.array([float(part[lag:] @ part[:-lag]) / len(part) for lag in lags])
    octaves = np.log2(60 * PEAKS / lags / TEMPO)
    return float(lags[int((alike * np.exp(-0.5 * (octaves / SPREAD) ** 2)).argmax())])
