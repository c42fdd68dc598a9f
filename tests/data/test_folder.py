"""Folders of anything become training pictures, once, with a list of what was skipped."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.data import folder as folder_module
from engine.data import store as store_module
from engine.data.folder import Images, NoPictures, prepare
from engine.data.scan import scan
from engine.progress import Progress
from tests.data import corpus


def finish(work: Generator[Progress, None, Images]) -> Images:
    """Run a preparation to its end."""
    last = Progress(0, 1)
    while True:
        try:
            last = next(work)
        except StopIteration as end:
            assert last.done == last.total
            return end.value


def plain(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (20, 20)) -> None:
    """A one-coloured picture, its folders made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, format="PNG")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with good, odd and broken pictures, sub-folders, hidden and other files."""
    root = tmp_path / "pictures"
    plain(root / "b" / "2.PNG", (0, 200, 0))
    plain(root / "a" / "1.png", (200, 0, 0))
    plain(root / "a" / "deep" / "3.png", (0, 0, 200))
    plain(root / "0.png", (9, 9, 9))
    plain(root / ".hidden.png", (1, 1, 1))
    plain(root / ".hidden" / "x.png", (1, 1, 1))
    (root / "notes.txt").write_text("no picture")
    (root / "b" / "empty.jpg").touch()
    (root / "b" / "gone.png").symlink_to(root / "nowhere.png")
    (root / "b" / "loop").symlink_to(root)
    return root


@pytest.mark.parametrize("processes", [1, 2])
def test_prepares_what_is_usable(mixed: Path, tmp_path: Path, processes: int) -> None:
    images = finish(prepare(mixed, 16, tmp_path / "cache", processes))
    assert images.pixels.shape == (4, 3, 16, 16)
    assert images.pixels[:, :, 8, 8].tolist() == [[9, 9, 9], [200, 0, 0], [0, 0, 200], [0, 200, 0]]
    assert {each.path.name: each.reason for each in images.skipped}["empty.jpg"] == "The file is empty."
    assert {each.path.name for each in images.skipped} == {"empty.jpg", "gone.png"}
    assert (images.name, images.resolution, len(images), images.labels) == ("pictures", 16, 4, None)


def test_classes_are_sub_folders(mixed: Path, tmp_path: Path) -> None:
    images = finish(prepare(mixed, 8, tmp_path / "cache", 1, by_class=True))
    assert images.classes == ("a", "b")
    assert images.labels is not None
    assert images.labels.tolist() == [0, 0, 1]
    assert images.labels.dtype == np.int64
    assert "0.png" in {each.path.name for each in images.skipped}


def test_second_start_reads_what_is_there(mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = finish(prepare(mixed, 16, tmp_path / "cache", 1))
    monkeypatch.setattr(folder_module, "square", None)
    second = finish(prepare(mixed, 16, tmp_path / "cache", 1))
    assert np.array_equal(first.pixels, second.pixels)
    assert first.skipped == second.skipped


def test_a_changed_folder_is_prepared_again(mixed: Path, tmp_path: Path) -> None:
    finish(prepare(mixed, 16, tmp_path / "cache", 1))
    finish(prepare(mixed, 8, tmp_path / "cache", 1))
    plain(mixed / "new.png", (5, 6, 7))
    assert len(finish(prepare(mixed, 16, tmp_path / "cache", 1))) == 5
    plain(mixed / "new.png", (8, 6, 7))
    os.utime(mixed / "new.png", (1, 1))
    assert finish(prepare(mixed, 16, tmp_path / "cache", 1)).pixels[4, :, 3, 3].tolist() == [8, 6, 7]
    assert len(list((tmp_path / "cache").iterdir())) == 4, "older states of the folder are removed"


def test_cut_cache_is_not_used(mixed: Path, tmp_path: Path) -> None:
    finish(prepare(mixed, 16, tmp_path / "cache", 1))
    (pixels,) = (tmp_path / "cache").glob("*.pixels")
    os.truncate(pixels, 100)
    assert finish(prepare(mixed, 16, tmp_path / "cache", 1)).pixels.shape == (4, 3, 16, 16)


def test_without_a_cache(mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    assert len(finish(prepare(mixed, 16, None, 1))) == 4
    assert not list(scratch.iterdir())
    monkeypatch.setattr(folder_module, "IN_MEMORY", 10)
    images = finish(prepare(mixed, 16, None, 1))
    assert list(scratch.iterdir())
    del images
    assert not list(scratch.iterdir())


def test_cancelling_leaves_nothing(mixed: Path, tmp_path: Path) -> None:
    work = prepare(mixed, 16, tmp_path / "cache", 1)
    for _ in range(3):
        next(work)
    work.close()
    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("size", [(31, 20), (20, 31), (400, 300), (5, 5), (1, 1), (16, 16)])
def test_middle_square(tmp_path: Path, size: tuple[int, int]) -> None:
    width, height = size
    side = min(size)
    image = Image.new("RGB", size, (255, 0, 0))
    left, top = (width - side) // 2, (height - side) // 2
    image.paste((0, 255, 0), (left, top, left + side, top + side))
    image.save(tmp_path / "a.png")
    pixels = finish(prepare(tmp_path, 16, None, 1)).pixels
    assert (pixels[0] == np.array([0, 255, 0])[:, None, None]).all()


def test_a_picture_of_the_right_size_stays(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    assert np.array_equal(finish(prepare(tmp_path, 16, None, 1)).pixels[0], noise.transpose(2, 0, 1))


def test_shrinking_does_not_alias(tmp_path: Path) -> None:
    board = (np.indices((512, 512)).sum(0) % 2 * 255).astype(np.uint8)
    Image.fromarray(board).save(tmp_path / "a.png")
    pixels = finish(prepare(tmp_path, 32, None, 1)).pixels
    assert np.abs(pixels.astype(int) - 128).max() <= 2


def test_odd_names_and_kinds(tmp_path: Path) -> None:
    for name, build in corpus.RED_BLUE.items():
        build(tmp_path / name)
    for name, (broken, _) in corpus.BROKEN.items():
        (tmp_path / f"broken {name}").write_bytes(broken(tmp_path / name))
    for _ in range(2):
        images = finish(prepare(tmp_path, 8, tmp_path / "cache", 1))
        assert len(images) == len(corpus.RED_BLUE)
        assert len(images.skipped) == len(corpus.BROKEN)
    assert (images.pixels[:, 0, :, :3] > 200).all()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    plain(tmp_path / os.fsdecode(b"caf\xe9.png"), (1, 2, 3))
    (tmp_path / os.fsdecode(b"bad \xff.png")).touch()
    for _ in range(2):
        images = finish(prepare(tmp_path, 8, tmp_path / "cache", 1))
        assert len(images) == len(images.skipped) == 1
        assert images.skipped[0].path == tmp_path / os.fsdecode(b"bad \xff.png")


def test_folders_that_give_nothing(tmp_path: Path) -> None:
    def sentence(path: Path, **options: Any) -> str:
        with pytest.raises(NoPictures) as caught:
            finish(prepare(path, 16, tmp_path / "cache", 1, **options))
        return str(caught.value)

    assert "does not exist" in sentence(tmp_path / "missing")
    (tmp_path / "empty").mkdir()
    assert "holds no pictures" in sentence(tmp_path / "empty")
    plain(tmp_path / "flat" / "a.png", (1, 2, 3))
    assert "is a file" in sentence(tmp_path / "flat" / "a.png")
    assert "one for each class" in sentence(tmp_path / "flat", by_class=True)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.png").write_text("text")
    assert "None of the 1 picture files can be used; a.png: This is not" in sentence(tmp_path / "broken")
    with pytest.raises(NoPictures, match="resolution"):
        finish(prepare(tmp_path / "flat", 0))


def test_unreadable_folders(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def closed(path: Any) -> Any:
        if Path(path).name == closed_name:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    closed_name = "deep"
    files, skipped = scan(mixed)
    assert "a/deep/3.png" not in {file.path for file in files}
    assert "Permission denied" in {each.path.name: each.reason for each in skipped}["deep"]
    closed_name = mixed.name
    with pytest.raises(NoPictures, match="cannot be read: Permission denied"):
        scan(mixed)


def test_a_full_disk_is_seen_before(mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 10

    monkeypatch.setattr(store_module.shutil, "disk_usage", lambda path: Usage)
    with pytest.raises(NoPictures, match="GB are free"):
        finish(prepare(mixed, 16, tmp_path / "cache", 1))


def test_cache_that_is_a_file(mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(NoPictures, match="cache folder"):
        finish(prepare(mixed, 16, tmp_path / "cache", 1))
