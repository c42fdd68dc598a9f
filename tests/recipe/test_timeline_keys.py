"""Keys on an axis of time: what lies between them, loops that close, files that are refused in words."""

import json
import math
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recipe import Arc, BadRecipe, Model, Noise, Recipe, Style, Transform, Truncation, codec, seeded
from engine.recipe.codec import checked, encode
from engine.recipe.easing import backwards, eased
from engine.recipe.timeline import Key, Marker, Sound, Timeline, decode, read
from engine.recipe.timeline_edits import split_at
from engine.recipe.tween import Way, tween
from engine.recipe.wander import Wander, wandered

from .strategies import recipes

EASES = ("linear", "smooth", "hold", "curve")


def psi(value):
    return Recipe(truncation=Truncation(value))


def shares(latent):
    return {item.point.number: item.weight for item in latent.points}


def three(path="straight", ease="linear", **changes):
    keys = [Key(at, Recipe(latent=seeded(seed)), ease, path) for at, seed in ((0.0, 1), (1.0, 2), (3.0, 3))]
    return Timeline(keys=tuple(keys), **changes)


@pytest.mark.parametrize("kind", EASES)
def test_an_easing_begins_ends_and_never_goes_back(kind):
    way = [eased(kind, at / 50, (0.9, 0.1, 0.2, 0.8)) for at in range(51)]
    assert (way[0], way[-1]) == (0.0, 1.0)
    assert way == sorted(way)
    assert all(0 <= value <= 1 for value in way)


def test_a_curve_is_the_one_that_was_drawn():
    assert eased("curve", 0.3, (1 / 3, 1 / 3, 2 / 3, 2 / 3)) == pytest.approx(0.3)
    assert eased("curve", 0.5, (1.0, 0.0, 1.0, 0.0)) < 0.05
    there, back = (0.9, 0.1, 0.4, 0.6), backwards((0.9, 0.1, 0.4, 0.6))
    assert eased("curve", 0.3, there) == pytest.approx(1 - eased("curve", 0.7, back))


def test_each_segment_has_its_own_time_and_easing():
    keys = (Key(1.0, psi(0.0), "linear"), Key(2.0, psi(1.0), "hold"), Key(4.0, psi(0.5), "smooth"), Key(5.0, psi(1.5)))
    line = Timeline(keys=keys)
    found = [line.at(t).truncation.psi for t in (0.0, 1.0, 1.25, 2.0, 3.9, 4.0, 4.25, 5.0, 9.0)]
    assert found == pytest.approx([0.0, 0.0, 0.25, 1.0, 1.0, 0.5, 0.5 + 0.15625, 1.5, 1.5])
    assert (line.length, line.frames()) == (5.0, 151)


@settings(max_examples=25)
@given(st.lists(recipes, min_size=2, max_size=4), st.sampled_from(("straight", "cubic", "slerp")), st.floats(-1, 9))
def test_every_moment_is_a_valid_recipe(stops, path, t):
    keys = tuple(Key(number * 1.5, recipe, "smooth", path) for number, recipe in enumerate(stops))
    line = Timeline(keys=keys, loop=True, wander=Wander("noise"))
    found = line.at(t)
    assert checked(Recipe, found) == found
    assert line.at(t) == found
    assert decode(encode(line)) == line


def test_any_field_can_change():
    a = Recipe(Recipe().version, Model("a", "0" * 64), seeded(1), (), (2.0,), Truncation(0.0, 8), Noise("off", 1, 2.0))
    b = Recipe(a.version, Model("b", "1" * 64), seeded(2), (Style(seeded(3), (1.0,)),), (), Truncation(1.0, 4, (0.0,)))
    b = msgspec.structs.replace(b, noise=Noise("random", 9, 0.0, (2.0,)), transform=Transform(0.5, -0.5, 90.0))
    found = Timeline(keys=(Key(0.0, a, "linear"), Key(1.0, b))).at(0.25)
    assert found.model == a.model
    assert found.latent == seeded(1).mix(seeded(2), 0.25)
    assert found.styles == (Style(seeded(3), (0.25,)),)
    assert found.strength == (1.75,)
    assert found.truncation == Truncation(0.25, 8, (0.75,))
    assert found.noise == Noise("off", 1, 1.5, (1.25,))
    assert found.transform == Transform(0.125, -0.125, 22.5)


