"""Videos give frames at a rate or one for each scene, and nothing else of the disk or the net."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from engine.data.pictures import BadPicture
from engine.data.preparation import films
from engine.data.preparation.items import Frames
from tests.data.test_check import checked

COLOURS = ((200, 30, 30), (30, 200, 30), (30, 30, 200))


def write(path: Path, colours: tuple[tuple[int, int, int], ...] = COLOURS, each: int = 10) -> Path:
    """A film at 10 frames a second that shows each colour for so many frames, with a key frame only at the start."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10, options={"g": "300"})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 64, 48, "yuv420p", 2_000_000
        for number in range(len(colours) * each):
            pixels = np.full((48, 64, 3), colours[number // each], np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def middle(image: Image.Image) -> np.ndarray:
    """The colour in the middle."""
    return np.asarray(image)[24, 32].astype(int)


def test_frames_at_a_rate(tmp_path: Path):
    path = write(tmp_path / "a.mp4")
    for rate, seconds in (
        (1, [0, 1, 2]),
        (2, [0, 0.5, 1, 1.5, 2, 2.5]),
        (0.5, [0, 2]),
        (100, list(np.arange(30) / 10)),
    ):
        taken = films.moments(path, rate)
        assert [second for _, second in taken] == pytest.approx(seconds, abs=1e-6)
        shown = list(films.frames(path, [stamp for stamp, _ in taken]))
        wanted = [COLOURS[int(second + 1e-6)] for second in seconds]
        assert np.abs(np.array([middle(image) for image in shown]) - wanted).max() < 12


def test_one_frame_for_each_scene(tmp_path: Path):
    taken = films.moments(write(tmp_path / "a.mkv"), 1, scenes=True)
    assert [second for _, second in taken] == pytest.approx([0.5, 1.5, 2.5], abs=0.01)


def test_films_beside_pictures(tmp_path: Path):
    write(tmp_path / "a.mp4", each=20)
    Image.new("RGB", (8, 8)).save(tmp_path / "b.png")
    (tmp_path / "broken.mp4").write_bytes(b"no film")
    (tmp_path / "empty.webm").touch()
    found = checked(tmp_path, processes=2, frames=Frames(10))
    assert found.usable == 61
    assert "a.mp4 at 0.100 s" in {each.name for each in found.pictures}
    assert {bad.name: "cannot be read" in bad.reason for bad in found.bad} == {"broken.mp4": True, "empty.webm": True}
    assert found.sizes == {"64 x 48": 60, "8 x 8": 1}


def test_a_playlist_opens_no_other_file(tmp_path: Path):
    write(tmp_path / "a.mp4")
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile 'a.mp4'\n")
    (tmp_path / "net.ts").write_text("#EXTM3U\n#EXTINF:1,\na.mp4\n#EXT-X-ENDLIST\n")
    for name in ("list.mp4", "net.ts"):
        with pytest.raises(BadPicture, match="cannot be read"):
            films.moments(tmp_path / name, 1)


def test_a_film_that_is_cut_off(tmp_path: Path):
    path = write(tmp_path / "a.mkv", each=50)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    stamps = [stamp for stamp, _ in films.moments(path, 10)]
    assert 0 < len(stamps) < 150
    with pytest.raises(BadPicture, match="cut off"):
        list(films.frames(path, [*stamps, stamps[-1] + 10**9]))


def test_a_rate_that_is_none():
    for rate in (0, -1, 241, float("nan")):
        with pytest.raises(ValueError, match="rate"):
            Frames(rate)
