"""`dataset prepare`: words become a plan, the outcome is told, a stopped one goes on."""

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from engine.cli import dataset_prepare
from engine.cli.dataset_prepare import until
from engine.progress import Progress


def test_a_data_set_is_made_and_told_about(say, photos, tmp_path):
    out = tmp_path / "o.zip"
    said = say("dataset", "prepare", photos, "--out", out, "--size", 8, "--labels", "--flip", "x", "--processes", 1)
    assert said.code == 0
    assert "40 pictures of 20" in said.out
    assert "2 classes: cats, dogs" in said.out
    assert "cats/broken.png: This is not a picture" in said.out
    with zipfile.ZipFile(out) as archive:
        assert len(archive.namelist()) == 41


def test_words_become_a_plan(say, photos, tmp_path):
    names, boxes = tmp_path / "names.txt", tmp_path / "boxes.json"
    names.write_text("cats/0.png\ndogs/1.png\n")
    boxes.write_text(json.dumps({"cats/2.png": [0, 0, 10, 10]}))
    wishes = ("--size", 8, "--pad", "edge", "--grey", "--exclude", names, "--boxes", boxes, "--shards", 10, "--stored")
    said = say("dataset", "prepare", photos, "--out", tmp_path / "s", *wishes)
    assert said.code == 0
    assert "18 pictures in" in said.out
    assert "2 were excluded" in said.out
    assert sorted(path.suffix for path in (tmp_path / "s").iterdir()) == [".json", ".tar", ".tar"]
    tiles = say("dataset", "prepare", photos, "--out", tmp_path / "t", "--size", 8, "--tile", 0, "--tile-side", 10)
    assert "80 pictures of 20" in tiles.out
    (first, *_) = sorted((tmp_path / "t").rglob("*.png"))
    with Image.open(first) as image:
        assert image.size == (8, 8)


def test_training_takes_a_prepared_zip(say, photos, tmp_path):
    say("dataset", "prepare", photos, "--out", tmp_path / "o.zip", "--size", 16, "--labels")
    checked = say("dataset", "check", tmp_path / "o.zip")
    assert "cats: 10, dogs: 10" in checked.out
    again = say("dataset", "prepare", tmp_path / "o.zip", "--out", tmp_path / "p.zip", "--size", 8, "--labels")
    assert "20 pictures in" in again.out


def test_stopping_ends_the_work_and_its_clean_up():
    closed = []

    def work():
        try:
            for done in range(10):
                yield Progress(done, 10)
        finally:
            closed.append(True)

    asked = iter([False, False, True])
    steps = until(work(), lambda: next(asked))
    assert [now.done for now in steps] == [0, 1]
    assert closed == [True]


def test_a_stopped_command_goes_on(say, photos, tmp_path, monkeypatch):
    command = ("dataset", "prepare", photos, "--out", tmp_path / "o.zip", "--size", 8, "--processes", 1)
    with monkeypatch.context() as patch:
        patch.setattr(dataset_prepare, "until", lambda work, asked: until(work, iter([False] * 4 + [True]).__next__))
        assert say(*command).code == 130
    assert [path.name for path in tmp_path.iterdir()] == [".o.zip.part"]
    assert "20 pictures" in say(*command).out
    assert [path.name for path in tmp_path.iterdir()] == ["o.zip"]


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (("--size", 1), "cannot be made"),
        (("--size", 8, "--crop", "smart", "--pad", "white"), "--crop none"),
        (("--size", 8, "--flip", "z"), "should be x, y or x,y"),
        (("--size", 8, "--flip", "x,x"), "should be x, y or x,y"),
        (("--size", 8, "--exclude", Path("no such file")), "cannot be read"),
        (("--size", 8, "--background", "rainbow"), "is no colour"),
        (("--size", 8, "--shards", -1), "at least one"),
        (("--size", 8, "--fps", 0), "rate"),
        ((), "--size must be given"),
    ],
)
def test_bad_wishes_are_one_sentence(say, photos, tmp_path, wishes, words):
    assert words in say("dataset", "prepare", photos, "--out", tmp_path / "o", *wishes).complaint()
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(say, photos, tmp_path):
    (tmp_path / "o.zip").write_bytes(b"mine")
    said = say("dataset", "prepare", photos, "--out", tmp_path / "o.zip", "--size", 8)
    assert "there already" in said.complaint()
    assert (tmp_path / "o.zip").read_bytes() == b"mine"
