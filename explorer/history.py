"""Undo by keeping the states themselves, as a tree: going back and trying something else loses nothing."""

from dataclasses import dataclass
from typing import Generic, TypeVar

S = TypeVar("S")


@dataclass(frozen=True, eq=False)
class Entry(Generic[S]):
    """A state that was kept, what was done to reach it, and where it came from (the first has no parent)."""

    state: S
    note: str
    parent: "Entry[S] | None"
    number: int


class History(Generic[S]):
    """All states ever kept, in the order they were made; one of them is the present one. Redo follows the newest branch."""

    def __init__(self, state: S, note: str = "Start", most: int = 5000):
        self._entries = [Entry(state, note, None, 0)]
        self._at = self._entries[0]
        self._next: dict[int, Entry[S]] = {}
        self._most = most

    @property
    def now(self) -> Entry[S]:
        return self._at

    @property
    def entries(self) -> tuple[Entry[S], ...]:
        """Everything kept, oldest first, abandoned branches too."""
        return tuple(self._entries)

    def keep(self, state: S, note: str = "") -> bool:
        """Keeps the state as a step after the present one; False when nothing has changed."""
        if state == self._at.state:
            return False
        self.add(state, note)
        return True

    def add(self, state: S, note: str = "") -> None:
        """Keeps the state as a step after the present one, even one that looks the same."""
        entry = Entry(state, note, self._at, self._entries[-1].number + 1)
        self._next[self._at.number] = entry
        self._entries.append(entry)
        self._at = entry
        if len(self._entries) > self._most:
            dropped = self._entries.pop(0)
            self._next.pop(dropped.number, None)

    def can_undo(self) -> bool:
        parent = self._at.parent
        return parent is not None and parent.number >= self._entries[0].number

    def can_redo(self) -> bool:
        return self._at.number in self._next

    def undo(self) -> S:
        """The state before the present one, which becomes the present one; at the start, the same."""
        if self.can_undo() and self._at.parent is not None:
            self._at = self._at.parent
        return self._at.state

    def redo(self) -> S:
        """The state that was last reached from here; without one, the same."""
        self._at = self._next.get(self._at.number, self._at)
        return self._at.state

    def go(self, number: int) -> S:
        """Any kept state, by its number, becomes the present one. Raises KeyError when it is no longer kept."""
        for entry in self._entries:
            if entry.number == number:
                self._at = entry
                return entry.state
        raise KeyError(number)
