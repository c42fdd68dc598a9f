"""A sound is seen and its beats are found; silence has none; what is no sound is refused in words."""

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from engine.render.hearing import PEAKS, hear
from engine.render.sound import BadSound

RATE = 44_100


def song(path, tempo, begin=0.31, seconds=12.0):
    """Drum beats over a soft hum, stereo FLAC."""
    time = np.arange(int(seconds * RATE)) / RATE
    since = np.where(time >= begin, (time - begin) % (60 / tempo), 9.0)
    noise = np.random.RandomState(3).randn(len(time))
    sound = 0.05 * np.sin(time * 2 * np.pi * 220) + 0.6 * noise * np.exp(-since * 60) * (since < 0.1)
    samples = (np.clip(sound, -1, 1) * 30_000).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE, layout="stereo")
        for part in np.array_split(samples, 60):
            frame = AudioFrame.from_ndarray(np.repeat(part, 2)[None], format="s16", layout="stereo")
            frame.rate = RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def listened(path):
    work = hear(path)
    told = []
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            return end.value, told


@pytest.mark.parametrize("tempo", [90, 120, 140])
def test_beats_are_where_a_foot_would_tap(tmp_path, tempo):
    heard, told = listened(song(tmp_path / "song.flac", tempo))
    assert heard.seconds == pytest.approx(12.0, abs=0.05)
    assert told[-1].total - told[-1].done <= 1
    expected = np.arange(0.31, 12.0, 60 / tempo)
    near = np.abs(np.array(heard.beats)[:, None] - expected).min(1)
    assert np.median(near) < 0.02
    assert np.mean(near < 0.04) > 0.9
    assert np.diff(heard.beats) == pytest.approx(60 / tempo, abs=0.06)


def test_loudness_is_seen(tmp_path):
    heard, _ = listened(song(tmp_path / "song.flac", 60, begin=0.5, seconds=3.0))
    assert len(heard.peaks) == pytest.approx(3 * PEAKS, abs=3)
    peaks = np.array(heard.peaks)
    assert peaks[52] > 0.3
    assert peaks[20:45].max() < 0.1
    assert ((peaks >= 0) & (peaks <= 1)).all()


def test_a_hum_has_no_beats_and_nonsense_is_refused(tmp_path):
    heard, _ = listened(song(tmp_path / "short.flac", 60, begin=0.5, seconds=1.0))
    assert heard.beats == ()
    (tmp_path / "noise.mp3").write_bytes(b"nothing to hear" * 100)
    with pytest.raises(BadSound, match=r"noise\.mp3"):
        listened(tmp_path / "noise.mp3")
