"""Whether data can be followed from its root without end or surprise: no circles, bounded depth, bounded unfolding."""

from collections.abc import Iterable
from typing import Any

from .inert import Stub, Unfinished
from .limits import DEPTH, FOLLOWING, NODES, Budget
from .refusals import BadWeights

LEAF = 1, 0  # values met, levels below
FOLLOWED = (list, tuple, dict, Stub, Unfinished)


def check(root: Any, budget: Budget) -> None:
    """Raises BadWeights where following every reference from `root` would not end soon."""
    left: dict[int, tuple[int, int]] = {}
    entered: set[int] = set()
    todo = [(root, False)]
    while todo:
        value, leaving = todo.pop()
        key = id(value)
        if leaving:
            left[key] = _measured(value, left)
        elif key not in left:
            if key in entered:
                raise BadWeights("holds data that contains itself")
            entered.add(key)
            budget.spend(FOLLOWING)
            _check_size(0, len(entered) - len(left))
            todo.append((value, True))
            todo.extend([(part, False) for part in _parts(value) if isinstance(part, FOLLOWED)])


def _measured(value: Any, left: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """How many values one meets from `value` on, those reached twice counted twice, and how many levels there are."""
    nodes, levels = 1, 0
    for part in _parts(value):
        more, below = left.get(id(part), LEAF)
        nodes += more
        levels = max(levels, below)
    _check_size(nodes, levels + 1)
    return nodes, levels + 1


def _check_size(nodes: int, levels: int) -> None:
    if levels > DEPTH:
        raise BadWeights(f"nests its data more than {DEPTH} levels deep")
    if nodes > NODES:
        raise BadWeights(f"holds data that unfolds to more than {NODES:,} values")


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Unfinished):
        raise BadWeights("holds a numpy array or dtype that is only begun")
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, Stub):
        return value.args, value.state
    return value if isinstance(value, list | tuple) else ()
