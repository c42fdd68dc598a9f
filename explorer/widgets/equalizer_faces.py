"""What the equalizer can show: each face is one number a layer somewhere in the recipe, its scale and its words."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.recipe import Recipe, get, knob, layer_value, put
from engine.render.info import LayerInfo, ModelInfo
from explorer import mixing
from explorer.figures import brief
from explorer.words import tr

Values = tuple[float, ...]

NEAR = 0.012  # of a slider's height


@dataclass(frozen=True)
class Scale:
    """How values lie along a slider (0 at its bottom, 1 at its top), and the marks beside it."""

    to_unit: Callable[[float], float]
    from_unit: Callable[[float], float]
    marks: tuple[tuple[float, str], ...]


def linear(low: float, high: float, marks: tuple[tuple[float, str], ...]) -> Scale:
    """Even steps all the way."""
    return Scale(lambda value: (value - low) / (high - low), lambda unit: low + (high - low) * unit, marks)


def _factor_unit(value: float) -> float:
    return value / 2 if value <= 1 else 0.5 + math.log(value, 4) / 2


def _factor_value(unit: float) -> float:
    return unit * 2 if unit <= 0.5 else 4.0 ** (unit * 2 - 1)


FACTOR = Scale(_factor_unit, _factor_value, ((0, "0"), (0.5, "½"), (1, "1"), (2, "2"), (4, "4")))  # 1 in the middle


@dataclass(frozen=True)
class Face:
    """One number a layer: where the recipe keeps it, its range and scale, and how to speak of it."""

    key: str
    word: str
    path: str
    scale: Scale
    say: Callable[[float], str]
    probe: float
    """The value that shows what a layer does, against all layers at neutral."""
    asks: str
    """What the difference picture then shows, in words."""
    silent: float = 0.0
    """The value at which a layer adds nothing."""
    at: int = 0
    """Which of the styles the mix is of."""

    @property
    def mixes(self) -> bool:
        return self.key == "mix"

    @property
    def title(self) -> str:
        return tr(knob(Recipe, "styles.0.amounts" if self.mixes else self.path).title)

    @property
    def hint(self) -> str:
        return tr(knob(Recipe, "styles.0.amounts" if self.mixes else self.path).description)

    @property
    def neutral(self) -> float:
        return 0.0 if self.mixes else knob(Recipe, self.path).neutral or 0.0

    @property
    def range(self) -> tuple[float, float]:
        return self.scale.from_unit(0.0), self.scale.from_unit(1.0)

    def values(self, recipe: Recipe, rows: int) -> Values:
        """What the recipe says of each layer."""
        if self.mixes:
            return mixing.amounts(recipe, rows, self.at)
        given = get(recipe, self.path)
        return tuple(layer_value(given, row, self.neutral) for row in range(rows))

    def laid(self, recipe: Recipe, values: Values) -> Recipe:
        """The recipe with these values; neutral ones at the end are left out, so that a reset leaves no trace."""
        if self.mixes:
            return mixing.with_amounts(recipe, values, self.at)
        length = next((n for n in range(len(values), 0, -1) if values[n - 1] != self.neutral), 0)
        return put(recipe, self.path, values[:length])

    def rounded(self, value: float) -> float:
        """A value inside the range, as fine as a hand can set it; close to neutral or to an end it is just there."""
        low, high = self.range
        value = min(max(value, low), high)
        for stop in (self.neutral, low, high):
            if abs(self.scale.to_unit(value) - self.scale.to_unit(stop)) < NEAR:
                return stop
        return round(value, 2)

    def nudged(self, value: float, steps: float) -> float:
        """A value so many fiftieths of the slider higher; neutral is always stopped at, never stepped over."""
        unit = self.scale.to_unit(value) + steps / 50
        new = min(max(self.scale.from_unit(min(max(unit, 0.0), 1.0)), self.range[0]), self.range[1])
        crossed = (value - self.neutral) * (new - self.neutral) < 0
        return self.neutral if crossed else round(new, 2)

    def question(self, recipe: Recipe, row: int, rows: int) -> tuple[Recipe, Recipe]:
        """Two recipes whose difference shows what a layer does: all neutral, and this one alone at the probe."""
        if self.key == "noise" and recipe.noise.mode == "off":
            recipe = replace_mode(recipe)
        before = self.laid(recipe, (self.neutral,) * rows)
        alone = tuple(self.probe if at == row else self.neutral for at in range(rows))
        return before, self.laid(recipe, alone)


def replace_mode(recipe: Recipe) -> Recipe:
    """The recipe with the model's own noise instead of none."""
    return put(recipe, "noise.mode", "const")


def _share(value: float) -> str:
    if 0 < value < 1:
        return tr("{percent} % of B", percent=round(value * 100))
    return tr("all B") if value >= 1 else tr("all A")


def _times(value: float) -> str:
    return f"× {brief(value)}"


MIX = Face(
    "mix", "Mix", "styles.0.amounts",
    linear(0, 1, ((0, "A"), (0.25, ""), (0.5, "½"), (0.75, ""), (1, "B"))), _share, 1.0,
    "what changes if this layer alone comes from B",
)  # fmt: skip
STRENGTH = Face(
    "strength", "Style", "strength", FACTOR, _times, 2.0, "what changes if this layer's style is twice as strong"
)
PSI = Face(
    "psi", "Truncation", "truncation.layers", linear(-2, 2, ((-2, "−2"), (-1, "−1"), (0, "0"), (1, "1"), (2, "2"))),
    _times, 0.0, "what changes if this layer alone is the average one",
)  # fmt: skip
NOISE = Face("noise", "Noise", "noise.layers", FACTOR, _times, 0.0, "what changes without this layer's noise")


def faces(info: ModelInfo | None, at: int = 0) -> tuple[Face, ...]:
    """The faces that make sense for a model; the mix is of the style at `at`."""
    mix = replace(MIX, at=at)
    if info is None:
        return (mix, STRENGTH, PSI, NOISE)
    noise = (NOISE,) if info.has_noise else ()
    return (mix, STRENGTH, PSI, *noise) if info.has_w else (mix, *noise)


def rows_for(face: Face, info: ModelInfo | None) -> tuple[LayerInfo, ...]:
    """The columns that a face shows: a model without W has only one place where A and B can meet."""
    if info is None:
        return ()
    if face.mixes and not info.has_w:
        whole = info.layers[0] if info.layers else LayerInfo(0, "all", info.resolution, "coarse", False)
        return (replace(whole, name="the whole picture", resolution=info.resolution, band="whole picture"),)
    return info.layers
