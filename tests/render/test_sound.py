"""The sound of a film: in step, as long as the film, silent files and broken ones refused in words."""

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from engine.recipe.timeline import Sound
from engine.render.export import export
from engine.render.export_settings import ExportSettings
from engine.render.formats import FORMATS
from engine.render.sound import BadSound

from .painting import Painter, line

RATE = 24_000


def click(path, at=0.5, seconds=3.0):
    """Silence with one short tone in it, as mono WAV."""
    time = np.arange(int(seconds * RATE)) / RATE
    tone = np.where((time >= at) & (time < at + 0.1), np.sin(time * 2 * np.pi * 880), 0.0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        frame = AudioFrame.from_ndarray((tone * 20_000).astype(np.int16)[None], format="s16", layout="mono")
        frame.rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def heard(path):
    """When the tone begins in a film, and how long the sound is."""
    samples, rate = [], 1
    with av.open(str(path)) as file:
        begin = None
        for frame in file.decode(audio=0):
            begin = frame.time if begin is None else begin
            rate = frame.rate
            data = frame.to_ndarray().astype(float)
            loud = np.abs(data if data.max(initial=0) <= 1.5 else data / 32768)
            samples.append(loud.reshape(-1, 2).max(1) if loud.shape[0] == 1 else loud.max(0))
    loud = np.concatenate(samples)
    return begin + np.argmax(loud > 0.2) / rate, len(loud) / rate


@pytest.mark.parametrize("kind", ["h264", "vp9", "prores", "ffv1"])
@pytest.mark.parametrize(("at", "expected"), [(0.0, 0.5), (0.4, 0.9), (-0.3, 0.2)])
def test_it_is_in_step_and_ends_with_the_film(tmp_path, kind, at, expected):
    path = tmp_path / f"film{FORMATS[kind].suffix}"
    timeline = line(1.5, 20, sound=Sound(str(click(tmp_path / "click.wav")), at))
    list(export(timeline, Painter(16, 16), path, ExportSettings(kind)))
    with av.open(str(path)) as file:
        assert sum(1 for _ in file.decode(video=0)) == 31
    begin, seconds = heard(path)
    assert begin == pytest.approx(expected, abs=0.03)
    assert seconds == pytest.approx(1.55 - max(at, 0), abs=0.08)


def test_a_file_that_has_moved_is_given_anew(tmp_path):
    timeline = line(1.0, 10, sound=Sound("gone.wav"))
    with pytest.raises(BadSound, match=r"gone\.wav cannot be opened"):
        list(export(timeline, Painter(), tmp_path / "film.mp4"))
    list(export(timeline, Painter(), tmp_path / "film.mp4", sound=click(tmp_path / "here.wav")))
    assert heard(tmp_path / "film.mp4")[0] == pytest.approx(0.5, abs=0.03)


def test_what_is_no_sound_is_refused(tmp_path):
    (tmp_path / "noise.wav").write_bytes(bytes(range(256)) * 50)
    list(export(line(), Painter(), tmp_path / "silent.mp4"))
    for name in ("noise.wav", "silent.mp4"):
        timeline = line(1.0, 10, sound=Sound(str(tmp_path / name)))
        with pytest.raises(BadSound, match=name) as caught:
            list(export(timeline, Painter(), tmp_path / "film.mp4"))
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "film.mp4").exists()
