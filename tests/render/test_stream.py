"""What only a graphics card does, as far as a processor can show it: nothing waits, graphs draw the same or are left alone."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
import torch

from engine.networks import FAMILIES
from engine.recipe import Noise, Recipe, Transform, put, seeded
from engine.render.cache import Activations
from engine.render.graphs import KEPT, USES, Fold, Graphs, Part
from engine.render.latents import Mapped, resolve
from engine.render.models import Models
from engine.render.renderer import Renderer, _plans, _rgb
from engine.render.stream import fetched, in_flight, sent
from tests.models import model_file


class Recorder:
    """Records as a graphics card does: a replay reads the same memory again and writes to the same, in `quicker` seconds."""

    def __init__(self, quicker: float = 0.5, wrong: bool = False, able: bool = True):
        self.quicker, self.wrong, self.able = quicker, wrong, able
        self.now, self.recorded, self.replayed = 0.0, 0, 0

    def record(self, fold: Fold):
        if not self.able:
            raise RuntimeError("operation not permitted when stream is capturing")
        self.recorded += 1
        left = [canvas._replace(kept=tuple(x.clone() for x in canvas.kept)) for canvas in fold()]

        def replay() -> None:
            self.replayed += 1
            begun = self.now
            for old, new in zip(left, fold(), strict=True):
                for mine, theirs in zip((*old[:2], *old.kept), (*new[:2], *new.kept), strict=True):
                    if mine is not None and mine is not theirs:
                        mine.copy_(theirs + 1.0 if self.wrong else theirs)
            self.now = begun + self.quicker

        return replay, left


@pytest.fixture(params=FAMILIES)
def family(request) -> str:
    return request.param


def graphed(renderer: Renderer, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Graphs:
    """Gives a renderer graphs; by the recorder's clock, layers drawn by themselves take a second."""
    drawn = Part.drawn

    def slowly(part: Part):
        recorder.now += 1.0
        return drawn(part)

    monkeypatch.setattr(Part, "drawn", slowly)
    graphs, empty = Graphs(lambda: recorder.now, recorder.record), Activations()
    empty.graphs = graphs
    monkeypatch.setattr(renderer, "_cache", lambda: empty)
    return graphs


