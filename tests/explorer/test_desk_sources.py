"""Where the styles of the mixing desk come from: dropped pictures, other models, a session, models without W."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe, Style, seeded
from engine.recipe.recipe import MAX_STYLES
from engine.render import png
from engine.render.renderer import Renderer
from explorer.panels.mix import MixPanel
from explorer.session import restore, taken
from explorer.store import Store
from explorer.widgets.desk_row import HEIGHT
from tests.explorer.conftest import PATIENCE
from tests.explorer.pile import drop_on, piled, seeds
from tests.explorer.stage import LEFT, Stage, staged
from tests.models import model_file

KEY = Qt.Key


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage, tmp_path: Path) -> MixPanel:
    widget = MixPanel(stage.store, stage.bridge, curves=tmp_path / "curves.json")
    qtbot.addWidget(widget)
    widget.resize(330, 560)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_dropped_pictures_are_laid_where_they_were_dropped(
    qtbot: QtBot, stage: Stage, panel: MixPanel, tmp_path: Path
) -> None:
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path))
    mixed = Recipe(model=info.model, latent=seeded(4), styles=(Style(seeded(5), (1.0,)),))
    for name, recipe in (("dragon", mixed), ("plain", Recipe(model=info.model, latent=seeded(6)))):
        png.write(tmp_path / f"{name}.png", renderer.render(recipe))
    piled(stage, 1, 2)
    QApplication.processEvents()
    assert drop_on(panel.pile.viewport(), QPoint(100, HEIGHT), tmp_path / "dragon.png")
    qtbot.waitUntil(lambda: len(stage.store.recipe.styles) == 3, timeout=PATIENCE)
    assert seeds(stage.store.recipe) == ["1", "dragon", "2"]
    assert panel.desk.chosen == 1
    assert drop_on(panel, QPoint(20, panel.height() - 20), tmp_path / "plain.png")
    assert seeds(stage.store.recipe)[-1] == "plain"
    assert stage.store.recipe.styles[-1].latent == seeded(6)
    assert not drop_on(panel.pile.viewport(), QPoint(100, 20), tmp_path / "notes.txt")


def test_what_cannot_be_laid_over_is_one_sentence(qtbot: QtBot, stage: Stage, panel: MixPanel, tmp_path: Path) -> None:
    told: list[str] = []
    panel.failed.connect(told.append)
    (tmp_path / "holiday.png").write_bytes(b"nothing")
    renderer = Renderer("cpu")
    folder = tmp_path / "other"
    folder.mkdir()
    info = renderer.open(model_file(folder, label_size=2))
    png.write(tmp_path / "foreign.png", renderer.render(Recipe(model=info.model)))
    panel.take(tmp_path / "holiday.png")
    panel.take(tmp_path / "foreign.png")
    for number in range(MAX_STYLES + 1):
        panel.add_seed(number)
    assert [
        word for words, word in zip(told, ("holiday.png", "another model", "16"), strict=True) if word not in words
    ] == []
    assert len(stage.store.recipe.styles) == MAX_STYLES
    assert not panel.bar.adder.isEnabled()


def test_a_session_brings_the_desk_back(stage: Stage, panel: MixPanel) -> None:
    piled(stage, 1, 2, 3)
    QTest.mouseClick(panel.pile.rows[1].eye, LEFT)
    store = Store()
    restore(taken(stage.store), store)
    assert store.recipe == stage.store.recipe
    assert not store.recipe.styles[1].on
    assert store.recipe.styles[1].amounts == (0.5,) * 6


def test_a_model_without_w_has_a_desk_of_whole_pictures(qtbot: QtBot, tmp_path: Path) -> None:
    with staged(qtbot, model_file(tmp_path, "progan")) as stage:
        panel = MixPanel(stage.store, stage.bridge, curves=tmp_path / "curves.json")
        qtbot.addWidget(panel)
        panel.show()
        panel.add_seed(5)
        panel.add_seed(6)
        assert not panel.bar.part.isVisible()
        assert [style.amounts for style in stage.store.recipe.styles] == [(0.5,), (0.5,)]
        panel.pile.setFocus()
        QTest.keyClick(panel.pile, KEY.Key_Left)
        assert stage.store.recipe.styles[1].amounts == (0.45,)
        qtbot.waitUntil(lambda: stage.bridge.frame is not None and stage.bridge.frame.recipe == stage.store.recipe)
        assert not stage.errors
