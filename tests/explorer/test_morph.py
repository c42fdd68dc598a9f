"""Morphs: from the picture that is seen to another, live, stoppable, one step of undo."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import Model, Recipe, Style, seeded
from engine.recipe.tween import tween
from engine.render import png
from engine.render.renderer import Renderer
from explorer.morph import Manner, Morph
from explorer.settings import machine
from explorer.store import Store
from explorer.widgets.desk_morph import MorphButton
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, settled
from tests.explorer.pile import drop_on
from tests.explorer.stage import LEFT

KEY = Qt.Key
GOAL = Recipe(latent=seeded(9), styles=(Style(seeded(3), (1.0,)),))


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def morph(store: Store) -> Iterator[Morph]:
    found = Morph(store, store)
    found.manner.seconds = 0.2
    yield found
    found.stop()


def test_it_passes_what_lies_between_and_ends_exactly(qtbot: QtBot, store: Store, morph: Morph) -> None:
    seen: list[Recipe] = []
    store.changed.connect(seen.append)
    start, morph.manner.seconds = store.recipe, 0.8
    with qtbot.waitSignal(morph.playing_changed, timeout=PATIENCE, check_params_cb=lambda playing: not playing):
        morph.to(GOAL, "dragon")
    assert store.recipe == GOAL
    shares = [recipe.styles[0].amounts[0] for recipe in seen if recipe.styles]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 1
    assert shares[-1] == 1
    assert [(entry.state, entry.note) for entry in store.history.entries[1:]] == [(GOAL, "Morph to dragon")]
    store.undo()
    assert store.recipe == start


@pytest.mark.parametrize("ease", ["linear", "smooth"])
def test_it_goes_as_the_timeline_goes(store: Store, morph: Morph, ease: str) -> None:
    morph.manner.ease = ease  # type: ignore[assignment]
    start = store.recipe
    morph.to(GOAL, "dragon")
    for share, eased in ((0.25, 0.25 if ease == "linear" else 0.15625), (0.5, 0.5)):
        assert morph._way.at(0.2 * share) == tween(start, GOAL, eased)


def test_stopped_it_stays_where_it_is_as_one_step(qtbot: QtBot, store: Store, morph: Morph) -> None:
    morph.manner.seconds = 30.0
    morph.to(GOAL, "dragon")
    qtbot.waitUntil(lambda: len(store.recipe.styles) == 1, timeout=PATIENCE)
    assert 0 < morph.done < 1
    morph.stop()
    assert not morph.playing
    assert store.recipe not in (Recipe(), GOAL)
    assert [entry.note for entry in store.history.entries[1:]] == ["Morph towards dragon"]


def test_another_hand_takes_over(qtbot: QtBot, store: Store, morph: Morph) -> None:
    morph.manner.seconds = 30.0
    morph.to(GOAL, "dragon")
    qtbot.waitUntil(lambda: bool(store.recipe.styles), timeout=PATIENCE)
    store.do(Recipe(latent=seeded(77)), "A: seed 77")
    qtbot.waitUntil(lambda: not morph.playing, timeout=PATIENCE)
    assert store.recipe == Recipe(latent=seeded(77))


def test_where_it_cannot_go_is_one_sentence(store: Store, morph: Morph) -> None:
    told: list[str] = []
    morph.failed.connect(told.append)
    store.show(Recipe(model=Model("a", "0" * 64)))
    morph.to(Recipe(model=Model("b", "1" * 64)), "dragon")
    morph.to(store.recipe, "dragon")
    assert len(told) == 2
    assert "another model" in told[0]
    assert not morph.playing


def test_how_it_goes_is_kept_from_start_to_start(window: Window, qtbot: QtBot) -> None:
    menu = window.desk.button.menu_of_ways
    menu.seconds.setValue(7.5)
    menu.eases["linear"].trigger()
    menu.paths["slerp"].trigger()
    window._save_settings()
    kept, _ = machine(window._settings_file)
    button = MorphButton(other := Morph(window.store))
    qtbot.addWidget(button)
    window.desk.morph, window.desk.button = other, button
    window.desk.use(kept)
    assert other.manner == Manner(7.5, "linear", "slerp")
    assert (button.menu_of_ways.seconds.value(), button.menu_of_ways.eases["linear"].isChecked()) == (7.5, True)


def test_from_the_stored_picture_and_from_a_file_in_the_window(
    window: Window, qtbot: QtBot, model: Path, tmp_path: Path
) -> None:
    desk = window.desk
    qtbot.keyClick(window.canvas, KEY.Key_V)
    message = window.messages.message
    assert message is not None
    assert message.text.startswith("Nothing is stored yet")
    first = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_C)
    qtbot.keyClick(window.canvas, KEY.Key_R)
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    steps, frames = len(window.store.history.entries), []
    window.bridge.framed.connect(lambda frame: frames.append(frame.recipe))
    desk.morph.manner.seconds = 1.5
    away = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_V)
    assert desk.morph.playing
    qtbot.waitUntil(lambda: not desk.morph.playing and settled(window), timeout=PATIENCE)
    assert window.store.recipe == first
    assert len(window.store.history.entries) == steps + 1
    assert [recipe for recipe in frames if recipe not in (first, away)]  # it was seen on its way
    renderer = Renderer("cpu")
    info = renderer.open(model)
    goal = Recipe(model=info.model, latent=seeded(5))
    png.write(tmp_path / "dragon.png", renderer.render(goal))
    desk.morph.manner.seconds = 30.0
    assert drop_on(desk.button, QPoint(5, 5), tmp_path / "dragon.png")
    assert desk.morph.playing
    before = window.store.recipe
    qtbot.waitUntil(lambda: window.store.recipe != before, timeout=PATIENCE)
    QTest.mouseClick(desk.button, LEFT)
    assert not desk.morph.playing
    assert "towards dragon" in window.store.history.now.note


def test_to_a_favourite_and_a_favourite_on_the_desk(window: Window, qtbot: QtBot) -> None:
    first = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_F)
    gallery = window.shelf.gallery
    qtbot.waitUntil(lambda: len(gallery.collection.contents.favourites) == 1, timeout=PATIENCE)
    (favourite,) = gallery.collection.contents.favourites
    qtbot.keyClick(window.canvas, KEY.Key_R)
    window.desk.button.menu_of_ways.favourite_wanted.emit()
    picker = window.desk.picker
    assert picker is not None
    assert [item.name for item in picker.rows.shown] == [favourite.name]
    window.desk.morph.manner.seconds = 0.2
    QTest.keyClick(picker.field, KEY.Key_Return)
    assert window.desk.morph.playing
    qtbot.waitUntil(lambda: not window.desk.morph.playing, timeout=PATIENCE)
    assert window.store.recipe == first
    window.desk._mix.favourite_wanted.emit()
    picker = window.desk.picker
    picker.view.choose([favourite.name])
    picker.view.setFocus()
    QTest.keyClick(picker.view, KEY.Key_Return)
    qtbot.waitUntil(lambda: bool(window.store.recipe.styles), timeout=PATIENCE)
    (style,) = window.store.recipe.styles
    assert (style.name, style.latent) == (Path(favourite.name).stem, first.latent)
    assert np.ptp(style.amounts) == 0
    assert window.panels[type(window.desk._mix)].pile.isVisible()
