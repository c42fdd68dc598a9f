"""Sheets of one seed in all classes or for several prompts, and of many seeds of one class or prompt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.gallery.favourite import words
from engine.recipe import Condition, Latent, conditioned, conditions, seeded
from explorer import mixing
from explorer.panels.sheet import SheetPanel
from explorer.prompts import Prompts
from explorer.widgets.sheet_bar import CLASSES, PROMPTS, SEEDS
from explorer.widgets.sheet_view import NAME, RECIPE
from tests.explorer.stage import LEFT, Stage, staged
from tests.models import model_file
from tests.small_encoder import small_encoder

PATIENCE = 20_000


@pytest.fixture
def classes(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    with staged(qtbot, model_file(tmp_path, "stylegan2", label_size=15)) as stage:
        yield stage


@pytest.fixture
def reader(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    path = model_file(tmp_path, "stylegan-t", text_size=5, encoder="minilm-l6")
    with small_encoder(tmp_path, monkeypatch), staged(qtbot, path) as stage:
        yield stage


def shown(stage: Stage, qtbot: QtBot) -> SheetPanel:
    panel = SheetPanel(stage.store, stage.bridge)
    qtbot.addWidget(panel)
    panel.resize(700, 500)
    panel.show()
    return panel


def ask(panel: SheetPanel, kind: str) -> None:
    at = panel.bar.kind.findData(kind)
    panel.bar.kind.setCurrentIndex(at)
    panel.bar.kind.activated.emit(at)


def latents(panel: SheetPanel) -> list[Latent]:
    return [recipe.latent for recipe in panel.rows.recipes]


def test_one_seed_in_every_class(classes: Stage, qtbot: QtBot) -> None:
    classes.store.show(mixing.with_a(classes.store.recipe, seeded(4, 2)))
    panel = shown(classes, qtbot)
    assert panel.bar.kind.findData(PROMPTS) < 0
    ask(panel, CLASSES)
    assert latents(panel) == [seeded(4, number) for number in range(15)]
    assert panel.rows.index(3).data(NAME) == "Class 3"
    qtbot.waitUntil(lambda: panel.view._thumbnails.get(panel.rows.index(3).data(RECIPE)) is not None, timeout=PATIENCE)
    QTest.mouseClick(panel.bar.dealer, LEFT)
    dealt = {point.point.number for latent in latents(panel) for point in latent.points}
    assert len(dealt) == 1
    assert dealt != {4}
    panel.bar.count.setCurrentIndex(0)
    panel.bar.count.activated.emit(0)
    assert len({conditions(latent) for latent in latents(panel)}) == 12


def test_many_seeds_of_one_class(classes: Stage, qtbot: QtBot) -> None:
    classes.store.show(mixing.with_a(classes.store.recipe, seeded(4, 2)))
    panel = shown(classes, qtbot)
    assert panel.bar.kind.itemText(0) == "Same class, other seeds"
    ask(panel, SEEDS)
    assert len(latents(panel)) == 24
    assert {conditions(latent) for latent in latents(panel)} == {((Condition(2), 1.0),)}
    assert panel.rows.index(3).data(NAME) == ""


def test_one_seed_for_each_prompt(reader: Stage, qtbot: QtBot) -> None:
    panel = shown(reader, qtbot)
    assert panel.bar.kind.itemText(0) == "Same prompt, other seeds"
    assert panel.bar.kind.findData(CLASSES) < 0
    assert panel.words.isHidden()
    Prompts.of(reader.store).use(["red hair", "blue"])
    ask(panel, PROMPTS)
    assert panel.words.isVisible()
    assert latents(panel) == [seeded(0, prompt="red hair"), seeded(0, prompt="blue")]
    panel.words.selectAll()
    QTest.keyClicks(panel.words, " blue")
    assert len(latents(panel)) == 2
    qtbot.waitUntil(lambda: latents(panel) == [seeded(0, prompt="blue")], timeout=3000)
    panel.words.setPlainText("red\n\n blue \nred\nred hair")
    qtbot.waitUntil(lambda: len(latents(panel)) == 3, timeout=3000)
    assert [panel.rows.index(row).data(NAME) for row in range(3)] == ["red", "blue", "red hair"]
    qtbot.waitUntil(lambda: panel.view._thumbnails.get(panel.rows.index(2).data(RECIPE)) is not None, timeout=PATIENCE)
    panel.words.clear()
    qtbot.waitUntil(lambda: latents(panel) == [seeded(0)], timeout=3000)
    panel.show_recipe(panel.rows.recipes[0])
    ask(panel, SEEDS)
    assert panel.words.isHidden()


def test_a_model_without_either_offers_neither(stage: Stage, qtbot: QtBot) -> None:
    panel = shown(stage, qtbot)
    assert [panel.bar.kind.itemText(at) for at in range(panel.bar.kind.count())] == [
        "Any seeds", "More like this", "From A to B", "Between four pictures", "Mixing table",
    ]  # fmt: skip


def test_what_is_said_of_classes_and_prompts(classes: Stage) -> None:
    recipe = classes.store.recipe
    both = ((Condition(prompt="red"), 0.5), (Condition(prompt="blue"), 0.5))
    assert words(mixing.with_a(recipe, seeded(4, 2))) == "seed 4, class 2"
    assert words(mixing.with_a(recipe, conditioned(4, both))) == "seed 4, “red” and “blue”"
