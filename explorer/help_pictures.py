"""Three small pictures that show what a control does to the picture there is: low, middle and high."""

from collections.abc import Callable

from engine.recipe import Recipe, Seed, conditioned, conditions, get, put
from engine.recipe.recipe import MAX_LAYERS
from engine.render.info import ModelInfo, rows_of

from . import mixing
from .figures import figure
from .pictures import heaviest
from .walk import moved
from .widgets.equalizer_faces import NOISE, PSI, STRENGTH, Face
from .words import tr

Shown = tuple[tuple[str, Recipe], ...]  # a caption and what is drawn
Show = Callable[[Recipe, ModelInfo], Shown]
FAR = 7919  # from one seed to another that nobody thinks of as its neighbour


def three(name: str, recipe: Recipe, info: ModelInfo | None) -> Shown:
    """The pictures that a topic names; none where the model has no such thing."""
    show = SHOWS.get(name)
    if show is None or info is None:
        return ()
    if (name in NEEDS_W and not info.has_w) or (name in NEEDS_NOISE and not info.has_noise):
        return ()
    return show(recipe, info)


def _field(path: str, *values: float, says: str = "{}") -> Show:
    def show(recipe: Recipe, info: ModelInfo) -> Shown:
        return tuple((says.format(figure(value)), put(recipe, path, value)) for value in values)

    return show


def _modes(recipe: Recipe, info: ModelInfo) -> Shown:
    return tuple((word, put(recipe, "noise.mode", mode)) for word, mode in
                 (("off", "off"), ("fixed", "const"), ("random", "random")))  # fmt: skip


def _noise_strength(recipe: Recipe, info: ModelInfo) -> Shown:
    return _field("noise.strength", 0.0, 1.0, 3.0)(_noisy(recipe), info)


def _noise_seeds(recipe: Recipe, info: ModelInfo) -> Shown:
    return _field("noise.seed", 1, 2, 3)(put(recipe, "noise.mode", "random"), info)


def _noise_motion(recipe: Recipe, info: ModelInfo) -> Shown:
    return _field("noise.phase", 0.0, 0.5, 3.0)(put(_noisy(recipe), "noise.strength", 2.0), info)


def _noisy(recipe: Recipe) -> Recipe:
    return put(recipe, "noise.mode", "const") if get(recipe, "noise.mode") == "off" else recipe


def _cutoff(recipe: Recipe, info: ModelInfo) -> Shown:
    average, half = put(recipe, "truncation.psi", 0.0), len(info.layers) // 2
    steps = (("0", 0), (str(half), half), ("all", MAX_LAYERS))
    return tuple((word, put(average, "truncation.cutoff", value)) for word, value in steps)


def _seeds(*away: int) -> Show:
    def show(recipe: Recipe, info: ModelInfo) -> Shown:
        seed = heaviest(recipe.latent) or Seed(0)
        numbers = [(seed.number + step) % 2**32 for step in away]
        return tuple((str(n), mixing.with_a(recipe, conditioned(n, conditions(recipe.latent)))) for n in numbers)

    return show


def _walked(*steps: float) -> Show:
    def show(recipe: Recipe, info: ModelInfo) -> Shown:
        start = moved(recipe.latent, 0.0, 0.0)
        words = {step: figure(step, "+g") if step else "here" for step in steps}
        return tuple((words[step], mixing.with_a(recipe, moved(start, step, 0.0))) for step in steps)

    return show


def _swapped(recipe: Recipe, info: ModelInfo) -> Shown:
    return (("now", recipe), ("swapped", mixing.swap(recipe)))


def _a_and_b(recipe: Recipe, info: ModelInfo) -> Shown:
    return (("A", mixing.only_a(recipe)), ("the mixture", recipe), ("B", mixing.only_b(recipe)))


def _bands(recipe: Recipe, info: ModelInfo) -> Shown:
    none, count = mixing.with_amounts(recipe, ()), len(info.layers)
    bands = (name for name in ("coarse", "middle", "fine") if rows_of(name, info.layers))
    return tuple(
        (tr("{band} of B", band=tr(name)), mixing.turned(none, rows_of(name, info.layers), count)) for name in bands
    )


def _faced(face: Face, *values: float) -> Show:
    def show(recipe: Recipe, info: ModelInfo) -> Shown:
        base = _noisy(recipe) if face is NOISE else recipe
        return tuple((face.say(value), face.laid(base, (value,) * len(info.layers))) for value in values)

    return show


SHOWS: dict[str, Show] = {
    "psi": _field("truncation.psi", 0.0, 0.7, 1.5), "cutoff": _cutoff,
    "noise.mode": _modes, "noise.strength": _noise_strength, "noise.seed": _noise_seeds,
    "noise.motion": _noise_motion,
    "seed": _seeds(-1, 0, 1), "random": _seeds(FAR, 2 * FAR, 3 * FAR), "walk": _walked(-0.5, 0.0, 0.5),
    "travel": _walked(0.0, 0.5, 1.0), "swap": _swapped, "ab": _a_and_b, "mix": _bands,
    "strength": _faced(STRENGTH, 0.5, 1.0, 2.0), "layers.psi": _faced(PSI, 0.0, 1.0, 1.5),
    "layers.noise": _faced(NOISE, 0.0, 1.0, 3.0),
}  # fmt: skip
NEEDS_W = {"psi", "cutoff", "mix", "strength", "layers.psi"}
NEEDS_NOISE = {"noise.mode", "noise.strength", "noise.seed", "noise.motion", "layers.noise"}
