"""Pictures carry their recipes, and hostile files are one sentence."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.recipe import BadRecipe, Recipe, encode, put
from engine.recipe.codec import MAX_BYTES
from engine.render import png
from engine.render.frame import Frame
from tests.recipe.strategies import recipes

PIXELS = np.random.default_rng(0).integers(0, 255, (6, 5, 3), np.uint8)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_text(data):
    """A PNG that holds these bytes as its iTXt chunk."""
    return png.SIGNATURE + chunk(b"IHDR", bytes(13)) + chunk(b"iTXt", data) + chunk(b"IEND", b"")


@given(recipes)
def test_the_recipe_comes_back(recipe):
    file = png.encode(Frame(recipe, PIXELS))
    assert file == png.encode(Frame(recipe, PIXELS.copy()))
    assert png._found(BytesIO(file), [png.KEY]) == {png.KEY: encode(recipe)}


def test_a_written_picture_is_a_picture(tmp_path):
    recipe = put(put(Recipe(), "truncation.psi", 0.7), "model.name", "Käse 猫")
    path = tmp_path / "new" / "a.png"
    png.write(path, Frame(recipe, PIXELS))
    assert png.read(path) == recipe
    assert png.open_recipe(path) == recipe
    assert np.array_equal(np.asarray(Image.open(path)), PIXELS)
    assert list(path.parent.iterdir()) == [path]


def test_a_recipe_file_of_its_own(tmp_path):
    path = tmp_path / "r.JSON"
    path.write_bytes(encode(put(Recipe(), "truncation.psi", 0.7)))
    assert png.open_recipe(path).truncation.psi == 0.7
    path.write_bytes(b"[" * 100_000)
    with pytest.raises(BadRecipe, match=r"r\.JSON"):
        png.open_recipe(path)
    path.write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(BadRecipe, match="16 MiB"):
        png.open_recipe(path)
    with pytest.raises(BadRecipe, match="cannot be read"):
        png.open_recipe(tmp_path / "no.json")


def test_uncompressed_text_is_read_too(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(with_text(png.KEY.encode() + b"\0\0\0\0\0" + encode(Recipe())))
    assert png.read(path) == Recipe()


BOMB = zlib.compress(b" " * (MAX_BYTES + 100))
KEY = png.KEY.encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not a PNG"),
        (b"\xff\xd8\xff\xe0 a jpeg", "not a PNG"),
        (png.SIGNATURE, "damaged or cut off"),
        (png.SIGNATURE + chunk(b"IEND", b""), "was not made here"),
        (with_text(b"Comment\0\0\0\0\0hello"), "was not made here"),
        (with_text(KEY + b"\0\1\0\0\0" + BOMB), "too large"),
        (with_text(KEY + b"\0\1\0\0\0" + BOMB[:50]), "cut off or too large"),
        (with_text(KEY + b"\0\1\0\0\0nonsense"), "cannot be unpacked"),
        (with_text(KEY + b"\0\1\0"), "cut off"),
        (with_text(KEY + b"\0\0\0\0\0{"), "cannot be read"),
        (with_text(KEY + b'\0\0\0\0\0{"version": 9}'), "newer Latent Explorer"),
        (with_text(KEY + b"\0\0\0\0\0\xff\xfe"), "cannot be read"),
        (with_text(KEY + b"\0\0\0\0\0{}")[:-20] + b"xxxx", "damaged or cut off"),
        (png.SIGNATURE + struct.pack(">I4s", 2**31, b"iTXt"), "too large"),
        (png.SIGNATURE + struct.pack(">I4s", 2**32 - 1, b"IDAT") * 3, "damaged or cut off"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path, data, sentence):
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(BadRecipe, match=sentence) as raised:
        png.read(path)
    assert "x.png" in str(raised.value)
    assert "\n" not in str(raised.value)


@given(st.data())
def test_damage_anywhere_never_surprises(tmp_path_factory, data):
    file = bytearray(png.encode(Frame(Recipe(), PIXELS)))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.png"
    path.write_bytes(file)
    with suppress(BadRecipe):
        assert png.read(path) == Recipe()


def test_folders_and_files_in_the_way(tmp_path):
    (tmp_path / "file").write_text("mine")
    frame = Frame(Recipe(), PIXELS)
    with pytest.raises(BadRecipe, match="cannot be read"):
        png.read(tmp_path)
    for path in (tmp_path, tmp_path / "file" / "a.png"):
        with pytest.raises(OSError, match="folder"):
            png.write(path, frame)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
