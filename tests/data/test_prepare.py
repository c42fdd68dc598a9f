"""Data sets are made whole or taken up where they stopped, read back by training, and never touch the originals."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.data.preparation import assembly
from engine.data.preparation.journal import discard, folder_for
from engine.data.preparation.outputs import Zip, folder_name
from engine.data.preparation.plan import BadPlan, Plan, read_boxes, read_names
from engine.data.preparation.prepare import Choice, Prepared, prepare
from engine.data.scan import NoPictures
from engine.progress import ended
from tests.data import hostile_archives as hostile
from tests.data.test_archives import images
from tests.data.test_check import scene
from tests.data.test_films import write

SMALL = Plan(size=8)


def done(*sources: Path, out: Path, plan: Plan = SMALL, processes: int = 1, **choice: Any) -> Prepared:
    """Run a preparation to its end."""
    return ended(prepare(sources, out, plan, Choice(**choice), processes))


def fingerprint(path: Path) -> dict[str, str]:
    """Every file below with a hash of its bytes."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return {file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Forty pictures in two class folders, one of them broken, some with captions."""
    for number in range(40):
        path = tmp_path / "photos" / ("cats", "dogs")[number % 2] / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        scene(number, (20, 16)).save(path)
    (tmp_path / "photos" / "cats" / "04.png").write_bytes(b"")
    (tmp_path / "photos" / "cats" / "06.txt").write_text("a cat")
    return tmp_path / "photos"


def test_a_zip_that_other_tools_read(photos: Path, tmp_path: Path):
    before = fingerprint(photos)
    result = done(photos, out=tmp_path / "a.zip", labels=True)
    assert (result.pictures, result.used, result.classes) == (39, 39, ("cats", "dogs"))
    assert [bad.name for bad in result.bad] == ["cats/04.png"]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        infos = archive.infolist()
        assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
        assert [info.filename for info in infos[:-1]] == [f"00000/img{n:08}.png" for n in range(39)]
        labels = dict(json.loads(archive.read("dataset.json"))["labels"])
        assert [labels[info.filename] for info in infos[:-1]] == [0] * 19 + [1] * 20
        with archive.open("00000/img00000000.png") as file:
            assert Image.open(file).size == (8, 8)
    assert fingerprint(photos) == before
    assert not folder_for(tmp_path / "a.zip").exists()


@pytest.mark.parametrize("form", ["a.zip", "folder", "shards"])
def test_training_reads_every_form(photos: Path, tmp_path: Path, form: str):
    done(photos, out=tmp_path / form, labels=True, shards=7 if form == "shards" else 0)
    plain, found = images(photos, True), images(tmp_path / form, True)
    assert np.array_equal(found.pixels, plain.pixels), "prepared and unprepared pictures are the same"
    assert np.array_equal(np.asarray(found.labels), np.asarray(plain.labels))
    assert found.classes == plain.classes


def test_shards_are_those_of_webdataset(photos: Path, tmp_path: Path):
    done(photos, out=tmp_path / "s", labels=True, shards=16)
    names = sorted(path.name for path in (tmp_path / "s").iterdir())
    assert names == ["dataset.json", "shard-000000.tar", "shard-000001.tar", "shard-000002.tar"]
    with tarfile.open(tmp_path / "s" / names[1]) as archive:
        members = {info.name: archive.extractfile(info).read() for info in archive}  # type: ignore[union-attr]
    assert list(members)[:4] == ["00000000.png", "00000000.cls", "00000001.png", "00000001.cls"]
    assert members["00000002.txt"] == b"a cat"
    assert {data for name, data in members.items() if name.endswith(".cls")} == {b"0"}


def test_the_number_of_processes_changes_nothing(photos: Path, tmp_path: Path):
    one = done(photos, out=tmp_path / "1.zip")
    two = done(photos, out=tmp_path / "2.zip", processes=2)
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    assert one.bad == two.bad


