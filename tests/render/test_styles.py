"""Styles laid over a picture: any number of them, on and off, in their order."""

import gc

import msgspec
import numpy as np
import pytest
import torch

from engine.networks import FAMILIES
from engine.recipe import Recipe, Style, Truncation, seeded
from engine.recipe.recipe import MAX_LAYERS, MAX_STYLES
from engine.render.latents import Mapped, resolve
from engine.render.models import Models
from engine.render.renderer import Renderer
from tests.models import model_file


@pytest.fixture(params=FAMILIES)
def opened(tmp_path, request):
    renderer = Renderer("cpu")
    return renderer, renderer.open(model_file(tmp_path, request.param))


def test_what_is_known_of_a_model_goes_with_it(tmp_path):
    """Another one may come to lie where it was in memory, and must not be drawn with its styles."""
    mapped, path = Mapped(), model_file(tmp_path)
    loaded = Models()._read(path)
    first = resolve(Recipe(), loaded, mapped)
    assert resolve(Recipe(strength=(0.5,)), loaded, mapped) is first
    assert not torch.equal(resolve(Recipe(latent=seeded(1)), loaded, mapped), first)
    assert len(mapped._points) == len(mapped._last) == 1
    del loaded
    gc.collect()
    assert len(mapped._points) == len(mapped._last) == 0


def test_styles_lie_over_one_another_as_layers_of_paint(tmp_path):
    """w = lerp(lerp(lerp(A, B), C), D) row by row, each truncated first; what lies on top covers what is below."""
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    rows = len(info.layers)
    amounts = [tuple(((row * 7 + n * 3) % 5) / 4 for row in range(rows)) for n in range(3)]
    styles = tuple(Style(seeded(n + 5), values) for n, values in enumerate(amounts))
    recipe = Recipe(model=info.model, latent=seeded(4), styles=styles, truncation=Truncation(0.6))
    model = renderer.models.get(info.model)
    with torch.inference_mode():
        alone = [
            resolve(msgspec.structs.replace(recipe, latent=seeded(n), styles=()), model, Mapped()) for n in range(4, 8)
        ]
        expected = alone[0]
        for ws, values in zip(alone[1:], amounts, strict=True):
            share = torch.tensor(values)[:, None]
            expected = expected * (1 - share) + ws * share
        assert torch.allclose(resolve(recipe, model, Mapped()), expected, atol=1e-6)
    other_way = msgspec.structs.replace(recipe, styles=styles[::-1])
    assert not np.array_equal(renderer.render(other_way).pixels, renderer.render(recipe).pixels)


def test_a_style_that_is_off_is_as_none(opened):
    renderer, info = opened
    on, off = Style(seeded(5), (0.5,) * 3), Style(seeded(6), (1.0,) * MAX_LAYERS, on=False)
    with_it = Recipe(model=info.model, latent=seeded(4), styles=(on, off))
    without = msgspec.structs.replace(with_it, styles=(on,))
    assert np.array_equal(renderer.render(with_it).pixels, renderer.render(without).pixels)
    lit = msgspec.structs.replace(with_it, styles=(on, msgspec.structs.replace(off, on=True)))
    assert not np.array_equal(renderer.render(lit).pixels, renderer.render(without).pixels)


def test_as_many_styles_as_a_recipe_holds(opened):
    renderer, info = opened
    styles = tuple(Style(seeded(n), (0.3,) * len(info.layers)) for n in range(MAX_STYLES))
    recipe = Recipe(model=info.model, latent=seeded(99), styles=styles)
    assert np.array_equal(renderer.render(recipe).pixels, Renderer(models=renderer.models).render(recipe).pixels)
    fewer = msgspec.structs.replace(recipe, styles=styles[:-1])
    assert not np.array_equal(renderer.render(fewer).pixels, renderer.render(recipe).pixels)
