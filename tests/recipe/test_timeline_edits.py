"""What hands do to a timeline keeps it in order, and nothing is lost that was not meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.recipe import Recipe, Truncation
from engine.recipe.codec import checked
from engine.recipe.timeline import GAP, Key, Marker, Timeline
from engine.recipe.timeline_edits import (
    append_key,
    change_keys,
    delete_keys,
    duplicate_keys,
    move_keys,
    places_after,
    put_key,
    put_marker,
    reverse,
    snapped,
    split_at,
)
from engine.recipe.wander import Wander


def psi(value):
    return Recipe(truncation=Truncation(value))


def line(**changes):
    keys = (Key(0.0, psi(0.0), "linear"), Key(1.0, psi(1.0), "curve", curve=(0.9, 0.0, 1.0, 0.4)), Key(4.0, psi(-1.0)))
    return Timeline(keys=keys, **changes)


def seen(timeline):
    return [(key.at, key.recipe.truncation.psi) for key in timeline.keys]


def test_keys_are_put_where_they_belong():
    assert seen(put_key(line(), 2.0, psi(0.5))) == [(0.0, 0.0), (1.0, 1.0), (2.0, 0.5), (4.0, -1.0)]
    assert put_key(line(), 2.0, psi(0.5)).keys[2].ease == "curve"
    assert seen(put_key(line(), 1.0, psi(0.5))) == [(0.0, 0.0), (1.0, 0.5), (4.0, -1.0)]
    assert seen(append_key(line(), psi(0.5)))[-1] == (6.0, 0.5)
    assert seen(append_key(Timeline(), psi(0.5))) == [(0.0, 0.5)]


def test_a_split_shows_what_was_there():
    split = split_at(line(), 0.25)
    assert seen(split)[1] == (0.25, 0.25)
    assert split.at(0.6).truncation.psi == pytest.approx(line().at(0.6).truncation.psi)
    wandering = replace(line(), wander=Wander(radius=2.0))
    assert split_at(wandering, 0.25).at(0.25) == wandering.at(0.25)


def test_keys_move_together_and_past_others():
    assert seen(move_keys(line(), {0, 1}, 5.0)) == [(4.0, -1.0), (5.0, 0.0), (6.0, 1.0)]
    assert seen(move_keys(line(), {1, 2}, -9.0)) == [(0.0, 0.0), (GAP, 1.0), (3.0, -1.0)]
    assert move_keys(line(), (), 1.0) == line()
    assert places_after(line(), {0, 1}, 5.0) == {1, 2}
    assert places_after(line(), {2}, -3.5) == {1}


def test_delete_duplicate_and_change():
    assert seen(delete_keys(line(), {0, 2})) == [(1.0, 1.0)]
    assert seen(duplicate_keys(line(), {0, 1}))[3:] == [(6.0, 0.0), (7.0, 1.0)]
    changed = change_keys(line(), {2}, lambda key: replace(key, ease="hold", path="cubic"))
    assert [(key.ease, key.path) for key in changed.keys[1:]] == [("curve", "straight"), ("hold", "cubic")]


@pytest.mark.parametrize("loop", [False, True])
def test_backwards_every_moment_is_the_mirrored_one(loop):
    there, back = line(loop=loop, closing=2.0), reverse(line(loop=loop, closing=2.0))
    for t in (0.0, 0.3, 1.0, 2.2, 3.9, 4.0, *([4.5, 5.5] if loop else [])):
        expected = there.at((4.0 - t) % there.length if loop else 4.0 - t).truncation.psi
        assert back.at(t).truncation.psi == pytest.approx(expected, abs=1e-6)
    assert reverse(back).at(1.7).truncation.psi == pytest.approx(there.at(1.7).truncation.psi, abs=1e-6)
    assert reverse(Timeline()) == Timeline()


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(-20, 20)), max_size=12))
def test_any_dragging_leaves_a_valid_timeline(moves):
    timeline = line()
    for at, seconds in moves:
        timeline = move_keys(timeline, {at % 3}, seconds)
    assert len(timeline.keys) == 3
    assert checked(Timeline, timeline) == timeline


def test_markers_come_and_go():
    marked = put_marker(put_marker(line(), 2.0), 1.0, "drop")
    assert marked.markers == (Marker(1.0, "drop"), Marker(2.0))
    assert put_marker(marked, 2.0).markers == (Marker(1.0, "drop"),)


def test_a_moment_snaps_to_marks_beats_and_frames():
    marked = put_marker(replace(line(), fps=10), 2.02)
    assert snapped(marked, 2.05, 0.1) == 2.02
    assert snapped(marked, 3.33, 0.1, beats=(3.4, 3.0)) == 3.4
    assert snapped(marked, 3.33, 0.01, beats=(3.4,)) == 3.3
    assert snapped(marked, -1.0, 0.01) == 0.0


def test_too_much_is_refused_in_words():
    with pytest.raises(ValueError, match="24 hours"):
        move_keys(line(), {2}, 90_000)
    many = Timeline(keys=tuple(Key(float(at), Recipe()) for at in range(2000)))
    with pytest.raises(ValueError, match="at most 2000 keys"):
        append_key(many, Recipe())
