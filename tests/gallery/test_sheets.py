"""Children keep the spread of W, sheets carry their recipes, and exports hand over what was chosen."""

import json
import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.gallery import export, kin, sheet
from engine.recipe import (
    BadRecipe,
    Condition,
    Latent,
    Recipe,
    Seed,
    Style,
    Weighted,
    codec,
    conditioned,
    conditions,
    plane,
    seeded,
)
from engine.render import png
from tests.gallery.pictures import favourite, frame

RADII = st.floats(0, 1)


def weights(latent: Latent) -> dict[int, float]:
    return {item.point.number: item.weight for item in latent.points if isinstance(item.point, Seed)}


@given(RADII)
def test_a_step_keeps_the_spread_and_has_its_length(radius: float) -> None:
    shares = weights(kin.stepped(seeded(1), radius, seeded(2), seeded(3)))
    one, to, away = (shares.get(number, 0.0) for number in (1, 2, 3))
    assert one + to + away == pytest.approx(1)
    assert one**2 + to**2 + away**2 == pytest.approx(1)  # of independent points: the variance
    length = math.sqrt((one - 1) ** 2 + to**2 + away**2) / math.sqrt(2)  # that of another picture is sqrt 2
    assert length == pytest.approx(radius, abs=1e-7)


def test_the_ends_of_the_radius() -> None:
    assert kin.stepped(seeded(1), 0, seeded(2), seeded(3)) == seeded(1)
    assert weights(kin.stepped(seeded(1), 1, seeded(2), seeded(3))) == {2: pytest.approx(1)}
    with pytest.raises(ValueError, match="between 0 and 1"):
        kin.stepped(seeded(1), 1.5, seeded(2), seeded(3))


def test_children_of_children_stay_recipes() -> None:
    recipe = Recipe(latent=Latent((Weighted(Seed(1, 4)),)))
    for turn in range(600):
        (recipe,) = kin.children(recipe, 1, 0.3, turn)
    assert codec.checked(Recipe, recipe) == recipe
    assert all(item.point.label == 4 for item in recipe.latent.points if isinstance(item.point, Seed))


def test_children_move_a_and_b_alike() -> None:
    recipe = Recipe(latent=seeded(1), styles=(Style(seeded(2), (1.0, 0.5)),))
    first, second = kin.children(recipe, 2, 0.5, 7)
    assert first != second
    assert kin.children(recipe, 2, 0.5, 7) == [first, second]
    a, b = weights(first.latent), weights(first.styles[0].latent)
    assert a.pop(1) == b.pop(2)
    assert a == b
    assert first.styles[0].amounts == (1.0, 0.5)


def test_children_in_some_layers_are_the_b_of_these_layers() -> None:
    recipe = Recipe(latent=seeded(1), styles=(Style(seeded(2), (1.0,)),), strength=(1.5,))
    (child,) = kin.children_in(recipe, seeded(9), (2, 3), 1, 0.5, 7)
    assert child.latent == seeded(9)
    assert child.styles[0].amounts == (0.0, 0.0, 1.0, 1.0)
    assert 9 in weights(child.styles[0].latent)
    assert child.strength == (1.5,)


def test_strangers_differ_in_their_seed_only() -> None:
    recipe = Recipe(latent=Latent((Weighted(Seed(1, 3)),)), styles=(Style(seeded(2), (1.0,)),))
    found = kin.strangers(recipe, 24, 1)
    assert len({one.latent for one in found}) == 24
    assert {msgspec.structs.replace(one, latent=recipe.latent) for one in found} == {recipe}
    assert {one.latent.points[0].point.label for one in found} == {3}
    assert found != kin.strangers(recipe, 24, 2)
    with pytest.raises(ValueError, match="1 to 240"):
        kin.strangers(recipe, 0, 1)


def test_kin_keep_classes_and_words() -> None:
    under = ((Condition(prompt="red"), 0.5), (Condition(prompt="blue"), 0.5))
    recipe = Recipe(latent=conditioned(1, under))
    for found in (*kin.strangers(recipe, 3, 1), *kin.children(recipe, 3, 0.5, 1)):
        assert conditions(found.latent) == under


def test_one_seed_under_each_condition() -> None:
    recipe = Recipe(latent=plane.at(1.5, 0), styles=(Style(seeded(2), (1.0,)),))
    each = [Condition(label) for label in range(3)]
    found = kin.under_each(recipe, each)
    assert [one.latent for one in found] == [plane.at(1.5, 0, ((condition, 1.0),)) for condition in each]
    assert {msgspec.structs.replace(one, latent=recipe.latent) for one in found} == {recipe}
    assert [one.latent for one in kin.under_each(recipe, each, 9)] == [seeded(9, label) for label in range(3)]


