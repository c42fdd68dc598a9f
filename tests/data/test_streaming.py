"""Shards are looked through once and read as they come, from disks and web servers, whatever is wrong with them."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.scan import NoPictures
from engine.data.streaming import shard, web
from engine.data.streaming.addresses import addresses, is_list
from engine.data.streaming.index import Shards, look_through
from engine.data.streaming.order import Windowed
from engine.data.streaming.pictures import Streamed
from engine.progress import ended
from tests.data.hostile_archives import write_tar
from tests.data.shards import Server, number_of, picture, serving, shards


def looked(source: Path | str, cache: Path) -> Shards:
    found = ended(look_through(str(source), addresses(str(source)), cache, 1))
    assert isinstance(found, Shards)
    return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    shards(tmp_path / "set", 3, 5, classes=12)
    with serving(tmp_path / "set") as found:
        yield found


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 12), st.integers(0, 2**66), st.integers(0, 3)
)
def test_an_epoch_shows_every_picture_once_and_mixes_neighbours_only(
    sizes: list[int], window: int, seed: int, epoch: int
) -> None:
    count = sum(sizes)
    order = Windowed(seed, count, True, tuple(sizes), window)
    batch = order.batch(epoch * count, count)
    assert sorted(batch.indices) == list(range(count))
    read = order.pictures(epoch, np.arange(count))
    places = np.repeat(np.arange(len(sizes)), sizes)[read]
    assert (np.diff(places) != 0).sum() == len(sizes) - 1  # shard after shard
    for first in range(0, count, window):
        assert set(batch.indices[first : first + window]) == set(read[first : first + window])
    cut = count // 2
    if cut:
        parts = order.batch(epoch * count, cut), order.batch(epoch * count + cut, count - cut)
        assert np.array_equal(np.concatenate([part.indices for part in parts]), batch.indices)


def test_windows_and_epochs_differ_and_stay() -> None:
    order = Windowed(7, 40, False, (10,) * 4, 20)
    first, second = order.batch(0, 40).indices, order.batch(40, 40).indices
    assert first.tolist()[:10] == EXPECTED, "runs must resume under every numpy"
    assert not np.array_equal(first, second)
    assert not np.array_equal(first[:20] % 10, first[20:] % 10)
    with pytest.raises(ValueError, match="sizes"):
        Windowed(0, 5, False, (2, 2), 3)


EXPECTED = [2, 36, 5, 1, 32, 39, 0, 3, 8, 4]


def test_shards_are_looked_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards(tmp_path / "set", 2, 6, classes=12)
    found = looked(tmp_path / "set", tmp_path / "cache")
    assert found.sizes == (6, 6)
    assert found.classes == tuple(f"{number:02}" for number in range(12))
    assert found.labels().tolist() == list(range(12))
    monkeypatch.setattr(shard, "in_tar", None)
    assert looked(tmp_path / "set", tmp_path / "cache") == found
    monkeypatch.undo()
    write_tar(tmp_path / "set" / "shard-001.tar", {"a.png": picture(500), "a.txt": b"seen by nobody"})
    assert looked(tmp_path / "set", tmp_path / "cache").sizes == (6, 1)


def test_pictures_come_from_anywhere_in_the_shards(tmp_path: Path) -> None:
    shards(tmp_path / "set", 3, 4)
    found = looked(tmp_path / "set", tmp_path / "cache")
    pixels = Streamed(found, 8, 2**24)
    try:
        assert pixels.shape == (12, 3, 8, 8)
        asked = np.array([11, 0, 7, 7])
        said = list(pixels.awaited(asked))
        assert all(not each.note for each in said)
        assert [number_of(each) for each in pixels[asked]] == [11, 0, 7, 7]
        name, offset = pixels.place(5)
        with tarfile.open(tmp_path / "set" / name) as archive:
            assert archive.getmember("000005.png").offset_data == offset
    finally:
        pixels.close()


def test_a_web_server_gives_the_same_and_may_fail_for_a_while(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "WAITS", (0.01,) * 3)
    monkeypatch.setattr(web, "PIECE", 2**10)
    address, server.failing = f"{server.address}/shard-{{000..002}}.tar?key=secret", 1
    told = [now.note for now in look_through(address, addresses(address), tmp_path / "cache")]
    assert any("cannot be reached (the server answers 503" in note for note in told)
    found = looked(address, tmp_path / "cache")
    assert found.sizes == (5, 5, 5)
    assert found.labels().tolist() == [number % 12 for number in range(15)]
    pixels = Streamed(found, 8, 2**13)
    try:
        before, asked = server.asked, np.arange(15)
        server.failing = 2
        said = [each.note for each in pixels.awaited(asked) if each.note]
        assert [number_of(each) for each in pixels[asked]] == list(range(15))
        assert len(said) == 2
        assert "503" in said[0]
        assert "trying again" in said[0]
        assert "secret" not in said[0]
        assert server.asked - before < 90  # pieces are kept for what lies beside
        server.failing = 100
        with pytest.raises(NoPictures, match=r"cannot be reached .*503"):
            pixels[np.array([0, 14, 6])]
    finally:
        pixels.close()


def test_servers_that_cannot_be_used(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "WAITS", (0.01,))
    with pytest.raises(NoPictures, match="404"):
        looked(f"{server.address}/other.tar", tmp_path / "cache")
    found = looked(f"{server.address}/shard-000.tar", tmp_path / "cache")
    shards(tmp_path / "other", 1, 9)
    (tmp_path / "set" / "shard-000.tar").write_bytes((tmp_path / "other" / "shard-000.tar").read_bytes())
    pixels = Streamed(found, 8, 2**20)
    try:
        with pytest.raises(NoPictures, match="has changed"):
            pixels[np.array([0])]
    finally:
        pixels.close()
    server.whole = True
    with pytest.raises(NoPictures, match="no parts of files"):
        looked(f"{server.address}/shard-001.tar", tmp_path / "cache")
    server.shutdown()
    server.server_close()
    with pytest.raises(NoPictures, match="cannot be reached"):
        looked(f"{server.address}/shard-002.tar", tmp_path / "cache")


def test_broken_pictures_are_told_once_and_another_stands_in(tmp_path: Path) -> None:
    files = {
        "0.png": b"nothing", "0.cls": b"0", "1.png": picture(1), "1.cls": b"1", "2.png": picture(2), "2.cls": b"0",
        "3.jpg": b"GIF89a" + bytes(20), "3.cls": b"1",
    }  # fmt: skip
    path = write_tar(tmp_path / "a.tar", files)
    for labelled, expected in ((True, [2, 1, 2, 1]), (False, [1, 1, 2, 1])):
        pixels = Streamed(looked(path, tmp_path / "cache"), 8, 2**24, labelled)
        try:
            said = [each.note for each in pixels.awaited(np.arange(4)) if each.note]
            assert [number_of(each) for each in pixels[np.arange(4)]] == expected
            assert len(said) == 2
            assert all(sentence.startswith("skipped the picture at byte") for sentence in said)
        finally:
            pixels.close()
    broken = looked(write_tar(tmp_path / "b.tar", {"0.png": b"no", "1.png": b"no"}), tmp_path / "cache")
    pixels = Streamed(broken, 8, 2**24)
    try:
        with pytest.raises(NoPictures, match="none of 2"):
            pixels[np.array([1])]
    finally:
        pixels.close()


def test_only_pictures_and_texts_of_bearable_size_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard, "MAX_PICTURE", 1000)
    files = {
        "cat/0.png": picture(0), "cat/1.pkl": b"cos\nsystem\n", "cat/2.pyd": b"x", "cat/3.png": bytes(2000),
        "../4.png": picture(4), "dog/5.webp": picture(5), "dog/6.gif": picture(6), "cat/7.png": b"", ".hidden.png": b"x",
    }  # fmt: skip
    path = write_tar(tmp_path / "a.tar", files, {"cat/8.png": "/etc/passwd"})
    found = looked(path, tmp_path / "cache")
    assert len(found) == 2
    assert found.classes == ("cat", "dog")
    assert [name for name, _ in found.all[0].left_out] == [
        f"a.tar/{name}" for name in ("cat/3.png", "../4.png", "cat/7.png", "cat/8.png")
    ]
    assert all(reason.endswith(".") for _, reason in found.all[0].left_out)


def test_classes_that_stand_beside_some_pictures_only(tmp_path: Path) -> None:
    files = {"cat/0.png": picture(0), "cat/1.png": picture(1), "cat/1.json": b'{"label": 7}', "2.png": picture(2)}
    found = looked(write_tar(tmp_path / "a.tar", files), tmp_path / "cache")
    assert found.classes == ("7",)
    with pytest.raises(NoPictures, match=r"2 pictures of a\.tar have no class"):
        found.labels()


def test_a_header_that_asks_for_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard, "AT_ONCE", 2**12)
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 2**20
    (tmp_path / "a.tar").write_bytes(info.tobuf() + bytes(2**20 + 1024))
    with pytest.raises(NoPictures, match=r"a\.tar"):
        looked(tmp_path / "a.tar", tmp_path / "cache")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("pipe:curl https://x/a.tar", "run commands"),
        ("https://server/{00..01}.tar.gz", "no plain tar file"),
        ("s3://bucket/a.tar", "not from s3:"),
        ("https://me:secret@server/a.tar", "no user or password"),
        ("https://server/{9..1}.tar", "names no shards"),
        ("file:///etc/passwd", "not from file:"),
    ],
)
def test_addresses_that_are_refused(tmp_path: Path, source: str, sentence: str) -> None:
    (tmp_path / "list.txt").write_text(f"# a remark\n{source}\n")
    for place in (source, str(tmp_path / "list.txt")):
        with pytest.raises(NoPictures, match=sentence) as caught:
            addresses(place)
        assert "secret" not in str(caught.value)


def test_lists_and_folders(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("b/{08..10}.tar\nhttps://x/{0..1}.tar\n\nb/08.tar\n")
    found = addresses(str(tmp_path / "list.txt"))
    assert found == [
        *(str(tmp_path / f"b/{name}.tar") for name in ("08", "09", "10")),
        "https://x/0.tar",
        "https://x/1.tar",
    ]
    assert is_list(str(tmp_path / "list.txt"))
    assert is_list("https://x/0.tar")
    assert not is_list(str(tmp_path))
    for text, sentence in (("", "names no tar files"), ("\xff", "cannot be read")):
        (tmp_path / "list.txt").write_text(text, encoding="latin-1")
        with pytest.raises(NoPictures, match=sentence):
            addresses(str(tmp_path / "list.txt"))
    for place in (tmp_path, tmp_path / "nowhere", tmp_path / "nowhere.tar"):
        with pytest.raises(NoPictures):
            looked(place, tmp_path / "cache")
