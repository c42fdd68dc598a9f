"""The folder is the truth: files come and go by any hand, the index only saves time, and hostile files are refused in words."""

import os
import sqlite3
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from engine.gallery import changes, folder, marks, query
from engine.gallery import favourite as favourites
from engine.gallery.index import NAME, Index
from engine.gallery.marks import Marks
from engine.gallery.thumbnails import ThumbnailFile
from engine.progress import ended
from engine.recipe import Recipe, encode
from engine.render import png
from tests.gallery.pictures import favourite, frame, read


def names(place: Path) -> set[str]:
    return {item.name for item in read(place).favourites}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_folder_that_is_not_there_is_empty_and_stays_so(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == folder.Contents()
    assert not (tmp_path / "none").exists()


def test_what_is_kept_is_found_with_everything(tmp_path: Path) -> None:
    kept = favourite(tmp_path, 5, rating=4, tags=("red", "Käse"), note="the good one")
    assert read(tmp_path).favourites == (kept,)
    assert (kept.name, kept.width, kept.height, kept.model, kept.words) == ("tiny 5.png", 16, 16, "tiny", "seed 5")
    assert kept.marks == Marks(4, ("red", "Käse"), "the good one", 1005.0)
    assert png.read(tmp_path / kept.name) == frame(5).recipe
    assert list(Image.open(tmp_path / kept.name).get_flattened_data()) == list(
        map(tuple, frame(5).pixels.reshape(-1, 3))
    )


def test_files_that_come_and_go_by_hand_are_noticed(tmp_path: Path) -> None:
    favourite(tmp_path, 1)
    assert names(tmp_path) == {"tiny 1.png"}
    png.write(tmp_path / "by hand.PNG", frame(2))
    (tmp_path / "tiny 1.png").unlink()
    (found,) = read(tmp_path).favourites
    assert (found.name, found.words, found.marks) == ("by hand.PNG", "seed 2", Marks())
    assert found.added == pytest.approx((tmp_path / "by hand.PNG").stat().st_mtime)


def test_unchanged_files_are_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(3):
        favourite(tmp_path, seed)
    before = read(tmp_path)
    opened: list[str] = []
    real = favourites.read
    monkeypatch.setattr(favourites, "read", lambda path: opened.append(path.name) or real(path))
    work = folder.contents(tmp_path)
    assert next(work) == before
    work.close()
    assert opened == []
    changes_of = [changes.mark(tmp_path, before.favourites[:1], lambda m: Marks(5, added=m.added))]
    list(changes_of[0])
    opened.clear()
    assert next(f for f in read(tmp_path).favourites if f.name == before.favourites[0].name).marks.rating == 5
    assert opened == [before.favourites[0].name]


@pytest.mark.parametrize("damage", ["missing", "nonsense", "cut", "foreign", "older", "a folder"])
def test_the_index_is_made_again(tmp_path: Path, damage: str) -> None:
    kept = {favourite(tmp_path, seed).name for seed in range(3)}
    assert names(tmp_path) == kept
    path = tmp_path / NAME
    if damage in ("missing", "a folder"):
        path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage == "nonsense":
        path.write_bytes(b"nonsense" * 4096)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif damage in ("foreign", "older"):
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE mine (x)" if damage == "foreign" else "PRAGMA user_version = 0")
        other.close()
    assert names(tmp_path) == kept
    assert names(tmp_path) == kept
    if damage != "a folder":
        index = Index(tmp_path)
        assert index.known().keys() == kept
        index.close()


def test_pages_that_are_damaged_later_are_noticed(tmp_path: Path) -> None:
    kept = {favourite(tmp_path, seed, note="x" * 3000).name for seed in range(6)}
    assert names(tmp_path) == kept
    path = tmp_path / NAME
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    assert names(tmp_path) == kept


def test_an_index_that_lies_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    kept = favourite(tmp_path, 1)
    read(tmp_path)
    index = Index(tmp_path)
    index._connection.execute("UPDATE pictures SET facts = replace(facts, 'tiny 1.png', '../secret.png')")
    index._connection.execute("INSERT INTO pictures VALUES ('../secret.png', 1, 1, '{}')")
    index._connection.execute("INSERT INTO pictures VALUES ('x.png', 'one', NULL, x'00')")
    index._connection.commit()
    index.close()
    assert read(tmp_path).favourites == (kept,)


def test_a_folder_that_cannot_be_written_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = favourite(tmp_path, 1)

    def refused(path: object, **options: object) -> sqlite3.Connection:
        if path != ":memory:":
            raise sqlite3.OperationalError("unable to open database file")
        return real(path, **options)  # type: ignore[arg-type]

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", refused)
    assert read(tmp_path).favourites == (kept,)
    assert not (tmp_path / NAME).exists()


HEADER = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
SMALL = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
TEXT = png.KEY.encode() + b"\0\0\0\0\0" + encode(Recipe())
HOSTILE = {
    "text.png": (b"hello", "not a PNG"),
    "empty.png": (b"", "not a PNG"),
    "bomb.png": (png.SIGNATURE + chunk(b"IHDR", HEADER) + chunk(b"iTXt", TEXT) + chunk(b"IEND", b""), "100000 by 100000"),
    "foreign.png": (png.SIGNATURE + chunk(b"IHDR", SMALL) + chunk(b"IEND", b""), "was not made here"),
    "cut.png": (png.SIGNATURE + chunk(b"IHDR", SMALL) + chunk(b"iTXt", TEXT)[:40], "damaged or cut off"),
    "bad recipe.png": (
        png.SIGNATURE + chunk(b"IHDR", SMALL) + chunk(b"iTXt", TEXT[:-1]) + chunk(b"IEND", b""), "cannot be read",
    ),
}  # fmt: skip


def test_hostile_files_are_refused_in_words(tmp_path: Path) -> None:
    kept = favourite(tmp_path, 1)
    for name, (data, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "lost.png").symlink_to(tmp_path / "nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
    for _ in range(2):  # as read, and as the index remembers it
        found = read(tmp_path)
        assert found.favourites == (kept,)
        told = {item.name: item.reason for item in found.refused}
        assert told.keys() == HOSTILE.keys()
        for name, (_, reason) in HOSTILE.items():
            assert reason in told[name], told[name]
            assert name in told[name]


def test_marks_are_rewritten_in_place_and_the_pixels_stay(tmp_path: Path) -> None:
    kept = favourite(tmp_path, 3)
    path = tmp_path / kept.name
    pixels = list(Image.open(path).get_flattened_data())
    for rating in (3, 5):
        *_, last = changes.mark(tmp_path, [kept], lambda m, rating=rating: Marks(rating, ("a",), "n", m.added))
        assert (last.done, last.total) == (1, 1)
    assert favourites.read(path).marks == Marks(5, ("a",), "n", 1003.0)
    assert path.read_bytes().count(marks.KEY.encode()) == 1
    assert list(Image.open(path).get_flattened_data()) == pixels
    assert png.read(path) == frame(3).recipe
    with pytest.raises(Exception, match="5"):
        marks.write(path, Marks(rating=6))
    assert favourites.read(path).marks.rating == 5


def test_marks_of_a_file_that_has_gone_are_refused_in_words(tmp_path: Path) -> None:
    kept, other = favourite(tmp_path, 1), favourite(tmp_path, 2)
    (tmp_path / kept.name).unlink()
    done = ended(changes.mark(tmp_path, [kept, other], lambda m: Marks(2, added=m.added)))
    assert [item.name for item in done.favourites] == [other.name]
    assert "tiny 1.png" in done.refused[0].reason


def test_damaged_marks_count_as_none(tmp_path: Path) -> None:
    kept = favourite(tmp_path, 1, rating=3)
    path = tmp_path / kept.name
    from engine.gallery import chunks

    path.write_bytes(chunks.with_text(path.read_bytes(), marks.KEY, b'{"rating": 9}'))
    assert favourites.read(path).marks == Marks()


def test_taken_in_put_away_and_taken_back(tmp_path: Path) -> None:
    place, elsewhere = tmp_path / "g", tmp_path / "e"
    first = favourite(place, 1)
    same_name = favourite(elsewhere, 1, rating=2)
    (elsewhere / "text.png").write_text("hello")
    done = ended(changes.adopt(place, [elsewhere / same_name.name, elsewhere / "text.png", place / first.name]))
    assert [item.name for item in done.favourites] == ["tiny 1 2.png"]
    assert done.favourites[0].marks.rating == 2
    assert "text.png" in done.refused[0].reason
    moved = changes.discard(place, ["tiny 1.png", "gone.png"])
    assert names(place) == {"tiny 1 2.png"}
    changes.restore(place, moved)
    assert names(place) == {"tiny 1.png", "tiny 1 2.png"}


def test_thumbnails_are_kept_and_follow_their_file(tmp_path: Path) -> None:
    kept = favourite(tmp_path, 1, side=300)
    read(tmp_path)
    files = ThumbnailFile(tmp_path)
    first = files.get(kept)
    assert first.startswith(b"\xff\xd8")
    assert files.get(kept) == first
    index = Index(tmp_path)
    assert index.thumbnail(kept.name, kept.stamp) == first
    index.close()
    (tmp_path / kept.name).unlink()
    other = favourites.read(png_at(tmp_path / kept.name, 2))
    assert files.get(other) != first
    (tmp_path / "bomb.png").write_bytes(HOSTILE["bomb.png"][0])
    with pytest.raises(ValueError, match="100000"):
        files.get(type(other)("bomb.png", other.stamp, 1, 1, "", "", "", ""))
    with pytest.raises(ValueError, match=r"no\.png"):
        files.get(type(other)("no.png", other.stamp, 1, 1, "", "", "", ""))
    files.close()


def png_at(path: Path, seed: int) -> Path:
    png.write(path, frame(seed, 40))
    return path


def test_search_and_sort(tmp_path: Path) -> None:
    a = favourite(tmp_path, 2, rating=1, tags=("Sky", "blue"), note="calm")
    b = favourite(tmp_path, 10, rating=5, tags=("sea",))
    c = favourite(tmp_path, 1, rating=3)
    every = [a, b, c]
    assert query.found(every) == [b, a, c]
    assert query.found(every, order="Oldest") == [c, a, b]
    assert query.found(every, order="Best") == [b, c, a]
    assert query.found(every, order="Name") == [c, a, b]
    assert query.found(every, order="Model") == [c, a, b]
    assert query.found(every, "CALM tiny") == [a]
    assert query.found(every, "#s") == [b, a]
    assert query.found(every, "#sky seed") == [a]
    assert query.found(every, "calm sea") == []
    assert query.found(every, "seed 10") == [b]
    assert query.found(every, rating=3) == [b, c]
    assert query.all_tags(every) == ("blue", "sea", "Sky")


def test_tags_as_they_are_typed() -> None:
    assert marks.tags(" red, #Blue ,red,, RED ,two  words#x") == ("red", "Blue", "two words", "x")
    assert len(marks.tags(",".join(map(str, range(99))))) == marks.MOST_TAGS
    assert len(marks.tags("y" * 500)[0]) == marks.LONGEST_TAG
