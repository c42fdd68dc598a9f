"""The number of threads that draws a model fastest."""

import torch

from engine.recipe import Recipe, seeded
from engine.render.models import find
from engine.render.renderer import Renderer
from engine.render.threads import TRIALS, Threads, drawing_with


def test_the_faster_is_kept_for_each_model() -> None:
    threads = Threads(4)
    for model, seconds in (("small", {1: 0.01, 4: 0.03}), ("large", {1: 0.9, 4: 0.3})):
        for _ in range(2 * TRIALS):
            count = threads.count(model)
            threads.learn(model, count, seconds[count])
        threads.learn(model, 1, 0.02)  # comes too late to matter
    assert (threads.count("small"), threads.count("large")) == (1, 4)


def test_one_slow_picture_decides_nothing() -> None:
    threads, slow = Threads(2), [5.0]
    for _ in range(2 * TRIALS):
        count = threads.count("m")
        threads.learn("m", count, slow.pop() if slow else 0.01 * count)
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
