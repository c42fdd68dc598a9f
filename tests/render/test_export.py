"""Exported films of every kind, read back: codec, pixels, frames, rate, length, colours; cut off, and gone on with."""

import os
import signal
import subprocess
import sys
import threading
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from engine.recipe.timeline import Timeline
from engine.render import export_pictures, png
from engine.render.export import discard, export, left_over
from engine.render.export_parts import PART, begun, folder_of
from engine.render.export_settings import KINDS, ExportSettings
from engine.render.formats import FORMATS

from .painting import Painter, decoded, line

READ = {"h264": "h264", "hevc": "hevc", "vp9": "vp9", "av1": "av1", "prores": "prores", "ffv1": "ffv1"}


def written(tmp_path, timeline, painter=None, **settings):
    found = ExportSettings(**settings)
    path = tmp_path / f"film{FORMATS[found.kind].suffix}"
    work = list(export(timeline, painter or Painter(), path, found))
    assert (work[-1].done, {now.total for now in work}) == (timeline.frames(found.fps or None), {work[-1].total})
    return path


@pytest.mark.parametrize("kind", READ)
def test_every_kind_is_read_back(tmp_path, kind):
    path = written(tmp_path, line(1.0, 25), Painter(64, 80), kind=kind)
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        context = stream.codec_context
        assert context.codec.canonical_name == READ[kind]
        assert (context.pix_fmt, stream.average_rate) == (FORMATS[kind].pixels, Fraction(25))
        assert (context.width, context.height) == (80, 64)
        if FORMATS[kind].yuv:
            assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        assert file.duration == pytest.approx(26 / 25 * 1e6, abs=41_000)
    frames = decoded(path, FORMATS[kind].yuv)
    assert len(frames) == 26
    for at in (0, 13, 25):
        expected = Painter(64, 80).render(line(1.0, 25).frame(at)).pixels
        assert np.abs(frames[at].astype(int) - expected).mean() < (0.001 if kind == "ffv1" else 5)
    assert list(tmp_path.iterdir()) == [path]


def test_ffv1_loses_nothing_over_several_parts(tmp_path):
    timeline, painter = line(15.0, 10), Painter(7, 9)
    frames = decoded(written(tmp_path, timeline, painter, kind="ffv1"), tagged=False)
    assert len(frames) == 151 > PART
    for frame, recipe in zip(frames, timeline.moments(), strict=True):
        assert np.array_equal(frame, painter.render(recipe).pixels)


@pytest.mark.parametrize("kind", ["h264", "vp9", "ffv1"])
def test_parts_meet_without_a_gap_and_films_are_the_same_twice(tmp_path, kind):
    path = written(tmp_path, line(5.0, 50), Painter(16, 16), kind=kind)
    with av.open(str(path)) as file:
        times = [frame.time for frame in file.decode(video=0)]
    assert np.diff(times) == pytest.approx(1 / 50, abs=0.0011)
    assert len(times) == 251
    (tmp_path / "again").mkdir()
    assert written(tmp_path / "again", line(5.0, 50), Painter(16, 16), kind=kind).read_bytes() == path.read_bytes()


def test_a_gif_has_its_colours_and_repeats(tmp_path):
    timeline = line(1.0, 20)
    path = written(tmp_path, timeline, Painter(33, 47), kind="gif")
    with Image.open(path) as picture:
        assert (picture.n_frames, picture.size, picture.info["loop"]) == (21, (47, 33), 0)
        for at in (0, 10, 20):
            picture.seek(at)
            expected = Painter(33, 47).render(timeline.frame(at)).pixels
            found = np.asarray(picture.convert("RGB")).astype(int)
            assert np.abs(found - expected).mean() < 20  # 256 colours for all there are
            if at == 10:
                assert np.abs(_blurred(found) - _blurred(expected)).mean() < 4
        assert picture.info["duration"] == pytest.approx(50, abs=10)


def _blurred(pixels):
    """What an eye sees of dithering: the means of blocks."""
    return pixels[:33, :44].reshape(3, 11, 4, 11, 3).mean((1, 3))


def test_a_webp_moves(tmp_path):
    timeline = line(1.0, 20)
    path = written(tmp_path, timeline, Painter(33, 47), kind="webp")
    with Image.open(path) as picture:
        assert (picture.n_frames, picture.size) == (21, (47, 33))
        picture.seek(10)
        expected = Painter(33, 47).render(timeline.frame(10)).pixels
        assert np.abs(np.asarray(picture.convert("RGB")).astype(int) - expected).mean() < 6


def test_png_pictures_carry_their_recipes(tmp_path):
    timeline = line(0.3, 10)
    path = written(tmp_path, timeline, kind="png", scale=2)
    files = sorted(path.iterdir())
    assert [file.name for file in files] == ["00001.png", "00002.png", "00003.png", "00004.png"]
    assert png.read(files[2]) == timeline.frame(2)
    expected = Painter().render(timeline.frame(2)).pixels.repeat(2, 0).repeat(2, 1)
    assert np.array_equal(np.asarray(Image.open(files[2])), expected)
    with pytest.raises(FileExistsError, match="already"):
        list(export(timeline, Painter(), path, ExportSettings("png")))


