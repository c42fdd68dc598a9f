"""How long a picture takes: whole, and from each layer on when only that layer changes."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from torch import Tensor

from engine.checkpoints import native
from engine.networks import Generator, Spec
from engine.networks.layers import Equalized
from engine.networks.stylegan2 import StyleGAN2
from engine.networks.stylegan3 import StyleGAN3
from engine.recipe import Recipe, put, seeded
from engine.render.models import find
from engine.render.renderer import Renderer

from .record import Record, alternating, percentile

ROUNDS = 9
SEEDS = count(1_000)
OTHERS: dict[str, Spec] = {  # mid-sized, with random weights
    "StyleGAN2 skip": StyleGAN2(resolution=128, feature_base=4096, feature_max=128, w_dim=128, z_dim=128),
    "StyleGAN2 resnet": StyleGAN2(
        resolution=128, feature_base=4096, feature_max=128, w_dim=128, z_dim=128, architecture="resnet"
    ),
    "StyleGAN3-T": StyleGAN3(resolution=64, feature_base=2048, feature_max=64, w_dim=128, z_dim=128),
    "StyleGAN3-R": StyleGAN3.paper(64, "r", feature_base=2048, feature_max=64, w_dim=128, z_dim=128),
}


def measure() -> Iterator[Record]:
    """The embedded model in the precision that the window uses; yardsticks: weights as trained, and parts of whole pictures."""
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
    yield from _cached(renderer, base, "embedded")
    with TemporaryDirectory() as folder:
        for name, spec in OTHERS.items():
            path = Path(folder) / f"{spec.__struct_config__.tag}.safetensors"
            native.write(path, spec.build(), native.Card(spec, name=name))
            yield from _cached(renderer, Recipe(model=renderer.open(path).model), name)


def _cached(renderer: Renderer, base: Recipe, name: str) -> Iterator[Record]:
    """A change of each layer, in turn with whole pictures; what a whole one spends from that layer on is its yardstick."""
    info = renderer.info(base)
    for layer in info.layers:
        values, ours, theirs = iter(range(1, 1_000_000)), [], []
        for _ in range(ROUNDS):
            theirs.append(_whole(renderer, base, layer.row))
            renderer.render(base)
            changed = put(base, f"strength.{layer.row}", 1 + next(values) / 1e6)
            begun = perf_counter()
            renderer.render(changed)
            ours.append(perf_counter() - begun)
        case = f"{name}: layer {layer.row} ({layer.resolution}²) changes"
        value, yardstick = (percentile(taken, 0.5) * 1e3 for taken in (ours, theirs))
        yield Record("render", case, value, "ms", yardstick, "its part of a whole picture")


def _whole(renderer: Renderer, base: Recipe, row: int) -> float:
    """Seconds that a whole picture spends from the first layer on that reads a row of ws, with all that comes after layers."""
    steps = renderer.models.get(base.model).generator.steps()
    first = next(number for number, step in enumerate(steps) if step.layer.row == row)
    begun: list[float] = []

    def stamp() -> bool:
        begun.append(perf_counter())
        return False

    other = put(base, "latent", seeded(next(SEEDS)))
    renderer.render(other, stamp)
    return perf_counter() - begun[-len(steps) :][first]


def _unpack(generator: Generator) -> list[tuple[Equalized, Tensor | None]]:
    found = [(module, module._packed) for module in generator.modules() if isinstance(module, Equalized)]
    for module, _ in found:
        module._packed = None
    return found
