"""The file of a session: one JSON with a version, in which a step says only what it changed and stored latents are kept once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from engine.recipe import BadRecipe, Recipe
from engine.recipe import timeline as timelines
from engine.recipe.codec import upgraded
from engine.recipe.recipe import VERSION as RECIPES
from engine.recipe.timeline import Timeline

from .history import Entry, History, Row, choices, grown, number_of
from .history_sharing import STEP, changes, shared, weight
from .session import Desk, Session
from .session_rows import Rows, filled, read_rows, stripped
from .store import MEMORY

KIND = "latent explorer session"
VERSION = 2  # 1: the last 200 steps, one after the other, each a whole recipe
MAX_BYTES = 128 * 2**20  # the store's history weighs less than half of it
MAX_NOTE = 200
BYTES = (bytes,)

Change: Any = msgspec.defstruct(
    "Change",
    [(field.name, field.type | UnsetType, UNSET) for field in msgspec.structs.fields(Recipe)],
    forbid_unknown_fields=True,
)


class _Step(Struct, array_like=True, forbid_unknown_fields=True):
    number: int
    parent: int
    note: str
    change: Change


class _File(Struct, forbid_unknown_fields=True):
    """The plain file with its stored rows put back; recipes are whole or changes, never anything else."""

    at: int
    steps: list[_Step]
    version: int = VERSION
    recipes: int = RECIPES
    kind: str = KIND
    ended: bool = False
    file: str = ""
    choices: list[tuple[int, int]] = []
    seen: Recipe | None = None
    stored: Recipe | None = None
    timeline: Timeline = Timeline()


class Encoder:
    """Remembers how it wrote each step, so that writing a long history again costs little."""

    def __init__(self) -> None:
        self._steps: dict[Entry[Recipe], tuple[msgspec.Raw, Rows]] = {}
        self._timeline: tuple[Timeline | None, msgspec.Raw, Rows] = (None, msgspec.Raw(b"{}"), {})

    def encode(self, session: Session) -> bytes:
        """The session's file. Can be called from any thread, but only one at a time."""
        self._steps = {entry: self._steps.get(entry) or _step(entry) for entry in session.entries}
        if self._timeline[0] is not session.timeline:
            self._timeline = (session.timeline, *_raw(session.timeline))
        rows: Rows = dict(self._timeline[2])
        for _, own in self._steps.values():
            rows.update(own)
        parts: dict[str, Any] = {
            "kind": KIND, "version": VERSION, "recipes": RECIPES, "ended": session.ended, "file": session.file,
            "desk": session.desk, "at": session.at, "choices": list(choices(session.entries, session.ways).items()),
            "seen": _whole(session.seen, rows), "stored": _whole(session.stored, rows), "timeline": self._timeline[1],
        }  # fmt: skip
        return msgspec.json.encode({**parts, "rows": rows, "steps": [raw for raw, _ in self._steps.values()]})


def decode(text: bytes) -> Session:
    """Reads what an Encoder wrote, of this version or an older one. Raises BadRecipe with one sentence."""
    if len(text) > MAX_BYTES:
        raise BadRecipe(f"this is {len(text) >> 20} MiB long; a session is never larger than {MAX_BYTES >> 20} MiB")
    try:
        with _no_collecting():
            return _decoded(text)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise BadRecipe(f"this is no session that can be read here: {error}") from None


def _decoded(text: bytes) -> Session:
    plain = msgspec.json.decode(text, type=dict[str, Any])
    if "kind" not in plain and "recipe" not in plain and (not plain or "steps" in plain):
        return _of_version_1(plain)
    _check_version(plain)
    return _of_plain(plain, len(text))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Nothing that is made here is garbage, and looking for some takes longer than all the rest."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _of_plain(plain: dict[str, Any], size: int) -> Session:
    desk = msgspec.convert(plain.pop("desk", {}), Desk)
    rows = read_rows(plain.pop("rows", {}))
    plain = filled(plain, rows) if rows else plain
    plain = _brought_up(plain)
    plain["timeline"] = timelines.upgraded(plain.get("timeline", {}))
    file = msgspec.convert(plain, _File, builtin_types=BYTES)
    each = STEP + size // max(len(file.steps), 1)
    tree = grown(_states(file, each), file.at, dict(file.choices), MEMORY, weight)
    return _session(tree, file.seen, file.stored, file.timeline, desk, file.file, file.ended)


