"""How long a picture takes: whole, and from each layer on when only that layer changes."""

from collections.abc import Iterator

from engine.networks import Generator
from engine.networks.layers import Equalized
from engine.recipe import Recipe, put, seeded
from engine.render.models import find
from engine.render.renderer import Renderer

from .record import Record, alternating

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
        values = iter(range(1, 1_000_000))

        def one(row: int = layer.row) -> None:
            renderer.render(put(base, f"strength.{row}", 1 + next(values) / 1e6))  # noqa: B023

        renderer.render(base)
        one()
        ours, theirs = _cached(one, whole, renderer, base)
        yield Record(
            "render",
            f"layer {layer.row} ({layer.resolution}²) changes",
            ours * 1e3,
            "ms",
            theirs * 1e3,
            "whole picture",
        )


def _cached(one, whole, renderer: Renderer, base: Recipe) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """In turn, with the cache brought back to the base picture before each cached drawing, outside the measured time."""
    from time import perf_counter

    from .record import percentile

    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS // 2):
        begun = perf_counter()
        whole()
        times[1].append(perf_counter() - begun)
        renderer.render(base)
        begun = perf_counter()
        one()
        times[0].append(perf_counter() - begun)
    return percentile(times[0], 0.5), percentile(times[1], 0.5)


def _unpack(generator: Generator) -> list[tuple[Equalized, object]]:
    found = [(module, module._packed) for module in generator.modules() if isinstance(module, Equalized)]
    for module, _ in found:
        module._packed = None
    return found
