"""Which smaller pictures are shown on the way to a large one, so that it follows the hand: those that fit a frame's time."""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from torch import Tensor

from engine.networks import Canvas, Generator

from .cache import Activations
from .preview_colours import Colours

FRAME = 0.033  # seconds in which a picture must be there to follow a hand; those that take no longer are drawn whole
EARLY = 0.75  # of them in which a preview must be there, since the value is some milliseconds old when it is begun
SMALL = 128  # pixels a side up to which a picture is always drawn whole
LEAST = 16  # pixels a side of the smallest preview: a face is seen as one, and says where it looks
BETTER = 0.1  # seconds between a preview and the next one: a sharper picture that lasts for less is only restless
KEPT = 5  # models whose colours stay known: some megabytes each
NEWEST = 0.5  # what the last drawing of a layer counts of its time


class Pace:
    """Seconds that each layer of a model takes, the last ones counting most."""

    def __init__(self) -> None:
        self._seconds: dict[int, float] = {}

    def learn(self, first: int, seconds: Sequence[float]) -> None:
        """What the layers from `first` on took."""
        for at, taken in enumerate(seconds, first):
            before = self._seconds.get(at, taken)
            self._seconds[at] = before + NEWEST * (taken - before)

    def expected(self, first: int, end: int) -> float:
        """Of the layers from `first` to before `end`; 0 for those never drawn."""
        return sum(self._seconds.get(at, 0.0) for at in range(first, end))


class Previews:
    """Of one model. A level is a number of layers, after which the picture can be told; see `Generator.levels`."""

    def __init__(self, levels: Mapping[int, int], resolution: int, frame: float = FRAME, small: int = SMALL):
        self.resolution, self._frame = resolution, frame  # the resolution is that of the whole picture
        self.sizes = {steps: size for steps, size in levels.items() if size >= LEAST and resolution > small}
        self._colours = {steps: Colours() for steps in self.sizes}
        self.pace = Pace()
        self.whole = 0.0
        """Seconds that the last picture took of which nothing was drawn before, with all that is not a layer."""

    def slow(self, seconds: float) -> bool:
        """Whether a picture that takes so long does not follow a hand, and the model has smaller ones to show."""
        return bool(self.sizes) and seconds > self._frame

    def due(self, first: int, end: int) -> list[int]:
        """The levels to show on the way when the layers from `first` to before `end` are to be drawn; mostly none.

        The first is the highest that is there in time, or else the lowest on which the change is seen.
        """
        if not self.slow(self.pace.expected(first, end)):
            return []
        usable = [steps for steps in self.sizes if steps > first and self._colours[steps].known]
        in_time = [steps for steps in usable if self.pace.expected(first, steps) <= self._frame * EARLY]
        begin = max(in_time, default=min(usable, default=0))
        return self._apart([steps for steps in usable if steps >= begin], first, end)

    def _apart(self, levels: Sequence[int], first: int, end: int) -> list[int]:
        """Without those that would be seen for a moment only; the first stays if it spares half of the way."""
        shown: list[int] = []
        for steps in levels:
            left, way = self.pace.expected(steps, end), self.pace.expected(first, steps)
            if min(left, way) > BETTER if shown else left > way:
                shown.append(steps)
                first = steps
        return shown

    def picture(self, steps: int, canvas: Canvas) -> Tensor:
        """The preview [1, C, h, w] of the canvas that so many layers have left."""
        return self._colours[steps].picture(canvas)

    def learn(self, activations: Activations, stale: Callable[[], bool]) -> None:
        """The colours of every level from a whole picture just drawn; once they are known, given up when `stale` says so."""
        end = len(activations)
        final = activations.canvas(end).picture
        if final is None or not self.slow(self.pace.expected(0, end)):
            return
        for steps, colours in self._colours.items():
            if colours.known and stale():
                return  # and before that it spares a hand that moves on another whole picture
            colours.learn(activations.canvas(steps), final)


class AllPreviews:
    """Of the models that were drawn last, each by its identity."""

    def __init__(self, frame: float = FRAME, small: int = SMALL):
        self._frame, self._small = frame, small
        self._known: OrderedDict[str, Previews] = OrderedDict()

    def of(self, model: str, generator: Generator) -> Previews:
        if model not in self._known:
            resolution = generator.resolution // 2 ** math.floor(generator.lod)
            self._known[model] = Previews(generator.levels(), resolution, self._frame, self._small)
        self._known.move_to_end(model)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[model]
