"""Where every step of a history lies: the present way is the first lane, every way that was left is a lane further down."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .history import Entry, History, way_to

S = TypeVar("S")
Cell = tuple[int, int]  # lane, column: steps from the first


# The lines of a cell: from its middle to its sides, and along its left side from the middle up and down.
LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8


@dataclass
class Lanes(Generic[S]):
    """Cells with a step in them, and the lines between them. Lane 0 is the way to the present step and on, as redo goes."""

    steps: dict[Cell, Entry[S]] = field(default_factory=dict)
    rails: dict[Cell, int] = field(default_factory=dict)
    cells: dict[int, Cell] = field(default_factory=dict)
    """By a step's number."""
    starts: list[int] = field(default_factory=list)
    """The leftmost column of each lane that something lies in; what is laid out later lies further left."""
    columns: int = 0

    @property
    def lanes(self) -> int:
        return len(self.starts)

    @property
    def end(self) -> Entry[S]:
        """The last step of the present way; what is kept next may follow it."""
        return self.steps[0, self._last]

    _last: int = -1

    def append(self, entry: Entry[S]) -> None:
        """One more step at the end of the present way."""
        self.lay([entry], 0, self._last + 1)

    def lay(self, chain: list[Entry[S]], lane: int, column: int) -> None:
        """Steps one after the other from a cell on; the first is joined with what lies before it."""
        steps, rails, cells, last = self.steps, self.rails, self.cells, column + len(chain) - 1
        for at, entry in enumerate(chain, column):
            cell = lane, at
            steps[cell] = entry
            cells[entry.number] = cell
            rails[cell] = (LEFT if at else 0) | (RIGHT if at < last else 0)
        if lane == 0:
            if column:
                self.draw((0, column - 1), RIGHT)
            self._last = last
        self.columns = max(self.columns, last + 1)

    def draw(self, cell: Cell, rail: int) -> None:
        self.rails[cell] = self.rails.get(cell, 0) | rail

    def branch(self, chain: list[Entry[S]], column: int, above: int) -> int:
        """Lays a side branch from a column on, in a lane below `above`, down to which its line is drawn; gives its lane."""
        lane, end = above + 1, column + len(chain) - 1
        while lane < self.lanes and self.starts[lane] <= end:
            self.starts[lane] = min(self.starts[lane], column)  # the line passes here
            lane += 1
        if lane == self.lanes:
            self.starts.append(column)
        self.starts[lane] = column
        self.lay(chain, lane, column)
        self.draw((above, column), DOWN)
        for between in range(above + 1, lane):
            self.draw((between, column), UP | DOWN)
        self.draw((lane, column), UP)
        return lane


def laid_out(history: History[S]) -> Lanes[S]:
    """The whole history. Side branches are laid from the right to the left, so that lines do not cross pictures."""
    lanes: Lanes[S] = Lanes(starts=[0])
    way = way_to(history.now)[:-1] + _onward(history, history.now)
    lanes.lay(way, 0, 0)
    forks = _forks(history, way)
    lowest: dict[int, int] = {}  # by the number of a fork's step, the lane of the branch laid last
    while forks:
        step, child = forks.pop()
        lane, column = lanes.cells[step.number]
        chain = _onward(history, child)
        lowest[step.number] = lanes.branch(chain, column + 1, lowest.get(step.number, lane))
        forks += _forks(history, chain)
    return lanes


def _onward(history: History[S], entry: Entry[S] | None) -> list[Entry[S]]:
    """From a step on, always the branch used last."""
    found: list[Entry[S]] = []
    while entry is not None:
        found.append(entry)
        entry = history.following(entry)
    return found


def _forks(history: History[S], chain: list[Entry[S]]) -> list[tuple[Entry[S], Entry[S]]]:
    """Each step of the chain with each of its children that is not in it; the rightmost and newest last."""
    return [
        (step, child)
        for step in chain
        if len(children := history.children(step)) > 1
        for child in children
        if child is not history.following(step)
    ]
