"""Pickles of objects whose classes are only named: nothing of another program is imported to write them."""

import pickle
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

import numpy as np

PROTOCOL = 4
SAVE: Callable[..., None] = vars(pickle._Pickler)["save"]  # the standard library's own, which its stubs do not know


class Named(NamedTuple):
    """A class or function of another program: its module and its name there."""

    place: str
    name: str


class Reference:
    """An object of a class that is only named, made by `maker(*args)`, or without a call where there are no `args`.

    Then it gets its attributes.
    """

    def __init__(self, maker: Named, state: Any, args: tuple[Any, ...] | None = None):
        self.maker, self.state, self.args = maker, state, args


def whole_numbers(values: list[int]) -> Reference:
    """A numpy array of them, under names that numpy 1 and 2 both know."""
    array = np.array(values, np.int64)
    made = Named("numpy.core.multiarray", "_reconstruct")
    return Reference(made, (1, array.shape, array.dtype, False, array.tobytes()), (np.ndarray, (0,), b"b"))


class Writer(pickle._Pickler):
    """A pickler that writes a `Reference` without importing what it names."""

    memo: dict[int, tuple[int, Any]]
    write: Callable[[bytes], Any]
    get: Callable[[int], bytes]
    memoize: Callable[[Any], None]

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if type(obj) is Named:
            SAVE(self, obj.place)
            SAVE(self, obj.name)
            self.write(pickle.STACK_GLOBAL)
        elif type(obj) is not Reference:
            SAVE(self, obj, save_persistent_id)
        elif id(obj) in self.memo:
            self.write(self.get(self.memo[id(obj)][0]))
        else:
            self.save(obj.maker)
            SAVE(self, obj.args or ())
            self.write(pickle.NEWOBJ if obj.args is None else pickle.REDUCE)
            self.memoize(obj)
            SAVE(self, obj.state)
            self.write(pickle.BUILD)


def dump(file: BinaryIO, content: Any) -> None:
    """Raises OSError."""
    Writer(file, PROTOCOL).dump(content)
