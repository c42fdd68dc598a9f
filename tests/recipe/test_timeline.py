"""Between two recipes lies a recipe; the simplest film goes evenly through some."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recipe import Model, Noise, Recipe, Style, Transform, Truncation, seeded
from engine.recipe.codec import checked
from engine.recipe.timeline import through
from engine.recipe.tween import tween

from .strategies import recipes


@settings(max_examples=40)
@given(recipes, recipes, st.floats(0, 1))
def test_every_moment_is_a_valid_recipe(a, b, t):
    between = tween(a, b, t)
    assert checked(Recipe, between) == between
    assert tween(a, b, 0) == a
    assert tween(a, b, 1) == b
    assert tween(a, a, t) == a


def test_numbers_slide_and_latents_mix():
    a = Recipe(latent=seeded(1), truncation=Truncation(0.0), noise=Noise("const", 1, 2.0))
    b = Recipe(latent=seeded(2), truncation=Truncation(1.0), noise=Noise("const", 9, 0.0))
    half = tween(a, b, 0.25)
    assert half.latent == seeded(1).mix(seeded(2), 0.25)
    assert half.truncation.psi == 0.25
    assert half.noise.strength == 1.5
    assert half.noise.seed == 1


def test_the_plane_is_moved_and_turned_along():
    a, b = Recipe(transform=Transform(0.5, 0.0, -90.0)), Recipe(transform=Transform(-0.5, 0.25, 270.0))
    assert tween(a, b, 0.25).transform == Transform(0.25, 0.0625, 0.0)
    assert tween(Recipe(), b, 0.5).transform == Transform(-0.25, 0.125, 135.0)


def test_the_rest_switches_halfway():
    a, b = Recipe(model=Model("a", "0" * 64)), Recipe(model=Model("b", "1" * 64), noise=Noise("off"))
    assert (tween(a, b, 0.49).model, tween(a, b, 0.49).noise.mode) == (a.model, "const")
    assert (tween(a, b, 0.51).model, tween(a, b, 0.51).noise.mode) == (b.model, "off")


def test_layers_that_one_side_does_not_mention_have_their_neutral_value():
    a, b = Recipe(strength=(2.0,)), Recipe(strength=(2.0, 3.0), truncation=Truncation(1.0, layers=(0.0,)))
    half = tween(a, b, 0.5)
    assert half.strength == (2.0, 2.0)
    assert half.truncation.layers == (0.5,)


def test_a_style_that_one_side_lacks_fades():
    a, b = Recipe(), Recipe(styles=(Style(seeded(3), (1.0, 0.5)),))
    assert tween(a, b, 0.5).styles == (Style(seeded(3), (0.5, 0.25)),)
    assert tween(b, a, 0.25).styles == (Style(seeded(3), (0.75, 0.375)),)


def test_a_style_that_is_switched_off_fades():
    a, b = (Recipe(styles=(Style(seeded(3), (1.0, 0.5), on),)) for on in (True, False))
    assert tween(a, b, 0.25).styles == (Style(seeded(3), (0.75, 0.375)),)
    assert tween(b, a, 0.25).styles == (Style(seeded(3), (0.25, 0.125)),)
    assert tween(a, b, 1.0) == b
    off = Recipe(styles=(Style(seeded(3), (0.0, 1.0), False),))
    assert tween(b, off, 0.5).styles == (Style(seeded(3), (0.5, 0.75), False),)


@pytest.mark.parametrize("loop", [False, True])
def test_moments_are_counted(loop):
    stops = [Recipe(latent=seeded(number)) for number in range(3)]
    line = through(stops, 0.4, 10, loop)
    film = list(line.moments())
    assert len(film) == line.frames() == (12 if loop else 9)
    assert film[0] == stops[0]
    assert film[4] == stops[1]
    assert film[-1] == (tween(stops[2], stops[0], 0.75) if loop else stops[2])
