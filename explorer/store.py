"""The one place that knows the current recipe. Widgets show it and ask it; none keeps a value of its own."""

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe import Recipe, put

from .history import History


class Store(QObject):
    """`show` and `set` while a gesture goes on, `keep` when it ends: one gesture is one step of undo."""

    changed = pyqtSignal(object)  # the recipe
    kept = pyqtSignal()  # the history has changed, or another of its states is the present one

    def __init__(self, recipe: Recipe | None = None):
        super().__init__()
        self.recipe = recipe or Recipe()
        self.history: History[Recipe] = History(self.recipe)

    def show(self, recipe: Recipe) -> None:
        """Makes this the current recipe, without a step of undo yet."""
        if recipe != self.recipe:
            self.recipe = recipe
            self.changed.emit(recipe)

    def set(self, path: str, value: Any) -> None:
        """Replaces one field of the current recipe. Raises KeyError or ValueError, and then changes nothing."""
        self.show(put(self.recipe, path, value))

    def keep(self, note: str = "") -> None:
        """Ends a gesture: what is shown now becomes one step of undo, if it differs from the last."""
        if self.history.keep(self.recipe, note):
            self.kept.emit()

    def do(self, recipe: Recipe, note: str) -> None:
        """A whole gesture at once."""
        self.keep()
        self.show(recipe)
        self.keep(note)

    def restart(self, steps: Sequence[tuple[Recipe, str]], at: int = -1) -> None:
        """A history from these kept steps, oldest first; the one at `at` is shown."""
        history: History[Recipe] = History(*steps[0])
        for recipe, note in steps[1:]:
            history.add(recipe, note)
        self.history = history
        self.show(history.go(range(len(steps))[at]))
        self.kept.emit()

    def undo(self) -> None:
        """Back to the state before; an unfinished gesture is kept first, so that redo brings it back."""
        self.keep()
        self.show(self.history.undo())
        self.kept.emit()

    def redo(self) -> None:
        self.keep()
        self.show(self.history.redo())
        self.kept.emit()

    def go(self, number: int) -> None:
        """Any state of the history, by its number."""
        self.keep()
        self.show(self.history.go(number))
        self.kept.emit()
