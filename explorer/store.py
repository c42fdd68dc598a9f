"""The one place that knows the current recipe. Widgets show it and ask it; none keeps a value of its own."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe import Recipe, put

from .history import History
from .history_names import named
from .history_sharing import Pool, pool_of, shared, weight

MEMORY = 48 * 2**20  # bytes that a history may weigh: some hundred thousand steps


class Store(QObject):
    """`show` and `set` while a gesture goes on, `keep` when it ends: one gesture is one step of undo."""

    changed = pyqtSignal(object)  # the recipe
    kept = pyqtSignal()  # the history has changed, or another of its states is the present one

    def __init__(self, recipe: Recipe | None = None):
        super().__init__()
        self.recipe = recipe or Recipe()
        self.history: History[Recipe] = _begun(self.recipe)
        self._pool: Pool = {}
        self._pooled = (self.history, 0)  # what the pool belongs to

    def show(self, recipe: Recipe) -> None:
        """Makes this the current recipe, without a step of undo yet."""
        if recipe != self.recipe:
            self.recipe = recipe
            self.changed.emit(recipe)

    def set(self, path: str, value: Any) -> None:
        """Replaces one field of the current recipe. Raises KeyError or ValueError, and then changes nothing."""
        self.show(put(self.recipe, path, value))

    def keep(self, note: str = "") -> None:
        """Ends a gesture: what is shown now becomes one step of undo, if it differs from the last. Without a note it is named
        by what has changed.
        """
        before = self.history.now.state
        if self.recipe != before:
            pool = self._own_pool()
            known = len(pool)
            self.recipe = shared(self.recipe, before, pool)
            rows = sum(len(point.rows) for point in islice(pool, known, None))
            self.history.add(self.recipe, note or named(self.recipe, before), weight(self.recipe, before) + rows)
            self.kept.emit()

    def do(self, recipe: Recipe, note: str) -> None:
        """A whole gesture at once."""
        self.keep()
        self.show(recipe)
        self.keep(note)

    def restart(self, steps: Sequence[tuple[Recipe, str]], at: int = -1) -> None:
        """A history from these kept steps, one after the other, oldest first; the one at `at` is shown."""
        history = _begun(*steps[0])
        for recipe, note in steps[1:]:
            history.add(recipe, note)
        history.go(history.entries[at].number)
        self.take(history)

    def take(self, history: History[Recipe]) -> None:
        """This history from now on; its present state is shown."""
        self.history = history
        self.show(history.now.state)
        self.kept.emit()

    def rewrite(self, change: Callable[[Recipe], Recipe]) -> None:
        """Every state of the history, and the one that is shown, changed; the tree stays as it is."""
        recipe = change(self.recipe)
        self.take(self.history.mapped(change))
        self.show(recipe)

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

    def _own_pool(self) -> Pool:
        """Made again for another history, and when something of it had to go."""
        owner, drops = self._pooled
        if owner is not self.history or drops != self.history.drops:
            self._pooled = (self.history, self.history.drops)
            self._pool = pool_of(entry.state for entry in self.history.entries)
        return self._pool


def _begun(recipe: Recipe, note: str = "Start") -> History[Recipe]:
    return History(recipe, note, MEMORY, weight)
