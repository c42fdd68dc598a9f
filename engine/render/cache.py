"""Start each drawing at the first layer whose cause has changed."""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from torch import Tensor

from engine.networks import Canvas, Step
from engine.networks.generator import draw
from engine.networks.pauses import asking, pause
from engine.recipe import Transform

from .graphs import Graphs, Part
from .mailbox import Superseded
from .noise import NoiseKey, layer_noise
from .transform import STILL, seen


class Cause(NamedTuple):
    """All that decides what a layer makes of the canvas it is given."""

    layer: int  # which object in memory; the step is held beside it, so that no other can take its place
    fade: float
    style: bytes
    strength: float
    noise: NoiseKey
    transform: Transform = STILL


class Plan(NamedTuple):
    """A step, why it would have to run again, and which row of ws it reads."""

    step: Step
    cause: Cause
    row: int


class Activations:
    """The last drawing, layer by layer: each step's cause and the canvas it left."""

    def __init__(self) -> None:
        self._kept: list[tuple[Plan, Canvas]] = []
        self.graphs: Graphs | None = None
        """Draws what follows the cached layers by one call, where that has proved quicker."""
        self.settle: Callable[[], None] | None = None
        """Waits until the device has done what it was given, where `seconds` shall be those of each layer."""
        self.reused = 0
        self.drawn = 0
        self.seconds: list[float] = []
        """What each layer took that the last call drew."""

    def synthesize(self, plans: Sequence[Plan], ws: Tensor, stale: Callable[[], bool]) -> Tensor:
        """The picture [1, C, H, W] of ws [1, rows, w_dim], from the first plan that differs from the last drawing's.

        Raises Superseded between two layers, or halfway through a long one, when `stale` says so; the layers that were drawn until
        then stay usable.
        """
        picture = self.advance(plans, ws, stale).picture
        assert picture is not None
        return picture

    def advance(self, plans: Sequence[Plan], ws: Tensor, stale: Callable[[], bool]) -> Canvas:
        """The same with the first plans of a drawing only: the canvas that they leave. Further ones go on from it."""

        def give_up() -> None:
            if stale():
                raise Superseded

        with asking(give_up):
            return self._advance(plans, ws)

    def _advance(self, plans: Sequence[Plan], ws: Tensor) -> Canvas:
        self.reused, self.drawn, self.seconds = self.shared(plans), 0, []
        del self._kept[self.reused :]
        canvas = self._kept[-1][1] if self._kept else Canvas()
        if (replayed := self._replayed(plans[self.reused :], canvas, ws)) is not None:
            return replayed
        for plan in plans[self.reused :]:
            pause()
            begun, step = time.perf_counter(), plan.step
            noise = layer_noise(plan.cause.noise, step.layer, plan.row)
            canvas = draw(step, seen(canvas, plan.cause.transform), ws, noise, plan.cause.strength)
            self._kept.append((plan, canvas))
            self.drawn += 1
            if self.settle is not None:
                self.settle()
            self.seconds.append(time.perf_counter() - begun)
        return canvas

    def _replayed(self, plans: Sequence[Plan], canvas: Canvas, ws: Tensor) -> Canvas | None:
        """What all these leave, by a graph; None where there is none for them."""
        if self.graphs is None or not plans or any(p.cause.strength != 1 or p.cause.transform != STILL for p in plans):
            return None
        pause()
        noises = [layer_noise(plan.cause.noise, plan.step.layer, plan.row) for plan in plans]
        left = self.graphs.run(Part([plan.step for plan in plans], noises, canvas, ws))
        if left is None:
            return None
        self._kept += zip(plans, left, strict=True)
        self.drawn = len(plans)
        return left[-1]

    def shared(self, plans: Sequence[Plan]) -> int:
        """How many of these need not be drawn."""
        return shared_start([plan.cause for plan in plans], [plan.cause for plan, _ in self._kept])

    def canvas(self, steps: int) -> Canvas:
        """What so many layers of the last drawing have left. Raises IndexError where it has not come as far."""
        return self._kept[steps - 1][1]

    def __len__(self) -> int:
        """How many layers of the last drawing are kept."""
        return len(self._kept)


def shared_start(a: Sequence[Any], b: Sequence[Any]) -> int:
    """How many items at the start are the same in both."""
    differ = (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    return next(differ, min(len(a), len(b)))
