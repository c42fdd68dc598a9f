"""How long a picture takes: whole, and from each layer on when only that layer changes."""

from collections.abc import Callable, Iterator
from time import perf_counter

from torch import Tensor

from engine.networks import Generator
from engine.networks.layers import Equalized
from engine.recipe import Recipe, put, seeded
from engine.render.models import find
from engine.render.renderer import Renderer

from .record import Record, alternating, percentile

ROUNDS = 25


def measure() -> Iterator[Record]:
    """The embedded model in the precision that the window uses; yardsticks: weights as trained, and the whole picture."""
    renderer = Renderer(precision="auto")
    info = renderer.open(find(""))
    base = Recipe(model=info.model)
    seeds = iter(range(1_000_000))

    def whole() -> None:
        renderer.render(Recipe(model=info.model, latent=seeded(next(seeds))))

    generator = renderer.models.get(info.model).generator

    def unpacked() -> None:
        kept = _unpack(generator)
        whole()
        for module, packed in kept:
            module._packed = packed

    ours, theirs = alternating(whole, unpacked, ROUNDS)
    yield Record(
        "render", f"whole, {info.resolution}²", ours * 1e3, "ms", theirs * 1e3, "weights scaled for every picture"
    )
    for layer in info.layers:
        one = _changes(renderer, base, f"strength.{layer.row}")
        ours, theirs = _cached(one, whole, renderer, base)
        case = f"layer {layer.row} ({layer.resolution}²) changes"
        yield Record("render", case, ours * 1e3, "ms", theirs * 1e3, "whole picture")


def _changes(renderer: Renderer, base: Recipe, path: str) -> Callable[[], object]:
    """Draws the base recipe with another value at `path` each time it is called."""
    values = iter(range(1, 1_000_000))
    return lambda: renderer.render(put(base, path, 1 + next(values) / 1e6))


def _cached(
    one: Callable[[], object], whole: Callable[[], object], renderer: Renderer, base: Recipe
) -> tuple[float, float]:
    """In turn, with the cache brought back to the base picture before each cached drawing, outside the measured time."""
    times: tuple[list[float], list[float]] = ([], [])
    one()
    for _ in range(ROUNDS // 2):
        begun = perf_counter()
        whole()
        times[1].append(perf_counter() - begun)
        renderer.render(base)
        begun = perf_counter()
        one()
        times[0].append(perf_counter() - begun)
    return percentile(times[0], 0.5), percentile(times[1], 0.5)


def _unpack(generator: Generator) -> list[tuple[Equalized, Tensor | None]]:
    found = [(module, module._packed) for module in generator.modules() if isinstance(module, Equalized)]
    for module, _ in found:
        module._packed = None
    return found
