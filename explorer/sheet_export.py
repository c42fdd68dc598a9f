"""A contact sheet drawn exactly, picture by picture, while nobody waits for the big one; it can be stopped at any time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from engine.gallery import sheet
from engine.recipe import Recipe
from engine.render.mailbox import Superseded

from .bridge import Bridge
from .pictures import exact


class SheetExport(QObject):
    """One sheet at a time. Exactly one of `finished`, `failed` and nothing, after `stop`, ends it."""

    stepped = pyqtSignal(int, int)  # drawn, of so many
    finished = pyqtSignal(object)  # Path
    failed = pyqtSignal(object)  # Exception

    def __init__(self, bridge: Bridge, parent: QObject | None = None):
        super().__init__(parent)
        self._bridge = bridge
        self._recipes: list[Recipe] = []
        self._drawn: list[np.ndarray] = []
        self._path = Path()
        self._columns = 1
        self._turn = 0
        self._easel: Any = None

    def running(self) -> bool:
        return bool(self._recipes)

    def start(self, recipes: Sequence[Recipe], columns: int, path: Path) -> None:
        """Draws these and writes them into one PNG with their recipes."""
        self.stop()
        self._recipes, self._columns, self._path = list(recipes), columns, path
        self._drawn = []
        self._next()

    def stop(self) -> None:
        """Nothing is written."""
        self._turn += 1
        self._recipes = []

    def _next(self) -> None:
        turn, at = self._turn, len(self._drawn)
        if at == len(self._recipes):
            self._write(turn)
            return
        recipe = self._recipes[at]
        self._bridge.ask(
            lambda renderer: self._own(renderer).render(recipe, self._bridge.waiting).pixels,
            lambda pixels: self._got(turn, pixels),
            lambda error: self._not_got(turn, error),
        )

    def _own(self, renderer: Any) -> Any:
        """In the render thread."""
        if self._easel is None:
            self._easel = exact(renderer)
        return self._easel

    def _got(self, turn: int, pixels: np.ndarray) -> None:
        if turn == self._turn:
            self._drawn.append(pixels)
            self.stepped.emit(len(self._drawn), len(self._recipes))
            self._next()

    def _not_got(self, turn: int, error: Exception) -> None:
        if turn != self._turn:
            return
        if isinstance(error, Superseded):  # its turn comes again after the big picture
            self._next()
            return
        self.stop()
        self.failed.emit(error)

    def _write(self, turn: int) -> None:
        path, drawn, recipes, columns = self._path, self._drawn, self._recipes, self._columns
        self._bridge.ask(
            lambda _: sheet.write(path, drawn, recipes, columns),
            lambda _: self._written(turn, path),
            lambda error: self._not_got(turn, error),
        )

    def _written(self, turn: int, path: Path) -> None:
        if turn == self._turn:
            self.stop()
            self.finished.emit(path)
