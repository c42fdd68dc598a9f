"""The palette finds what open panels can do, and their bars fit into a narrow window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QApplication, QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.recipe.timeline import Sound, Timeline
from explorer.bridge import Bridge
from explorer.collection import Collection
from explorer.panels.gallery import GalleryPanel
from explorer.panels.sheet import SheetPanel
from explorer.panels.timeline import TimelinePanel
from explorer.store import Store
from explorer.widgets.offers import offers
from explorer.widgets.palette import Palette
from explorer.widgets.trash_menu import TrashMenu
from explorer.widgets.wrapped import SPACING, Wrapped
from tests.explorer.conftest import open_window
from tests.gallery.pictures import favourite

KEY = Qt.Key
WAYS = {  # keys that only lead along the axis, and Escape; the second undo and redo
    KEY.Key_Left, KEY.Key_Right, KEY.Key_Up, KEY.Key_Down, KEY.Key_Home, KEY.Key_End, KEY.Key_Escape,
    KEY.Key_Z, KEY.Key_Y, KEY.Key_Enter, KEY.Key_Backspace,
}  # fmt: skip


@pytest.fixture
def panels(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[TimelinePanel, GalleryPanel, SheetPanel]]:
    """By themselves and open, without a model."""
    store = Store()
    bridge = Bridge(store)
    found = TimelinePanel(store, bridge, folder=tmp_path), GalleryPanel(store, bridge), SheetPanel(store, bridge)
    for panel in found:
        qtbot.addWidget(panel)
        panel.show()
    yield found
    found[0].close_jobs()
    found[1].close_jobs()


def test_whatever_a_key_does_on_the_timeline_is_in_the_palette(panels: tuple[TimelinePanel, ...], qtbot: QtBot) -> None:
    timeline = panels[0]
    timeline.add_key()
    offered = {offer.property("key"): offer for offer in offers((timeline,), timeline)}
    for key, held in timeline.axis.doings:
        if key not in WAYS:
            written = QKeySequence(key | held).toString().replace("Return", "Enter")
            assert written in offered, f"{written} does something that the palette lacks"
    texts = [offer.text() for offer in offers((timeline,), timeline)]
    for menu, entry in (("Way", "Smooth"), ("Wander", "Along a circle")):
        assert f"Timeline: {menu}: {entry}" in texts
    offered["L"].trigger()
    assert timeline.desk.timeline.loop


def test_every_button_of_an_open_panel_is_offered_once(
    panels: tuple[TimelinePanel, GalleryPanel, SheetPanel],
) -> None:
    owner = panels[0]
    texts = [offer.text() for offer in offers(panels, owner)]
    assert len(texts) == len(set(texts))
    for panel in panels:
        named = {text.partition(": ")[2] for text in texts if text.startswith(f"{panel.title}: ")}
        for button in panel.findChildren(QToolButton):
            menu = button.menu()
            if button.isVisible() and button.toolTip() and (menu is None or menu.title()):
                assert any(button.toolTip().startswith(words) for words in named), button.toolTip()
    panels[1].hide()
    assert not [offer for offer in offers(panels, owner) if offer.text().startswith("Gallery: ")]


def test_what_has_nothing_to_act_on_cannot_be_done(panels: tuple[TimelinePanel, ...], qtbot: QtBot) -> None:
    timeline = panels[0]
    palette = Palette(timeline, panels)
    palette.open([])

    def possible(words: str) -> bool:
        return next(a.isEnabled() for a in palette._actions if a.text() == f"Timeline: {words}")

    assert not possible("Backwards")
    assert not possible("No sound")
    rows = [palette.list.item(at).data(Qt.ItemDataRole.UserRole).isEnabled() for at in range(palette.list.count())]
    assert rows == sorted(rows, reverse=True)  # what cannot be done comes last
    assert not palette.grab().isNull()
    timeline.add_key()
    timeline.desk.do(Timeline(keys=timeline.desk.timeline.keys, sound=Sound("nowhere.wav")), "Sound")
    palette.open([])
    assert possible("Backwards")
    assert possible("No sound")
    qtbot.keyClicks(palette.field, "timeline marker")
    qtbot.keyClick(palette.field, KEY.Key_Return)
    assert timeline.desk.timeline.markers


def test_a_bar_goes_on_in_a_second_line(qtbot: QtBot) -> None:
    desk, bar, below = QWidget(), QWidget(), QLabel("below")
    qtbot.addWidget(desk)
    parts = [QWidget() for _ in range(6)]  # of which no style sheet says how high they are
    for part in parts:
        part.setFixedSize(40, 20)
    Wrapped(bar, (parts[:2], parts[2:4], parts[4:]))
    column = QVBoxLayout(desk)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(bar)
    column.addWidget(below, 1)
    desk.show()
    for width, tops in (
        (600, [0] * 6),
        (200, [0] * 4 + [20 + SPACING] * 2),
        (60, [at * (20 + SPACING) for at in range(6)]),
    ):
        desk.resize(width, 300)
        QApplication.processEvents()
        assert [part.y() for part in parts] == tops
        assert parts[-1].geometry().right() < width
        assert width == 60 or parts[-1].geometry().right() == width - 1
        assert bar.height() == tops[-1] + 20
    parts[4].hide()
    assert bar.heightForWidth(60) == 5 * 20 + 4 * SPACING


def test_the_whole_window_fits_a_small_screen(qtbot: QtBot, home: Path) -> None:
    window = open_window(qtbot, home, None)
    window.reset_layout()
    QApplication.processEvents()
    window.resize(1024, 640)
    for dock in window.shelf.docks:
        window.shelf._show(dock)
        QApplication.processEvents()
        bar = dock.panel.findChildren(Wrapped)[0].parentWidget()
        assert bar.height() == bar.heightForWidth(bar.width()), dock.objectName()
        for button in bar.findChildren(QToolButton):
            assert not button.isVisible() or bar.rect().contains(button.geometry()) or button.parent() is not bar
    window.help_dock.ask(True)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1024, 640)
    window.close()


def test_the_trash_gives_back_what_an_earlier_sitting_threw_away(qtbot: QtBot, tmp_path: Path) -> None:
    for seed in range(3):
        favourite(tmp_path / "Trash", seed)
    collection = Collection(Bridge(Store()))
    collection.use(tmp_path)
    menu = TrashMenu(collection.trash)
    qtbot.addWidget(menu)
    menu.wanted.connect(collection.bring_back)
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions() if action.text()]
    assert sorted(texts) == ["All 3 pictures", "tiny 0", "tiny 1", "tiny 2"]
    assert not next(action for action in menu.actions() if action.text() == "tiny 1").icon().isNull()
    next(action for action in menu.actions() if action.text() == "tiny 1").trigger()
    assert (tmp_path / "tiny 1.png").is_file()
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert not list((tmp_path / "Trash").glob("*.png"))
    menu.aboutToShow.emit()
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [("The trash is empty", False)]
    qtbot.waitUntil(lambda: len(collection.contents.favourites) == 3 and not collection.busy())
    collection.close()
