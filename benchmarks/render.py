"""How long a picture takes: whole, from each layer on when only that layer changes, and when the hand comes back to it."""

from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from torch import Tensor

from engine.checkpoints import native
from engine.networks import (
    Canvas,
    FastGAN,
    Generator,
    ProGAN,
    Spec,
    StyleGAN1,
    StyleGAN2,
    StyleGAN3,
    StyleGANT,
    StyleGANXL,
)
from engine.networks.generator import draw
from engine.networks.layers import Equalized
from engine.networks.lucidrains import LucidrainsStyleGAN2
from engine.networks.superresolution import Rise
from engine.recipe import Recipe, put, seeded
from engine.render import cache
from engine.render.models import find
from engine.render.renderer import Renderer

from .record import Record, alternating, percentile, quiet_clock

ROUNDS = 9
SEEDS = count(1_000)
SMALL: dict[str, Any] = {"feature_base": 4096, "feature_max": 128, "w_dim": 128, "z_dim": 128}
ALIAS_FREE: dict[str, Any] = {"feature_base": 2048, "feature_max": 64, "w_dim": 128, "z_dim": 128}
OTHERS: dict[str, Spec] = {  # every family, with random weights
    "ProGAN 128²": ProGAN(resolution=128, feature_base=4096, feature_max=128, z_dim=128),
    "StyleGAN 128²": StyleGAN1(resolution=128, feature_base=4096, feature_max=128),
    "StyleGAN2 128², skip": StyleGAN2(resolution=128, **SMALL),
    "StyleGAN2 128², resnet": StyleGAN2(resolution=128, architecture="resnet", **SMALL),
    "StyleGAN2 256², skip": StyleGAN2(resolution=256),
    "StyleGAN3-T 64²": StyleGAN3(resolution=64, **ALIAS_FREE),
    "StyleGAN3-R 64²": StyleGAN3.paper(64, "r", **ALIAS_FREE),
    "StyleGAN-XL 64²": StyleGANXL(resolution=64, stages=(Rise(2, 7),), **ALIAS_FREE),
    "StyleGAN-T 64²": StyleGANT(resolution=64, feature_base=8192, feature_max=128),
    "lucidrains' StyleGAN2 128²": LucidrainsStyleGAN2(features=(128, 128, 128, 128, 128, 64, 32), w_dim=128),
    "FastGAN 256²": FastGAN(resolution=256, features=64),
}


def measure() -> Iterator[Record]:
    """The embedded model in the precision that the window uses; yardsticks: weights as trained, and parts of whole pictures."""
    renderer = Renderer(precision="auto")
    info = renderer.open(find(""))
    base = Recipe(model=info.model)
    _settle(renderer, base)
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
    yield _back(renderer, base, "embedded")
    with TemporaryDirectory() as folder:
        for name, spec in OTHERS.items():
            path = Path(folder) / "model.safetensors"
            native.write(path, spec.build(), native.Card(spec, name=name))
            base = Recipe(model=renderer.open(path).model)
            yield from _cached(renderer, base, name)
            yield _back(renderer, base, name)


def _cached(renderer: Renderer, base: Recipe, name: str) -> Iterator[Record]:
    """A change of each layer, in turn with whole pictures; what a whole one spends from that layer on is its yardstick."""
    rows = [layer.row for layer in renderer.info(base).layers]
    _settle(renderer, base)
    ours: dict[int, list[float]] = {row: [] for row in rows}
    theirs: dict[int, list[float]] = {row: [] for row in rows}
    clock = quiet_clock()
    for turn in range(ROUNDS + 1):
        recipe = put(base, "latent", seeded(next(SEEDS)))
        begun = _whole(renderer, recipe, clock)
        for row in reversed(rows):  # so that of each change all that comes before its layer is still there
            recipe = put(recipe, f"strength.{row}", 1 + (turn + 1) / 1e6)
            first = clock()
            renderer.render(recipe)
            if turn:  # the first is for warming up
                ours[row].append(clock() - first)
                theirs[row].append(begun[row])
    for layer in renderer.info(base).layers:
        value, yardstick = (percentile(taken[layer.row], 0.5) * 1e3 for taken in (ours, theirs))
        case = f"{name}: layer {layer.row} ({layer.resolution}²) changes"
        yield Record("render", case, value, "ms", yardstick, "its part of a whole picture")


def _back(renderer: Renderer, base: Recipe, name: str) -> Record:
    """A and B in turn, at both of which the hand has rested, as undo and redo show them; in turn with pictures never seen."""
    seen = [put(base, "latent", seeded(next(SEEDS))) for _ in range(2)]
    for recipe in seen:
        renderer.render(recipe)
        renderer.keep()
    turns = cycle(seen)
    ours, theirs = alternating(
        lambda: renderer.render(next(turns)),
        lambda: renderer.render(put(base, "latent", seeded(next(SEEDS)))),
        ROUNDS,
    )
    return Record("render", f"{name}: from A to B and back", ours * 1e3, "ms", theirs * 1e3, "a whole picture")


def _settle(renderer: Renderer, recipe: Recipe) -> None:
    """Lets it do what it otherwise does while nobody waits, such as finding the precision."""
    renderer.render(recipe)
    while renderer.improve():
        continue


def _whole(renderer: Renderer, recipe: Recipe, clock: Callable[[], float]) -> dict[int, float]:
    """Seconds that a whole picture spends from the first layer on that reads each row of ws, with all that comes after layers."""
    steps, begun = renderer.models.get(recipe.model).generator.steps(), list[float]()

    def drawn(*given: Any) -> Canvas:
        begun.append(clock())
        return draw(*given)

    with patch.object(cache, "draw", drawn):
        renderer.render(recipe)
    end = clock()
    found: dict[int, float] = {}
    for step, at in zip(steps, begun, strict=True):
        if step.layer.row is not None:
            found.setdefault(step.layer.row, end - at)
    return found


def _unpack(generator: Generator) -> list[tuple[Equalized, Tensor | None]]:
    found = [(module, module._packed) for module in generator.modules() if isinstance(module, Equalized)]
    for module, _ in found:
        module._packed = None
    return found
