"""The one way from a recipe to pixels: exact with and without cache, the same for everybody who asks."""

import msgspec
import numpy as np
import pytest

from engine.networks import FAMILIES, TRAINABLE
from engine.recipe import Latent, Model, Noise, Recipe, Stored, Style, Transform, Truncation, Weighted, put, seeded
from engine.render.mailbox import Superseded
from engine.render.models import MissingModel
from engine.render.renderer import Renderer
from tests.models import model_file


@pytest.fixture(params=TRAINABLE)
def family(request):
    return request.param


KINDS = {  # every family as it is, and what its switches make of it
    **{family: (family, {}) for family in FAMILIES},
    "stylegan2-resnet": ("stylegan2", {"architecture": "resnet", "clamp": 0.8, "taps": (1.0, 4.0, 2.0, 0.5)}),
    "stylegan2-orig": ("stylegan2", {"architecture": "orig", "label_size": 2}),
    "stylegan2-grey": ("stylegan2", {"channels": 1, "noise": False, "activation": "swish"}),
    "stylegan3-r": ("stylegan3", {"variant": "r", "label_size": 2}),
}


@pytest.fixture(params=KINDS)
def opened(tmp_path, request):
    family, switches = KINDS[request.param]
    renderer = Renderer("cpu")
    return renderer, renderer.open(model_file(tmp_path, family, **switches))


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
        ("noise phase", Recipe(noise=Noise("random", 5, phase=0.4))),
        ("move across", put(base, "transform.x", 0.25)),
        ("move down", put(base, "transform.y", -0.1)),
        ("turn", put(base, "transform.angle", 30)),
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


def test_the_cache_is_exact_where_layers_are_drawn_in_tiles(tmp_path):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path, "stylegan2", resolution=32, feature_base=4096, feature_max=128))
    recipe = Recipe(model=info.model)
    for row in reversed(range(len(info.layers))):
        renderer.render(recipe)
        recipe = put(put(recipe, f"strength.{row}", 0.5), f"noise.layers.{row}", 0.25)
        frame = renderer.render(recipe)
        assert frame.reused >= row
        assert np.array_equal(frame.pixels, fresh(renderer, recipe)), row


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precision_is_near(opened, precision):
    renderer, info = opened
    recipe = Recipe(model=info.model, latent=seeded(2), truncation=Truncation(0.7), strength=(1.0, 1.2))
    exact = renderer.render(recipe)
    half = Renderer("cpu", precision, renderer.models).render(recipe)
    assert half.precision == precision
    apart = np.abs(half.pixels.astype(int) - exact.pixels)
    assert apart.mean() < 4
    assert (half.pixels.shape, half.pixels.dtype) == (exact.pixels.shape, exact.pixels.dtype)


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_the_cache_is_exact_in_half_precision(opened, precision):
    renderer, info = opened
    cached, base = Renderer("cpu", precision, renderer.models), Recipe(model=info.model)
    for row in reversed(range(len(info.layers))):
        cached.render(base)
        recipe = put(put(base, f"strength.{row}", 0.5), f"noise.layers.{row}", 0.25)
        assert np.array_equal(
            cached.render(recipe).pixels, Renderer("cpu", precision, renderer.models).render(recipe).pixels
        ), row


def test_back_at_a_picture_at_which_the_hand_rested_nothing_is_drawn(opened):
    renderer, info = opened
    recipes = [
        Recipe(model=info.model, latent=seeded(n), transform=Transform(n / 10, 0.0, 20.0 * n), strength=(1.0 + n / 8,))
        for n in range(3)
    ]
    alone, last = [fresh(renderer, recipe) for recipe in recipes], len(info.layers) - 1
    for n in (0, 1, 2, 0):  # a hand that moves on
        assert np.array_equal(renderer.render(recipes[n]).pixels, alone[n])
    for recipe in recipes:
        renderer.render(recipe)
        renderer.keep()
    for n in (2, 0, 1, 0):
        frame = renderer.render(recipes[n])
        assert frame.drawn == 0
        assert np.array_equal(frame.pixels, alone[n])
    changed = put(recipes[2], f"strength.{last}", 0.5)
    frame = renderer.render(changed)
    assert frame.reused >= last
    assert np.array_equal(frame.pixels, fresh(renderer, changed))


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
        if name == "cutoff 0" or change.transform != Transform():  # nothing is truncated, nothing can be moved
            continue
        assert not np.array_equal(renderer.render(put(change, "model", info.model)).pixels, base), name


@pytest.mark.parametrize("variant", ["t", "r"])
def test_every_change_of_an_alias_free_model_shows_unless_it_is_of_noise(tmp_path, variant):
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path, "stylegan3", variant=variant))
    assert info.transforms
    assert not info.has_noise
    base = renderer.render(Recipe(model=info.model)).pixels
    for name, change in changes(len(info.layers)):
        same = np.array_equal(renderer.render(put(change, "model", info.model)).pixels, base)
        assert same == (name == "cutoff 0" or "noise" in name), name


def test_a_model_without_a_plane_stays_where_it_is(opened):
    renderer, info = opened
    moved = Recipe(model=info.model, transform=Transform(0.25, -0.5, 90.0))
    before, after = renderer.render(Recipe(model=info.model)), renderer.render(moved)
    assert np.array_equal(before.pixels, after.pixels) != info.transforms
    assert (after.reused == 0) == info.transforms


def test_the_picture_moves_and_turns_as_the_recipe_says(tmp_path):
    """Right, down and anticlockwise; away from the borders, to the band limit that an untrained network keeps."""
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path, "stylegan3", variant="r", resolution=32, margin=10, depth=8))
    base = Recipe(model=info.model, latent=seeded(4))

    def drawn(x: float, y: float, angle: float) -> np.ndarray:
        recipe = msgspec.structs.replace(base, transform=Transform(x, y, angle))
        return renderer.render(recipe).pixels[4:-4, 4:-4].astype(int)

    still = renderer.render(base).pixels.astype(int)
    assert np.ptp(still) > 50
    assert np.abs(drawn(2 / 32, 0, 0) - still[4:-4, 2:-6]).max() <= 3
    assert np.abs(drawn(0, 2 / 32, 0) - still[2:-6, 4:-4]).max() <= 3
    assert np.abs(drawn(0, 0, 90) - np.rot90(still)[4:-4, 4:-4]).max() <= 3
    assert np.abs(drawn(0, 2 / 32, 90) - np.rot90(still)[2:-6, 4:-4]).max() <= 3  # turned first, then moved


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
    with pytest.raises(Superseded):
        renderer.render(Recipe(model=info.model), lambda: len(renderer._activations) == 3)
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
