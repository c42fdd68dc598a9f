"""What layers have left, of the present picture and of the last few at which the hand has rested, in a bounded number of bytes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from engine import device as devices
from engine.networks import Canvas, Step
from engine.recipe import Transform

from .noise import NoiseKey
from .transform import STILL

ROOM = 256 * 2**20  # bytes for earlier drawings, beside the present one
SHARE = 32  # at most this part of the device's memory
MOST = 16  # earlier drawings: each is looked through for every picture


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


@dataclass(eq=False)
class Drawing:
    """Layers and what the first so many of them have left; `picture` once all are drawn, when it outlasts the canvases."""

    plans: list[Plan]
    canvases: list[Canvas]
    picture: Tensor | None = None
    own: int | None = None
    """So many canvases, None for all, have memory of their own; a graph writes to that of the others when it runs again."""

    def usable(self, plans: list[Plan], end: int) -> int:
        """How many of the first `end` layers need not be drawn."""
        same = shared_start(plans, self.plans)
        whole = self.picture is not None and same == end == len(plans) == len(self.plans)
        return end if whole else min(same, end, len(self.canvases))

    def add(self, plans: list[Plan], left: Sequence[Canvas], lent: bool = False) -> None:
        """Further layers and what they have left, `lent` by a graph."""
        if lent and self.own is None:
            self.own = len(self.canvases)
        self.plans += plans
        self.canvases += left

    def begun(self, layers: int) -> "Drawing":
        """One that goes on from the first so many layers; all of them: the same."""
        if self.picture is not None and layers == len(self.plans):
            return Drawing(self.plans[:], self.canvases[:], self.picture, self.own)
        own = None if self.own is None or self.own >= layers else self.own
        return Drawing(self.plans[:layers], self.canvases[:layers], own=own)

    def kept(self) -> "Drawing":
        """The same, all in memory of its own."""
        copies: dict[int, Tensor] = {}
        canvases = [
            canvas if self.own is None or at < self.own else _copied(canvas, copies)
            for at, canvas in enumerate(self.canvases)
        ]
        picture = canvases[-1].picture if len(canvases) == len(self.plans) else self.picture
        return Drawing(self.plans[:], canvases, picture)


class Drawings:
    """The present drawing, and those to which the hand may come back."""

    def __init__(self, room: int = ROOM):
        """`room` is how many bytes earlier ones may have; layers that several share count once."""
        self.present = Drawing([], [])
        self._rested: list[Drawing] = []  # the newest last
        self._held, self._room = _Held(), room

    def usable(self, plans: list[Plan]) -> int:
        """How many of these layers need not be drawn."""
        return self._nearest(plans, len(plans))[0]

    def begin(self, plans: list[Plan], end: int) -> int:
        """The present drawing is now one of these layers; so many of the first `end` are there already."""
        layers, nearest = self._nearest(plans, end)
        self.present = nearest.begun(layers)
        return layers

    def keep(self) -> None:
        """The present picture's layers stay, as far as there is room, also when another one is drawn."""
        plans = self.present.plans
        if self.present.picture is None:
            return
        again = [drawing for drawing in self._rested if drawing.usable(plans, len(plans)) == len(plans)]
        for drawing in again or self._rested[: 1 - MOST]:
            self._rested.remove(drawing)
            self._held.count(drawing, -1)
        self._rested.append(self.present.kept())
        self._held.count(self._rested[-1], 1)
        self._make_room()

    def _nearest(self, plans: list[Plan], end: int) -> tuple[int, Drawing]:
        """The one of which most layers are usable, and how many; of several the present one, or else the newest."""
        most, nearest = self.present.usable(plans, end), self.present
        for drawing in reversed(self._rested):
            if plans[: most + 1] == drawing.plans[: most + 1]:  # a single comparison for those that are no nearer
                most, nearest = max((most, nearest), (drawing.usable(plans, end), drawing), key=lambda pair: pair[0])
        return most, nearest

    def _make_room(self) -> None:
        """The oldest gives way first: its last layers, which are the largest; only then whole pictures, which are small."""
        for drawing in self._rested:
            while drawing.canvases and self._held.bytes > self._room:
                self._held.count(Drawing([], [drawing.canvases.pop()]), -1)
        while self._rested and self._held.bytes > self._room:
            self._held.count(self._rested.pop(0), -1)


class _Held:
    """How many bytes drawings have whose layers may share their memory; nothing is asked of the device."""

    def __init__(self) -> None:
        self.bytes = 0
        self._owners: Counter[int] = Counter()

    def count(self, drawing: Drawing, times: int) -> None:
        """One more, or one less: `times` is 1 or -1."""
        whole = [] if drawing.picture is None else [drawing.picture]
        for tensor in (*whole, *(x for canvas in drawing.canvases for x in tensors(canvas))):
            memory = tensor.untyped_storage()
            place = memory.data_ptr()
            owners = self._owners[place] + times
            if owners == (times > 0):  # the first one, or none any more
                self.bytes += times * memory.nbytes()
            self._owners[place] = owners
            if not owners:
                del self._owners[place]


def room_on(device: torch.device) -> int:
    """Bytes for earlier drawings on a device."""
    total = devices.memory(device)[1]
    return min(ROOM, total // SHARE) if total else ROOM


def tensors(canvas: Canvas) -> list[Tensor]:
    """All that it holds."""
    return [x for x in (*canvas[:2], *canvas.kept) if x is not None]


def _copied(canvas: Canvas, copies: dict[int, Tensor]) -> Canvas:
    """What several canvases share is copied once."""

    def copy(x: Tensor) -> Tensor:
        return copies[id(x)] if id(x) in copies else copies.setdefault(id(x), x.clone())

    features, picture = (None if x is None else copy(x) for x in canvas[:2])
    return Canvas(features, picture, tuple(copy(x) for x in canvas.kept))


def shared_start(a: Sequence[Any], b: Sequence[Any]) -> int:
    """How many items at the start are the same in both."""
    differ = (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    return next(differ, min(len(a), len(b)))
