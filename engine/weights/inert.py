"""What stands for the classes, functions and objects of a weight file: their names and their data, nothing that runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .limits import Budget

Call = Callable[[Budget, tuple[Any, ...]], Any]


@dataclass(eq=False, slots=True)
class Stub:
    """An object whose class is not imported: the class's (or the restoring function's) name, its arguments, its state."""

    name: str
    args: tuple[Any, ...] = ()
    state: Any = None

    def __repr__(self) -> str:
        return f"Stub({self.name})"


@dataclass(eq=False, slots=True)
class Global:
    """A class or function that a file mentions. What calling it means here is `call`; code has none and stays a name.

    Functions, hooks, partials and code objects end as their bare name, whatever they are given.
    """

    name: str
    call: Call | None = None

    def __repr__(self) -> str:
        return f"Global({self.name})"


@dataclass(eq=False, slots=True)
class Unfinished:
    """A value that pickles make in two steps; until the second it is remembered under `kept` memo indices."""

    kept: list[int] = field(default_factory=list)

    def finish(self, budget: Budget, state: Any) -> Any:
        raise NotImplementedError


def class_stub(name: str) -> Global:
    return Global(name, lambda budget, args: Stub(name, args))
