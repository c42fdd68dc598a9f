"""Read and replace a field deep inside frozen data by its dotted name, as in `truncation.psi` or `styles.0.amounts.3`."""

import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from .codec import checked
from .recipe import NEUTRAL

T = TypeVar("T", bound=Struct)


@dataclass(frozen=True)
class Knob:
    """What a field's declaration says of it, for sliders, help texts and the command line."""

    kind: Any
    title: str = ""
    description: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    neutral: float | None = None


def get(data: Any, path: str) -> Any:
    """The value at `path`. A layer beyond the end of a per-layer tuple has that tuple's neutral value.

    Raises KeyError with a sentence that names the fields there are.
    """
    value = data
    for name in path.split("."):  # without the declarations, which cost ten times as much
        if isinstance(value, tuple) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, Struct) and name in value.__struct_fields__:
            value = getattr(value, name)
        else:
            return _declared(data, path)
    return value


def _declared(data: Any, path: str) -> Any:
    value, kind = data, type(data)
    for name in path.split("."):
        value, kind = _step(value, kind, name, path)
    return value


def put(data: T, path: str, value: Any) -> T:
    """`data` with the field at `path` replaced, its type and range enforced (numbers in text are read).

    Raises KeyError for a field that does not exist and ValueError for a value out of range.
    """
    replaced = _put(data, type(data), path.split("."), value, path)
    try:
        return checked(type(data), replaced)
    except msgspec.ValidationError as error:
        raise ValueError(f"{path} cannot be {value!r}: {_reason(error)}") from None


@cache
def knob(kind: type[Struct], path: str) -> Knob:
    """What the declaration of the field at `path` of the struct type `kind` says of it."""
    found: Any = kind
    for name in path.split("."):
        plain, metas = _unwrap(found)
        if _is_struct(plain):
            found = _field_type(plain, name, path)
        elif typing.get_origin(plain) is tuple:
            found = typing.get_args(plain)[0]
        else:
            raise KeyError(f"{path}: there is nothing below {name!r}")
        if name.isdigit():
            found = typing.Annotated[found, *metas]
    plain, metas = _unwrap(found)
    return _knob(plain, metas)


def _knob(plain: Any, metas: tuple[Meta, ...]) -> Knob:
    said: dict[str, Any] = {}
    neutral = None
    for meta in metas:
        for ours, theirs in (("title", "title"), ("description", "description"), ("low", "ge"), ("high", "le")):
            if getattr(meta, theirs) is not None:
                said[ours] = getattr(meta, theirs)
        neutral = (meta.extra or {}).get(NEUTRAL, neutral)
    choices = tuple(typing.get_args(plain)) if typing.get_origin(plain) is typing.Literal else ()
    return Knob(plain, choices=choices, neutral=neutral, **said)


def _step(value: Any, kind: Any, name: str, path: str) -> tuple[Any, Any]:
    plain, metas = _unwrap(kind)
    if isinstance(value, tuple):
        inner = typing.get_args(plain)[0]
        at = _index(name, path)
        if at < len(value):
            return value[at], inner
        return _knob(inner, metas).neutral if _neutral(metas) is not None else _missing(path, len(value)), inner
    if not isinstance(value, Struct):
        raise KeyError(f"{path}: there is nothing below {name!r}")
    found = _field_type(type(value), name, path)
    return getattr(value, name), found


def _put(data: Any, kind: Any, names: list[str], value: Any, path: str) -> Any:
    name, rest = names[0], names[1:]
    plain, metas = _unwrap(kind)
    if isinstance(data, tuple):
        at, inner, neutral = _index(name, path), typing.get_args(plain)[0], _neutral(metas)
        if at >= len(data):
            if neutral is None or at > 1000:
                _missing(path, len(data))
            data = (*data, *[neutral] * (at + 1 - len(data)))
        new = _put(data[at], inner, rest, value, path) if rest else _read(value, inner)
        return (*data[:at], new, *data[at + 1 :])
    if not isinstance(data, Struct):
        raise KeyError(f"{path}: there is nothing below {name!r}")
    inner = _field_type(type(data), name, path)
    new = _put(getattr(data, name), inner, rest, value, path) if rest else _read(value, inner)
    try:
        return msgspec.structs.replace(data, **{name: new})
    except ValueError as error:
        raise ValueError(f"{path} cannot be {value!r}: {error}") from None


def _read(value: Any, kind: Any) -> Any:
    """Numbers and words typed by a person become what the field holds; everything else is left for the check."""
    if not isinstance(value, str):
        return value
    plain, _ = _unwrap(kind)
    numeric = plain in (int, float, bool) or {int, float} & set(typing.get_args(plain))
    composite = typing.get_origin(plain) is tuple or _is_struct(plain)
    if not numeric and not composite:
        return value
    try:
        return msgspec.json.decode(value.encode())
    except msgspec.DecodeError:
        return value


def _unwrap(kind: Any) -> tuple[Any, tuple[Meta, ...]]:
    metas: tuple[Meta, ...] = ()
    while typing.get_origin(kind) is typing.Annotated:
        kind, *more = typing.get_args(kind)
        metas = (*(m for m in more if isinstance(m, Meta)), *metas) if not metas else (*more, *metas)
    return kind, metas


def _field_type(struct: type[Struct], name: str, path: str) -> Any:
    if typing.get_origin(struct) in (typing.Union, types.UnionType):
        struct = next(k for k in typing.get_args(struct) if name in getattr(k, "__struct_fields__", ()))
    if name not in struct.__struct_fields__:
        raise KeyError(f"{path}: there is no {name!r}; there is " + ", ".join(struct.__struct_fields__))
    return _hints(struct)[name]


@cache
def _hints(struct: type[Struct]) -> dict[str, Any]:
    """Looked up once for each struct: it takes as long as drawing a layer, and every slider asks at every move."""
    return typing.get_type_hints(struct, include_extras=True)


def _neutral(metas: tuple[Meta, ...]) -> float | None:
    return next(((m.extra or {}).get(NEUTRAL) for m in metas if m.extra), None)


def _index(name: str, path: str) -> int:
    if not name.isdigit():
        raise KeyError(f"{path}: {name!r} should be a number that counts from 0")
    return int(name)


def _missing(path: str, length: int) -> Any:
    raise KeyError(f"{path}: there are only {length} here, counted from 0")


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _reason(error: Exception) -> str:
    return str(error).replace("Expected", "expected").split(" - at ")[0]
