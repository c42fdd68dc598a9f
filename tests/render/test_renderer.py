"""The one way from a recipe to pixels: exact with and without cache, the same for everybody who asks."""

import numpy as np
import pytest

from engine.networks import FAMILIES
from engine.recipe import Latent, Model, Noise, Recipe, Stored, Style, Truncation, Weighted, put, seeded
from engine.render.mailbox import Superseded
from engine.render.models import MissingModel
from engine.render.renderer import Renderer
from tests.models import model_file


@pytest.fixture(params=FAMILIES)
def family(request):
    return request.param


@pytest.fixture
def opened(tmp_path, family):
    renderer = Renderer("cpu")
    return renderer, renderer.open(model_file(tmp_path, family))


def fresh(renderer: Renderer, recipe: Recipe) -> np.ndarray:
    """The pixels without anything cached."""
    return Renderer(models=renderer.models).render(recipe).pixels


def changes(rows: int) -> list[tuple[str, Recipe]]:
    """Every kind of change that a recipe knows, on every layer that it can name."""
    base = Recipe()
    found = [
        ("seed", Recipe(latent=seeded(3))),
        ("blend", Recipe(latent=seeded(3).mix(seeded(4), 0.3))),
        ("psi", put(base, "truncation.psi", 0.4)),
        ("noise off", put(base, "noise.mode", "off")),
        ("noise random", put(base, "noise.mode", "random")),
        ("noise seed", Recipe(noise=Noise("random", 5))),
        ("noise strength", put(base, "noise.strength", 0.5)),
    ]
    for row in range(rows):
        one = tuple(float(k == row) for k in range(rows))
        found += [
            (f"style {row}", Recipe(styles=(Style(seeded(9), one),))),
            (f"strength {row}", put(base, f"strength.{row}", 0.5)),
            (f"psi of layer {row}", put(base, f"truncation.layers.{row}", 0.2)),
            (f"noise of layer {row}", put(base, f"noise.layers.{row}", 2.0)),
            (f"cutoff {row}", Recipe(truncation=Truncation(0.3, row))),
        ]
    return found


def test_the_cache_changes_nothing_but_time(opened):
    renderer, info = opened
    base = Recipe(model=info.model)
    for name, change in changes(len(info.layers)):
        recipe = put(change, "model", info.model)
        renderer.render(base)
        assert np.array_equal(renderer.render(recipe).pixels, fresh(renderer, recipe)), name
        assert np.array_equal(renderer.render(base).pixels, fresh(renderer, base)), f"back from {name}"


def test_a_change_of_layer_k_reuses_exactly_the_layers_before_it(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    base = Recipe(model=info.model)
    for row in range(len(info.layers)):
        renderer.render(base)
        frame = renderer.render(put(base, f"strength.{row}", 0.5))
        assert frame.reused == row
        assert frame.reused + frame.drawn == len(info.layers) + 1  # and toRGB
    renderer.render(base)
    assert renderer.render(base).drawn == 0


def test_every_change_shows(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    base = renderer.render(Recipe(model=info.model)).pixels
    for name, change in changes(len(info.layers)):
        if name == "cutoff 0":  # nothing is truncated
            continue
        assert not np.array_equal(renderer.render(put(change, "model", info.model)).pixels, base), name


def test_style_strength_is_not_truncation_by_layer(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    base = Recipe(model=info.model)
    assert np.array_equal(renderer.render(put(base, "strength.2", 1.0)).pixels, renderer.render(base).pixels)
    strong = renderer.render(put(base, "strength.2", 0.5)).pixels
    truncated = renderer.render(put(base, "truncation.layers.2", 0.5)).pixels
    assert not np.array_equal(strong, renderer.render(base).pixels)
    assert not np.array_equal(strong, truncated)


def test_all_of_b_is_b_and_none_of_b_is_a(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    a, b = Recipe(model=info.model, latent=seeded(1)), Recipe(model=info.model, latent=seeded(2))
    rows = len(info.layers)
    laid = Recipe(model=info.model, latent=seeded(1), styles=(Style(seeded(2), (1.0,) * rows),))
    assert np.array_equal(renderer.render(laid).pixels, renderer.render(b).pixels)
    nothing = Recipe(model=info.model, latent=seeded(1), styles=(Style(seeded(2), (0.0,) * rows),))
    assert np.array_equal(renderer.render(nothing).pixels, renderer.render(a).pixels)


def test_a_mixed_picture_can_be_stored_and_mixed_on(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    mixed = Recipe(model=info.model, latent=seeded(1), styles=(Style(seeded(2), (0.0, 0.5, 1.0)),))
    as_one = Recipe(model=info.model, latent=renderer.store(mixed))
    assert np.array_equal(renderer.render(as_one).pixels, renderer.render(mixed).pixels)


def test_psi_zero_is_the_average_picture_whatever_the_seed(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    one, two = (Recipe(model=info.model, latent=seeded(n), truncation=Truncation(0.0)) for n in (1, 2))
    assert np.array_equal(renderer.render(one).pixels, renderer.render(two).pixels)


def test_classes_change_the_picture_and_a_missing_one_is_named(tmp_path, family):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path, family, label_size=3))
    pictures = [renderer.render(Recipe(model=info.model, latent=seeded(1, label))).pixels for label in range(3)]
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[1], pictures[2])
    with pytest.raises(ValueError, match="classes 0 to 2"):
        renderer.render(Recipe(model=info.model, latent=seeded(1, 3)))


def test_given_up_between_layers_it_goes_on_where_it_stopped(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    asked = iter([False, False, False, True])
    with pytest.raises(Superseded):
        renderer.render(Recipe(model=info.model), lambda: next(asked))
    frame = renderer.render(Recipe(model=info.model))
    assert frame.reused == 3
    assert np.array_equal(frame.pixels, fresh(renderer, Recipe(model=info.model)))


def test_a_missing_model_is_asked_for_by_name(tmp_path):
    renderer = Renderer("cpu")
    with pytest.raises(MissingModel, match=r"'aurora' \(aaaaaaaaaaaa…\)"):
        renderer.render(Recipe(model=Model("aurora", "a" * 64)))


def test_stored_styles_of_another_model_are_one_sentence(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    foreign = Latent((Weighted(Stored(b"\0" * 16, 2)),))
    with pytest.raises(ValueError, match="stored styles"):
        renderer.render(Recipe(model=info.model, latent=foreign))


def test_two_models_side_by_side_and_a_third_read_again(tmp_path):
    renderer = Renderer("cpu")
    infos = []
    for size in (0, 2, 3, 4):
        folder = tmp_path / str(size)
        folder.mkdir()
        infos.append(renderer.open(model_file(folder, label_size=size)))
    first = renderer.render(Recipe(model=infos[0].model)).pixels
    for info in [*infos, *infos]:
        renderer.render(Recipe(model=info.model))
    assert np.array_equal(renderer.render(Recipe(model=infos[0].model)).pixels, first)
    assert len({info.model.identity for info in infos}) == 4
