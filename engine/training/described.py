"""The settings of a configuration as a form shows them: names, values, ranges and the sentences of their declarations."""

import ast
import inspect
import textwrap
import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct

from .config import Config
from .meanings import NETWORK

BESIDE = {"data", "transfer", "stem", "labels", "network.label_size"}  # are chosen elsewhere, or belong to the pictures
PLAIN = (bool, int, float, str)


@dataclass(frozen=True)
class Setting:
    """One field: its dotted name, its value, the plain type of it, what it may be, and what it is, in words."""

    name: str
    value: bool | int | float | str
    kind: type
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    about: str = ""

    @property
    def group(self) -> str:
        """The struct that it is in; "" for the configuration itself."""
        return self.name.rpartition(".")[0]


def described(config: Config) -> list[Setting]:
    """Every setting that is one number, word or choice, in the order of their declarations."""
    return [setting for setting in _fields(config, "") if setting.name not in BESIDE]


def _fields(data: Struct, above: str) -> Iterator[Setting]:
    hints, about = get_type_hints(type(data), include_extras=True), sentences(type(data))
    for field in data.__struct_fields__:
        value, name = getattr(data, field), f"{above}{field}"
        if isinstance(value, Struct):
            yield from _fields(value, f"{name}.")
        elif isinstance(value, PLAIN) and not _numbers(hints[field]):
            shared = NETWORK.get(field, "") if above == "network." else ""
            yield _setting(name, value, hints[field], about.get(field) or shared)


def _numbers(hint: Any) -> bool:
    """Whether it is a choice of some numbers, which the command line does not read."""
    return get_origin(hint) is Literal and not all(isinstance(word, str) for word in get_args(hint))


def _setting(name: str, value: bool | int | float | str, hint: Any, about: str) -> Setting:
    low = high = None
    if get_origin(hint) is Annotated:
        hint, *metas = get_args(hint)
        for meta in metas:
            if isinstance(meta, Meta):
                low, high = meta.ge if meta.ge is not None else meta.gt, meta.le if meta.le is not None else meta.lt
    parts = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    choices = tuple(str(word) for part in parts if get_origin(part) is Literal for word in get_args(part))
    return Setting(name, value, type(value), low, high, choices, about)


@cache
def sentences(kind: type) -> dict[str, str]:
    """What the declarations of a class say below or behind its fields, by their names; none where its source is not there."""
    try:
        source = textwrap.dedent(inspect.getsource(kind))
    except OSError:
        return {}
    body, lines = ast.parse(source).body[0], source.splitlines()
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for node, after in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            comment = lines[(node.end_lineno or 1) - 1][node.end_col_offset or 0 :].partition("#")[2]
            found[node.target.id] = " ".join(str(said or comment).split())
    return found
