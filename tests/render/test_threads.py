"""The number of threads that draws a model fastest."""

import torch

from engine.recipe import Recipe, seeded
from engine.render.models import find
from engine.render.renderer import Renderer
from engine.render.threads import AGAIN, STREAM, TRIALS, Threads, drawing_with


class Clock:
    """Stands still until somebody moves it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def draw(
    threads: Threads, clock: Clock, model: str, seconds: dict[int, float], pictures: int, rest: float = 0.0
) -> None:
    """So many pictures of a model, which take so long with each number, with rests between."""
    for _ in range(pictures):
        count = threads.count(model)
        clock.now += rest + seconds[count]
        threads.learn(model, count, seconds[count])


def test_the_fastest_is_kept_for_each_model() -> None:
    clock = Clock()
    threads = Threads(4, clock)
    draw(threads, clock, "small", {1: 0.01, 3: 0.02, 4: 0.03}, 3 * TRIALS + 1)
    draw(threads, clock, "large", {1: 0.9, 3: 0.3, 4: 0.5}, 3 * TRIALS + 1)
    assert (threads.count("small"), threads.count("large")) == (1, 3)


def test_pictures_of_a_resting_hand_teach_nothing() -> None:
    clock = Clock()
    threads = Threads(2, clock)
    draw(threads, clock, "m", {1: 0.02, 2: 0.01}, 10, rest=2 * STREAM)
    assert threads.count("m") == 2
    draw(threads, clock, "m", {1: 0.02, 2: 0.04}, 3 * TRIALS)
    assert threads.count("m") == 1, "beside a busy window two are slower"


def test_what_becomes_slower_gives_way_and_is_tried_again() -> None:
    clock = Clock()
    threads = Threads(2, clock)
    draw(threads, clock, "m", {1: 0.02, 2: 0.01}, 3 * TRIALS)
    assert threads.count("m") == 2
    draw(threads, clock, "m", {1: 0.02, 2: 0.05}, TRIALS)
    assert threads.count("m") == 1
    draw(threads, clock, "m", {1: 0.02, 2: 0.01}, AGAIN + 2 * TRIALS)
    assert threads.count("m") == 2


def test_one_slow_picture_decides_nothing() -> None:
    clock = Clock()
    threads = Threads(2, clock)
    draw(threads, clock, "m", {1: 5.0, 2: 0.02}, 2)
    draw(threads, clock, "m", {1: 0.01, 2: 0.02}, 2 * TRIALS)
    assert threads.count("m") == 1


def test_the_number_of_the_process_comes_back() -> None:
    before = torch.get_num_threads()
    with drawing_with(before + 1):
        assert torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before


def test_pictures_are_the_same_to_the_eye_and_the_process_keeps_its_number() -> None:
    plain, measured = Renderer("cpu"), Renderer("cpu", threads=Threads(2))
    before = torch.get_num_threads()
    info = plain.open(find(""))
    measured.open(find(""))
    for seed in range(2 * TRIALS + 1):
        recipe = Recipe(model=info.model, latent=seeded(seed))
        a, b = plain.render(recipe).pixels, measured.render(recipe).pixels
        assert abs(a.astype(int) - b).max() <= 1
    assert torch.get_num_threads() == before
