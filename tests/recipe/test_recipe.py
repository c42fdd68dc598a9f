"""A recipe is what it says, survives every journey, and refuses what is out of range."""

import json
import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assets import assets
from engine.recipe import (
    BadRecipe,
    Latent,
    Noise,
    Recipe,
    Seed,
    Style,
    Transform,
    Weighted,
    codec,
    decode,
    encode,
    get,
    knob,
    plane,
    put,
    seeded,
)
from engine.recipe.codec import checked, schema
from engine.recipe.recipe import VERSION

from .strategies import latents, recipes


@given(recipes)
def test_json_gives_every_recipe_back_as_it_was(recipe):
    assert decode(Recipe, encode(recipe)) == recipe
    assert checked(Recipe, recipe) == recipe
    assert hash(recipe) == hash(decode(Recipe, encode(recipe)))


@given(recipes, st.floats(-1, 2), st.integers(0, 63), st.floats(0, 4))
def test_what_is_put_is_what_one_gets_and_nothing_else_changes(recipe, psi, layer, strength):
    changed = put(put(recipe, "truncation.psi", psi), f"strength.{layer}", strength)
    assert get(changed, "truncation.psi") == psi
    assert get(changed, f"strength.{layer}") == strength
    assert changed.latent == recipe.latent
    assert all(get(changed, f"strength.{k}") == get(recipe, f"strength.{k}") for k in range(64) if k != layer)


@settings(max_examples=30)
@given(recipes, st.floats(-1, 1), st.floats(-1, 1), st.floats(-360, 360))
def test_the_picture_is_moved_and_turned_by_name(recipe, x, y, angle):
    changed = recipe
    for name, value in (("x", x), ("y", y), ("angle", angle)):
        changed = put(changed, f"transform.{name}", repr(value))  # as the command line puts it
    assert changed.transform == Transform(x, y, angle)
    assert decode(Recipe, encode(changed)) == changed
    assert put(changed, "transform", recipe.transform) == recipe


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("truncation.psi", 2.5, "<= 2.0"),
        ("truncation.psi", math.nan, "truncation.psi"),
        ("truncation.psi", math.inf, "truncation.psi"),
        ("truncation.psi", "much", "expected `float`"),
        ("truncation.cutoff", 1.5, "expected `int`"),
        ("noise.mode", "loud", "loud"),
        ("noise.strength", -0.1, ">= 0.0"),
        ("noise.phase", -1, ">= 0.0"),
        ("noise.period", 3, "at least 4"),
        ("strength.3", 5, "<= 4.0"),
        ("transform.x", 1.01, "<= 1.0"),
        ("transform.y", "-2", ">= -1.0"),
        ("transform.angle", 361, "<= 360.0"),
        ("transform.angle", math.nan, "transform.angle"),
        ("latent.points.0.weight", 0, "sum to zero"),
        ("latent.points.0.point.number", 2**32, "<= 4294967295"),
        ("version", 99, "version"),
    ],
)
def test_a_value_out_of_range_is_one_sentence_and_changes_nothing(path, value, says):
    with pytest.raises(ValueError, match="cannot be") as raised:
        put(Recipe(), path, value)
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "path",
    [
        "colour",
        "truncation.colour",
        "transform.z",
        "truncation.psi.x",
        "styles.0.amounts.1",
        "latent.points.first",
        "strength.-1",
    ],
)
def test_a_field_that_does_not_exist_is_named(path):
    with pytest.raises(KeyError, match=path.split(".")[-1].lstrip("-") or path):
        put(Recipe(), path, 1)
    if path != "strength.-1":
        with pytest.raises(KeyError):
            get(Recipe(), path)


def test_typed_text_is_read_as_the_field_needs_it():
    recipe = put(put(Recipe(), "truncation.psi", "0.7"), "noise.mode", "random")
    assert (recipe.truncation.psi, recipe.noise.mode) == (0.7, "random")
    assert put(Recipe(), "strength", "[1, 2]").strength == (1.0, 2.0)
    assert not put(Recipe(styles=(Style(),)), "styles.0.on", "false").styles[0].on


def test_a_layer_beyond_the_end_is_neutral_and_can_be_put():
    style = put(Recipe(styles=(Style(),)), "styles.0.amounts.2", 0.5)
    assert style.styles[0].amounts == (0.0, 0.0, 0.5)
    assert get(style, "styles.0.amounts.9") == 0.0
    assert get(Recipe(), "truncation.layers.9") == 1.0
    assert put(Recipe(), "strength.1", 2.0).strength == (1.0, 2.0)


