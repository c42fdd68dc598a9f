"""All models that travel with the program are offered with their cards, and a click changes to one, as one step."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

import engine.render.models as models
from engine.recipe import seeded
from explorer.mixing import with_a
from explorer.panels.models import ModelsPanel
from explorer.widgets.model_tiles import ModelTiles, Tile
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, open_window, settled
from tests.explorer.stage import LEFT
from tests.models import model_file

FAMILIES = ("stylegan1", "stylegan2", "stylegan3")


@pytest.fixture
def window(qtbot: QtBot, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """With three embedded models, and a file that is none."""
    folder = tmp_path / "assets" / "models"
    folder.mkdir(parents=True)
    for family in FAMILIES:
        model_file(folder, family)
    (folder / "zzz broken.safetensors").write_bytes(b"nothing")  # never the one to begin with
    monkeypatch.setattr(models, "assets", lambda: tmp_path / "assets")
    window = open_window(qtbot, home, None)
    qtbot.waitUntil(lambda: bool(tiles(window).tiles) and settled(window), timeout=PATIENCE)
    yield window
    window.close()


def tiles(window: Window) -> ModelTiles:
    found: ModelTiles = window.panels[ModelsPanel].tiles
    return found


def tile(window: Window, name: str) -> Tile:
    return next(tile for tile in tiles(window).tiles if tile.text() == name)


def test_every_embedded_model_has_a_card_and_a_picture(window: Window, qtbot: QtBot) -> None:
    assert tuple(one.text() for one in tiles(window).tiles) == FAMILIES
    assert tiles(window).isVisible()
    assert "StyleGAN2 · " in tile(window, "stylegan2").toolTip()
    assert "CC0" in tile(window, "stylegan3").toolTip()
    assert [one.text() for one in tiles(window).tiles if one.isChecked()] == ["stylegan1"]
    for one in tiles(window).tiles:
        qtbot.waitUntil(lambda one=one: one._thumbnails.get(one.known.sample) is not None, timeout=PATIENCE)


def test_a_click_changes_the_model_and_undo_goes_back(window: Window, qtbot: QtBot) -> None:
    window.store.do(with_a(window.store.recipe, seeded(12)), "Seed 12")
    QTest.mouseClick(tile(window, "stylegan3"), LEFT)
    qtbot.waitUntil(lambda: window.store.recipe.model.name == "stylegan3" and settled(window), timeout=PATIENCE)
    qtbot.waitUntil(lambda: tile(window, "stylegan3").isChecked(), timeout=PATIENCE)
    assert window.store.recipe.latent == seeded(12)
    assert window.store.history.now.note == "Model stylegan3"
    window.store.undo()
    assert window.store.recipe.model.name == "stylegan1"
    qtbot.waitUntil(lambda: settled(window) and tile(window, "stylegan1").isChecked(), timeout=PATIENCE)
    assert not tile(window, "stylegan3").isChecked()


def test_the_menu_lists_them_too(window: Window, qtbot: QtBot) -> None:
    menu = window.toolbar.model.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: {a.text() for a in menu.actions()} >= set(FAMILIES), timeout=PATIENCE)
    next(a for a in menu.actions() if a.text() == "stylegan2").trigger()
    qtbot.waitUntil(lambda: window.store.recipe.model.name == "stylegan2", timeout=PATIENCE)
