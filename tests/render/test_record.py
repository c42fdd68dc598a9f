"""Live recordings: true moments, safe against a kill, playable everywhere."""

import os
import signal
import subprocess
import sys

import av
import numpy as np
import pytest

from engine.recipe import Recipe
from engine.render.record import STREAM, Recording, rescue

from .painting import Painter, decoded


def picture(value, height=32, width=48):
    return Painter(height, width).render(Recipe()).pixels // 2 + np.uint8(value)


def times(path):
    with av.open(str(path)) as file:
        return [round(frame.time, 3) for frame in file.decode(video=0)]


def test_moments_are_the_true_ones_and_the_last_picture_stays(tmp_path):
    recording = Recording(tmp_path / "new" / "live.mp4")
    shown = (0.0, 0.017, 0.2, 0.2, 1.5)
    for value, moment in enumerate(shown):
        recording.show(picture(value * 20), moment)
    path = recording.stop(2.25)
    assert path == tmp_path / "new" / "live.mp4"
    assert times(path) == [0.0, 0.017, 0.2, 0.201, 1.5, 2.25]
    frames = decoded(path)
    for value in range(5):
        assert np.abs(frames[value].astype(int) - picture(value * 20)).mean() < 3
    assert np.abs(frames[5].astype(int) - frames[4]).mean() < 2
    assert [file.name for file in path.parent.iterdir()] == ["live.mp4"]
    with av.open(str(path)) as file:
        context = file.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.colorspace, context.color_primaries) == ("h264", "yuv420p", 1, 1)


def test_another_model_s_size_is_made_to_fit(tmp_path):
    recording = Recording(tmp_path / "live.mp4")
    recording.show(picture(0, 31, 31), 0.0)
    recording.show(picture(100, 64, 128), 0.5)
    recording.stop(1.0)
    frames = decoded(tmp_path / "live.mp4")
    assert {frame.shape for frame in frames} == {(32, 32, 3)}
    assert frames[1][:6].mean() < 12 < 60 < frames[1][14:18].mean()


def test_nothing_shown_is_no_film(tmp_path):
    assert Recording(tmp_path / "live.mp4").stop(3.0) is None
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys, time
from pathlib import Path
from engine.render.record import Recording
from tests.render.test_record import picture
recording = Recording(Path(sys.argv[1]))
for number in range(200):
    recording.show(picture(number % 100), number / 30)
print("there", flush=True)
sys.stdin.read()
"""


def test_a_kill_leaves_what_was_recorded(tmp_path, project):
    command = [sys.executable, "-c", KILLED, str(tmp_path / "live.mp4")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=project) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"there\n"
        os.kill(child.pid, signal.SIGKILL)
    (left,) = tmp_path.glob(f"*{STREAM}")
    (tmp_path / "live.mp4").touch()  # the name may be taken meanwhile
    steps = list(rescue([left]))
    assert [(step.done, step.total) for step in steps] == [(1, 1)]
    assert not left.exists()
    found = times(tmp_path / "live 2.mp4")
    assert len(found) >= 200 - 16  # half a second
    assert found[:2] == [0.0, pytest.approx(1 / 30, abs=0.001)]
