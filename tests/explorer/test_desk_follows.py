"""What the rest of the window calls B is the chosen style of the mixing desk: source, keys, pad, table."""

from pathlib import Path

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe, Style, seeded
from engine.recipe.recipe import MAX_LAYERS
from explorer import mixing
from explorer.bridge import Bridge
from explorer.desk import MixingDesk
from explorer.panels.layers import LayersPanel
from explorer.panels.mix import MixPanel
from explorer.store import Store
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, settled

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_keys_and_source_act_on_the_chosen_one(window: Window, qtbot: QtBot) -> None:
    store, desk = window.store, MixingDesk.of(window.store)
    styles = tuple(Style(seeded(number), (0.5,) * 6) for number in (11, 12, 13))
    store.do(Recipe(model=store.recipe.model, styles=styles), "")
    desk.choose(1)
    assert window.explore.b.field.number == 12
    table = window.panels[LayersPanel].table
    assert table.value(0, 0) == 0.5
    qtbot.keyClick(window.canvas, KEY.Key_1)
    assert mixing.amounts(store.recipe, 6, 1)[0] == 1
    assert table.value(0, 0) == 1
    desk.choose(2)
    assert table.value(0, 0) == 0.5
    desk.choose(1)
    qtbot.keyClick(window.canvas, KEY.Key_0)
    assert mixing.amounts(store.recipe, 6, 1) == (0.0,) * 6
    qtbot.keyClick(window.canvas, KEY.Key_R, SHIFT)
    assert store.recipe.styles[1].latent not in (seeded(12), store.recipe.latent)
    before = store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_X)
    assert (store.recipe.latent, store.recipe.styles[1].latent) == (before.styles[1].latent, before.latent)
    window.explore.walk.link(True)
    qtbot.keyClick(window.canvas, KEY.Key_Right, SHIFT)
    assert store.recipe.styles[1].latent == seeded(1)
    assert [store.recipe.styles[at] for at in (0, 2)] == [styles[0], styles[2]]
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)


def test_undo_leaves_a_style_chosen_that_is_there() -> None:
    store = Store()
    desk = MixingDesk.of(store)
    told: list[int] = []
    desk.chose.connect(told.append)
    for number in range(3):
        desk.add(seeded(number), rows=2)
    assert (desk.chosen, told) == (2, [1, 2])
    store.undo()
    assert (desk.chosen, told[-1]) == (1, 1)
    store.redo()
    assert desk.chosen == 2
    assert MixingDesk.of(store) is desk


def test_before_there_is_a_model_a_style_lies_over_every_layer(qtbot: QtBot, tmp_path: Path) -> None:
    store = Store()
    panel = MixPanel(store, Bridge(store), curves=tmp_path / "curves.json")
    qtbot.addWidget(panel)
    panel.lay_seed()
    assert mixing.amounts(store.recipe, MAX_LAYERS) == (0.5,) * MAX_LAYERS


def test_another_b_loses_the_name_of_the_one_before() -> None:
    recipe = Recipe(styles=(Style(seeded(1), (1.0,), False, "dragon"),))
    assert mixing.with_b(recipe, seeded(2)).styles == (Style(seeded(2), (1.0,), False),)
    assert mixing.with_amounts(recipe, (0.5, 0.0)).styles == (Style(seeded(1), (0.5,), False, "dragon"),)
