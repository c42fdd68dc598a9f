"""The squares that somebody chose by hand, by the names of the pictures; every gesture can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from PyQt6.QtCore import QObject, pyqtSignal

from .crop_box import Box

Boxes = Mapping[str, Box]


class DataCrops(QObject):
    """What is chosen now, and what was before."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.boxes: Boxes = {}
        self._before: list[Boxes] = []
        self._after: list[Boxes] = []
        self._gesture = 0

    def put(self, name: str, box: Box | None, gesture: int) -> None:
        """The square of a picture, None: as the plan says; what one gesture does is undone at once."""
        self._show({**self._without([name]), name: box} if box is not None else self._without([name]), gesture)

    def drop(self, names: Iterable[str]) -> None:
        """These as the plan says."""
        self._show(self._without(names), 0)

    def begin(self, boxes: Boxes, stay: Mapping[str, str] | None = None) -> None:
        """These hold from the start; undone can be what was done to pictures that `stay`, as old name -> new name."""
        names = stay or {}
        self.boxes, self._gesture = boxes, 0
        rest = self._without(names.values())
        for steps in (self._before, self._after):
            kept = [rest | {names[name]: box for name, box in step.items() if name in names} for step in steps]
            steps[:] = [step for step, then in pairwise([*kept, boxes]) if step != then]
        self.changed.emit()

    def undo(self) -> None:
        self._turn(self._before, self._after)

    def redo(self) -> None:
        self._turn(self._after, self._before)

    def _without(self, names: Iterable[str]) -> dict[str, Box]:
        gone = set(names)
        return {name: box for name, box in self.boxes.items() if name not in gone}

    def _show(self, boxes: Boxes, gesture: int) -> None:
        if boxes == self.boxes:
            return
        if not gesture or gesture != self._gesture:
            self._before.append(self.boxes)
        self._after.clear()
        self._gesture, self.boxes = gesture, boxes
        self.changed.emit()

    def _turn(self, here: list[Boxes], there: list[Boxes]) -> None:
        if here:
            there.append(self.boxes)
            self._gesture, self.boxes = 0, here.pop()
            self.changed.emit()