def test_every_knob_declares_itself():
    psi = knob(Recipe, "truncation.psi")
    assert (psi.title, psi.low, psi.high) == ("Truncation", -1.0, 2.0)
    assert knob(Recipe, "strength.4").neutral == 1.0
    assert knob(Recipe, "styles.0.amounts.4").neutral == 0.0
    assert knob(Recipe, "noise.mode").choices == ("off", "const", "random")


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{", '{"psi": 1}', '{"truncation": {"psi": 9}}', '{"truncation": {"psi": NaN}}',
        '{"latent": {"points": []}}', '{"version": 99}', '{"version": "new"}', '{"version": 0}',
        '{"latent": {"points": [{"point": {"type": "file", "path": "/etc/passwd"}}]}}',
        '{"model": {"identity": "../../x"}}', '{"strength": ' + json.dumps([1.0] * 65) + "}",
        '{"latent": {"points": [{"point": {"type": "stored", "rows": "AAAA", "layers": 3}}]}}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_a_bad_text_is_one_sentence(text):
    with pytest.raises(BadRecipe):
        decode(Recipe, text)


def test_a_huge_text_is_refused_before_it_is_read():
    with pytest.raises(BadRecipe, match="never larger"):
        decode(Recipe, " " * (codec.MAX_BYTES + 1))


def test_missing_fields_have_their_defaults():
    assert decode(Recipe, "{}") == Recipe()


def test_an_older_version_is_brought_up_to_date(monkeypatch):
    monkeypatch.setattr(codec, "VERSION", VERSION + 1)
    monkeypatch.setitem(codec.UPGRADES, VERSION, lambda plain: {"truncation": {"psi": plain["psi"]}})
    assert decode(Recipe, '{"version": 1, "psi": 0.5}').truncation.psi == 0.5


@settings(max_examples=30)
@given(recipes)
def test_a_recipe_from_before_transforms_has_none(recipe):
    plain = json.loads(encode(recipe))
    del plain["transform"]
    old = decode(Recipe, json.dumps({**plain, "version": 1}))
    assert old == msgspec.structs.replace(recipe, transform=Transform())
    assert decode(Recipe, encode(old)) == old


def test_noise_from_before_it_could_move_stands_still():
    old = decode(Recipe, '{"version": 5, "noise": {"mode": "random", "seed": 3}}')
    assert old.noise == Noise("random", 3, phase=0.0, period=0)
    assert old.version == VERSION


def test_styles_from_before_they_could_be_off_are_on():
    old = decode(Recipe, '{"version": 3, "styles": [{"amounts": [1.0, 0.5]}]}')
    assert old.styles == (Style(amounts=(1.0, 0.5), on=True, name=""),)
    assert old.version == VERSION


def test_a_style_is_seen_when_it_is_on_and_has_an_amount():
    assert Style(amounts=(0.0, 0.1)).seen
    assert not Style(amounts=(0.0, 0.0)).seen
    assert not Style(amounts=(1.0,), on=False).seen


@given(latents, latents, st.floats(0, 1))
def test_a_mix_of_latents_is_a_latent_whose_weights_sum_to_one(a, b, t):
    mixed = a.mix(b, t)
    assert sum(item.weight for item in mixed.points) == pytest.approx(1.0)
    assert len({item.point for item in mixed.points}) == len(mixed.points)


def test_the_ends_of_a_mix_are_the_two():
    assert seeded(1).mix(seeded(2), 0.0) == seeded(1)
    assert seeded(1).mix(seeded(2), 1.0) == seeded(2)


def test_a_latent_without_weight_has_no_place():
    with pytest.raises(ValueError, match="zero"):
        Latent((Weighted(Seed(1), 1.0), Weighted(Seed(2), -1.0)))


def test_seed_numbers_wrap():
    assert seeded(-1) == seeded(2**32 - 1)


@given(st.integers(0, 99), st.integers(0, 10_000), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_a_place_on_the_seed_plane_is_found_again(i, j, u, v):
    found = plane.place(plane.at(i + u, j + v))
    if u and v and i + u != i and j + v != j:
        assert found == pytest.approx((i + u, j + v), abs=1e-6)


def test_the_crossings_of_the_plane_are_seeds():
    assert plane.at(7, 3) == seeded(307)
    assert plane.place(seeded(307)) == (7, 3)
    assert plane.place(seeded(1).mix(seeded(50), 0.5)) is None


def test_the_schema_in_assets_is_the_present_one():
    text = (assets() / "recipe.schema.json").read_text()
    assert json.loads(text) == json.loads(msgspec.json.encode(schema()))