def test_the_cubic_way_has_no_corner_in_a_key():
    line, step = three("cubic"), 1e-4

    def speed(t):
        here, there = shares(line.at(t).latent), shares(line.at(t + step).latent)
        return {n: (there.get(n, 0.0) - here.get(n, 0.0)) / step for n in (1, 2, 3)}

    for number, value in speed(1.0 - step).items():
        assert speed(1.0)[number] == pytest.approx(value, abs=0.01)
    assert max(abs(value) for value in speed(1.0).values()) > 0.1
    assert line.at(1.0).latent == seeded(2)
    assert math.fsum(shares(line.at(0.7).latent).values()) == pytest.approx(1)
    assert shares(line.at(0.7).latent)[3] < 0  # it swings out before it turns


def test_cubic_numbers_stay_between_their_keys_and_rest_where_two_are_the_same():
    keys = [Key(float(at), psi(value), "linear", "cubic") for at, value in enumerate((0.0, 1.0, 1.0, 2.0, -1.0))]
    line = Timeline(keys=tuple(keys))
    found = [line.at(at / 50).truncation.psi for at in range(201)]
    assert found[:101] == sorted(found[:101])
    assert set(found[50:101]) == {1.0}
    assert (min(found), max(found)) == (-1.0, 2.0)


def test_slerp_turns_seeds_in_z_and_goes_on_along_its_arc():
    line = three("slerp")
    (item,) = line.at(0.25).latent.points
    (start,), (end,) = (latent.points for latent in (seeded(1), seeded(2)))
    assert item.point == Arc(start.point, end.point, 0.25)
    middle = line.at(0.5)
    again = tween(middle, line.keys[1].recipe, Way(0.5, "slerp"))
    assert again.latent.points[0].point == Arc(start.point, end.point, 0.75)
    blend = Recipe(latent=seeded(1).mix(seeded(5), 0.5))
    assert tween(blend, Recipe(latent=seeded(2)), Way(0.5, "slerp")).latent == blend.latent.mix(seeded(2), 0.5)


@pytest.mark.parametrize("path", ["straight", "cubic", "slerp"])
def test_a_loop_closes_without_a_jump(path):
    line = three(path, "smooth", loop=True, closing=2.0, fps=10, wander=Wander("noise", 0.7, 3))
    assert (line.length, line.frames()) == (5.0, 50)
    assert line.at(5.0) == line.at(0.0) == line.keys[0].recipe
    assert line.at(5.7) == line.at(0.7)
    before, after = line.at(4.9999).latent, line.at(0.0001).latent
    gap = {item.point: item.weight for item in before.points}
    for item in after.points:
        gap[item.point] = gap.get(item.point, 0.0) - item.weight
    assert sum(abs(value) for value in gap.values()) < (0.01 if path != "slerp" else 2.01)


def test_a_loop_whose_first_key_comes_later_wraps_around_it():
    keys = (Key(1.0, psi(0.0), "linear"), Key(2.0, psi(1.0), "linear"))
    line = Timeline(keys=keys, loop=True, closing=3.0)
    assert line.length == 4.0
    assert line.at(0.0).truncation.psi == pytest.approx(1 / 3)
    assert [line.at(t).truncation.psi for t in (1.0, 2.0, 5.0)] == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("kind", ["circle", "noise"])
def test_wandering_comes_back_and_never_leaps(kind):
    wander = Wander(kind, 0.5, 7, rounds=2)
    way = [wandered(seeded(3), wander, at / 200) for at in range(201)]
    assert way[0] == way[100] == way[200] == seeded(3)
    lengths = []
    for a, b in pairwise(way):
        here, there = shares(a), shares(b)
        lengths.append(math.dist(*[[side.get(n, 0.0) for n in {*here, *there}] for side in (here, there)]))
    assert 0 < max(lengths) < 0.06
    assert max(math.fsum(shares(latent).values()) for latent in way) == pytest.approx(1)
    farthest = max(abs(w) for latent in way for n, w in shares(latent).items() if n != 3)
    assert 0.1 < farthest < 1.0
    assert wandered(seeded(3), Wander(kind, 0.5, 9), 0.3) != wandered(seeded(3), Wander(kind, 0.5, 7), 0.3)


