"""Start each drawing at the first layer whose cause has changed, since the last drawing or since one at which the hand rested."""

import time
from collections.abc import Callable

from torch import Tensor

from engine.networks import Canvas
from engine.networks.generator import draw
from engine.networks.pauses import asking, pause

from .drawings import ROOM, Drawings, Plan
from .graphs import Graphs, Part
from .mailbox import Superseded
from .noise import layer_noise
from .transform import STILL, seen


class Activations:
    """Drawings layer by layer: each step's cause and the canvas it left."""

    def __init__(self, room: int = ROOM) -> None:
        """`room` is how many bytes may be kept beside those of the present drawing."""
        self._drawings = Drawings(room)
        self.graphs: Graphs | None = None
        """Draws what follows the cached layers by one call, where that has proved quicker."""
        self.settle: Callable[[], None] | None = None
        """Waits until the device has done what it was given, where `seconds` shall be those of each layer."""
        self.reused = 0
        self.drawn = 0
        self.seconds: list[float] = []
        """What each layer took that the last call drew."""

    def synthesize(self, plans: list[Plan], ws: Tensor, stale: Callable[[], bool]) -> Tensor:
        """The picture [1, C, H, W] of ws [1, rows, w_dim], from the first plan that differs from all drawings that are kept.

        Raises Superseded between two layers, or halfway through a long one, when `stale` says so; the layers that were drawn until
        then stay usable.
        """
        picture = self.advance(plans, ws, stale).picture
        assert picture is not None
        return picture

    def advance(self, plans: list[Plan], ws: Tensor, stale: Callable[[], bool], steps: int | None = None) -> Canvas:
        """The same with the first steps of a drawing only: the canvas that they leave. Further ones go on from it."""

        def give_up() -> None:
            if stale():
                raise Superseded

        with asking(give_up):
            return self._advance(plans, ws, len(plans) if steps is None else steps)

    def _advance(self, plans: list[Plan], ws: Tensor, end: int) -> Canvas:
        self.reused, self.drawn, self.seconds = self._drawings.begin(plans, end), 0, []
        drawing = self._drawings.present
        if drawing.picture is not None:
            return Canvas(picture=drawing.picture)
        canvas = drawing.canvases[-1] if drawing.canvases else Canvas()
        if (replayed := self._replayed(plans[self.reused : end], canvas, ws)) is not None:
            canvas = replayed
        for plan in plans[len(drawing.canvases) : end]:
            canvas = self._drawn(plan, canvas, ws)
        drawing.picture = canvas.picture if end == len(plans) else None
        return canvas

    def _drawn(self, plan: Plan, canvas: Canvas, ws: Tensor) -> Canvas:
        pause()
        begun, step = time.perf_counter(), plan.step
        noise = layer_noise(plan.cause.noise, step.layer, plan.row)
        canvas = draw(step, seen(canvas, plan.cause.transform), ws, noise, plan.cause.strength)
        self._drawings.present.add([plan], [canvas])
        self.drawn += 1
        if self.settle is not None:
            self.settle()
        self.seconds.append(time.perf_counter() - begun)
        return canvas

    def _replayed(self, plans: list[Plan], canvas: Canvas, ws: Tensor) -> Canvas | None:
        """What all these leave, by a graph; None where there is none for them."""
        if self.graphs is None or not plans or any(p.cause.strength != 1 or p.cause.transform != STILL for p in plans):
            return None
        pause()
        noises = [layer_noise(plan.cause.noise, plan.step.layer, plan.row) for plan in plans]
        left = self.graphs.run(Part([plan.step for plan in plans], noises, canvas, ws))
        if left is None:
            return None
        self._drawings.present.add(plans, left, lent=True)
        self.drawn = len(plans)
        return left[-1]

    def keep(self) -> None:
        """The hand rests at the picture that was drawn last: it can come back to it, as far as there is room."""
        self._drawings.keep()

    def shared(self, plans: list[Plan]) -> int:
        """How many of these need not be drawn."""
        return self._drawings.usable(plans)

    def canvas(self, steps: int) -> Canvas:
        """What so many layers of the last drawing have left. Raises IndexError where it has not come as far."""
        return self._drawings.present.canvases[steps - 1]

    def __len__(self) -> int:
        """How many layers of the last drawing are kept."""
        return len(self._drawings.present.canvases)