def test_a_sheet_gives_its_recipes_back(tmp_path: Path) -> None:
    frames = [frame(seed, 8 + seed) for seed in range(5)]
    path = tmp_path / "sheet.png"
    sheet.write(path, [f.pixels for f in frames], [f.recipe for f in frames], 3)
    assert sheet.read(path) == sheet.Sheet(3, tuple(f.recipe for f in frames))
    with Image.open(path) as picture:
        assert picture.size == (1 + 3 * 13, 1 + 2 * 13)
    png.write(tmp_path / "one.png", frames[0])
    with pytest.raises(BadRecipe, match="no contact sheet"):
        sheet.read(tmp_path / "one.png")
    (tmp_path / "text.png").write_text("hello")
    with pytest.raises(BadRecipe, match="not a PNG"):
        sheet.read(tmp_path / "text.png")
    assert [sheet.columns_for(n) for n in (1, 2, 5, 24, 1000)] == [1, 2, 3, 5, 32]


def test_exports(tmp_path: Path) -> None:
    place, target = tmp_path / "g", tmp_path / "out"
    chosen = [favourite(place, seed, 12, rating=seed) for seed in range(3)]
    for work in (
        export.pictures(place, chosen, target),
        export.recipes(place, chosen, target / "r.json"),
        export.contact_sheet(place, chosen, target / "s.png"),
    ):
        assert [step.done for step in work] == [1, 2, 3]
    for item in chosen:
        assert (target / item.name).read_bytes() == (place / item.name).read_bytes()
    rows = json.loads((target / "r.json").read_text())
    assert [row["marks"]["rating"] for row in rows if "rating" in row["marks"]] == [0, 1, 2]
    assert msgspec.convert(rows[2]["recipe"], Recipe) == frame(2, 12).recipe
    assert sheet.read(target / "s.png").recipes == tuple(frame(seed, 12).recipe for seed in range(3))
    pixels = np.asarray(Image.open(target / "s.png"))
    assert (pixels[1:13, 1:13] == frame(0, 12).pixels).all()
    assert list(export.pictures(place, chosen[:1], target))
    assert (target / "tiny 0 2.png").exists()
    huge = [msgspec.structs.replace(chosen[0], width=8000, height=8000)] * 4
    with pytest.raises(ValueError, match="choose fewer"):
        list(export.contact_sheet(place, huge, target / "h.png"))
    assert not (target / "h.png").exists()


def test_between_two_pictures() -> None:
    recipe = Recipe(styles=(Style(seeded(9), (1.0,)),), strength=(1.5,))
    found = kin.between(recipe, seeded(1), seeded(2), 5)
    assert [weights(one.latent).get(2, 0.0) for one in found] == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert {(one.styles, one.strength) for one in found} == {((), (1.5,))}
    assert kin.between(recipe, seeded(1), seeded(2), 1)[0].latent == seeded(1)


def test_between_four_pictures() -> None:
    recipe = Recipe(styles=(Style(seeded(9), (1.0,)),), strength=(1.5,))
    found = kin.grid(recipe, [seeded(number) for number in (1, 2, 3, 4)], 3, 2)
    assert [found[at].latent for at in (0, 2, 3, 5)] == [seeded(number) for number in (1, 2, 3, 4)]
    assert weights(found[4].latent) == pytest.approx({3: 0.5, 4: 0.5})
    assert weights(kin.grid(recipe, [seeded(number) for number in (1, 2, 3, 4)], 3, 3)[4].latent) == pytest.approx(
        dict.fromkeys((1, 2, 3, 4), 0.25)
    )
    assert {(one.styles, one.strength) for one in found} == {((), (1.5,))}
    with pytest.raises(ValueError, match="240"):
        kin.grid(recipe, [seeded(1)] * 4, 100, 3)


def test_a_mixing_table() -> None:
    recipe = Recipe(styles=(Style(seeded(9), (1.0,)),), strength=(1.5,))
    found = kin.table(recipe, [seeded(1), seeded(2)], [seeded(3)], (1, 2))
    assert found[0] == recipe
    assert [(one.latent, one.styles) for one in found[1:]] == [
        (seeded(3), ()),
        (seeded(1), ()),
        (seeded(1), (Style(seeded(3), (0.0, 1.0, 1.0)),)),
        (seeded(2), ()),
        (seeded(2), (Style(seeded(3), (0.0, 1.0, 1.0)),)),
    ]
    assert {one.strength for one in found} == {(1.5,)}
