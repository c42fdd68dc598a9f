"""Panels that are moved and hidden, remembered, and put back when asked."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from explorer.panels.explore import ExplorePanel
from explorer.panels.history import HistoryPanel
from explorer.panels.models import ModelsPanel, facts, in_words
from explorer.panels.shape import ShapePanel
from explorer.window import PANELS, Window
from tests.explorer.conftest import PATIENCE, open_window


def shape(window: Window) -> ShapePanel:
    panel = window.panels[ShapePanel]
    assert isinstance(panel, ShapePanel)
    return panel


def test_hidden_panels_stay_hidden_and_reset_brings_them_back(window: Window, qtbot: QtBot, home: Path) -> None:
    window.docks[HistoryPanel].hide()
    shape(window).motion.set_speed(3.0)
    window.tabifyDockWidget(window.docks[ModelsPanel], window.docks[ShapePanel])
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.docks[ExplorePanel])
    window.close()
    again = open_window(qtbot, home, None)
    assert again.docks[HistoryPanel].isHidden()
    assert shape(again).motion.motion.speed == 3.0
    bars = again.findChildren(QTabBar)
    assert {bar.elideMode() for bar in bars} == {Qt.TextElideMode.ElideNone}
    assert again.dockWidgetArea(again.docks[ExplorePanel]) == Qt.DockWidgetArea.RightDockWidgetArea
    again.deeds["reset_layout"].trigger()
    assert not any(again.docks[panel].isHidden() for panel in PANELS)
    assert again.dockWidgetArea(again.docks[ExplorePanel]) == Qt.DockWidgetArea.LeftDockWidgetArea
    again.close()


def test_nothing_in_a_panel_is_cut_off_sideways(window: Window, qtbot: QtBot) -> None:
    qtbot.wait(50)
    for panel in PANELS:
        widget, dock = window.panels[panel], window.docks[panel]
        assert widget.width() <= dock.width() + 1, panel
        assert widget.width() >= widget.minimumSizeHint().width(), panel


def test_compact_panels_are_as_high_as_their_content(window: Window, qtbot: QtBot) -> None:
    window.resize(1400, 1000)
    for panel in (ShapePanel, ModelsPanel):
        qtbot.waitUntil(lambda panel=panel: window.panels[panel].height() <= 0.31 * window.height(), timeout=3000)  # type: ignore[misc]


def test_the_picture_keeps_half_of_the_window(window: Window, qtbot: QtBot) -> None:
    window.resize(1600, 1000)
    window.reset_layout()
    qtbot.waitUntil(lambda: window.canvas.width() * window.canvas.height() >= 0.5 * 1600 * 1000, timeout=3000)


def test_a_low_window_keeps_its_height_for_the_picture(window: Window, qtbot: QtBot) -> None:
    window.resize(1240, 660)
    window.reset_layout()
    qtbot.waitUntil(lambda: window.canvas.width() * window.canvas.height() >= 0.45 * 1240 * 660, timeout=3000)
    history = window.docks[HistoryPanel]
    assert history.visibleRegion().isEmpty()
    qtbot.keyClick(window.canvas, Qt.Key.Key_R)  # a step, so that there is something to see
    qtbot.keyClick(window.canvas, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: not history.visibleRegion().isEmpty(), timeout=3000)
    qtbot.waitUntil(lambda: window.panels[HistoryPanel].view.table.upright, timeout=3000)
    qtbot.keyClick(window.canvas, Qt.Key.Key_H)
    assert history.isHidden()


def test_the_card_says_what_the_file_says(window: Window, qtbot: QtBot) -> None:
    card = window.panels[ModelsPanel]
    assert card.name.text() == "stylegan1"
    assert card.about.text().startswith("StyleGAN ·")
    info = window.bridge.model
    assert info is not None
    assert ("Licence", "CC0") in facts(info)
    assert "Classes" not in dict(facts(info))


def test_numbers_in_words() -> None:
    assert [in_words(n) for n in (7, 9_999, 30_000, 1_234_567)] == ["7", "9999", "30 thousand", "1.2 million"]


def test_the_menu_offers_what_was_opened(window: Window, qtbot: QtBot) -> None:
    menu = window.toolbar.model.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: "stylegan1" in [action.text() for action in menu.actions()], timeout=PATIENCE)
