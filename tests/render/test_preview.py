"""What is shown on the way to a large picture: when, in which colours, and that the whole picture is none the worse for it."""

import numpy as np
import pytest
import torch

from engine.networks import FAMILIES, Canvas
from engine.networks.generator import draw
from engine.networks.layers import downscale
from engine.recipe import Recipe, put, seeded
from engine.render import cache
from engine.render.frame import Frame
from engine.render.mailbox import Superseded
from engine.render.models import find
from engine.render.preview import BETTER, AllPreviews, Pace, Previews
from engine.render.preview_colours import Colours
from engine.render.renderer import Renderer
from tests.models import model_file

LEVELS = {1: 4, 3: 8, 5: 16, 7: 32, 9: 64, 11: 128}  # after how many layers, in which resolution
END = 20


def always() -> AllPreviews:
    """Every picture is a large one that takes too long."""
    return AllPreviews(frame=0.0, small=0)


@pytest.fixture
def steady(monkeypatch) -> None:
    """Layers take as long on any machine, later ones longer, and all of them long."""
    monkeypatch.setattr(Pace, "expected", lambda self, first, end: float(sum(k * k for k in range(first + 1, end + 1))))


def paced(seconds: float, learned: bool = True) -> Previews:
    """Of a model of 256² whose every layer takes so long."""
    previews = Previews(LEVELS, 256)
    previews.pace.learn(0, [seconds] * END)
    for steps, size in previews.sizes.items() if learned else ():
        previews._colours[steps].learn(Canvas(torch.rand(1, 2, size, size)), torch.rand(1, 3, 256, 256))
    return previews


def drawn(renderer: Renderer, recipe: Recipe) -> tuple[list[Frame], Frame]:
    """The previews and the whole picture."""
    early: list[Frame] = []
    whole = renderer.render(recipe, early=lambda frame, seconds: early.append(frame))
    renderer.learn()
    return early, whole


def test_a_picture_that_fits_the_frame_is_only_drawn_whole() -> None:
    assert not paced(0.0016).due(0, END)
    assert not paced(0.02).due(END - 1, END)
    assert not Previews({}, 1024).slow(9.0)
    small = Previews(LEVELS, 128)
    small.pace.learn(0, [1.0] * END)
    assert not small.due(0, END)


def test_the_sharpest_preview_that_fits_the_frame_comes_first() -> None:
    assert paced(0.003).due(0, END) == [7]
    assert paced(0.0045).due(0, END) == [5]
    assert paced(0.0045).due(6, END) == [11]


def test_where_none_is_in_time_the_lowest_comes_that_shows_the_change() -> None:
    assert paced(0.011).due(0, END) == [5]
    assert paced(0.05).due(5, END)[0] == 7
    assert paced(0.05).due(8, END)[0] == 9
    assert not paced(0.05).due(11, END)  # above all levels


def test_sharper_ones_follow_only_where_they_are_seen_for_a_while() -> None:
    assert paced(0.06).due(0, END) == [5, 7, 9, 11]
    assert paced(BETTER / 3).due(0, END) == [5, 9]


def test_nothing_is_shown_before_a_whole_picture_was_learned_from() -> None:
    assert not paced(0.05, learned=False).due(0, END)


