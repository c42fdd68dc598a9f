"""CUDA graphs: layers that are drawn again and again are recorded once, and then begun by a single call.

A graph belongs to a start in the cache, a resolution and a model. It is recorded while nobody waits, checked against the layers
themselves and timed beside them; one that cannot be recorded, draws something else or is not quicker is never tried again.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from engine.networks import Canvas, Step
from engine.networks.generator import draw

USES = 3  # pictures after which a start is worth recording
KEPT = 4  # graphs; each holds its layers' memory
ROUNDS = 3  # of timing
QUICKER = 0.9  # of the layers' own time
APART = 1e-3  # of the largest number: kernels may be others, what they draw may not

Fold = Callable[[], Sequence[Canvas]]
Record = Callable[[Fold], tuple[Callable[[], None], Sequence[Canvas]]]


class Part(NamedTuple):
    """Layers that follow each other, with their noises and rows of ws, each at its style's full strength."""

    steps: Sequence[Step]
    noises: Sequence[Tensor | None]
    canvas: Canvas
    ws: Tensor

    @property
    def key(self) -> tuple[object, ...]:
        """Parts with equal keys run the same kernels on numbers of the same shapes."""
        layers = tuple((id(step.layer), step.fade, noise is None) for step, noise in zip(*self[:2], strict=True))
        return layers, tuple((tuple(x.shape), x.dtype, x.stride()) for x in self.inputs)

    @property
    def inputs(self) -> list[Tensor]:
        """Every tensor that may be another one next time."""
        held = (self.canvas.features, self.canvas.picture, *self.canvas.kept, *self.noises, self.ws)
        return [x for x in held if x is not None]

    def copied(self) -> "Part":
        """The same numbers in memory of its own."""
        noises = [None if x is None else x.clone() for x in self.noises]
        features, picture = (None if x is None else x.clone() for x in self.canvas[:2])
        return Part(
            self.steps, noises, Canvas(features, picture, tuple(x.clone() for x in self.canvas.kept)), self.ws.clone()
        )

    def drawn(self) -> list[Canvas]:
        """What each layer leaves."""
        canvas, left = self.canvas, []
        for step, noise in zip(self.steps, self.noises, strict=True):
            canvas = draw(step, canvas, self.ws, noise)
            left.append(canvas)
        return left


def recorded(fold: Fold) -> tuple[Callable[[], None], Sequence[Canvas]]:
    """How to run it again, and where that writes to. Raises RuntimeError where the device cannot."""
    present, beside = torch.cuda.current_stream(), torch.cuda.Stream()
    beside.wait_stream(present)
    with torch.cuda.stream(beside):
        fold()  # libraries set themselves up where nothing is recorded
    present.wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        left = fold()
    return graph.replay, left


class _Known(NamedTuple):
    part: Part  # whose inputs are read, and whose layers stay as long as this
    replay: Callable[[], None]
    left: Sequence[Canvas]

    def run(self, part: Part) -> Sequence[Canvas]:
        for mine, given in zip(self.part.inputs, part.inputs, strict=True):
            mine.copy_(given)
        self.replay()
        return self.left


class Graphs:
    """Of one cache: what a graph leaves is overwritten when it runs again, and by then the cache has forgotten it."""

    def __init__(self, clock: Callable[[], float], record: Record = recorded):
        """`clock` waits until the device has done what it was given."""
        self._clock, self._record = clock, record
        self._known: OrderedDict[object, _Known] = OrderedDict()
        self._uses: Counter[object] = Counter()
        self._refused: set[object] = set()
        self._wanted: Part | None = None

    def run(self, part: Part) -> Sequence[Canvas] | None:
        """What each layer leaves, by a graph; None where there is none yet."""
        key = part.key
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key].run(part)
        if key not in self._refused:
            self._uses[key] += 1
            if self._uses[key] >= USES:
                self._wanted = part
        return None

    def improve(self) -> bool:
        """Records what is wanted most, for moments in which nobody waits; whether there was anything."""
        part, self._wanted = self._wanted, None
        if part is None:
            return False
        try:
            known = self._tried(part.copied())
        except RuntimeError:  # it cannot be recorded, or there is no room
            known = None
        if known is None:
            self._refused.add(part.key)
            return True
        self._known[part.key] = known
        while len(self._known) > KEPT:
            gone, _ = self._known.popitem(last=False)
            self._uses[gone] = 0
        return True

    def _tried(self, part: Part) -> _Known | None:
        known = _Known(part, *self._record(part.drawn))
        exact, left = part.drawn(), known.run(part)
        if not all(_near(x, y) for x, y in zip(exact, left, strict=True)):
            return None
        ours, theirs = (min(self._seconds(way) for _ in range(ROUNDS)) for way in (known.replay, part.drawn))
        return known if ours < theirs * QUICKER else None

    def _seconds(self, work: Callable[[], object]) -> float:
        begun = self._clock()
        work()
        return self._clock() - begun


def _near(one: Canvas, other: Canvas) -> bool:
    """Whether two canvases hold the same, up to rounding."""
    pairs = zip((*one[:2], *one.kept), (*other[:2], *other.kept), strict=True)
    return all(x is y or _close(x, y) for x, y in pairs if x is not None)


def _close(x: Tensor, y: Tensor | None) -> bool:
    return y is not None and bool((x - y).abs().max() <= APART * x.abs().max())
