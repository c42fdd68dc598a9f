"""Classes of a conditional model: found among small pictures, blended, kept on every way; hidden where there are none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import PLAIN, Condition, Latent, Recipe, Stored, Weighted, conditioned, conditions, plane, seeded
from explorer import mixing
from explorer.condition_pair import Pair, under
from explorer.fit import fitted
from explorer.panels.explore import ExplorePanel
from explorer.panels.shape import ShapePanel
from explorer.pictures import words_for
from explorer.widgets.class_picker import ClassPicker
from tests.explorer.stage import LEFT, Stage, staged
from tests.models import model_file

PATIENCE = 20_000
KEY = Qt.Key
ONE, TWO, THREE = Condition(0), Condition(1), Condition(2)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    with staged(qtbot, model_file(tmp_path, "stylegan-xl", label_size=3)) as stage:
        yield stage


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage) -> Iterator[ExplorePanel]:
    widget = ExplorePanel(stage.store, stage.bridge)
    qtbot.addWidget(widget)
    widget.resize(280, 640)
    widget.show()
    assert widget.a.classes.isHidden()
    assert stage.bridge.model is not None
    widget._introduce(stage.bridge.model)
    yield widget
    widget.a.classes.picker.close()


@pytest.fixture
def picker(panel: ExplorePanel, qtbot: QtBot) -> ClassPicker:
    QTest.mouseClick(panel.a.classes, LEFT)
    found = panel.a.classes.picker
    qtbot.waitUntil(found.isVisible, timeout=PATIENCE)
    return found


def click(picker: ClassPicker, row: int) -> None:
    QTest.mouseClick(picker.tiles.viewport(), LEFT, pos=picker.tiles.visualRect(picker.rows.index(row)).center())


def test_a_class_is_chosen_by_its_picture(panel: ExplorePanel, picker: ClassPicker, stage: Stage, qtbot: QtBot) -> None:
    assert panel.a.classes.words == "Class 0"
    assert panel.a.words.isHidden()
    recipe = mixing.with_a(stage.store.recipe, seeded(0, 2))
    qtbot.waitUntil(lambda: panel.thumbnails.get(recipe) is not None, timeout=PATIENCE)
    click(picker, 2)
    assert stage.store.recipe.latent == seeded(0, 2)
    assert (panel.a.classes.words, stage.steps) == ("Class 2", 1)
    assert stage.store.history.now.note == "A: Class 2"
    stage.store.show(mixing.with_a(stage.store.recipe, plane.at(4.5, 1, ((THREE, 1.0),))))
    click(picker, 1)
    assert stage.store.recipe.latent == plane.at(4.5, 1, ((TWO, 1.0),))
    panel.a.choose(8)
    assert stage.store.recipe.latent == seeded(8, 1)


def test_two_classes_are_blended(panel: ExplorePanel, picker: ClassPicker, stage: Stage, qtbot: QtBot) -> None:
    assert not picker.blend.isEnabled()
    QTest.mouseClick(picker.second, LEFT)
    click(picker, 2)
    assert stage.store.recipe.latent == conditioned(0, ((Condition(), 0.5), (THREE, 0.5)))
    assert words_for(stage.store.recipe.latent) == "seed 0"
    assert panel.a.classes.words == "Class 0 · Class 2 50%"
    picker.blend.slide.setFocus()
    qtbot.keyClick(picker.blend.slide, KEY.Key_End)
    assert stage.store.recipe.latent == seeded(0, 2)
    assert picker.second.text() == "Class 2"
    qtbot.keyClick(picker.blend.slide, KEY.Key_Home)
    assert stage.store.recipe.latent == seeded(0)
    qtbot.waitUntil(lambda: stage.steps == 2, timeout=3000)  # the slider's gesture is one step
    qtbot.keyClick(picker.blend.slide, KEY.Key_PageUp)
    panel.walk.by(0.5, 0.0)
    assert len(stage.store.recipe.latent.points) == 2
    QTest.mouseClick(picker.clear, LEFT)
    assert conditions(stage.store.recipe.latent) == PLAIN


def test_classes_are_searched_by_name_number_and_keys(panel: ExplorePanel, picker: ClassPicker, stage: Stage) -> None:
    picker.rows.use(["Red cat", "Cat in a hat", "Dog"])
    QTest.keyClicks(picker.field, "cat")
    assert picker.rows.found == [0, 1]
    QTest.keyClicks(picker.field, " hat")
    assert picker.rows.found == [1]
    QTest.keyClick(picker.field, KEY.Key_Return)
    assert stage.store.recipe.latent == seeded(0, 1)
    assert picker.isHidden()
    picker.open_below(panel.a.classes)
    picker.field.setText("2")
    assert picker.rows.found == [2]
    picker.field.setText("no such thing")
    assert not picker.rows.found
    picker.field.setText("")
    QTest.keyClick(picker.field, KEY.Key_Down)
    QTest.keyClick(picker.tiles, KEY.Key_Right)
    assert stage.store.recipe.latent == seeded(0, 1)
    QTest.keyClick(picker.tiles, KEY.Key_Return)
    assert picker.isHidden()


def test_long_names_of_classes_are_shortened(panel: ExplorePanel, picker: ClassPicker) -> None:
    picker.close()
    picker.rows.use(["The quick brown fox jumps over the lazy dog"] * 3)
    picker._choose(2)
    assert panel.a.classes.words == picker.rows.names[2]
    assert "…" in panel.a.classes.text()
    assert panel.width() == 280


def test_truncation_chooses_its_average_where_classes_have_their_own(stage: Stage, qtbot: QtBot) -> None:
    shape = ShapePanel(stage.store, stage.bridge)
    qtbot.addWidget(shape)
    shape.show()
    info = stage.bridge.model
    assert info is not None
    shape._introduce(info)
    QTest.mouseClick(shape.centre.buttons["nearest"], LEFT)
    assert (stage.store.recipe.truncation.centre, stage.steps) == ("nearest", 1)
    assert shape.centre.isVisible()
    shape._introduce(replace(info, centres=0))
    assert shape.centre.isHidden()


def test_b_has_a_class_of_its_own(panel: ExplorePanel, stage: Stage) -> None:
    panel.b.classes.picker._choose(2)
    assert mixing.b_latent(stage.store.recipe) == seeded(1, 2)
    assert stage.store.recipe.latent == seeded(0)
    panel.b.classes.picker.close()


def test_a_pair_follows_what_is_shown() -> None:
    pair = Pair(ONE, TWO, 0.25)
    assert Pair().following(pair.conditions) == pair
    assert pair.following(((TWO, 0.4), (ONE, 0.6))) == Pair(ONE, TWO, 0.4)
    assert pair.following(((ONE, 1.0),)) == Pair(ONE, TWO, 0.0)
    assert pair.following(((TWO, 1.0),)) == Pair(ONE, TWO, 1.0)
    assert pair.following(((THREE, 1.0),)) == Pair(THREE, TWO, 0.0)
    assert pair.following(((ONE, 0.1), (TWO, 0.5), (THREE, 0.5))) == Pair(TWO, THREE, 0.5)


def test_stored_styles_give_way_to_a_seed_of_the_class() -> None:
    stored = Latent((Weighted(Stored(bytes(16), 1)),))
    assert under(stored, ((TWO, 1.0),)) == seeded(0, 1)


def test_what_another_model_knows_nothing_of_is_left_behind(stage: Stage) -> None:
    info = stage.bridge.model
    assert info is not None
    blended = conditioned(5, ((Condition(9, "red"), 0.5), (Condition(1, "blue"), 0.5)))
    assert fitted(Recipe(latent=blended), info).latent == conditioned(5, ((ONE, 0.5), (TWO, 0.5)))
