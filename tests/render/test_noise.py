"""Noise that moves: never brighter, never still, no jump, no flicker, and at phase 0 what it always was."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from engine.recipe import Noise, Recipe, put
from engine.recipe.timeline import Key, Timeline
from engine.render.noise import _pattern, layer_noise, noise_key, shares
from engine.render.renderer import Renderer
from tests.models import model_file

PERIODS = [0, 4, 7]


@pytest.fixture
def opened(tmp_path):
    renderer = Renderer("cpu")
    return renderer, renderer.open(model_file(tmp_path))


def frame(renderer: Renderer, **noise) -> np.ndarray:
    return renderer.render(Recipe(noise=Noise(**noise))).pixels.astype(np.float64)


def apart(a: dict[int, float], b: dict[int, float]) -> float:
    """How far apart two mixtures of independent patterns of variance 1 are, as a standard deviation."""
    return math.dist(*[[side.get(step, 0.0) for step in {*a, *b}] for side in (a, b)])


@pytest.mark.parametrize("period", PERIODS)
def test_it_has_the_same_variance_and_speed_at_every_phase(period):
    seen = [shares(at / 20 % period if period else at / 20, period) for at in range(200)]
    assert [math.fsum(share**2 for share in one.values()) for one in seen] == pytest.approx([1.0] * 200)
    steps = [apart(a, b) for a, b in pairwise(seen)]
    assert min(steps) == pytest.approx(max(steps), rel=1e-6)
    assert steps[0] == pytest.approx(0.907 / 20, rel=1e-3)


@pytest.mark.parametrize("period", PERIODS)
def test_it_has_no_corner(period):
    """Between two equal steps the way turns by little, also where a pattern comes or goes."""
    seen = [shares(at / 50 % period if period else at / 50, period) for at in range(400)]
    names = {step for one in seen for step in one}
    way = np.array([[one.get(step, 0.0) for step in sorted(names)] for one in seen])
    assert np.abs(np.diff(way, n=2, axis=0)).max() < 0.1 * np.abs(np.diff(way, axis=0)).max()


def test_after_some_steps_nothing_is_left_of_the_beginning():
    assert apart(shares(0.0), shares(3.0)) == pytest.approx(math.sqrt(2))
    assert apart(shares(0.0), shares(1e-6)) < 1e-5


def test_a_round_ends_where_it_began():
    layer = type("Layer", (), {"constant_noise": torch.randn(1, 1, 8, 8)})()
    drawn = [
        layer_noise(noise_key(Noise("random", 3, phase=phase, period=6), layer, 2), layer, 2) for phase in (0.0, 6.0)
    ]
    assert torch.equal(*drawn)
    near = layer_noise(noise_key(Noise("random", 3, phase=5.999, period=6), layer, 2), layer, 2)
    assert (near - drawn[0]).abs().max() < 0.01
    assert noise_key(Noise(phase=6.0, period=6), layer, 2) == noise_key(Noise(), layer, 2)


@pytest.mark.parametrize("mode", ["const", "random"])
def test_frames_differ_by_little_and_in_proportion_to_the_step(opened, mode):
    renderer, _ = opened
    film = [frame(renderer, mode=mode, strength=4.0, phase=1.7 + at * 0.01) for at in range(5)]
    each = [np.abs(b - a).mean() for a, b in pairwise(film)]
    whole = np.abs(film[-1] - film[0]).mean()
    elsewhere = np.abs(frame(renderer, mode=mode, strength=4.0, phase=11.7) - film[0]).mean()
    assert 0 < max(each) < 0.1 * elsewhere
    assert whole == pytest.approx(4 * np.mean(each), rel=0.35)  # whole colours can hardly be closer


def test_at_phase_0_it_is_what_it_was(opened):
    renderer, _ = opened
    for mode in ("const", "random"):
        still, near = (frame(renderer, mode=mode, phase=phase) for phase in (0.0, 1e-7))
        assert np.abs(still - near).max() <= 1


def test_it_is_the_same_for_everybody_who_asks_and_layers_can_stand_still(opened):
    renderer, info = opened
    moved = Recipe(noise=Noise("random", 7, 2.0, phase=4.25))
    again = Renderer(models=renderer.models)
    assert np.array_equal(renderer.render(moved).pixels, again.render(moved).pixels)
    assert not np.array_equal(renderer.render(moved).pixels, frame(renderer, mode="random", seed=7, strength=2.0))
    quiet = tuple(0.0 for _ in info.layers)
    a, b = (renderer.render(put(put(moved, "noise.layers", quiet), "noise.phase", phase)).pixels for phase in (0, 9.5))
    assert np.array_equal(a, b)


def test_a_film_s_loop_flows_on_over_its_end(opened):
    renderer, info = opened
    key = Key(0.0, Recipe(model=info.model, noise=Noise("random", 5, 4.0)))
    line = Timeline(fps=30, keys=(key,), loop=True, closing=2.0, flow=2.0)
    film = [renderer.render(recipe).pixels.astype(np.float64) for recipe in line.moments()]
    each = [np.abs(b - a).mean() for a, b in pairwise([*film, film[0]])]
    assert len(film) == 60
    assert 0 < each[-1] < 1.5 * np.mean(each)
    assert max(each) < 2.5 * np.mean(each)
    assert max(np.abs(picture - film[0]).mean() for picture in film) > 4 * np.mean(each)


def test_every_pattern_of_the_deepest_network_is_drawn_once_and_never_all_in_one_frame():
    layers = [type("Layer", (), {"constant_noise": torch.zeros(1, 1, 2, 2)})() for _ in range(18)]
    _pattern.cache_clear()
    drawn = [0]
    for frame_number in range(240):
        key = noise_key(Noise("random", 3, phase=0.5 + frame_number / 60), layers[0], 0)
        for index, layer in enumerate(layers):
            layer_noise(key, layer, index)
        drawn.append(_pattern.cache_info().misses)
    assert drawn[-1] <= 18 * 9  # patterns -1 to 7
    assert max(b - a for a, b in pairwise(drawn[2:])) <= 4
