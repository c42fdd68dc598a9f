"""The strip of kept steps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import put
from explorer.panels.history import HistoryPanel
from tests.explorer.stage import Stage, staged


@pytest.fixture
def stage(qtbot: QtBot, model: Path) -> Iterator[Stage]:
    with staged(qtbot, model) as stage:
        yield stage


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage) -> HistoryPanel:
    widget = HistoryPanel(stage.store, stage.bridge)
    qtbot.addWidget(widget)
    widget.resize(900, 110)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def steps(stage: Stage, count: int) -> None:
    for number in range(count):
        stage.store.do(put(stage.store.recipe, "noise.seed", stage.store.recipe.noise.seed + 1), f"Step {number}")


def test_an_empty_strip_says_what_will_be_there(panel: HistoryPanel, stage: Stage) -> None:
    assert panel._empty.isVisible()
    steps(stage, 1)
    assert panel.view.isVisible()


def test_a_click_goes_to_a_step_and_nothing_is_lost(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    steps(stage, 4)
    qtbot.wait(20)
    place = panel.view.visualRect(panel.steps.index(2)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert stage.store.recipe.noise.seed == 2
    assert panel.steps.rowCount() == 5
    stage.store.undo()
    assert stage.store.recipe.noise.seed == 1
    assert panel.steps.data(panel.steps.index(2), Qt.ItemDataRole.ToolTipRole) == "Step 1"


def test_thousands_of_steps_are_no_burden(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    steps(stage, 300)
    qtbot.wait(20)
    assert panel.steps.rowCount() == 301
    last = panel.view.visualRect(panel.steps.index(300))
    assert panel.view.viewport() is not None
    assert panel.view.rect().intersects(last)


def test_rows_are_found_after_the_oldest_are_dropped(panel: HistoryPanel, stage: Stage) -> None:
    stage.store.history._most = 10
    steps(stage, 30)
    row = panel.steps.row_of(stage.store.history.now.number)
    assert panel.steps.entry(row) is stage.store.history.now
    panel._go(panel.steps.index(0))
    assert stage.store.recipe == panel.steps.entry(0).state