def _states(file: _File, each: int) -> Iterator[Row[Recipe]]:
    states: dict[int, Recipe] = {}
    own = file.recipes == RECIPES
    for step in file.steps:
        before = states.get(step.parent)
        new = {name: value for name in Change.__struct_fields__ if (value := getattr(step.change, name)) is not UNSET}
        state = replace(before, **new) if before is not None else Recipe(**new)
        states[step.number] = state if own or before is None else shared(state, before, {})
        yield Row(step.number, step.parent, states[step.number], step.note[:MAX_NOTE], each)


def _brought_up(plain: dict[str, Any]) -> dict[str, Any]:
    """Recipes of an older version made whole, brought up to date one by one."""
    if plain.get("recipes") == RECIPES:
        return plain
    wholes: dict[Any, dict[str, Any]] = {}
    steps = []
    for number, parent, note, change in plain["steps"]:
        wholes[number] = {**wholes.get(parent, {}), **change}
        steps.append([number, parent, note, upgraded({**wholes[number], "version": plain["recipes"]})])
    found = {name: upgraded(plain[name]) for name in ("seen", "stored") if plain.get(name) is not None}
    return {**plain, **found, "steps": steps}


def _check_version(plain: dict[str, Any]) -> None:
    if plain.get("kind") != KIND:
        raise BadRecipe("it is something else")
    for name, most in (("version", VERSION), ("recipes", RECIPES)):
        found = plain.get(name)
        if type(found) is not int or found < 1:
            raise BadRecipe(f"its {name} is a whole number, not {found!r}")
        if found > most:
            raise BadRecipe("it was made by a newer Latent Explorer; update this one")


class _Step1(Struct):
    recipe: dict[str, Any]
    note: str = ""


class _File1(Struct):
    steps: list[_Step1] = []
    at: int = 0
    stored: dict[str, Any] | None = None
    timeline: dict[str, Any] = {}


def _recipe(plain: dict[str, Any]) -> Recipe:
    """A recipe of any version."""
    return msgspec.convert(upgraded(plain), Recipe)


def _of_version_1(plain: dict[str, Any]) -> Session:
    old = msgspec.convert(plain, _File1)
    stored = _recipe(old.stored) if old.stored is not None else None
    timeline = msgspec.convert(timelines.upgraded(old.timeline), Timeline)
    if not old.steps:
        return Session(stored=stored, timeline=timeline, ended=True)
    rows = (Row(at, at - 1, _recipe(step.recipe), step.note[:MAX_NOTE]) for at, step in enumerate(old.steps))
    tree = grown(rows, min(max(old.at, 0), len(old.steps) - 1), {}, MEMORY, weight)
    return _session(tree, None, stored, timeline, Desk(), "", True)


def _session(
    tree: History[Recipe],
    seen: Recipe | None,
    stored: Recipe | None,
    timeline: Timeline,
    desk: Desk,
    file: str,
    ended: bool,
) -> Session:
    return Session(tree.entries, tree.now.number, tree.ways(), seen, stored, timeline, desk, file, ended)


def _step(entry: Entry[Recipe]) -> tuple[msgspec.Raw, Rows]:
    rows: Rows = {}
    before = entry.parent.state if entry.parent is not None else None
    change = {name: _plain(value, rows) for name, value in changes(entry.state, before).items()}
    note = entry.note[:MAX_NOTE].encode("utf-8", "replace").decode()  # the name of a file can be anything
    row = [entry.number, number_of(entry.parent), note, change]
    return msgspec.Raw(msgspec.json.encode(row)), rows


def _raw(timeline: Timeline) -> tuple[msgspec.Raw, Rows]:
    rows: Rows = {}
    return msgspec.Raw(msgspec.json.encode(_plain(timeline, rows))), rows


def _whole(recipe: Recipe | None, rows: Rows) -> Any:
    return _plain(recipe, rows) if recipe is not None else None


def _plain(data: Any, rows: Rows) -> Any:
    """As plain data without the rows of stored latents, which go into `rows`."""
    return stripped(msgspec.to_builtins(data, builtin_types=BYTES), rows)
