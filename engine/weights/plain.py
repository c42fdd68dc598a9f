"""Whether data can be followed from its root without end or surprise: no circles, bounded depth, bounded unfolding."""

from collections.abc import Iterable
from typing import Any

from .inert import Stub, Unfinished
from .limits import DEPTH, NODES
from .refusals import BadWeights

LEAF = 1, 0  # nodes, depth
CONTAINERS = (list, tuple, dict, Stub)


def check(root: Any) -> None:
    """Raises BadWeights where following every reference from `root` would not end soon."""
    done: dict[int, tuple[int, int]] = {}
    entered: set[int] = set()
    todo = [(root, False)]
    while todo:
        value, leaving = todo.pop()
        if leaving:
            done[id(value)] = _measured(value, done)
        elif id(value) in done:
            continue
        elif id(value) in entered:
            raise BadWeights("holds data that contains itself")
        else:
            entered.add(id(value))
            todo.append((value, True))
            todo.extend((part, False) for part in _parts(value) if isinstance(part, CONTAINERS))


def _measured(value: Any, done: dict[int, tuple[int, int]]) -> tuple[int, int]:
    measures = [done.get(id(part), LEAF) for part in _parts(value)]
    nodes = 1 + sum(nodes for nodes, _ in measures)
    depth = 1 + max((depth for _, depth in measures), default=0)
    if depth > DEPTH:
        raise BadWeights(f"nests its data more than {DEPTH} levels deep")
    if nodes > NODES:
        raise BadWeights(f"holds data that unfolds to more than {NODES:,} values")
    return nodes, depth


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Unfinished):
        raise BadWeights("holds a numpy array or dtype that is only begun")
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, Stub):
        return value.args, value.state
    return value if isinstance(value, list | tuple) else ()
