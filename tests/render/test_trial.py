"""A model is drawn in what is quicker and looks the same; while nobody waits, and never what was asked to be otherwise."""

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import torch

from engine import device as devices
from engine.recipe import Recipe, seeded
from engine.render import trial
from engine.render.mailbox import Superseded
from engine.render.renderer import Renderer
from engine.render.trial import Precisions, candidates, decibels
from tests.models import model_file

HALF = torch.bfloat16
PICTURE = np.random.RandomState(0).randint(0, 256, (16, 16, 3), np.uint8)


class Device:
    """Draws the picture in so many seconds of its own clock; in half precision every pixel is `off` beside."""

    def __init__(self, seconds: dict[torch.dtype, float], off: int = 0):
        self.seconds, self.off, self.now = seconds, off, 0.0
        self.asked: list[torch.dtype] = []

    def clock(self) -> float:
        return self.now

    def draw(self, dtype: torch.dtype) -> np.ndarray:
        self.asked.append(dtype)
        if dtype not in self.seconds:
            raise RuntimeError("not implemented for this type")
        self.now += self.seconds[dtype]
        return PICTURE if dtype == torch.float32 else PICTURE ^ np.uint8(self.off)


def tried(device: Device, monkeypatch: pytest.MonkeyPatch, *halves: torch.dtype) -> torch.dtype:
    """What is found on it."""
    monkeypatch.setattr(trial, "candidates", lambda _: halves)
    precisions = Precisions(torch.device("cpu"), clock=device.clock)
    while precisions.due("m"):
        assert precisions.of("m") == torch.float32
        precisions.go_on("m", device.draw)
    return precisions.of("m")


@pytest.mark.parametrize(
    ("slow", "off", "chosen", "drawn"),
    [(0.01, 0, HALF, 3), (0.01, 1, HALF, 3), (0.095, 0, torch.float32, 3), (0.01, 16, torch.float32, 2)],
)
def test_the_quicker_is_chosen_where_it_looks_the_same(monkeypatch, slow, off, chosen, drawn) -> None:
    device = Device({torch.float32: 0.1, HALF: slow}, off)
    assert tried(device, monkeypatch, HALF) == chosen
    assert len(device.asked) == drawn


def test_a_type_that_is_refused_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device({torch.float32: 0.05, HALF: 0.01})
    assert tried(device, monkeypatch, torch.float16, HALF) == HALF
    assert tried(Device({}), monkeypatch, HALF) == torch.float32


def test_a_picture_of_a_trial_that_is_given_up_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the time until then counts for nothing."""
    monkeypatch.setattr(trial, "candidates", lambda device: (HALF,))
    device = Device({torch.float32: 0.1, HALF: 0.05})
    precisions = Precisions(torch.device("cpu"), clock=device.clock)

    def given_up(dtype: torch.dtype) -> np.ndarray:
        device.draw(dtype)
        device.now += 100.0
        raise Superseded

    while precisions.due("m"):
        with pytest.raises(Superseded):
            precisions.go_on("m", given_up)
        precisions.go_on("m", device.draw)
    assert precisions.of("m") == HALF
    assert device.asked == [torch.float32] * 2 + [HALF] * 4


def test_decibels() -> None:
    assert decibels(PICTURE, PICTURE) == float("inf")
    assert decibels(PICTURE, PICTURE ^ 1) == pytest.approx(48.13, abs=0.01)  # one step of 255 everywhere


def test_candidates_are_what_the_processor_has_units_for(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = torch.device("cpu")
    for has, found in ((True, (HALF,)), (False, ())):
        monkeypatch.setattr(devices, "has_bf16_units", lambda has=has: has)
        assert tuple(candidates(cpu)) == found
    assert tuple(candidates(torch.device("mps"))) == (torch.float16,)


def test_what_was_asked_for_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "candidates", lambda device: (HALF,))
    precisions = Precisions(torch.device("cpu"))
    assert precisions.due("m")
    for wanted in ("fp32", "bf16", "fp16"):
        precisions.ask(wanted)
        assert not precisions.due("m")
        assert precisions.of("m") == devices.DTYPES[wanted]
    precisions.ask("auto")
    assert precisions.due("m")


@pytest.fixture
def opened(tmp_path, monkeypatch: pytest.MonkeyPatch) -> tuple[Renderer, list[Recipe]]:
    """A renderer on a device where a half precision may be quicker, and recipes."""
    monkeypatch.setattr(trial, "candidates", lambda device: (HALF,))
    renderer = Renderer("cpu", "auto")
    model = renderer.open(model_file(tmp_path, "stylegan2")).model
    return renderer, [Recipe(model=model, latent=seeded(seed)) for seed in range(4)]


def settled(found: torch.dtype) -> Generator[torch.dtype, Any, torch.dtype]:
    """A trial whose outcome stands fast."""
    yield torch.float32
    yield HALF
    return found


@pytest.mark.parametrize("found", [HALF, torch.float32])
def test_the_renderer_says_what_it_drew_in(opened, monkeypatch: pytest.MonkeyPatch, found: torch.dtype) -> None:
    renderer, recipes = opened
    monkeypatch.setattr(trial, "choosing", lambda halves: settled(found))
    frames = [renderer.render(recipes[0]), renderer.render(recipes[1])]
    while renderer.improve():
        continue
    frames.append(renderer.render(recipes[2]))
    said = {v: k for k, v in devices.DTYPES.items()}[found]
    assert [frame.precision for frame in frames] == ["fp32", "fp32", said]
    for frame in frames:
        exact = Renderer(models=renderer.models).render(frame.recipe).pixels
        assert np.array_equal(frame.pixels, exact) == (frame.precision == "fp32")


def test_a_trial_gives_way_between_layers_and_goes_on_with_the_same_picture(opened, monkeypatch) -> None:
    renderer, recipes = opened
    seen: list[np.ndarray] = []
    monkeypatch.setattr(trial, "decibels", lambda half, exact: seen.extend((half, exact)) or 99.0)
    assert not renderer.improve()  # nothing was drawn yet
    renderer.render(recipes[0])
    asked = iter([False, False, True])
    assert renderer.improve(lambda: next(asked))
    assert next(asked, None) is None  # given up at the third layer
    assert renderer.improve()
    renderer.render(recipes[1])
    while renderer.improve():
        continue
    assert not renderer.precisions.due(recipes[0].model.identity)
    half, exact = seen
    plain, other = Renderer("cpu", "fp32", renderer.models), Renderer("cpu", "bf16", renderer.models)
    assert np.array_equal(exact, plain.render(recipes[0]).pixels)
    assert np.array_equal(half, other.render(recipes[0]).pixels)


def test_a_trial_of_another_model_begins_anew(opened, tmp_path) -> None:
    renderer, recipes = opened
    other = renderer.open(model_file(tmp_path, "stylegan1")).model
    for recipe in (recipes[0], Recipe(model=other), recipes[1]):
        renderer.render(recipe)
        assert renderer.improve()
    assert set(renderer.precisions._trials) == {recipes[0].model.identity}


def test_what_is_found_for_the_picture_holds_for_the_small_ones_too(opened, monkeypatch) -> None:
    renderer, recipes = opened
    easel = Renderer(precision=renderer.precisions, models=renderer.models)
    monkeypatch.setattr(trial, "choosing", lambda halves: settled(HALF))
    assert easel.render(recipes[0]).precision == "fp32"
    renderer.render(recipes[0])
    while renderer.improve():
        continue
    assert easel.render(recipes[0]).precision == "bf16"
    renderer.tune("fp32", None)
    assert easel.render(recipes[0]).precision == "fp32"