def test_graphs_change_nothing_but_time(tmp_path, family, monkeypatch) -> None:
    renderer, recorder = Renderer("cpu"), Recorder()
    info = renderer.open(model_file(tmp_path, family))
    graphs = graphed(renderer, recorder, monkeypatch)
    base = Recipe(model=info.model)
    changes = [lambda n: put(base, "latent", seeded(n)), lambda n: put(base, "noise.strength", n / 10)]
    changes += [lambda n, row=row: put(base, f"truncation.layers.{row}", n / 20) for row in {0, len(info.layers) // 2}]
    for change in changes * 2:
        for number in range(USES):
            renderer.render(base)
            recipe = change(number + 1)
            assert np.array_equal(
                renderer.render(recipe).pixels, Renderer(models=renderer.models).render(recipe).pixels
            )
            if number == 1:
                renderer.keep()
        while renderer.improve():
            continue
    rested = [change(2) for change in changes]
    assert all(renderer.render(recipe).drawn == 0 for recipe in rested)
    for recipe in rested:  # what was kept is not what graphs have written to since
        assert np.array_equal(renderer.render(recipe).pixels, Renderer(models=renderer.models).render(recipe).pixels)
    assert recorder.recorded
    assert recorder.replayed > recorder.recorded * 4  # also after they were tried
    assert 0 < len(graphs._known) <= KEPT


@pytest.mark.parametrize(
    "recorder", [Recorder(quicker=0.95), Recorder(wrong=True), Recorder(able=False)], ids=["slow", "wrong", "refused"]
)
def test_a_graph_that_is_no_good_is_tried_once(tmp_path, monkeypatch, recorder: Recorder) -> None:
    renderer = Renderer("cpu")
    model = renderer.open(model_file(tmp_path, "stylegan2")).model
    graphs = graphed(renderer, recorder, monkeypatch)
    for seed in range(2 * USES):
        renderer.render(Recipe(model=model, latent=seeded(seed)))
    assert renderer.improve()
    assert not graphs._known
    tried = recorder.recorded
    for seed in range(USES):
        recipe = Recipe(model=model, latent=seeded(seed))
        assert np.array_equal(renderer.render(recipe).pixels, Renderer(models=renderer.models).render(recipe).pixels)
    assert not renderer.improve()
    assert recorder.recorded == tried


def test_what_a_graph_cannot_know_is_drawn_without(tmp_path, monkeypatch) -> None:
    renderer, recorder = Renderer("cpu"), Recorder()
    model = renderer.open(model_file(tmp_path, "stylegan3")).model
    graphed(renderer, recorder, monkeypatch)
    for n in range(2 * USES):
        renderer.render(Recipe(model=model, transform=Transform(n / 10 + 0.1), latent=seeded(n)))
        renderer.render(Recipe(model=model, strength=(0.5 + n / 10,), latent=seeded(n)))
    assert not renderer.improve()


def test_layers_and_graphs_of_a_model_go_when_another_is_drawn(tmp_path) -> None:
    renderer, caches = Renderer("cpu"), []
    one, other = (renderer.open(model_file(tmp_path, family)).model for family in ("stylegan1", "stylegan2"))
    for model, seed in ((one, 1), (one, 2), (other, 1), (one, 1)):
        renderer.render(Recipe(model=model, latent=seeded(seed)))
        caches.append(renderer._activations)
    assert [a is b for a, b in pairwise(caches)] == [True, False, False]


def test_a_processor_records_nothing_and_draws_nothing_ahead(tmp_path, monkeypatch) -> None:
    renderer = Renderer("cpu")
    model = renderer.open(model_file(tmp_path)).model
    assert renderer._activations.graphs is None
    asked: list[int] = []

    def recipes() -> Iterator[Recipe]:
        for seed in range(4):
            asked.append(seed)
            yield Recipe(model=model, latent=seeded(seed))

    for number, frame in enumerate(renderer.flow(recipes())):
        assert asked[-1] == number
        assert np.array_equal(frame.pixels, Renderer(models=renderer.models).render(frame.recipe).pixels)


@pytest.mark.parametrize("ahead", [0, 1, 2, 9])
def test_pictures_in_flight_come_in_order(ahead: int) -> None:
    log: list[str] = []

    def begin(n: int):
        log.append(f"begun {n}")
        return lambda: log.append(f"waited {n}") or n

    assert list(in_flight(begin, range(5), ahead)) == list(range(5))
    assert log.index("waited 0") == min(ahead + 1, 5)
    assert [line for line in log if "waited" in line] == [f"waited {n}" for n in range(5)]


def test_nothing_is_read_back_on_the_way(tmp_path, family) -> None:
    """On a device that holds no numbers, whoever asked for one would fail: all is drawn, up to the bytes that are fetched."""
    models = Models(torch.device("meta"))
    loaded = models.get(models.open(model_file(tmp_path, family)).model)
    for recipe in (
        Recipe(latent=seeded(3)),
        Recipe(noise=Noise("random", 5, phase=0.5), strength=(0.5, 0.7)),
        Recipe(transform=Transform(0.1, 0.2, 30.0)),
    ):
        with torch.inference_mode():
            ws = resolve(recipe, loaded, Mapped())
            picture = Activations().synthesize(_plans(recipe, loaded, ws), sent(ws, models.device), lambda: False)
            assert _rgb(picture[0]).device.type == "meta"
            assert _rgb(picture[0]).shape[2] == 3


def test_what_is_fetched_is_what_was_there() -> None:
    x = torch.arange(12, dtype=torch.uint8).reshape(2, 2, 3)
    assert np.array_equal(fetched(x)(), x.numpy())
    assert sent(x, torch.device("cpu")) is x


@pytest.mark.cuda
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_graphics_card_draws_the_same_with_graphs_and_ahead(tmp_path, family, precision) -> None:
    renderer = Renderer("cuda", precision)
    model = renderer.open(model_file(tmp_path, family)).model
    plain = Renderer(precision=precision, models=renderer.models)
    plain._activations.graphs = None
    recipes = [Recipe(model=model, latent=seeded(seed)) for seed in range(3 * USES)]
    for _ in range(3):
        for recipe, frame in zip(recipes, renderer.flow(recipes), strict=True):
            apart = np.abs(frame.pixels.astype(int) - plain.render(recipe).pixels)
            assert apart.max() <= (1 if precision == "fp32" else 8)
        while renderer.improve():
            continue
