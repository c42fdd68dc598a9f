"""A model is drawn in what is quicker and looks the same; never its first picture, and never what was asked to be otherwise."""

import time

import numpy as np
import pytest
import torch

from engine import device as devices
from engine.recipe import Recipe, seeded
from engine.render import trial
from engine.render.renderer import Renderer
from engine.render.trial import Precisions, candidates, choose, decibels
from tests.models import model_file

HALF = torch.bfloat16
PICTURE = np.random.RandomState(0).randint(0, 256, (16, 16, 3), np.uint8)


def drawing(seconds: dict[torch.dtype, float], off: int = 0):
    """Draws the picture in so many seconds; in half precision every pixel is `off` beside."""

    def draw(dtype: torch.dtype) -> np.ndarray:
        time.sleep(seconds[dtype])
        return PICTURE if dtype == torch.float32 else PICTURE ^ np.uint8(off)

    return draw


@pytest.mark.parametrize(
    ("slow", "off", "chosen"), [(0.01, 0, HALF), (0.01, 1, HALF), (0.2, 0, torch.float32), (0.01, 16, torch.float32)]
)
def test_the_quicker_is_chosen_where_it_looks_the_same(slow: float, off: int, chosen: torch.dtype) -> None:
    assert choose(drawing({torch.float32: 0.1, HALF: slow}, off), (HALF,)) == chosen


def test_a_type_that_is_refused_is_left_out() -> None:
    def draw(dtype: torch.dtype) -> np.ndarray:
        if dtype == torch.float16:
            raise RuntimeError("not implemented for 'Half'")
        time.sleep(0.05 if dtype == torch.float32 else 0.01)
        return PICTURE

    assert choose(draw, (torch.float16, HALF)) == HALF


def test_decibels() -> None:
    assert decibels(PICTURE, PICTURE) == float("inf")
    assert decibels(PICTURE, PICTURE ^ 1) == pytest.approx(48.13, abs=0.01)  # one step of 255 everywhere


def test_candidates_are_what_the_processor_has_units_for(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = torch.device("cpu")
    for has, found in ((True, (HALF,)), (False, ())):
        monkeypatch.setattr(devices, "has_bf16_units", lambda has=has: has)
        assert tuple(candidates(cpu)) == found
    assert tuple(candidates(torch.device("mps"))) == (torch.float16,)


def test_a_trial_comes_after_the_first_picture_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "candidates", lambda device: (HALF,))
    precisions = Precisions(torch.device("cpu"))
    assert [precisions.due("m"), precisions.due("m"), precisions.due("other")] == [False, True, False]
    precisions.learn("m", drawing({torch.float32: 0.05, HALF: 0.0}))
    assert (precisions.of("m"), precisions.of("other")) == (HALF, torch.float32)
    assert not precisions.due("m")
    for wanted in ("fp32", "bf16", "fp16"):
        asked = Precisions(torch.device("cpu"), wanted)
        assert not any(asked.due("m") for _ in range(3))
        assert asked.of("m") == devices.DTYPES[wanted]


@pytest.mark.parametrize("found", [HALF, torch.float32])
def test_the_renderer_says_what_it_drew_in(tmp_path, monkeypatch: pytest.MonkeyPatch, found: torch.dtype) -> None:
    monkeypatch.setattr(trial, "candidates", lambda device: (HALF,))
    monkeypatch.setattr(trial, "choose", lambda draw, halves: (draw(torch.float32), draw(HALF), found)[-1])
    renderer, plain = Renderer("cpu", "auto"), Renderer("cpu")
    info = renderer.open(model_file(tmp_path, "stylegan2"))
    plain.open(info.path)
    frames = [renderer.render(Recipe(model=info.model, latent=seeded(seed))) for seed in range(3)]
    said = {v: k for k, v in devices.DTYPES.items()}[found]
    assert [frame.precision for frame in frames] == ["fp32", said, said]
    for seed, frame in enumerate(frames):
        exact = plain.render(Recipe(model=info.model, latent=seeded(seed))).pixels
        assert np.array_equal(frame.pixels, exact) == (frame.precision == "fp32")


def test_nobody_waits_for_a_trial(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "candidates", lambda device: (HALF,))
    tried = []
    monkeypatch.setattr(trial, "choose", lambda draw, halves: tried.append(1) or torch.float32)
    renderer = Renderer("cpu", "auto")
    info = renderer.open(model_file(tmp_path))
    recipe = Recipe(model=info.model)
    renderer.render(recipe)
    renderer.render(recipe, stale=lambda: True)  # all is cached, so that it is drawn all the same
    assert not tried
    renderer.render(recipe)
    assert tried
