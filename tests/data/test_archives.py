"""Archives are lists of slices; what is damaged, locked, too large or out to do harm is refused by name."""

from __future__ import annotations

import bz2
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engine.data import archives
from engine.data.archives import BadArchive, Member, members, read
from engine.data.folder import Images, prepare
from engine.data.pictures import BadPicture
from engine.data.scan import NoPictures, scan
from tests.data import hostile_archives as hostile
from tests.data.test_folder import finish


def whole_bytes(member: Member) -> bytes:
    """What a member holds; it must not be refused."""
    assert member.place, member.reason
    return read(member.place)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_read_in_slices(tmp_path: Path, method: int):
    files = {"a/1.png": hostile.png(), "b\\2.png": b"x" * 1000, ".hidden.png": b"h", "__MACOSX/a/1.png": b"m"}
    found = {m.name: whole_bytes(m) for m in members(hostile.write_zip(tmp_path / "a.zip", files, method))}
    assert found == {"a/1.png": files["a/1.png"], "b/2.png": files["b\\2.png"]}


def test_a_tar_is_read_in_slices(tmp_path: Path):
    files = {f"./{n:03}.png": bytes([n]) * (n * 7) for n in range(1, 30)}
    found = members(hostile.write_tar(tmp_path / "a.tar", files))
    assert {m.name: whole_bytes(m) for m in found} == {n.removeprefix("./"): d for n, d in files.items()}


def test_members_that_are_refused(tmp_path: Path):
    names = ["../up.png", "/root.png", "a/../../b.png", "C:/x.png", "inner.zip", "inner.tar.gz"]
    bomb = {"bomb.png": bytes(2**24 + 1), "fine.png": hostile.png()}
    path = hostile.write_zip(tmp_path / "a.zip", dict.fromkeys(names, b"x") | bomb)
    reasons = {m.name: m.reason for m in members(path)}
    assert all("outside of the archive" in reasons[name] for name in names[:4])
    assert all("inside an archive" in reasons[name] for name in names[4:])
    assert "zip bomb" in reasons["bomb.png"]
    assert reasons["fine.png"] == ""
    (member,) = members(hostile.locked(tmp_path / "locked.zip"))
    assert "password" in member.reason
    assert all("shares its bytes" in member.reason for member in members(hostile.overlapping(tmp_path / "o.zip")))
    (link,) = members(hostile.write_tar(tmp_path / "a.tar", {}, {"l.png": "/etc/passwd"}))
    assert "link" in link.reason
    (packed,) = members(hostile.write_zip(tmp_path / "b.zip", {"a.png": b"x"}, zipfile.ZIP_BZIP2))
    assert "method" in packed.reason


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 2**20)
    (member,) = members(hostile.write_zip(tmp_path / "a.zip", {"a.png": bytes(2**20 + 1)}, zipfile.ZIP_STORED))
    assert member.reason == "It is larger than 1 MiB."


@pytest.mark.parametrize("build", [hostile.changed, hostile.understated])
def test_damage_inside_is_one_sentence(tmp_path: Path, build):
    (member,) = members(build(tmp_path / "a.zip"))
    assert member.place
    with pytest.raises(BadPicture, match="damaged or cut off inside its archive"):
        read(member.place)


def test_damaged_archives(tmp_path: Path):
    whole = hostile.write_zip(tmp_path / "a.zip", {"a.png": hostile.png(), "b.png": hostile.png()}).read_bytes()
    for name, data in {"cut.zip": whole[:-30], "empty.zip": b"", "text.zip": b"hello", "text.tar": b"x" * 2000}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadArchive, match=f"{name} is no (zip|tar) file"):
            members(tmp_path / name)
    (tmp_path / "a.tar.bz2").write_bytes(bz2.compress(whole))
    with pytest.raises(BadArchive, match="unpack it first"):
        members(tmp_path / "a.tar.bz2")
    tar = hostile.write_tar(tmp_path / "a.tar", {"a.png": hostile.png(), "b.png": bytes(3000)})
    tar.write_bytes(tar.read_bytes()[:2000])
    first, cut, end = members(tar)
    assert whole_bytes(first) == hostile.png()
    with pytest.raises(BadPicture, match="cut off"):
        whole_bytes(cut)
    assert "cut off" in end.reason


def images(path: Path, by_class: bool = False) -> Images:
    """Training pictures out of anything."""
    return finish(prepare(path, 8, None, 1, by_class))


@pytest.fixture
def three(tmp_path: Path) -> dict[str, bytes]:
    """Three pictures in two class folders."""
    return {
        "cat/1.png": hostile.png((9, 0, 0)),
        "dog/2.png": hostile.png((0, 9, 0)),
        "dog/3.png": hostile.png((0, 0, 9)),
    }


def test_training_reads_archives_as_it_reads_folders(tmp_path: Path, three: dict[str, bytes]):
    for name, data in three.items():
        (tmp_path / "loose" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "loose" / name).write_bytes(data)
    (tmp_path / "shards").mkdir()
    hostile.write_tar(tmp_path / "shards" / "0.tar", dict(list(three.items())[:2]))
    hostile.write_tar(tmp_path / "shards" / "1.tar", dict(list(three.items())[2:]))
    loose = images(tmp_path / "loose", True)
    for other in (
        images(hostile.write_zip(tmp_path / "a.zip", three), True),
        images(hostile.write_tar(tmp_path / "a.tar", three), True),
    ):
        assert np.array_equal(other.pixels, loose.pixels)
        assert other.classes == loose.classes == ("cat", "dog")
        assert np.array_equal(np.asarray(other.labels), [0, 1, 1])
    assert np.array_equal(images(tmp_path / "shards").pixels, loose.pixels)
    broken = images(hostile.write_zip(tmp_path / "b.zip", three | {"dog/4.png": b"x", "../5.png": b"x"}))
    assert len(broken) == 3
    assert sorted(each.path.name for each in broken.skipped) == ["4.png", "5.png"]


def test_labels_of_prepared_zips(tmp_path: Path, three: dict[str, bytes]):
    numbers = [f'["{name}", {label}]' for name, label in zip(three, (10, 2, 2), strict=True)]
    card = ('{"labels": [' + ",".join(numbers) + "]}").encode()
    path = hostile.write_zip(tmp_path / "nvidia.zip", three | {"dataset.json": card}, zipfile.ZIP_STORED)
    found, _ = scan(path, by_class=True)
    assert [file.group for file in found] == ["10", "02", "02"]
    assert images(path, True).classes == ("02", "10")
    shards = hostile.write_tar(
        tmp_path / "a.tar", {"0.png": hostile.png(), "0.cls": b"7\n", "1.png": hostile.png(), "1.json": b'{"label": 3}'}
    )
    assert [file.group for file in scan(shards, by_class=True)[0]] == ["7", "3"]
    unlabelled = hostile.write_zip(tmp_path / "b.zip", three | {"dataset.json": b'{"labels": null}'})
    with pytest.raises(NoPictures, match="one for each class"):
        scan(unlabelled, by_class=True)


def test_a_broken_archive_is_one_sentence_for_training(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"hello")
    with pytest.raises(NoPictures, match=r"a\.zip is no zip file"):
        scan(tmp_path / "a.zip")
    with pytest.raises(NoPictures, match="holds no pictures"):
        scan(tmp_path)
    with pytest.raises(NoPictures, match="does not exist"):
        scan(tmp_path / "missing.zip")
