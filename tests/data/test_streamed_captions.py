"""Captions of pictures in tar shards: kept beside the rows, read one by one, and those of who stands in for a broken picture."""

from pathlib import Path

import numpy as np
import pytest

from engine.data.streaming.addresses import addresses
from engine.data.streaming.index import Shards, look_through
from engine.data.streaming.pictures import Streamed
from engine.progress import ended
from tests.data.hostile_archives import write_tar
from tests.data.shards import number_of, picture, serving

SAID = ["a red  bird\n", "", "ein Vogel, grün", "four", "five"]


def looked(source: Path | str, cache: Path) -> Shards:
    return ended(look_through(str(source), addresses(str(source)), cache, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five captioned pictures, the fourth of them broken, by .txt and by .json; then two of which nothing is said."""
    files: dict[str, bytes] = {}
    for number, text in enumerate(SAID):
        files[f"{number}.png"] = b"broken" if number == 3 else picture(number)
        if number == 4:
            files[f"{number}.json"] = b'{"caption": "five", "label": 2}'
        elif text:
            files[f"{number}.txt"] = text.encode()
    (tmp_path / "set").mkdir()
    write_tar(tmp_path / "set" / "0.tar", files)
    write_tar(tmp_path / "set" / "1.tar", {"5.png": picture(5), "6.png": picture(6)})
    return tmp_path / "set"


def test_captions_are_found_by_the_pictures_number(folder: Path, tmp_path: Path) -> None:
    for _ in range(2):  # looked at, then remembered
        found = looked(folder, tmp_path / "cache")
        assert found.captioned
        assert [found.caption(number) for number in range(7)] == ["a red bird", "", *SAID[2:], "", ""]
    found.copy_to(tmp_path / "copy")
    assert looked(folder, tmp_path / "copy").caption(2) == SAID[2]
    (tmp_path / "cache").joinpath(next((tmp_path / "cache").glob("*.ends"))).write_bytes(b"")
    assert looked(folder, tmp_path / "cache").caption(4) == "five"
    with serving(folder) as server:
        web = looked(f"{server.address}/{{0..1}}.tar", tmp_path / "web")
    assert [web.caption(number) for number in range(5)] == [found.caption(number) for number in range(5)]


def test_shards_without_captions_keep_none(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    write_tar(tmp_path / "set" / "0.tar", {"0.png": picture(0), "0.cls": b"3"})
    found = looked(tmp_path / "set", tmp_path / "cache")
    assert (found.captioned, found.caption(0)) == (False, "")
    assert {path.suffix for path in (tmp_path / "cache").iterdir()} == {".rows", ".json"}


def test_who_stands_in_is_known(folder: Path, tmp_path: Path) -> None:
    pixels = Streamed(looked(folder, tmp_path / "cache"), 16, 2**20)
    try:
        asked = np.array([2, 3, 5])
        assert [number_of(each) for each in pixels[asked]] == [2, 4, 5]
        assert pixels.shown(asked).tolist() == [2, 4, 5]
    finally:
        pixels.close()