@pytest.mark.parametrize("form", ["a.zip", "folder", "shards"])
@pytest.mark.parametrize("harm", ["", "half a line", "more bytes", "lost bytes"])
def test_a_stopped_one_is_taken_up(photos: Path, tmp_path: Path, form: str, harm: str, monkeypatch: pytest.MonkeyPatch):
    choice = Choice(labels=True, shards=7 if form == "shards" else 0)
    wanted = tmp_path / "wanted" / form
    done(photos, out=wanted, labels=True, shards=choice.shards)
    out = tmp_path / form
    work = prepare([photos], out, SMALL, choice, 1)
    while next(work).done < 32:
        pass
    work.close()
    assert not out.exists()
    tear(folder_for(out), harm)
    again: list[int] = []
    real = assembly.make_batch
    monkeypatch.setattr(assembly, "make_batch", lambda plan, items: (again.append(len(items)), real(plan, items))[1])
    done(photos, out=out, labels=True, shards=choice.shards)
    assert fingerprint(out) == fingerprint(wanted)
    assert not folder_for(out).exists()
    everything = harm == "lost bytes" and form != "folder"
    assert sum(again) == (40 if everything else 9 if harm == "half a line" else 8)


def tear(folder: Path, harm: str) -> None:
    """What a kill or a loss of power may leave."""
    journal = folder / "journal.jsonl"
    data = max((path for path in folder.rglob("*") if path.suffix in (".zip", ".tar")), default=None)
    if harm == "half a line":
        os.truncate(journal, journal.stat().st_size - 5)
    elif harm == "more bytes":
        with (data or folder / "pictures" / "cats" / "img00000099.png.tmp").open("ab") as file:
            file.write(b"x" * 999)
        if not data:
            (folder / "pictures" / "cats" / "img00000099.png.tmp").unlink()
    elif harm == "lost bytes" and data:
        os.truncate(data, data.stat().st_size - 100)


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on(photos: Path, tmp_path: Path, project: Path):
    out, wanted = tmp_path / "a.zip", tmp_path / "wanted.zip"
    plan = Plan(size=256, stored=True)
    done(photos, out=wanted, plan=plan)
    words = ("dataset", "prepare", photos, "--out", out, "--size", 256, "--stored", "--processes", 1)
    command = [sys.executable, project / "main.py", *map(str, words)]
    journal = folder_for(out) / "journal.jsonl"
    for least in (1, 1000):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None and not (journal.exists() and journal.stat().st_size > least):
                time.sleep(0.001)
            process.kill()
    done(photos, out=out, plan=plan)
    assert out.read_bytes() == wanted.read_bytes()
    assert not folder_for(out).exists()


def test_another_request_begins_anew(photos: Path, tmp_path: Path):
    out = tmp_path / "a.zip"
    work = prepare([photos], out, SMALL, Choice(), 1)
    while next(work).done < 32:
        pass
    work.close()
    done(photos, out=out, plan=Plan(size=4))
    with zipfile.ZipFile(out) as archive:
        for name in archive.namelist()[:-1]:
            with archive.open(name) as file:
                assert Image.open(file).size == (4, 4)


