"""The table of all layers' numbers."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QItemSelectionModel, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from explorer import mixing
from explorer.panels.layers import LayersPanel
from tests.explorer.stage import Stage, staged
from tests.models import model_file


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage) -> LayersPanel:
    widget = LayersPanel(stage.store, stage.bridge)
    qtbot.addWidget(widget)
    widget.resize(340, 300)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def shown(panel: LayersPanel, row: int, column: int) -> str:
    return str(panel.table.data(panel.table.index(row, column)))


def test_it_shows_what_the_store_holds(stage: Stage, panel: LayersPanel) -> None:
    assert panel.table.rowCount() == 6
    stage.store.do(mixing.with_amounts(stage.store.recipe, (0.25, 1.0)), "elsewhere")
    assert [shown(panel, row, 0) for row in range(3)] == ["25 %", "100 %", "0 %"]
    assert shown(panel, 0, 2) == "1.00"
    stage.store.undo()
    assert shown(panel, 1, 0) == "0 %"


def test_a_typed_number_goes_into_every_selected_layer_as_one_step(
    qtbot: QtBot, stage: Stage, panel: LayersPanel
) -> None:
    chosen = panel.view.selectionModel()
    assert chosen is not None
    for row in (1, 2, 3):
        chosen.select(panel.table.index(row, 1), QItemSelectionModel.SelectionFlag.Select)
    panel.view.edit(panel.table.index(2, 1))
    editor = panel.view.findChild(QDoubleSpinBox)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "1.5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.store.recipe.strength == (1.0, 1.5, 1.5, 1.5), timeout=3000)
    assert stage.steps == 1


def test_delete_makes_them_neutral(stage: Stage, panel: LayersPanel) -> None:
    panel.table.put([(0, 0, 0.5), (1, 2, -1.0), (1, 3, 2.0)], "start")
    panel.view.selectAll()
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    first = stage.store.history.entries[0].state
    assert (stage.store.recipe.truncation, stage.store.recipe.noise) == (first.truncation, first.noise)
    assert mixing.amounts(stage.store.recipe, 6) == (0.0,) * 6
    assert stage.steps == 2


def test_a_model_without_styles_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with staged(qtbot, model_file(tmp_path, "progan")) as stage:
        panel = LayersPanel(stage.store, stage.bridge)
        qtbot.addWidget(panel)
        panel.show()
        assert panel.note.isVisible()
        assert not panel.view.isVisible()
