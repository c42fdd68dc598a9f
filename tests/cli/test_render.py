"""`render`: the pictures it writes, and that each can be drawn again byte for byte."""

import json

import numpy as np
import pytest
from PIL import Image

from engine.recipe import Recipe, Seed, Style, encode, put, seeded
from engine.render import png
from engine.render.renderer import Renderer


def pixels(path):
    return np.asarray(Image.open(path))


def test_seeds_become_pictures_with_their_recipes(say, model, tmp_path):
    said = say("render", "--model", model, "--seeds", "0-2,7", "--out", tmp_path / "new" / "pics")
    assert said.code == 0
    assert said.err == ""
    assert said.out.strip() == f"4 pictures in {tmp_path / 'new' / 'pics'}"
    names = sorted(path.name for path in (tmp_path / "new" / "pics").iterdir())
    assert names == ["seed0000.png", "seed0001.png", "seed0002.png", "seed0007.png"]
    recipe = png.read(tmp_path / "new" / "pics" / "seed0007.png")
    assert recipe.latent == seeded(7)
    assert recipe.model.name == "stylegan1"
    assert len(recipe.model.identity) == 64


def test_it_draws_what_the_renderer_draws(say, model, tmp_path):
    path = tmp_path / "one.png"
    assert say("render", "--model", model, "--seeds", 5, "--set", "truncation.psi=0.5", "--out", path).code == 0
    renderer = Renderer("cpu")
    recipe = put(Recipe(model=renderer.open(model).model, latent=seeded(5)), "truncation.psi", 0.5)
    assert path.read_bytes() == png.encode(renderer.render(recipe))


def test_a_picture_drawn_again_is_the_same_bytes(say, model, tmp_path):
    first, again = tmp_path / "first.png", tmp_path / "again.png"
    settings = ("--set", "noise.mode=random", "--set", "strength.2=1.5", "--set", "truncation.psi=0.6")
    assert say("render", "--model", model, "--seeds", 3, *settings, "--out", first).code == 0
    assert say("render", first, "--model", model, "--out", again).code == 0
    assert first.read_bytes() == again.read_bytes()
    recipe = tmp_path / "recipe.json"
    recipe.write_bytes(encode(png.read(first)))
    assert say("render", recipe, "--model", model, "--out", tmp_path).code == 0
    assert (tmp_path / "recipe.png").read_bytes() == first.read_bytes()


def test_a_setting_changes_a_picture_drawn_again(say, model, tmp_path):
    first, other = tmp_path / "first.png", tmp_path / "other.png"
    say("render", "--model", model, "--seeds", 3, "--out", first)
    say("render", first, "--model", model, "--set", "truncation.psi=-0.5", "--out", other)
    assert png.read(other).truncation.psi == -0.5
    assert not np.array_equal(pixels(first), pixels(other))


def test_a_recipe_that_names_no_model_gets_the_one_that_is_given(say, model, tmp_path):
    (tmp_path / "bare.json").write_text('{"styles": [{"amounts": [1.0, 0.5]}]}')
    assert say("render", tmp_path / "bare.json", "--model", model, "--out", tmp_path / "bare.png").code == 0
    recipe = png.read(tmp_path / "bare.png")
    assert recipe.model.identity
    assert recipe.styles == (Style(seeded(0), (1.0, 0.5)),)


def test_a_contact_sheet_has_its_places(say, model, tmp_path):
    said = say("render", "--model", model, "--seeds", "0-4", "--grid", "3x2", "--out", tmp_path)
    assert said.out.strip() == str(tmp_path / "grid.png")
    assert list(tmp_path.iterdir()) == [tmp_path / "grid.png"]
    sheet = pixels(tmp_path / "grid.png")
    assert sheet.shape == (2 * 17 + 1, 3 * 17 + 1, 3)
    say("render", "--model", model, "--seeds", 4, "--out", tmp_path / "four.png")
    assert np.array_equal(sheet[18:34, 18:34], pixels(tmp_path / "four.png"))