def test_a_full_disk_loses_nothing(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = Zip.add

    def full(self: Zip, number: int, *rest: Any) -> Any:
        if number == 30:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, number, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Zip, "add", full)
        with pytest.raises(OSError, match="No space"):
            done(photos, out=tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()
    assert done(photos, out=tmp_path / "a.zip").pictures == 39
    work = prepare([photos], tmp_path / "b.zip", SMALL, Choice(), 1)
    while next(work).done < 16:
        pass
    work.close()
    discard(tmp_path / "b.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "photos"]


def test_choosing(photos: Path, tmp_path: Path):
    scene(1, (40, 32)).save(photos / "dogs" / "large.png")
    dropped = done(photos, out=tmp_path / "a.zip", drop_duplicates=True, exclude=frozenset(["dogs/03.png"]))
    assert (dropped.pictures, dropped.dropped, dropped.excluded) == (38, 1, 1)
    flipped = done(photos, out=tmp_path / "b.zip", plan=Plan(size=32, flip=("x",)))
    assert (flipped.pictures, flipped.used, flipped.enlarged) == (80, 40, 39)
    assert images(tmp_path / "b.zip").pixels.shape == (80, 3, 8, 8)
    with pytest.raises(BadPlan, match="No picture is called dogs/99"):
        done(photos, out=tmp_path / "c.zip", exclude=frozenset(["dogs/99.png"]))


def test_films_and_zips_as_sources(photos: Path, tmp_path: Path):
    done(photos, out=tmp_path / "a.zip", labels=True)
    film = write(tmp_path / "b.mp4")
    result = done(tmp_path / "a.zip", film, out=tmp_path / "c.zip")
    assert result.pictures == 42
    again = done(tmp_path / "a.zip", out=tmp_path / "d.zip", labels=True)
    assert again.classes == ("cats", "dogs")
    assert np.array_equal(images(tmp_path / "d.zip", True).pixels, images(photos, True).pixels)


def test_captions_travel(tmp_path: Path):
    files = {"a.png": hostile.png(), "a.txt": b"red", "b.png": hostile.png((0, 0, 99)), "b.json": b'{"text": "blue"}'}
    done(hostile.write_zip(tmp_path / "t.zip", files), out=tmp_path / "o.zip")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        labels = json.loads(archive.read("dataset.json"))["labels"]
    assert labels == [["00000/img00000000.png", "red"], ["00000/img00000001.png", "blue"]]


def test_a_hostile_zip_reaches_nothing(tmp_path: Path):
    card = b'{"labels": [["a.png", 0], ["b.png", 1]], "classes": ["../../evil", "CON/aux"]}'
    files = {"a.png": hostile.png(), "b.png": hostile.png((0, 0, 9)), "../c.png": hostile.png(), "dataset.json": card}
    room = tmp_path / "room"
    room.mkdir()
    result = done(hostile.write_zip(room / "t.zip", files), out=room / "out", labels=True)
    assert result.pictures == 2
    assert [path.name for path in tmp_path.iterdir()] == ["room"]
    assert sorted(path.name for path in room.iterdir()) == ["out", "t.zip"]
    assert images(room / "out", True).classes == ("../../evil", "CON/aux")
    names = {folder_name(label) for label in ("../../evil", "..", "a/b", "a:b", "a_b", "", "è b")}
    assert len(names) == 7
    assert not any(set(name) & set('/\\:*?"<>|') or name.startswith(".") for name in names)


def test_places_that_cannot_be_used(photos: Path, tmp_path: Path):
    (tmp_path / "there.zip").write_bytes(b"mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    for out, words in (
        (tmp_path / "there.zip", "there already"),
        (tmp_path / "full", "there already"),
        (tmp_path / "a.rar", "should end in .zip"),
        (photos / "inside", "among the originals"),
    ):
        with pytest.raises(BadPlan, match=words):
            done(photos, out=out)
    assert (tmp_path / "there.zip").read_bytes() == b"mine"
    (tmp_path / "empty").mkdir()
    assert done(photos, out=tmp_path / "empty").pictures == 39


def test_sources_that_give_nothing(tmp_path: Path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.png").write_bytes(b"text")
    with pytest.raises(NoPictures, match=r"None of the 1 pictures can be used; a\.png: This is not"):
        done(tmp_path / "bad", out=tmp_path / "a.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["bad"]
    (tmp_path / "bad" / "b.png").write_bytes(hostile.png())
    with pytest.raises(NoPictures, match="leave --labels out"):
        done(tmp_path / "bad", out=tmp_path / "a.zip", labels=True)


def test_lists_that_people_write(tmp_path: Path):
    path = tmp_path / "list"
    path.write_text("a.png\r\n\n b c.png \n")
    assert read_names(path) == {"a.png", "b c.png"}
    path.write_text('["x.png"]')
    assert read_names(path) == {"x.png"}
    path.write_text('{"x.png": [1, 2, 3, 4]}')
    assert read_boxes(path) == {"x.png": (1, 2, 3, 4)}
    for text in ('{"x.png": [1, 2]}', "nonsense", "[" * 100000):
        path.write_text(text)
        with pytest.raises(BadPlan, match="should hold"):
            read_boxes(path)
    with pytest.raises(BadPlan, match="cannot be read"):
        read_names(tmp_path / "none")
