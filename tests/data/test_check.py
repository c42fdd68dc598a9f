"""A look at a messy folder finds everything: what is usable, what is broken and why, what is there twice."""

from __future__ import annotations

import io
import os
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from engine.data.preparation.check import check
from engine.data.preparation.items import Frames
from engine.data.preparation.looks import alike, look
from engine.data.preparation.report import NO_FIX, Report, fix
from engine.data.scan import NoPictures
from tests.data import corpus
from tests.data import hostile_archives as hostile


def checked(*sources: Path, processes: int = 1, frames: Frames | None = None) -> Report:
    """Run a check to its end; its progress never goes back and ends full."""
    work = check(sources, frames or Frames(), processes)
    last = None
    while True:
        try:
            last = next(work)
        except StopIteration as end:
            assert last is None or last.done == last.total
            return end.value


def scene(seed: int, size: tuple[int, int] = (96, 64)) -> Image.Image:
    """A picture like no other: soft blobs of colour."""
    small = np.random.default_rng(seed).integers(0, 256, (5, 7, 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def test_a_folder_of_everything(tmp_path: Path):
    for name, build in corpus.RED_BLUE.items():
        build(tmp_path / name)
    (tmp_path / "alpha").mkdir()
    for name, build in corpus.RED_CLEAR.items():
        build(tmp_path / "alpha" / name)
    for name, (broken, _) in corpus.BROKEN.items():
        (tmp_path / f"broken {name}").write_bytes(broken(tmp_path / name))
    found = checked(tmp_path)
    assert found.usable == len(corpus.RED_BLUE) + len(corpus.RED_CLEAR)
    assert {bad.name.removeprefix("broken ") for bad in found.bad} == set(corpus.BROKEN)
    for bad in found.bad:
        assert corpus.BROKEN[bad.name.removeprefix("broken ")][1] in bad.reason
        assert bad.fix.endswith(".")
    assert found.sizes == {"24 x 16": found.usable}, "the turned picture counts as it is seen"
    assert found.traits["CMYK"] == 2
    assert found.traits["moving"] == 3
    assert found.traits["transparent"] == len(corpus.RED_CLEAR)
    assert found.classes == {"alpha": len(corpus.RED_CLEAR)}
    assert found.aspects == {"landscape": found.usable}
    assert msgspec.json.decode(msgspec.json.encode(found), type=Report) == found


def test_near_duplicates_are_found(tmp_path: Path):
    for seed in range(12):
        scene(seed).save(tmp_path / f"{seed:02}.png")
    scene(3).resize((192, 128)).save(tmp_path / "3 larger.png")
    scene(3).save(tmp_path / "3 again.jpg", quality=60)
    scene(5).convert("L").save(tmp_path / "5 grey.png")
    (group,) = checked(tmp_path).alike
    assert group.kept == "3 larger.png"
    assert set(group.others) == {"03.png", "3 again.jpg"}


def test_many_like_pictures_and_plain_ones(tmp_path: Path):
    looks = [look(Image.new("RGB", (64, 64), (shade, shade, shade))) for shade in (0, 0, 120, 0, 121, 255)]
    assert alike([code for code, _ in looks], [tiny for _, tiny in looks]) == [[0, 1, 3], [2, 4]]
    assert alike([], []) == []
    drift = [look(Image.new("RGB", (8, 8), (shade,) * 3)) for shade in range(0, 60, 6)]
    groups = alike([code for code, _ in drift], [tiny for _, tiny in drift])
    assert [len(group) for group in groups] == [2] * 5, "a group does not creep from picture to picture"


def test_words_beside_pictures(tmp_path: Path):
    for name in ("cat/1.png", "dog/2.png", "dog/3.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(hostile.png())
    (tmp_path / "cat" / "1.txt").write_text("a red\n cat ")
    (tmp_path / "dog" / "2.json").write_text('{"caption": "a dog", "other": [1]}')
    (tmp_path / "dog" / "3.json").write_text("nonsense")
    found = checked(tmp_path)
    assert {each.name: each.caption for each in found.pictures} == {
        "cat/1.png": "a red cat",
        "dog/2.png": "a dog",
        "dog/3.png": "",
    }
    assert found.classes == {"cat": 1, "dog": 2}
    assert found.captions == 2


def test_captions_of_a_text_data_set(tmp_path: Path):
    card = b'{"labels": [["a.png", "a red square"]], "captions": [["b.png", "another"]]}'
    files = {"a.png": hostile.png(), "b.png": hostile.png((0, 0, 200)), "dataset.json": card}
    found = checked(hostile.write_zip(tmp_path / "t.zip", files))
    assert [each.caption for each in found.pictures] == ["a red square", "another"]
    assert found.classes == {}


def test_several_sources_have_their_names(tmp_path: Path):
    hostile.write_zip(tmp_path / "a.zip", {"1.png": hostile.png(), "../2.png": b"x"})
    (tmp_path / "1.png").write_bytes(hostile.png((0, 200, 0)))
    found = checked(tmp_path / "a.zip", tmp_path / "1.png")
    assert [each.name for each in found.pictures] == ["a.zip/1.png", "1.png/1.png"]
    assert [each.name for each in found.bad] == ["a.zip/../2.png"]


def test_advice_and_sides(tmp_path: Path):
    for seed in range(20):
        scene(seed, (150 if seed else 20, 100 if seed else 20)).save(tmp_path / f"{seed}.png")
    found = checked(tmp_path)
    assert (found.side.least, found.side.most, found.size) == (20, 100, 64)
    assert "20 different pictures are few" in found.advice[0]
    assert fix("something new") == NO_FIX


def test_what_cannot_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.png").write_bytes(hostile.png())
    (tmp_path / "b.png").write_bytes(hostile.png())
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "loop").symlink_to(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
    real = Path.open

    def closed(self: Path, *arguments: object, **named: object) -> io.IOBase:
        if self.name == "b.png":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *arguments, **named)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(Path, "open", closed)
    found = checked(tmp_path)
    assert [each.name for each in found.pictures] == ["a.png"]
    reasons = {each.name: each.reason for each in found.bad}
    assert "Permission denied" in reasons["b.png"]
    assert "No such file" in reasons["gone.png"]
    assert {"pipe.png": "This is not a file."}.items() <= reasons.items() or not hasattr(os, "mkfifo")


def test_sources_that_are_none(tmp_path: Path):
    (tmp_path / "a.txt").write_text("text")
    for source, words in (
        (tmp_path, "holds no pictures"),
        (tmp_path / "no", "not exist"),
        (tmp_path / "a.txt", "is no"),
    ):
        with pytest.raises(NoPictures, match=words):
            checked(source)


def test_cancelling_ends_the_processes(tmp_path: Path):
    for seed in range(40):
        scene(seed, (16, 16)).save(tmp_path / f"{seed}.png")
    work = check([tmp_path], processes=2)
    for _ in range(3):
        next(work)
    work.close()


def test_an_archive_beside_pictures_is_told(tmp_path: Path):
    (tmp_path / "inner").mkdir()
    hostile.write_zip(tmp_path / "inner" / "more.zip", {"1.png": hostile.png()})
    assert checked(tmp_path / "inner").usable == 1, "alone it is the data set"
    (tmp_path / "inner" / "1.png").write_bytes(hostile.png((0, 200, 0)))
    found = checked(tmp_path)
    assert found.usable == 1
    (bad,) = found.bad
    assert (bad.name, bad.reason) == ("inner/more.zip", "An archive that lies among pictures is not looked into.")
    assert bad.fix.startswith("Give the archive by itself")
