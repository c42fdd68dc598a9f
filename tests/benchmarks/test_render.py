"""What is measured of single layers: every family, and each layer against its own part of a whole picture."""

from itertools import count

import pytest

from benchmarks import render
from engine.networks import FAMILIES
from engine.recipe import Recipe
from engine.render.renderer import Renderer
from tests.models import model_file


def test_every_family_has_a_case() -> None:
    assert {spec.__struct_config__.tag for spec in render.OTHERS.values()} == set(FAMILIES)


def test_a_layer_is_measured_against_what_a_whole_picture_spends_from_it_on(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock that ticks whenever it is read: once before each layer of a whole picture, and after it."""
    ticks = count()
    monkeypatch.setattr(render, "quiet_clock", lambda: lambda: next(ticks) / 1e3)
    monkeypatch.setattr(render, "ROUNDS", 1)
    renderer = Renderer("cpu")
    model = renderer.open(model_file(tmp_path, "stylegan2")).model
    found = list(render._cached(renderer, Recipe(model=model), "tiny"))
    generator = renderer.models.get(model).generator
    first = {step.layer.row: at for at, step in reversed(list(enumerate(generator.steps())))}
    assert [record.value for record in found] == pytest.approx([1.0] * generator.rows)
    assert [record.yardstick for record in found] == pytest.approx([8 - first[row] for row in range(generator.rows)])
    assert found[3].case == "tiny: layer 3 (16²) changes"


def test_back_at_a_picture_that_was_seen_nothing_is_drawn(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer("cpu")
    model = renderer.open(model_file(tmp_path)).model
    drawn: list[int] = []
    render_once = renderer.render
    monkeypatch.setattr(renderer, "render", lambda recipe: drawn.append(render_once(recipe).drawn))
    record = render._back(renderer, Recipe(model=model), "tiny")
    assert (record.case, record.meaning) == ("tiny: from A to B and back", "a whole picture")
    whole, turns = drawn[0], drawn[2:]
    assert turns == [0, whole] * (render.ROUNDS + 1)
