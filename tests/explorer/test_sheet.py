"""The contact sheet by real keys and mouse: seeds and children to pick from, kept or shown, saved with their recipes."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.gallery import sheet
from engine.recipe import Stored, seeded
from engine.render import png
from explorer.mixing import amounts
from explorer.panels.sheet import SheetPanel
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, settled
from tests.explorer.stage import LEFT
from tests.explorer.test_help import silent

KEY = Qt.Key
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def panel(window: Window, qtbot: QtBot) -> SheetPanel:
    """The sheet, opened with its key."""
    qtbot.keyClick(window.canvas, KEY.Key_N)
    assert window.shelf.docks[1].isVisible()
    view = window.shelf.sheet.view
    qtbot.waitUntil(lambda: view.visualRect(view.rows.index(1)).width() > 50, timeout=PATIENCE)
    return window.shelf.sheet


def click(panel: SheetPanel, row: int, held: Qt.KeyboardModifier = NONE) -> QPoint:
    where = panel.view.visualRect(panel.rows.index(row)).center()
    QTest.mouseClick(panel.view.viewport(), LEFT, held, where)
    return where


def choose(panel: SheetPanel, part: int) -> None:
    panel.bar.part.setFocus()
    panel.bar.part.setCurrentIndex(part)
    panel.bar.part.activated.emit(part)


def test_seeds_are_dealt_drawn_and_dealt_again(window: Window, panel: SheetPanel, qtbot: QtBot) -> None:
    first = list(panel.rows.recipes)
    assert len(first) == 24
    assert {recipe.latent for recipe in first} != {window.store.recipe.latent}
    thumbnails = window.explore.thumbnails
    qtbot.waitUntil(lambda: thumbnails.get(first[0]) is not None, timeout=PATIENCE)
    QTest.mouseClick(panel.bar.dealer, LEFT)
    second = list(panel.rows.recipes)
    assert second != first
    qtbot.keyClick(panel.view, KEY.Key_N)
    assert panel.rows.recipes not in (first, second)
    assert window.store.history.now.number == 0  # looking changes nothing


def test_a_pick_becomes_the_picture(window: Window, panel: SheetPanel, qtbot: QtBot) -> None:
    before = window.store.recipe
    where = click(panel, 1)
    QTest.mouseDClick(panel.view.viewport(), LEFT, pos=where)
    assert window.store.recipe == panel.rows.recipes[1]
    qtbot.keyClick(panel.view, KEY.Key_Left)
    qtbot.keyClick(panel.view, KEY.Key_Return)
    assert window.store.recipe == panel.rows.recipes[0]
    QTest.mouseClick(panel.bar.shower, LEFT)
    assert window.store.recipe == panel.rows.recipes[0]
    window.store.undo()
    window.store.undo()
    assert window.store.recipe == before


def test_f_keeps_what_is_chosen(window: Window, panel: SheetPanel, qtbot: QtBot, home: Path) -> None:
    before = window.store.recipe
    click(panel, 0)
    click(panel, 2, CTRL)
    qtbot.keyClick(panel.view, KEY.Key_F)
    gallery = window.shelf.gallery
    qtbot.waitUntil(lambda: len(gallery.rows.shown) == 2, timeout=PATIENCE)
    kept = {png.read(path) for path in (home / "pictures" / "Favourites").glob("*.png")}
    assert kept == {panel.rows.recipes[0], panel.rows.recipes[2]}
    assert window.store.recipe == before


def test_children_of_the_picture_and_of_a_child(window: Window, panel: SheetPanel, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_N, SHIFT)
    assert panel.bar.asks == "More like this"
    numbers = [point.point.number for point in panel.rows.recipes[0].latent.points]
    assert window.store.recipe.latent == seeded(0)
    assert 0 in numbers
    assert len(numbers) == 3
    assert panel.bar.words.text() == "35 %"
    panel.bar.radius.setFocus()
    far = list(panel.rows.recipes)
    qtbot.keyClick(panel.bar.radius, KEY.Key_Home)
    near = panel.rows.recipes
    assert [p.point for p in near[0].latent.points] == [p.point for p in far[0].latent.points]
    assert next(p.weight for p in near[0].latent.points if p.point.number == 0) > 0.99
    assert panel.bar.words.text() == "1 %"
    click(panel, 1)
    panel.view.setFocus()
    parent = panel.rows.recipes[1]
    qtbot.keyClick(panel.view, KEY.Key_N, SHIFT)
    assert panel._parent == parent
    assert len(panel.rows.recipes[0].latent.points) == 5


@pytest.mark.parametrize(("part", "rows"), [(1, (0, 1)), (3, (4, 5))])
def test_children_in_a_band_are_b_there(
    window: Window, panel: SheetPanel, qtbot: QtBot, part: int, rows: tuple
) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_2)  # middle layers from B: the parent is a mix
    window.shelf.deeds()["kin"]()
    choose(panel, part)
    qtbot.waitUntil(lambda: isinstance(panel.rows.recipes[0].latent.points[0].point, Stored), timeout=PATIENCE)
    child = panel.rows.recipes[0]
    assert [row for row, amount in enumerate(amounts(child, 6)) if amount == 1] == list(rows)
    window.shelf.sheet.show_recipe(child)
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)


def ask(panel: SheetPanel, kind: str) -> None:
    panel.bar.ask(kind)
    panel.bar.kind.activated.emit(panel.bar.kind.currentIndex())


def test_a_mixing_table_and_what_lies_between_four(window: Window, panel: SheetPanel, qtbot: QtBot) -> None:
    ask(panel, "Mixing table")
    columns, recipes = panel.view.columns(), panel.rows.recipes
    assert panel.bar.part.isVisible()
    assert panel.bar.band == "coarse"  # of all layers there would be nothing to see
    assert recipes[0] == window.store.recipe
    assert recipes[1].latent == seeded(1)
    assert recipes[columns].latent == recipes[0].latent
    assert recipes[columns + 1].styles[0].latent == seeded(1)
    assert [row for row, amount in enumerate(amounts(recipes[columns + 1], 6)) if amount] == [0, 1]
    assert [panel.rows.names[at] for at in (0, 1, columns, columns + 1)] == ["Now", "B 1", "A 0", ""]
    long = recipes[2].latent.points[0].point.number
    assert panel.rows.names[2] == f"B {long}"
    assert panel.rows.index(2).data(Qt.ItemDataRole.ToolTipRole) == f"B {long}\nseed {long}"
    ask(panel, "Between four pictures")
    assert panel.rows.recipes[0].latent == seeded(0)
    assert panel.rows.recipes[columns - 1].latent == seeded(1)
    corner = panel.rows.recipes[-1]
    QTest.mouseClick(panel.bar.dealer, LEFT)
    assert panel.rows.recipes[-1] != corner
    window.shelf.docks[1].setFloating(True)
    window.shelf.docks[1].resize(400, 420)
    qtbot.waitUntil(lambda: panel.view.columns() != columns, timeout=PATIENCE)
    assert panel.rows.recipes[panel.view.columns() - 1].latent == seeded(1)


def test_how_many(panel: SheetPanel, qtbot: QtBot) -> None:
    panel.bar.count.setFocus()
    qtbot.keyClick(panel.bar.count, KEY.Key_Up)
    assert len(panel.rows.recipes) == 12


def test_the_sheet_is_saved_and_comes_back(window: Window, panel: SheetPanel, qtbot: QtBot, tmp_path: Path) -> None:
    said: list[str] = []
    panel.failed.connect(said.append)
    click(panel, 0)
    click(panel, 1, CTRL)
    wanted = tuple(panel.view.selected())
    with qtbot.waitSignal(panel.export.finished, timeout=PATIENCE):
        panel.save(tmp_path / "s.png")
        assert not panel.stopper.isHidden()
    assert sheet.read(tmp_path / "s.png").recipes == wanted
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "s.png"))])
    QApplication.sendEvent(panel, QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, LEFT, NONE))
    QApplication.sendEvent(panel, QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, LEFT, NONE))
    assert panel.rows.recipes == list(wanted)
    (tmp_path / "folder").write_text("in the way")
    panel.save(tmp_path / "folder" / "s.png")
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    assert "The sheet was not saved" in said[0]
    assert panel.stopper.isHidden()


def test_saving_can_be_stopped(panel: SheetPanel, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(panel.export.stepped, timeout=PATIENCE):
        panel.save(tmp_path / "s.png")
    QTest.mouseClick(panel.stopper, LEFT)
    assert not panel.export.running()
    qtbot.wait(100)
    assert not (tmp_path / "s.png").exists()


def test_small_pictures_give_way_and_come_later(window: Window, panel: SheetPanel, qtbot: QtBot) -> None:
    panel.bar.count.setCurrentIndex(0)
    panel.bar.count.activated.emit(0)
    for seed in range(20):
        window.store.do(window.store.recipe, "")
        window.store.set("latent", seeded(seed))
        qtbot.wait(5)
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    thumbnails = window.explore.thumbnails
    seen = [recipe for row, recipe in enumerate(panel.rows.recipes) if panel.view._sees(row)]
    assert seen
    qtbot.waitUntil(lambda: all(thumbnails.get(recipe) is not None for recipe in seen), timeout=PATIENCE)


def test_both_panels_have_words_for_every_control(window: Window, panel: SheetPanel) -> None:
    for part in (panel, window.shelf.gallery):
        assert not silent(part)


def test_full_screen_hides_the_sheet_and_reset_puts_it_away(window: Window, panel: SheetPanel, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_G)
    gallery, dock = window.shelf.docks[:2]
    assert dock in window.tabifiedDockWidgets(gallery)
    qtbot.keyClick(window.canvas, KEY.Key_F11)
    assert not dock.isVisible()
    assert not gallery.isVisible()
    qtbot.keyClick(window.canvas, KEY.Key_Escape)
    assert not dock.isHidden()
    window.reset_layout()
    assert dock.isHidden()
    assert gallery.isHidden()


def test_a_narrow_window_stays_as_narrow(window: Window, qtbot: QtBot) -> None:
    window.resize(1200, 780)
    window.reset_layout()
    before = window.minimumSizeHint().width()
    for key in (KEY.Key_G, KEY.Key_N):
        qtbot.keyClick(window.canvas, key)
        qtbot.wait(20)
    qtbot.keyClick(window.canvas, KEY.Key_N, SHIFT)
    qtbot.wait(20)
    assert window.width() == 1200
    assert window.minimumSizeHint().width() <= max(before, 1200)


def test_the_way_from_a_to_b(window: Window, panel: SheetPanel, qtbot: QtBot) -> None:
    panel.bar.kind.setFocus()
    for _ in range(2):
        qtbot.keyClick(panel.bar.kind, KEY.Key_Down)
    assert panel.bar.asks == "From A to B"
    found = panel.rows.recipes
    assert (found[0].latent, found[-1].latent, len(found)) == (seeded(0), seeded(1), 24)
    assert not panel.bar.dealer.isEnabled()


def test_a_sheet_that_is_shown_is_never_empty(window: Window, qtbot: QtBot) -> None:
    assert not window.shelf.sheet.rows.recipes
    window.shelf.docks[1].show()
    assert len(window.shelf.sheet.rows.recipes) == 24