def test_a_contact_sheet_without_seeds_begins_at_0(say, model, tmp_path):
    say("render", "--model", model, "--grid", "2x2", "--out", tmp_path / "a.png")
    say("render", "--model", model, "--grid", "2x2", "--seeds", "0-3", "--out", tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_classes_by_number_and_by_name(say, progan, tmp_path):
    assert say("render", "--model", progan, "--seeds", 1, "--label", 2, "--out", tmp_path / "2.png").code == 0
    assert png.read(tmp_path / "2.png").latent.points[0].point == Seed(1, 2)
    said = say("render", "--model", progan, "--seeds", 1, "--label", 3, "--out", tmp_path / "3.png")
    assert "there is no class '3': this model has the classes 0 to 2" in said.complaint()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--seeds", "a-b"), "'a-b' is not a list of numbers such as 0-15"),
        (("--seeds", "5-1"), "written from low to high"),
        (("--seeds", "4294967296"), "there is no seed 4294967296"),
        (("--seeds", "1", "--set", "truncation.psi=9"), "--set truncation.psi cannot be '9': expected `float` <= 2.0"),
        (("--seeds", "1", "--set", "truncation.pse=1"), "there is no 'pse'; there is psi, cutoff, layers"),
        (("--seeds", "1", "--set", "truncation.psi=x"), "--set truncation.psi cannot be 'x'"),
        (("--seeds", "1", "--set", "noise.mode=loud"), "--set noise.mode cannot be 'loud'"),
        (("--seeds", "1", "--set", "psi"), "should be FIELD=VALUE"),
        (("--seeds", "1", "--label", "0"), "has no classes"),
        (("--seeds", "0-9", "--grid", "3x3"), "9 places for 10 seeds"),
        (("--seeds", "0-9", "--grid", "3"), "should be columns x rows, such as 8x4"),
        (("--seeds", "1", "--device", "quantum"), "there is no device 'quantum' here"),
        (("--seeds", "1", "--threads", "-1"), "--threads -1 should be 1 or more"),
        ((), "say which pictures"),
    ],
)
def test_bad_wishes_are_one_sentence(say, model, tmp_path, words, sentence):
    said = say("render", "--model", model, "--out", tmp_path / "out", *words)
    assert sentence in said.complaint()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_model_is_one_sentence(say, tmp_path):
    said = say("render", "--model", tmp_path / "no.safetensors", "--seeds", 1, "--out", tmp_path)
    assert "neither a file nor an embedded model" in said.complaint()
    said = say("render", "--seeds", 1, "--out", tmp_path)
    assert "no model is embedded" in said.complaint()


def test_a_file_that_is_no_model_is_one_sentence(say, tmp_path, model):
    bad = tmp_path / "bad.safetensors"
    for content in (b"", b"hello", model.read_bytes()[:3000], b"\x00" * 5000):
        bad.write_bytes(content)
        assert "bad.safetensors" in say("render", "--model", bad, "--seeds", 1, "--out", tmp_path).complaint()


def test_a_picture_from_elsewhere_is_one_sentence(say, tmp_path, model):
    Image.new("RGB", (8, 8)).save(tmp_path / "holiday.png")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "recipe.json").write_text('{"psi": 1}')
    expected = {
        "holiday.png": "was not made here",
        "photo.jpg": "not a PNG picture",
        "recipe.json": "psi",
        "no.png": "No such",
    }
    for name, sentence in expected.items():
        said = say("render", tmp_path / name, "--model", model, "--out", tmp_path / "out.png")
        assert name in said.complaint()
        assert sentence in said.err


def test_a_recipe_of_another_model_names_it(say, tmp_path, model):
    recipe = {"model": {"name": "cats", "identity": "ab" * 32}}
    (tmp_path / "cat.json").write_text(json.dumps(recipe))
    said = say("render", tmp_path / "cat.json", "--model", model, "--out", tmp_path / "out.png")
    assert "the model 'cats' (abababababab…)" in said.complaint()
    assert "--model FILE" in said.err


def test_a_place_that_cannot_be_written_is_one_sentence(say, tmp_path, model):
    (tmp_path / "file").write_text("mine")
    said = say("render", "--model", model, "--seeds", "0-3", "--out", tmp_path / "file" / "pics")
    assert str(tmp_path / "file") in said.complaint()
    said = say("render", "--model", model, "--seeds", "0-3", "--out", tmp_path / "pics.png")
    assert "4 pictures need a folder" in said.complaint()
    said = say("render", "--model", model, "--seeds", "0-3", "--grid", "2x2", "--out", tmp_path / "sheet.jpg")
    assert "should end in .png" in said.complaint()
    assert (tmp_path / "file").read_text() == "mine"