@pytest.mark.parametrize("size", [16, 32])
def test_the_colours_of_a_real_model_are_near_on_seeds_never_seen(size: int) -> None:
    """Far nearer than its own toRGB of that level, which the growing has left behind."""
    renderer = Renderer("cpu")
    model = renderer.models.get(renderer.open(find("landscape")).model)
    previews = Previews(model.generator.levels(), 1024)
    steps = max(steps for steps, drawn in model.generator.levels().items() if drawn == size)

    @torch.inference_mode()
    def canvases(seed: int) -> tuple[Canvas, torch.Tensor]:
        z = torch.randn(1, model.generator.z_dim, generator=torch.Generator().manual_seed(seed))
        ws = model.generator.broadcast(model.generator.mapping.w_avg.lerp(model.generator.mapping(z), 0.7))
        left = [Canvas()]
        for step in model.generator.steps():
            left.append(draw(step, left[-1], ws, step.layer.constant_noise))
        assert left[-1].picture is not None
        return left[steps], left[-1].picture.clamp(-1, 1)

    with torch.inference_mode():
        for seed in range(3):
            previews._colours[steps].learn(*canvases(seed))
        raw, told = [], []
        for seed in range(10, 14):
            canvas, final = canvases(seed)
            lower = downscale(final, final.shape[2] // size)
            rgb = model.generator.named_layers()[f"b{size}_rgb"](canvas, None).picture
            assert rgb is not None
            raw.append(float((rgb.clamp(-1, 1) - lower).square().mean()))
            told.append(float((previews.picture(steps, canvas).clamp(-1, 1) - lower).square().mean()))
    assert sum(told) < 0.25 * sum(raw)


@pytest.mark.usefixtures("steady")
@pytest.mark.parametrize("family", ["stylegan2", "stylegan1", "progan"])
def test_a_preview_comes_first_and_the_whole_picture_is_the_same(tmp_path, monkeypatch, family) -> None:
    renderer = Renderer("cpu", previews=always())
    info = renderer.open(model_file(tmp_path, family, resolution=64))
    assert not drawn(renderer, Recipe(model=info.model))[0]  # nothing is known yet
    runs: list[str] = []
    monkeypatch.setattr(cache, "draw", lambda *given: runs.append(given[0].name) or draw(*given))
    early, whole = drawn(renderer, Recipe(model=info.model, latent=seeded(5)))
    assert [len(frame.pixels) for frame in early] == [16, 16, 32, 32]
    assert all(frame.preview and frame.size == (64, 64) and frame.recipe == whole.recipe for frame in early)
    steps = [step.name for step in renderer.models.get(info.model).generator.steps()]
    assert runs == steps[-len(runs) :]  # nothing was drawn twice
    assert whole.reused + whole.drawn == len(steps)
    assert not whole.preview
    assert np.array_equal(whole.pixels, Renderer(models=renderer.models).render(whole.recipe).pixels)


def test_a_skip_preview_is_nearer_than_the_picture_so_far(tmp_path) -> None:
    renderer = Renderer("cpu", previews=always())
    info = renderer.open(model_file(tmp_path, "stylegan2", resolution=64))
    generator = renderer.models.get(info.model).generator
    steps = max(steps for steps, size in generator.levels().items() if size == 16)
    for seed in range(4):
        drawn(renderer, Recipe(model=info.model, latent=seeded(seed)))
    previews = renderer._previews.of(info.model.identity, generator)
    with torch.inference_mode():
        raw, told = 0.0, 0.0
        for seed in range(50, 54):
            renderer.render(Recipe(model=info.model, latent=seeded(seed)))
            final = renderer._activations.canvas(len(generator.steps())).picture.clamp(-1, 1)
            canvas, lower = renderer._activations.canvas(steps), downscale(final, 4)
            raw += float((canvas.picture.clamp(-1, 1) - lower).square().mean())
            told += float((previews.picture(steps, canvas).clamp(-1, 1) - lower).square().mean())
    assert told < 0.8 * raw


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_draws_the_same_whether_or_not_somebody_looks_early(tmp_path, family) -> None:
    renderer = Renderer("cpu", previews=always())
    info = renderer.open(model_file(tmp_path, family))
    for seed in range(2):
        recipe = Recipe(model=info.model, latent=seeded(seed))
        early, whole = drawn(renderer, recipe)
        assert not early  # none is as large as the least preview times two
        assert np.array_equal(whole.pixels, Renderer(models=renderer.models).render(recipe).pixels)


def test_levels_say_where_on_the_way_everything_up_to_them_is_drawn(tmp_path) -> None:
    renderer = Renderer("cpu")
    for family in FAMILIES:
        generator = renderer.models.get(renderer.open(model_file(tmp_path, family)).model).generator
        canvas, ws, left = Canvas(), generator.broadcast(torch.zeros(1, generator.w_dim)), dict(generator.levels())
        with torch.inference_mode():
            for at, step in enumerate(generator.steps() if left else (), 1):
                canvas = draw(step, canvas, ws, step.layer.constant_noise)
                if at in left:
                    assert canvas.features.shape[2] == left.pop(at) < generator.resolution
        assert not left
        assert bool(generator.levels()) == (family in ("progan", "stylegan1", "stylegan2", "lucidrains-stylegan2"))


@pytest.mark.usefixtures("steady")
def test_the_first_preview_is_drawn_whatever_waits_and_the_rest_is_given_up(tmp_path) -> None:
    renderer = Renderer("cpu", previews=always())
    info = renderer.open(model_file(tmp_path, "stylegan2", resolution=64))
    drawn(renderer, Recipe(model=info.model))
    early: list[Frame] = []
    with pytest.raises(Superseded):
        renderer.render(
            Recipe(model=info.model, latent=seeded(1)), lambda: True, lambda frame, seconds: early.append(frame)
        )
    assert [len(frame.pixels) for frame in early] == [16]  # and given up before the next
    frames, whole = drawn(renderer, Recipe(model=info.model, latent=seeded(1)))
    assert whole.reused == early[0].drawn
    assert [len(frame.pixels) for frame in frames] == [16, 32, 32]
    changed = put(whole.recipe, "strength.2", 0.5)  # at 8², below all of them
    frames, whole = drawn(renderer, changed)
    assert [len(frame.pixels) for frame in frames] == [16, 16, 32, 32]
    assert whole.reused == frames[0].reused > 0


def test_a_broken_picture_teaches_nothing() -> None:
    colours, canvas = Colours(), Canvas(torch.rand(1, 2, 16, 16))
    broken = Canvas(torch.full((1, 2, 16, 16), float("inf")))
    colours.learn(broken, torch.rand(1, 3, 64, 64))
    assert not colours.known
    colours.learn(canvas, torch.full((1, 3, 64, 64), 0.5))
    told = colours.picture(canvas)
    colours.learn(broken, torch.rand(1, 3, 64, 64))
    assert torch.equal(colours.picture(canvas), told)
    assert float((told - 0.5).abs().mean()) < 0.1


def test_learning_is_given_up_for_what_waits_unless_it_is_the_first(tmp_path) -> None:
    renderer = Renderer("cpu", previews=always())
    info = renderer.open(model_file(tmp_path, "stylegan2", resolution=64))
    colours = renderer._previews.of(info.model.identity, renderer.models.get(info.model).generator)._colours
    found = []
    for seed, waits in enumerate((True, True, False)):
        renderer.render(Recipe(model=info.model, latent=seeded(seed)))
        renderer.learn(lambda waits=waits: waits)
        found.append(colours[max(colours)]._power)
    assert found[0] is found[1] is not None
    assert not torch.equal(found[1], found[2])
