"""Rebuilds numpy arrays and scalars of plain numbers as views of bytes in memory; never arrays of Python objects."""

import re
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from .inert import Global, Unfinished
from .limits import COPIED, COSTLY, DIMENSIONS, NUMBERS, Budget
from .refusals import BadWeights, Forbidden, shown
from .tensors import is_count

NUMBER = re.compile(r"b1|[iu][1248]|f[248]|c8|c16", re.ASCII)
ARRAY = Global("numpy.ndarray")


@dataclass(eq=False, slots=True)
class UnfinishedDtype(Unfinished):
    code: str = ""

    def finish(self, budget: Budget, state: Any) -> np.dtype[Any]:
        """State: version, byte order, sub-dtype, names, fields, item size, alignment, flags."""
        if type(state) is not tuple or len(state) < 5 or type(state[1]) is not str or state[1] not in "<>|=":
            raise BadWeights("holds a numpy dtype whose description is damaged")
        if any(part is not None for part in state[2:5]):
            raise Forbidden("asks for a numpy dtype with fields, where weights need only numbers")
        return np.dtype(state[1] + self.code)


@dataclass(eq=False, slots=True)
class UnfinishedArray(Unfinished):
    def finish(self, budget: Budget, state: Any) -> np.ndarray[Any, Any]:
        """State: version, shape, dtype, whether in Fortran order, bytes."""
        if type(state) is not tuple or len(state) != 5:
            raise BadWeights("holds a numpy array whose description is damaged")
        _, shape, dtype, fortran, raw = state
        return _array(budget, raw, dtype, shape, "F" if fortran is True else "C")


def dtype(budget: Budget, args: tuple[Any, ...]) -> UnfinishedDtype:
    """numpy.dtype: the code such as f4, and two switches about copying."""
    code = args[0] if args else None
    if type(code) is not str or not NUMBER.fullmatch(code):
        what = f"numpy values of dtype {shown(code)}" if type(code) is str else "a numpy dtype without a name"
        raise Forbidden(f"asks for {what}, where weights need only numbers")
    return UnfinishedDtype(code=code)


def reconstruct(budget: Budget, args: tuple[Any, ...]) -> UnfinishedArray:
    """numpy's _reconstruct: the class, an empty shape and a letter; all that matters comes later."""
    if not args or args[0] is not ARRAY:
        raise Forbidden("asks for a numpy array of a class other than numpy.ndarray")
    return UnfinishedArray()


def scalar(budget: Budget, args: tuple[Any, ...]) -> Any:
    """numpy's scalar: dtype and bytes."""
    kind, raw = args
    return _array(budget, raw, kind, (1,), "C")[0]


def from_buffer(budget: Budget, args: tuple[Any, ...]) -> np.ndarray[Any, Any]:
    """numpy's _frombuffer of protocol 5: bytes, dtype, shape, order."""
    raw, kind, shape, order = args
    return _array(budget, raw, kind, shape, "F" if type(order) is str and order == "F" else "C")


def encode(budget: Budget, args: tuple[Any, ...]) -> bytes | memoryview:
    """_codecs.encode, by which protocols up to 2 write bytes: text whose characters are the bytes, and latin1."""
    text, codec = args
    if type(text) is not str or type(codec) is not str or codec not in ("latin1", "latin-1"):
        raise Forbidden("asks for a text codec other than latin1")
    budget.claim(len(text))
    raw = text.encode("latin1")
    return raw if len(raw) <= COPIED else memoryview(bytearray(raw))


def no_bytes(budget: Budget, args: tuple[Any, ...]) -> bytes:
    """bytes(), by which protocols up to 2 write the empty byte string."""
    if args:
        raise Forbidden("asks for bytes made of something")
    return b""


def _array(budget: Budget, raw: Any, dtype: Any, shape: Any, order: Any) -> np.ndarray[Any, Any]:
    if not isinstance(dtype, np.dtype):
        raise Forbidden("asks for a numpy array of something that is no dtype of numbers")
    if type(shape) is not tuple or len(shape) > DIMENSIONS or not all(is_count(n, NUMBERS) for n in shape):
        raise BadWeights("holds a numpy array with an impossible shape")
    data = raw.encode("latin1") if type(raw) is str else raw
    if type(data) not in (bytes, memoryview):
        raise Forbidden("asks for a numpy array of Python objects, where weights need only numbers")
    if prod(shape) * dtype.itemsize != len(data) or prod(max(n, 1) for n in shape) > NUMBERS:
        raise BadWeights("holds a numpy array whose bytes do not fit its shape")
    budget.claim(len(data))
    budget.spend(COSTLY)
    flat = np.frombuffer(data, dtype) if len(data) else np.empty(0, dtype)
    if not flat.flags.writeable or not dtype.isnative:
        flat = flat.astype(dtype.newbyteorder("="))
    return flat.reshape(shape, order=order)
