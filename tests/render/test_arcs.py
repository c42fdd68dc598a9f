"""Turning from seed to seed in Z: the ends are the seeds' own pictures, and the length of z changes evenly between."""

from itertools import pairwise

import numpy as np
import pytest

from engine.recipe import Arc, Latent, Recipe, Seed, Weighted, seeded
from engine.render.latents import _z
from engine.render.renderer import Renderer
from tests.models import model_file


def at(t, model, label=None):
    return Recipe(model=model, latent=Latent((Weighted(Arc(Seed(1, label), Seed(2, label), t)),)))


@pytest.mark.parametrize("family", ["progan", "stylegan1", "stylegan2"])
def test_the_ends_of_an_arc_are_its_seeds(tmp_path, family):
    renderer = Renderer("cpu")
    model = renderer.open(model_file(tmp_path, family)).model
    for t, seed in ((0.0, 1), (1.0, 2)):
        found = renderer.render(at(t, model)).pixels.astype(int)
        expected = renderer.render(Recipe(model=model, latent=seeded(seed))).pixels
        assert np.abs(found - expected).max() <= 1
    pictures = [renderer.render(at(t, model)).pixels for t in (0.25, 0.5, 0.75)]
    assert not any(np.array_equal(a, b) for a, b in pairwise(pictures))


def test_the_way_is_a_great_circle():
    start, end = _z(Seed(1), 512), _z(Seed(2), 512)
    angle = np.arccos(start @ end / np.linalg.norm(start) / np.linalg.norm(end))
    unit = lambda z: z / np.linalg.norm(z)  # noqa: E731
    for t in (0.2, 0.5, 0.9):
        z = _z(Arc(Seed(1), Seed(2), t), 512)
        assert np.linalg.norm(z) == pytest.approx(np.linalg.norm(start), rel=0.06)
        plane = np.linalg.lstsq(np.stack([start, end], 1), z, rcond=None)[1]
        assert plane == pytest.approx(0, abs=1e-18)
    half = unit(_z(Arc(Seed(1), Seed(2), 0.5), 512))
    assert np.arccos(half @ unit(start)) == pytest.approx(angle / 2, abs=0.03)
    assert np.array_equal(_z(Arc(Seed(3), Seed(3), 0.5), 8), _z(Seed(3), 8))
