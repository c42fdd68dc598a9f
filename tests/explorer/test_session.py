"""The session's file: everything comes back bit for bit, older ones are brought up to date, bad ones are one sentence."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from engine.recipe import BadRecipe, Recipe, Stored, put, seeded
from engine.recipe.recipe import VERSION, Latent, Weighted
from engine.recipe.timeline import Timeline, through
from explorer import session, session_shelf
from explorer.autosave import Autosave
from explorer.history import Entry
from explorer.session import Desk, Session
from explorer.session_codec import MAX_BYTES, Encoder, decode
from explorer.session_shelf import KEPT, SessionShelf
from explorer.settings import Recent
from explorer.store import Store
from explorer.timelines import TimelineDesk
from tests.recipe.strategies import recipes

LOST = {"latent": {"points": [{"point": {"type": "stored", "rows": "b", "layers": 1}}]}}
OLD = {"model": {"name": "landscape"}, "latent": {"points": [{"point": {"type": "seed", "number": 7}}]}, "version": 1}


def steps(store: Store, count: int) -> None:
    for number in range(count):
        store.do(put(store.recipe, "noise.seed", number + 1), f"Step {number}")


def shape(entries: tuple[Entry[Recipe], ...]) -> list[tuple[Recipe, str, int, int | None]]:
    return [(e.state, e.note, e.number, e.parent.number if e.parent else None) for e in entries]


def plain_of(store: Store) -> dict[str, Any]:
    return dict(msgspec.json.decode(Encoder().encode(session.taken(store)), type=dict[str, Any]))


@given(st.lists(st.tuples(recipes, st.integers(0, 4)), max_size=6), st.none() | recipes, st.randoms())
@settings(max_examples=40)
def test_everything_comes_back(made: list[tuple[Recipe, int]], stored: Recipe | None, chance: random.Random) -> None:
    store = Store()
    for recipe, back in made:
        for _ in range(back):
            store.undo()
        store.do(recipe, "Made")
    store.go(chance.choice(store.history.entries).number)
    store.show(msgspec.structs.replace(store.recipe, latent=seeded(99)))
    TimelineDesk.of(store).restart(through([recipe for recipe, _ in made] or [Recipe()], 1.0, 10))
    desk = Desk(b"docks", "favourites", "run", (Recent("a.pkl", "a", "b" * 64),))
    now = replace(session.taken(store, stored), desk=desk, file="x.session", ended=True)
    again = decode(Encoder().encode(now))
    assert shape(again.entries) == shape(now.entries)
    assert (again.at, again.seen, again.stored, again.timeline) == (now.at, now.seen, stored, now.timeline)
    assert (again.desk, again.file, again.ended) == (desk, "x.session", True)
    other = Store()
    session.restore(again, other)
    assert other.recipe == store.recipe
    other.undo()
    assert other.recipe == session.tree(again).now.state if now.seen is not None else True


def test_redo_goes_the_same_way_in_the_session_that_comes_back() -> None:
    store = Store()
    steps(store, 3)
    store.go(1)
    store.do(put(store.recipe, "noise.seed", 9), "Other")
    store.go(3)
    store.undo()
    store.undo()
    other = Store()
    session.restore(decode(Encoder().encode(session.taken(store))), other)
    other.redo()
    assert other.recipe.noise.seed == 2
    other.go(4)
    assert other.recipe.noise.seed == 9


def test_a_step_says_only_what_it_changed_and_stored_rows_are_there_once() -> None:
    store = Store()
    rows = random.Random(1).randbytes(4 * 18 * 64)
    for number in range(50):
        point = Weighted(Stored(rows, 18))
        latent = Latent((point, Weighted(seeded(number).points[0].point)))
        store.do(msgspec.structs.replace(store.recipe, latent=latent), "Stored")
    TimelineDesk.of(store).restart(through([store.recipe] * 20, 1.0, 10))
    text = Encoder().encode(session.taken(store))
    assert len(text) < 2 * len(rows) + 51 * 400 + 20 * 700
    again = decode(text)
    assert again.entries[-1].state == store.recipe
    assert len({id(e.state.latent.points[0].point.rows) for e in again.entries[1:]}) == 1  # type: ignore[union-attr]


def test_a_note_that_is_no_unicode_can_be_written() -> None:
    store = Store()
    store.do(put(store.recipe, "noise.seed", 1), "Opened \udcff.png")
    assert decode(Encoder().encode(session.taken(store))).entries[-1].note == "Opened ?.png"


# older and newer ones


def test_a_session_of_version_1_is_brought_up_to_date_with_its_recipes() -> None:
    text = {
        "steps": [{"recipe": OLD, "note": "One"}, {"recipe": {**OLD, "noise": {"seed": 5}}}],
        "at": 0,
        "stored": OLD,
    }
    again = decode(msgspec.json.encode({**text, "timeline": {"keys": [{"at": 1.0, "recipe": OLD}]}}))
    assert [e.state.version for e in again.entries] == [VERSION, VERSION]
    assert [(e.state.noise.seed, e.note) for e in again.entries] == [(0, "One"), (5, "")]
    assert again.at == 0
    assert again.ended
    assert again.stored is not None
    assert again.stored.latent == again.timeline.keys[0].recipe.latent == seeded(7)
    assert decode(b"{}").empty


def test_recipes_of_an_older_version_inside_are_brought_up_to_date() -> None:
    plain = {
        "kind": "latent explorer session", "version": 2, "recipes": 1, "at": 2, "stored": OLD,
        "steps": [[0, -1, "Start", OLD], [1, 0, "Noise", {"noise": {"seed": 3}}], [2, 1, "Psi", {"truncation": {"psi": 0.5}}]],
    }  # fmt: skip
    again = decode(msgspec.json.encode(plain))
    last = again.entries[-1].state
    assert (last.version, last.noise.seed, last.truncation.psi, last.latent) == (VERSION, 3, 0.5, seeded(7))
    assert last.noise is again.entries[1].state.noise


@pytest.mark.parametrize("field", ["version", "recipes"])
def test_one_of_a_newer_version_asks_for_an_update(field: str) -> None:
    with pytest.raises(BadRecipe, match="newer"):
        decode(msgspec.json.encode({**plain_of(Store()), field: 99}))


# bad ones


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p | {"steps": []},
        lambda p: p | {"steps": [1, 2]},
        lambda p: p | {"steps": [[0, -1, "Start", {"wings": 2}]]},
        lambda p: p | {"steps": [[0, -1, "Start", {}], [1, 7, "x", {}]]},
        lambda p: p | {"steps": [[0, -1, "Start", {"truncation": {"psi": 99}}]]},
        lambda p: p | {"steps": [[5, -1, "Start", {}], [4, 5, "x", {}]]},
        lambda p: p | {"at": 77},
        lambda p: p | {"at": "first"},
        lambda p: p | {"choices": [[0, 0]]},
        lambda p: p | {"rows": ["x"]},
        lambda p: p | {"rows": {"a": "?"}},
        lambda p: p | {"rows": {"a": 3}},
        lambda p: p | {"desk": {"layout": 3}},
        lambda p: p | {"kind": "song"},
        lambda p: p | {"version": "two"},
        lambda p: p | {"recipes": True},
        lambda p: p | {"recipes": 1, "steps": [[[], 0, "x", {}]]},
        lambda p: p | {"recipes": 1, "steps": 4},
        lambda p: p | {"timeline": {"keys": 3}},
        lambda p: p | {"wings": 2},
        lambda p: p | {"rows": {"a": ""}, "seen": LOST},
    ],
)  # fmt: skip
def test_a_file_that_does_not_hang_together_is_one_sentence(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    with pytest.raises(BadRecipe, match="no session that can be read") as caught:
        decode(msgspec.json.encode(change(plain_of(Store()))))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b'{"steps": 3}', b'{"at": "x", "steps": []}', b"\xff\xfe", b"[" * 99_999, b'{"a":' * 99_999],
)
def test_anything_else_is_one_sentence_too(text: bytes) -> None:
    with pytest.raises(BadRecipe, match="no session"):
        decode(text)


def test_one_that_is_far_too_long_is_not_even_looked_at() -> None:
    with pytest.raises(BadRecipe, match="MiB long"):
        decode(bytes(MAX_BYTES + 1))


@given(st.data())
def test_damage_anywhere_is_a_sentence_or_a_session(data: st.DataObject) -> None:
    store = Store()
    steps(store, 4)
    text = bytearray(Encoder().encode(session.taken(store, Recipe())))
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    try:
        again = decode(bytes(text[: data.draw(st.integers(0, len(text)))]))
    except BadRecipe:
        return
    session.restore(again, Store())


# where it is written


def test_it_is_written_after_a_step_in_another_thread(qtbot: QtBot, tmp_path: Path) -> None:
    store, path = Store(), tmp_path / "deep" / "session.json"
    autosave = Autosave(store, path)
    store.do(put(store.recipe, "noise.seed", 5), "Seed")
    qtbot.waitUntil(path.exists, timeout=10_000)
    qtbot.waitUntil(lambda: autosave._job is None, timeout=10_000)
    assert session_shelf.read(path).entries[-1].state.noise.seed == 5
    store.set("noise.seed", 6)
    autosave.save()
    assert session_shelf.read(path).seen == store.recipe
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_a_full_disk_is_told_once_and_stops_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    autosave = Autosave(Store(), tmp_path / "file" / "session.json")
    told: list[OSError] = []
    autosave.failed.connect(told.append)
    autosave.save()
    autosave.save()
    assert len(told) == 1


def test_each_window_has_a_file_of_its_own(tmp_path: Path) -> None:
    first, second = (SessionShelf(tmp_path / "new" / "session.json") for _ in range(2))
    assert [first.path.name, second.path.name] == ["session.json", "session 2.json"]
    first.close()
    third = SessionShelf(tmp_path / "new" / "session.json")
    assert third.path == first.path
    second.close()
    third.close()


def test_what_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    path.write_bytes(b"{")
    shelf = SessionShelf(path)
    found, complaint = shelf.begin()
    assert found is None
    assert "session.damaged" in complaint
    assert path.with_suffix(".damaged").read_bytes() == b"{"
    assert shelf.begin() == (None, "")
    shelf.close()


def test_sessions_put_by_are_recent_and_only_so_many(tmp_path: Path) -> None:
    shelf, store = SessionShelf(tmp_path / "session.json"), Store()
    steps(store, 2)
    now = session.taken(store)
    named = tmp_path / "mine.session"
    assert shelf.put_by(replace(now, file=str(named))) == named
    paths = [shelf.put_by(now) for _ in range(KEPT + 3)]
    assert shelf.recent()[:2] == paths[:-3:-1]
    assert len(list(shelf.folder.glob("*.session"))) == KEPT
    assert named.exists()
    assert shape(session_shelf.read(named).entries) == shape(now.entries)
    (shelf.folder / "recent.json").write_bytes(b"[")
    assert shelf.recent() == []
    shelf.close()


def test_an_empty_session_is_known_as_such() -> None:
    assert Session().empty
    assert not Session(timeline=Timeline(loop=True)).empty
