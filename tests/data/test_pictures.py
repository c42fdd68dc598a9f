"""Pictures of every kind come out upright, whole and in 8-bit RGB, or with a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data import pictures
from engine.data.pictures import BadPicture, open_picture, read_picture
from tests.data import corpus


def assert_halves(picture: np.ndarray, left: tuple[int, ...], right: tuple[int, ...]) -> None:
    """24 x 16 pixels whose halves have these colours, within what JPEG and CMYK change."""
    assert picture.shape == (16, 24, 3)
    assert picture.dtype == np.uint8
    assert np.abs(picture[:, :10].mean((0, 1)) - left).max() < 12
    assert np.abs(picture[:, 14:].mean((0, 1)) - right).max() < 12


@pytest.mark.parametrize("name", corpus.RED_BLUE)
def test_every_kind_of_file(tmp_path: Path, name: str) -> None:
    corpus.RED_BLUE[name](tmp_path / name)
    assert_halves(read_picture(tmp_path / name), (255, 0, 0), (0, 0, 255))


@pytest.mark.parametrize("name", corpus.RED_CLEAR)
@pytest.mark.parametrize("background", [(255, 255, 255), (10, 20, 30)])
def test_transparency_shows_the_background(tmp_path: Path, name: str, background: tuple[int, int, int]) -> None:
    corpus.RED_CLEAR[name](tmp_path / name)
    assert_halves(read_picture(tmp_path / name, background), (255, 0, 0), background)


def test_grey_alpha_and_black_and_white(tmp_path: Path) -> None:
    Image.new("LA", (4, 4), (40, 0)).save(tmp_path / "la.png")
    assert (read_picture(tmp_path / "la.png") == 255).all()
    Image.new("1", (4, 4), 1).save(tmp_path / "one.png")
    assert (read_picture(tmp_path / "one.png") == 255).all()
    Image.new("L", (4, 4), 77).save(tmp_path / "l.tif")
    assert (read_picture(tmp_path / "l.tif") == 77).all()


@pytest.mark.parametrize(("kind", "channels"), [(corpus.GREY, 1), (corpus.RGB, 3)])
def test_sixteen_bits_are_scaled(tmp_path: Path, kind: int, channels: int) -> None:
    (tmp_path / "deep.png").write_bytes(corpus.png16(corpus.ramp16(channels), kind))
    assert read_picture(tmp_path / "deep.png")[0, :, 1].tolist() == [0, 64, 128, 192, 255]


@pytest.mark.parametrize(("kind", "channels"), [(corpus.GREY_ALPHA, 2), (corpus.RGBA, 4)])
def test_sixteen_bit_alpha(tmp_path: Path, kind: int, channels: int) -> None:
    values = corpus.ramp16(channels)
    values[..., -1] = [65535, 65535, 65535, 65535, 0]
    (tmp_path / "deep.png").write_bytes(corpus.png16(values, kind))
    assert read_picture(tmp_path / "deep.png", (9, 9, 9))[0, :, 1].tolist() == [0, 64, 128, 192, 9]


def test_sixteen_bit_transparent_colour(tmp_path: Path) -> None:
    grey = corpus.png16(corpus.ramp16(1), corpus.GREY, transparent=b"\xff\xff")
    (tmp_path / "grey.png").write_bytes(grey)
    assert read_picture(tmp_path / "grey.png", (9, 9, 9))[0, :, 0].tolist() == [0, 64, 128, 192, 9]
    colour = corpus.png16(corpus.ramp16(3), corpus.RGB, transparent=b"\xff\xff" * 3)
    (tmp_path / "colour.png").write_bytes(colour)
    assert read_picture(tmp_path / "colour.png", (9, 9, 9))[0, :4, 0].tolist() == [0, 64, 128, 192]


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 3e5])
def test_floating_tiff(tmp_path: Path, white: float) -> None:
    values = np.array([[0, 0.2, 0.4, 1]], np.float32) * np.float32(white)
    Image.fromarray(values).save(tmp_path / "float.tif")
    assert read_picture(tmp_path / "float.tif")[0, :, 2].tolist() == [0, 51, 102, 255]


def test_floating_tiff_with_holes_and_negatives(tmp_path: Path) -> None:
    Image.fromarray(np.array([[np.nan, 0.2, 1, np.inf]], np.float32)).save(tmp_path / "holes.tif")
    assert read_picture(tmp_path / "holes.tif")[0, :, 0].tolist() == [0, 51, 255, 255]
    Image.fromarray(np.array([[-1, 0, 1]], np.float32)).save(tmp_path / "signed.tif")
    assert read_picture(tmp_path / "signed.tif")[0, :, 0].tolist() == [0, 128, 255]
    Image.fromarray(np.full((1, 2), np.nan, np.float32)).save(tmp_path / "nothing.tif")
    assert read_picture(tmp_path / "nothing.tif").max() == 0


def test_deep_integers(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 65535]], np.uint16)).save(tmp_path / "short.tif")
    assert read_picture(tmp_path / "short.tif")[0, :, 0].tolist() == [0, 255]
    Image.fromarray(np.array([[0, 2**20, 2**21]], np.int32)).save(tmp_path / "long.tif")
    assert read_picture(tmp_path / "long.tif")[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("name", corpus.BROKEN)
def test_broken_files_get_one_sentence(tmp_path: Path, name: str) -> None:
    build, word = corpus.BROKEN[name]
    (tmp_path / name).write_bytes(build(tmp_path / name))
    with pytest.raises(BadPicture) as caught:
        read_picture(tmp_path / name)
    sentence = str(caught.value)
    assert word in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(tmp_path) not in sentence


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match="not a file"):
        read_picture(tmp_path)
    with pytest.raises(BadPicture, match="cannot be read"):
        read_picture(tmp_path / "missing.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(BadPicture, match="not a file"):
        read_picture(tmp_path / "pipe.png")


def test_large_files_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.two_colours().save(tmp_path / "a.png")
    monkeypatch.setattr(pictures, "MAX_BYTES", 10)
    with pytest.raises(BadPicture, match="larger"):
        read_picture(tmp_path / "a.png")


def test_damaged_exif_turns_nothing(tmp_path: Path) -> None:
    corpus.two_colours().save(tmp_path / "a.jpg", quality=95, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12nonsense")
    assert_halves(read_picture(tmp_path / "a.jpg"), (255, 0, 0), (0, 0, 255))


def test_a_large_jpeg_may_come_smaller(tmp_path: Path) -> None:
    Image.new("RGB", (640, 480), (9, 99, 200)).save(tmp_path / "a.jpg")
    assert open_picture(tmp_path / "a.jpg", at_least=100).size == (160, 120)
    assert open_picture(tmp_path / "a.jpg", at_least=481).size == (640, 480)
