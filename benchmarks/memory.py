"""Whether memory stays where it is over many pictures."""

import gc
from collections.abc import Iterator

import psutil

from engine.recipe import Recipe, Truncation, seeded
from engine.render.models import find
from engine.render.renderer import Renderer

from .record import Record

PICTURES = 10_000
WARM_UP = 5_000


def measure() -> Iterator[Record]:
    """Resident memory after 10,000 pictures against that after 5,000 more before them, when all caches are full."""
    renderer = Renderer(precision="auto")
    info = renderer.open(find(""))
    renderer.render(Recipe(model=info.model))
    while renderer.improve():
        continue
    process = psutil.Process()

    def draw(first: int, count: int) -> float:
        for i in range(first, first + count):
            renderer.render(Recipe(model=info.model, latent=seeded(i), truncation=Truncation((i % 200) / 100)))
        gc.collect()
        return process.memory_info().rss / 2**20

    before = draw(0, WARM_UP)
    after = draw(WARM_UP, PICTURES)
    yield Record("memory", f"growth over {PICTURES} pictures", after - before, "MiB", 20.0, "asked for")
    yield Record("memory", "resident", after, "MiB", before, "before")
