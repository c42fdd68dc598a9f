"""`mix`: what meets where in the table."""

import numpy as np
from PIL import Image

from engine.recipe import Recipe, Style, put, seeded
from engine.render.renderer import Renderer

STEP = 17  # a picture of 16 pixels and a gap of 1
INSIDE = 1 + 16 + 4  # the first picture inside the table begins after a source and the wider gap


def test_the_table_shows_a_with_layers_of_b(say, model, tmp_path):
    said = say(
        "mix", "--model", model, "--rows", "0-1", "--cols", "4-6", "--layers", "coarse", "--out", tmp_path / "m.png"
    )
    assert (said.code, said.out.strip()) == (0, str(tmp_path / "m.png"))
    table = np.asarray(Image.open(tmp_path / "m.png"))
    assert table.shape == (INSIDE + 2 * STEP, INSIDE + 3 * STEP, 3)
    renderer = Renderer("cpu")
    info = renderer.open(model)
    a = Recipe(model=info.model, latent=seeded(1))
    coarse = sum(layer.band == "coarse" for layer in info.layers)
    mixed = put(a, "styles", (Style(seeded(5), (1.0,) * coarse),))
    row, column = INSIDE + STEP, INSIDE + STEP
    assert np.array_equal(table[row : row + 16, 1:17], renderer.render(a).pixels)
    assert np.array_equal(table[row : row + 16, column : column + 16], renderer.render(mixed).pixels)
    assert not np.array_equal(renderer.render(a).pixels, renderer.render(mixed).pixels)


def test_all_layers_show_b(say, model, tmp_path):
    assert say("mix", "--model", model, "--rows", 0, "--cols", 4, "--layers", "all", "--out", tmp_path).code == 0
    table = np.asarray(Image.open(tmp_path / "mix.png"))
    assert np.array_equal(table[1:17, INSIDE : INSIDE + 16], table[INSIDE : INSIDE + 16, INSIDE : INSIDE + 16])


def test_bad_layers_are_one_sentence(say, model, progan, tmp_path):
    words = ("--rows", 0, "--cols", 4, "--out", tmp_path / "m.png")
    assert "this model has layers 0 to 5" in say("mix", "--model", model, *words, "--layers", "4-9").complaint()
    assert "not a list of numbers" in say("mix", "--model", model, *words, "--layers", "rough").complaint()
    assert "cannot be mixed" in say("mix", "--model", progan, *words).complaint()
    assert list(tmp_path.iterdir()) == []
