"""Finished pictures: their filter, padding, flips, colours, and a PNG that any program reads."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.preparation.items import Item, Refused
from engine.data.preparation.making import Made, make_batch
from engine.data.preparation.packing import png
from engine.data.preparation.plan import Plan
from tests.data import corpus
from tests.data.test_check import scene


def made(path: Path, plan: Plan) -> list[np.ndarray]:
    """The pictures that a plan makes of one file."""
    (found,) = make_batch(plan, [Item(path.name, path, path.stat().st_size, 0)])
    assert isinstance(found, Made), found
    return [np.asarray(Image.open(BytesIO(data))) for data in found.files]


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (24, 24, 3), np.uint8)


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 5, 3), (64, 33), (300, 200, 3)])
def test_a_png_is_lossless(shape: tuple[int, ...], stored: bool):
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    with Image.open(BytesIO(png(pixels, stored))) as image:
        image.load()
        assert image.mode == ("RGB" if len(shape) == 3 else "L")
        assert image.info == {}
        assert np.array_equal(np.asarray(image), pixels)


def test_a_png_is_small():
    pixels = np.asarray(scene(0, (256, 256)))
    theirs = BytesIO()
    Image.fromarray(pixels).save(theirs, "PNG")
    assert len(png(pixels)) < 1.2 * len(theirs.getvalue()) < len(png(pixels, stored=True))


def test_a_picture_of_the_right_size_stays(tmp_path: Path, noise: np.ndarray):
    Image.fromarray(noise).save(tmp_path / "a.png")
    (found,) = made(tmp_path / "a.png", Plan(size=24))
    assert np.array_equal(found, noise)
    tiles = made(tmp_path / "a.png", Plan(size=16, tile=0.5))
    assert len(tiles) == 4
    assert np.array_equal(tiles[3], noise[8:, 8:])
    (boxed,) = made(tmp_path / "a.png", Plan(size=8, boxes={"a.png": (3, 5, 11, 13)}))
    assert np.array_equal(boxed, noise[5:13, 3:11])


def test_shrinking_does_not_alias(tmp_path: Path):
    board = (np.indices((512, 512)).sum(0) % 2 * 255).astype(np.uint8)
    Image.fromarray(board).save(tmp_path / "a.png")
    (found,) = made(tmp_path / "a.png", Plan(size=32))
    assert np.abs(found.astype(int) - 128).max() <= 2


@pytest.mark.parametrize("crop", ["centre", "none"])
@pytest.mark.parametrize("size", [(290, 190), (190, 290), (61, 997), (40, 30)])
def test_a_fast_jpeg_looks_like_a_slow_one(tmp_path: Path, crop: str, size: tuple[int, int]):
    scene(1, size).save(tmp_path / "a.jpg", quality=95)
    Image.open(tmp_path / "a.jpg").convert("RGB").save(tmp_path / "a.png")
    (fast,), (slow,) = (made(tmp_path / name, Plan(size=16, crop=crop)) for name in ("a.jpg", "a.png"))  # type: ignore[arg-type]
    assert np.sqrt(((fast.astype(float) - slow) ** 2).mean()) < 2


def test_turned_pictures_are_cut_as_they_are_seen(tmp_path: Path):
    corpus.rotated(tmp_path / "a.jpg")
    (left,) = made(tmp_path / "a.jpg", Plan(size=8, boxes={"a.jpg": (0, 0, 8, 16)}))
    assert (left[:, :, 0] > 200).all()
    (both,) = made(tmp_path / "a.jpg", Plan(size=8, crop="none"))
    assert both[4, 0, 0] > 200 > 60 > both[4, 7, 0]


def test_padding(tmp_path: Path, noise: np.ndarray):
    Image.fromarray(noise[:12]).save(tmp_path / "a.png")
    fitted = {
        pad: made(tmp_path / "a.png", Plan(size=24, crop="none", pad=pad))[0] for pad in ("red", "edge", "reflect")
    }
    for found in fitted.values():
        assert np.array_equal(found[6:18], noise[:12])
    assert (fitted["red"][:6] == (255, 0, 0)).all()
    assert (fitted["edge"][:6] == noise[0]).all()
    assert np.array_equal(fitted["reflect"][:6], noise[6:0:-1])
    grey = made(tmp_path / "a.png", Plan(size=24, crop="none", pad="red", grey=True))[0]
    assert grey.shape == (24, 24)
    assert (grey[:6] == 76).all()


def test_the_thinnest_picture_can_be_padded(tmp_path: Path):
    Image.new("RGB", (1000, 1), (1, 2, 3)).save(tmp_path / "a.png")
    for pad in ("reflect", "edge", "#010203"):
        (found,) = made(tmp_path / "a.png", Plan(size=16, crop="none", pad=pad))
        assert (found == (1, 2, 3)).all()


def test_flips(tmp_path: Path, noise: np.ndarray):
    Image.fromarray(noise).save(tmp_path / "a.png")
    plain, across, down, both = made(tmp_path / "a.png", Plan(size=24, flip=("x", "y")))
    assert np.array_equal(across, plain[:, ::-1])
    assert np.array_equal(down, plain[::-1])
    assert np.array_equal(both, plain[::-1, ::-1])


def test_transparency_and_grey(tmp_path: Path):
    corpus.half_clear("RGBA").save(tmp_path / "a.png")
    (found,) = made(tmp_path / "a.png", Plan(size=16, background="#00ff00"))
    assert found[0, 15].tolist() == [0, 255, 0]
    (grey,) = made(tmp_path / "a.png", Plan(size=16, grey=True, background="black"))
    assert grey[0, 15] == 0


def test_what_cannot_be_made_says_why(tmp_path: Path):
    for name, (broken, _) in corpus.BROKEN.items():
        (tmp_path / name).write_bytes(broken(tmp_path / name))
    found = make_batch(Plan(size=8), [Item(name, tmp_path / name, 1, 0) for name in corpus.BROKEN])
    for each in found:
        assert isinstance(each, Refused)
        assert corpus.BROKEN[each.name][1] in each.reason