def test_a_single_key_wanders_in_a_loop():
    line = Timeline(keys=(Key(0.0, psi(0.7)),), loop=True, closing=4.0, fps=5, wander=Wander(radius=1.0))
    film = list(line.moments())
    assert len(film) == 20
    assert film[0] == psi(0.7)
    assert shares(film[10].latent)[1] != shares(film[5].latent)[1]
    assert len({encode(recipe) for recipe in film}) == 20


def test_the_noise_of_a_film_moves_evenly():
    line = three(flow=2.5)
    assert [line.at(t).noise.phase for t in (0.0, 1.0, 2.0)] == [0.0, 2.5, 5.0]
    assert split_at(line, 0.5).keys[1].recipe.noise == Noise()


def test_the_noise_of_a_loop_comes_back_after_whole_steps():
    line = three(loop=True, closing=2.0, flow=2.5)
    assert line.length == 5.0
    assert [line.at(t).noise.phase for t in (0.0, 1.0, 4.0)] == [0.0, 12 / 5, 48 / 5]
    assert line.at(5.0).noise == line.at(0.0).noise
    assert line.at(1.0).noise.period == 12
    assert three(loop=True, closing=0.5, flow=0.1).at(1.0).noise.period == 4
    assert checked(Recipe, line.at(4.9)) == line.at(4.9)


def test_nothing_can_be_drawn_without_a_key():
    assert (Timeline().frames(), Timeline().length, list(Timeline().moments())) == (0, 0.0, [])
    with pytest.raises(ValueError, match="at least one key"):
        Timeline().at(0)


def test_everything_is_written_and_read(tmp_path):
    line = three(
        "cubic", markers=(Marker(0.5, "drop"),), sound=Sound("song.flac", -2.0), wander=Wander("noise"), flow=1.5
    )
    (tmp_path / "line.json").write_bytes(encode(line))
    assert read(tmp_path / "line.json") == line


def test_an_older_recipe_in_it_is_brought_up_to_date():
    plain = json.loads(encode(three()))
    for key in plain["keys"]:
        key["recipe"]["version"] = 1
    assert decode(json.dumps(plain)) == three()


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "7", '{"keys": 3}', '{"keys": [3]}', '{"keys": [{"at": 0}]}', '{"fps": 0}', '{"fps": 1000}',
        '{"version": 99, "keys": []}', '{"keys": [{"at": -1, "recipe": {}}]}', '{"keys": [{"at": 1e9, "recipe": {}}]}',
        '{"keys": [{"at": 1, "recipe": {}}, {"at": 1, "recipe": {}}]}', '{"keys": [{"at": NaN, "recipe": {}}]}',
        '{"keys": [{"at": 0, "recipe": {"version": 99}}]}', '{"keys": [{"at": 0, "recipe": {}, "ease": "boing"}]}',
        '{"keys": [{"at": 0, "recipe": {}, "curve": [0, 2, 0, 0]}]}', '{"closing": 0}', '{"loop": 1}', "[" * 100_000,
        '{"wander": {"radius": 1e9}}', '{"sound": {"path": ""}}', '{"surprise": 1}',
        json.dumps({"keys": [{"at": at, "recipe": {}} for at in range(2001)]}),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_sentence(tmp_path, text):
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(BadRecipe, match=r"bad\.json") as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_missing_and_a_huge_file_are_refused(tmp_path):
    with pytest.raises(BadRecipe, match="cannot be read"):
        read(tmp_path / "none.json")
    (tmp_path / "huge.json").write_bytes(b" " * (codec.MAX_BYTES + 1))
    with pytest.raises(BadRecipe, match="never larger"):
        read(tmp_path / "huge.json")
