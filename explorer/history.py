"""Undo by keeping the states themselves, as a tree: going back and trying something else loses nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S")
Weigh = Callable[[S, S | None], int]

BOUND = 100_000  # of whatever the weight counts; by itself, states
SPARE = 0.9  # of the bound is what is left when something has to go, so that this is seldom


@dataclass(frozen=True, eq=False)
class Entry(Generic[S]):
    """A state that was kept, what was done to reach it, and where it came from (the first has no parent)."""

    state: S
    note: str
    parent: "Entry[S] | None"
    number: int
    weight: int = 1


class History(Generic[S]):
    """All states ever kept, in the order they were made; one of them is the present one. Redo follows the branch used last.

    `weigh(state, state before)` says what a state costs. Beyond `bound` the oldest ends of side branches go, then what could be
    redone, never the way that leads to the present state.
    """

    def __init__(
        self, state: S, note: str = "Start", bound: int = BOUND, weigh: Weigh[S] = lambda _new, _old: 1, number: int = 0
    ):
        self.bound, self._weigh = bound, weigh
        self._entries: dict[int, Entry[S]] = {}
        self._children: dict[int, list[Entry[S]]] = {}
        self._next: dict[int, Entry[S]] = {}
        self._weight, self._last = 0, number
        self.drops = 0
        """How often something had to go."""
        self._at = self._insert(state, note, None, number)

    @property
    def now(self) -> Entry[S]:
        return self._at

    @property
    def entries(self) -> tuple[Entry[S], ...]:
        """Everything kept, oldest first, side branches too."""
        return tuple(self._entries.values())

    @property
    def first(self) -> Entry[S]:
        """Where everything began."""
        return next(iter(self._entries.values()))

    @property
    def newest(self) -> Entry[S]:
        return next(reversed(self._entries.values()))

    @property
    def weight(self) -> int:
        return self._weight

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, number: object) -> bool:
        return number in self._entries

    def entry(self, number: int) -> Entry[S]:
        """A kept state by its number. Raises KeyError when it is no longer kept."""
        return self._entries[number]

    def children(self, entry: Entry[S]) -> tuple[Entry[S], ...]:
        """The steps that were taken from here, oldest first."""
        return tuple(self._children.get(entry.number, ()))

    def following(self, entry: Entry[S]) -> Entry[S] | None:
        """The step from here that was used last; None at an end."""
        return self._next.get(entry.number)

    def keep(self, state: S, note: str = "") -> bool:
        """Keeps the state as a step after the present one; False when nothing has changed."""
        if state == self._at.state:
            return False
        self.add(state, note)
        return True

    def add(self, state: S, note: str = "", weight: int = 0) -> None:
        """Keeps the state as a step after the present one, even one that looks the same; without a weight it is weighed."""
        self._at = self._insert(state, note, self._at, self._last + 1, weight)
        self._bounded()

    def can_undo(self) -> bool:
        return self._at.parent is not None

    def can_redo(self) -> bool:
        return self._at.number in self._next

    def undo(self) -> S:
        """The state before the present one, which becomes the present one; at the start, the same."""
        self._at = self._at.parent or self._at
        return self._at.state

    def redo(self) -> S:
        """The state that was last reached from here; without one, the same."""
        self._at = self._next.get(self._at.number, self._at)
        return self._at.state

    def go(self, number: int) -> S:
        """Any kept state, by its number, becomes the present one. Raises KeyError when it is no longer kept."""
        self._at = entry = self._entries[number]
        while entry.parent is not None:  # from now on redo comes this way
            self._next[entry.parent.number] = entry
            entry = entry.parent
        return self._at.state

    def mapped(self, change: Callable[[S], S]) -> "History[S]":
        """The same tree of changed states."""
        steps = [Row(e.number, number_of(e.parent), change(e.state), e.note, e.weight) for e in self.entries]
        return grown(steps, self._at.number, choices(self.entries, self._next), self.bound, self._weigh)

    def ways(self) -> dict[int, Entry[S]]:
        """By the number of a step, the one that redo leads to."""
        return dict(self._next)

    def _insert(self, state: S, note: str, parent: Entry[S] | None, number: int, weight: int = 0) -> Entry[S]:
        self._last = number
        weight = weight or self._weigh(state, parent.state if parent is not None else None)
        entry = Entry(state, note, parent, self._last, weight)
        self._entries[entry.number] = entry
        if parent is not None:
            self._children.setdefault(parent.number, []).append(entry)
            self._next[parent.number] = entry
        self._weight += weight
        return entry

    def _follow(self, following: Mapping[int, int]) -> None:
        for parent, child in following.items():
            found = self._entries.get(child)
            if found is None or found.parent is None or found.parent.number != parent:
                raise ValueError(f"step {child} of the history does not follow step {parent}")
            self._next[parent] = found

    def _bounded(self) -> None:
        if self._weight <= self.bound:
            return
        self.drops += 1
        target = int(self.bound * SPARE)
        line, ahead = {entry.number for entry in way_to(self._at)}, list[int]()
        entry = self._next.get(self._at.number)
        while entry is not None:
            ahead.append(entry.number)
            entry = self._next.get(entry.number)
        used = line.union(ahead)
        ends = [n for n in self._entries if n not in used and not self._children.get(n)]
        heapify(ends)
        while ends and self._weight > target:
            parent = self._drop(heappop(ends))
            if parent.number not in used and not self._children.get(parent.number):
                heappush(ends, parent.number)
        while ahead and self._weight > target:
            self._drop(ahead.pop())

    def _drop(self, number: int) -> Entry[S]:
        """Takes an end off; gives what it hung on."""
        entry = self._entries.pop(number)
        assert entry.parent is not None
        self._weight -= entry.weight
        brothers = self._children[entry.parent.number]
        brothers.remove(entry)
        if self._next.get(entry.parent.number) is entry:
            self._next.pop(entry.parent.number)
            if brothers:
                self._next[entry.parent.number] = brothers[-1]
        return entry.parent


def way_to(entry: Entry[S]) -> list[Entry[S]]:
    """All steps from the first to this one."""
    way, at = [entry], entry.parent
    while at is not None:
        way.append(at)
        at = at.parent
    return way[::-1]


def number_of(entry: Entry[S] | None) -> int:
    """-1 where there is none."""
    return entry.number if entry is not None else -1


def choices(entries: Iterable[Entry[S]], ways: Mapping[int, Entry[S]]) -> dict[int, int]:
    """Where redo leads to another step than the newest: its number by the number of the step that it follows."""
    newest = {number_of(entry.parent): entry for entry in entries}
    return {number: entry.number for number, entry in ways.items() if newest[number] is not entry}


class Row(NamedTuple, Generic[S]):
    """A step by itself, with the number of the one it came from (of the first it counts for nothing)."""

    number: int
    parent: int
    state: S
    note: str
    weight: int = 0
    """0: it is still to be found out."""


def grown(
    steps: Iterable[Row[S]],
    at: int,
    choices: Mapping[int, int],
    bound: int = BOUND,
    weigh: Weigh[S] = lambda _new, _old: 1,
) -> History[S]:
    """A tree from its steps in the order they were made; `at` is the present one's number, `choices` says where redo goes.

    Raises ValueError with a sentence.
    """
    rows = iter(steps)
    first = next(rows, None)
    if first is None or first.number < 0:
        raise ValueError("a history needs a first step")
    tree = History(first.state, first.note, bound, weigh, first.number)
    for row in rows:
        if row.number <= tree._last or row.parent not in tree:
            raise ValueError(
                f"step {row.number} of the history does not come after the step {row.parent} that it names"
            )
        tree._insert(row.state, row.note, tree.entry(row.parent), row.number, row.weight)
    tree._follow(choices)
    if at not in tree:
        raise ValueError(f"the history has no step {at}")
    tree.go(at)
    tree._bounded()
    return tree