def test_pictures_are_drawn_while_others_are_packed_and_only_so_many(tmp_path, monkeypatch):
    monkeypatch.setattr(export_pictures, "WRITERS", 2)
    painter, path, ahead = Painter(), tmp_path / "frames", threading.Event()
    write = png.write

    def packed(file, frame):
        assert ahead.wait(5.0)  # until the picture after it is drawn
        write(file, frame)

    monkeypatch.setattr(png, "write", packed)

    def render(recipe):
        if painter.drawn == 2:
            ahead.set()
        return Painter.render(painter, recipe)

    monkeypatch.setattr(painter, "render", render)
    work = export(line(1.0, 10), painter, path, ExportSettings("png"))
    for number in range(1, 8):
        now = next(work)
        assert (now.done, now.frame.recipe) == (number, line(1.0, 10).frame(number - 1))
        assert (folder_of(path) / now.note).is_file()
        assert painter.drawn <= 1 + number + 2  # the first one is also drawn for its size
    work.close()
    (folder_of(path) / "00003.png").unlink()
    before = len(list(folder_of(path).glob("*.png")))
    painter.drawn = 0
    told = list(export(line(1.0, 10), painter, path, ExportSettings("png")))
    assert painter.drawn == 1 + 11 - before
    assert [now.done for now in told] == list(range(1, 12))
    assert [png.read(file) for file in sorted(path.iterdir())] == [line(1.0, 10).frame(n) for n in range(11)]


def test_a_picture_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    def full(file, frame):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(png, "write", full)
    with pytest.raises(OSError, match="No space"):
        list(export(line(1.0, 10), Painter(), tmp_path / "frames", ExportSettings("png")))
    assert not (tmp_path / "frames").exists()


@pytest.mark.parametrize(
    ("settings", "size"),
    [
        ({"shape": "square"}, (48, 48)),
        ({"shape": "square", "fit": "crop"}, (32, 32)),
        ({"shape": "16:9", "side": 160}, (160, 90)),
        ({"shape": "9:16", "fit": "crop", "side": 160}, (90, 160)),
        ({"side": 96}, (96, 64)),
        ({"scale": 3, "fps": 5}, (144, 96)),
    ],
)
def test_size_shape_and_rate(tmp_path, settings, size):
    path = written(tmp_path, line(), kind="ffv1", **settings)
    frame = decoded(path, tagged=False)[5 if not settings.get("fps") else 2]
    assert frame.shape == (size[1], size[0], 3)
    middle = frame[size[1] // 2, size[0] // 2]
    assert np.abs(middle.astype(int) - (127, 127, 127 if not settings.get("fps") else 101)).max() < 12
    if settings.get("shape") == "square" and "fit" not in settings:
        assert not frame[:8].any()
        assert not frame[-8:].any()
        assert frame[8:40].any(axis=2).all(axis=1).any()


def test_an_export_that_was_left_goes_on(tmp_path):
    timeline, path = line(30.0, 10), tmp_path / "film.mkv"
    settings = ExportSettings("ffv1")
    work = export(timeline, Painter(16, 16), path, settings)
    for _ in range(PART + 50):
        next(work)
    work.close()
    assert not path.exists()
    assert left_over(path)
    painter = Painter(16, 16)
    told = list(export(timeline, painter, path, settings))
    assert painter.drawn == 1 + 301 - PART
    assert not begun(path)
    assert told[0].note == "already there"
    assert not left_over(path)
    whole = tmp_path / "whole.mkv"
    list(export(timeline, Painter(16, 16), whole, settings))
    assert path.read_bytes() == whole.read_bytes()


def test_another_film_of_the_same_name_begins_anew(tmp_path):
    path = tmp_path / "film.mkv"
    work = export(line(30.0, 10), Painter(16, 16), path, ExportSettings("ffv1"))
    for _ in range(PART + 5):
        next(work)
    work.close()
    painter = Painter(16, 16)
    list(export(line(29.0, 10), painter, path, ExportSettings("ffv1")))
    assert painter.drawn == 1 + 291
    work = export(line(30.0, 10), Painter(16, 16), path, ExportSettings("ffv1"))
    next(work)
    work.close()
    discard(path)
    assert list(tmp_path.iterdir()) == [path]


KILLED = """
import sys
from pathlib import Path
from engine.render.export import export
from engine.render.export_settings import ExportSettings
from tests.render.painting import Painter, line
for now in export(line(30.0, 10), Painter(16, 16), Path(sys.argv[1]), ExportSettings("ffv1")):
    if now.done == 200:
        print("there", flush=True)
        sys.stdin.read()
"""


def test_a_killed_export_goes_on(tmp_path, project):
    path = tmp_path / "film.mkv"
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=project) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"there\n"
        os.kill(child.pid, signal.SIGKILL)
    assert any(folder_of(path).glob(".*.part"))
    assert begun(path)
    painter = Painter(16, 16)
    list(export(line(30.0, 10), painter, path, ExportSettings("ffv1")))
    assert painter.drawn == 1 + 301 - PART
    assert not begun(path)
    assert len(decoded(path, tagged=False)) == 301


@pytest.mark.parametrize(
    ("timeline", "settings", "painter", "sentence"),
    [
        (Timeline(), {}, Painter(), "at least one key"),
        (line(fps=60), {"kind": "gif"}, Painter(), "at most 50 frames per second"),
        (line(86_000.0, 240), {}, Painter(), "too long"),
        (line(), {"scale": 2}, Painter(8, 5000), "too large"),
        (line(), {"side": 9000}, Painter(), "8192"),
    ],
)
def test_bad_wishes_are_one_sentence(tmp_path, timeline, settings, painter, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        list(export(timeline, painter, tmp_path / "film.mp4", ExportSettings(**settings)))
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_every_kind_is_tested():
    assert {*READ, "gif", "webp", "png"} == set(KINDS) == set(FORMATS)
