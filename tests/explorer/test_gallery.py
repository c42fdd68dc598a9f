"""Favourites by real keys and mouse: kept, found, rated, shown, thrown away and taken back; files by hand appear."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.gallery import favourite as favourites
from engine.gallery.marks import Marks
from engine.recipe import Recipe, seeded
from engine.render import png
from engine.render.renderer import Renderer
from explorer.panels.gallery import GalleryPanel
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, open_window
from tests.explorer.stage import LEFT
from tests.gallery.pictures import favourite, frame

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def place(home: Path) -> Path:
    return home / "pictures" / "Favourites"


@pytest.fixture
def panel(qtbot: QtBot, place: Path) -> Iterator[GalleryPanel]:
    """A gallery by itself over six favourites, without a model."""
    from explorer.bridge import Bridge
    from explorer.store import Store

    for seed in range(6):
        favourite(place, seed, rating=seed % 3, tags=("even",) if seed % 2 == 0 else ())
    store = Store()
    bridge = Bridge(store)
    panel = GalleryPanel(store, bridge)
    qtbot.addWidget(panel)
    panel.resize(900, 400)
    panel.show()
    panel.use(place)
    qtbot.waitUntil(lambda: len(panel.rows.shown) == 6 and not panel.collection.busy(), timeout=PATIENCE)
    yield panel
    panel.close_jobs()


def index(panel: GalleryPanel, seed: int) -> QModelIndex:
    return panel.rows.index(panel.rows.rows_of([f"tiny {seed}.png"])[0])


def spot(panel: GalleryPanel, seed: int) -> QPoint:
    return panel.view.visualRect(index(panel, seed)).center()


def click(panel: GalleryPanel, seed: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(panel.view.viewport(), LEFT, held, spot(panel, seed))


def marks_of(place: Path, seed: int) -> Marks:
    return favourites.read(place / f"tiny {seed}.png").marks


def test_f_keeps_the_picture_exactly(window: Window, qtbot: QtBot, place: Path, model: Path) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_R)
    wanted = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_F)
    gallery = window.shelf.gallery
    qtbot.waitUntil(lambda: len(gallery.rows.shown) == 1, timeout=PATIENCE)
    (path,) = place.glob("*.png")
    assert png.read(path) == wanted
    renderer = Renderer("cpu")
    renderer.open(model)
    exact = renderer.render(wanted)
    png.write(place.parent / "exact.png", exact)
    from engine.gallery.thumbnails import picture

    assert picture(path).tobytes() == picture(place.parent / "exact.png").tobytes() == exact.pixels.tobytes()
    assert gallery.rows.shown[0].marks.added > 0
    qtbot.keyClick(window.canvas, KEY.Key_F)
    assert window.messages.message is not None
    assert "already" in window.messages.message.text
    assert len(list(place.glob("*.png"))) == 1


def test_g_shows_the_gallery_and_a_double_click_its_picture(window: Window, qtbot: QtBot, place: Path) -> None:
    assert window.shelf.docks[0].isHidden()
    qtbot.keyClick(window.canvas, KEY.Key_R)
    qtbot.keyClick(window.canvas, KEY.Key_F)
    gallery = window.shelf.gallery
    qtbot.waitUntil(lambda: len(gallery.rows.shown) == 1, timeout=PATIENCE)
    kept = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_G)
    assert window.shelf.docks[0].isVisible()
    qtbot.keyClick(window.canvas, KEY.Key_R)
    other = window.store.recipe
    assert other != kept
    qtbot.waitUntil(lambda: gallery.view.visualRect(gallery.rows.index(0)).height() > 50)
    where = gallery.view.visualRect(gallery.rows.index(0)).center()
    QTest.mouseClick(gallery.view.viewport(), LEFT, pos=where)
    QTest.mouseDClick(gallery.view.viewport(), LEFT, pos=where)
    assert window.store.recipe == kept
    window.store.undo()
    assert window.store.recipe == other
    qtbot.keyClick(gallery.view, KEY.Key_Return)
    assert window.store.recipe == kept
    qtbot.keyClick(gallery.view, KEY.Key_3)  # a rating here, not the fine layers
    assert window.store.recipe == kept
    qtbot.waitUntil(lambda: gallery.rows.shown[0].marks.rating == 3 and not gallery.collection.busy(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: gallery.pictures.get(gallery.rows.shown[0]) is not None, timeout=PATIENCE)
    qtbot.keyClick(gallery.view, KEY.Key_G)
    assert window.shelf.docks[0].isHidden()


def test_the_gallery_is_there_again_after_a_restart(window: Window, qtbot: QtBot, place: Path, home: Path) -> None:
    favourite(place, 4)
    qtbot.keyClick(window.canvas, KEY.Key_G)
    qtbot.waitUntil(lambda: len(window.shelf.gallery.rows.shown) == 1, timeout=PATIENCE)
    window.close()
    again = open_window(qtbot, home, None)
    assert again.shelf.docks[0].isVisible()
    qtbot.waitUntil(lambda: len(again.shelf.gallery.rows.shown) == 1, timeout=PATIENCE)
    again.close()


def test_files_by_hand_appear_and_vanish(panel: GalleryPanel, place: Path, qtbot: QtBot) -> None:
    png.write(place / "by hand.png", frame(77))
    qtbot.waitUntil(lambda: len(panel.rows.shown) == 7, timeout=PATIENCE)
    (place / "by hand.png").unlink()
    (place / "bad.png").write_text("hello")
    qtbot.waitUntil(lambda: len(panel.rows.shown) == 6 and "1 not readable" in panel.bar.count.text(), timeout=PATIENCE)
    assert "bad.png" in panel.bar.count.toolTip()


def test_search_rating_and_order(panel: GalleryPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.bar.search, "#even")
    assert [f.words for f in panel.rows.shown] == ["seed 4", "seed 2", "seed 0"]
    QTest.mouseClick(panel.bar.rating, LEFT, pos=QPoint(panel.bar.rating._side + 6, 10))
    assert panel.bar.rating.rating == 2
    assert [f.words for f in panel.rows.shown] == ["seed 2"]
    assert panel.bar.count.text() == "1 of 6"
    qtbot.keyClicks(panel.bar.search, "nothing")
    assert panel._pages.currentIndex() == 0
    panel.bar.search.clear()
    qtbot.keyClick(panel.bar.rating, KEY.Key_0)
    panel.bar.order.setFocus()
    qtbot.keyClick(panel.bar.order, KEY.Key_Down)
    assert panel.bar.order.currentText() == "Oldest"
    assert [f.words for f in panel.rows.shown] == [f"seed {n}" for n in range(6)]


def test_several_are_chosen_rated_and_tagged(panel: GalleryPanel, place: Path, qtbot: QtBot) -> None:
    click(panel, 1)
    click(panel, 3, CTRL)
    assert panel.details.title.text() == "2 pictures"
    qtbot.keyClick(panel.view, KEY.Key_5)
    qtbot.keyClicks(panel.details.tags, "Sky, new")
    qtbot.keyClick(panel.details.tags, KEY.Key_Return)
    qtbot.waitUntil(lambda: not panel.collection.busy(), timeout=PATIENCE)
    for seed in (1, 3):
        assert (marks_of(place, seed).rating, marks_of(place, seed).tags) == (5, ("Sky", "new"))
    assert len(panel.view.selected()) == 2
    click(panel, 2)
    qtbot.keyClicks(panel.details.tags, ", more")
    qtbot.keyClicks(panel.details.note, "quiet and blue")
    click(panel, 1)  # going on keeps what was typed
    qtbot.waitUntil(lambda: not panel.collection.busy(), timeout=PATIENCE)
    assert (marks_of(place, 2).note, marks_of(place, 2).tags) == ("quiet and blue", ("even", "more"))
    assert marks_of(place, 1).note == ""
    QTest.mouseClick(panel.details.stars, LEFT, pos=QPoint(8, 10))
    qtbot.waitUntil(lambda: not panel.collection.busy(), timeout=PATIENCE)
    assert marks_of(place, 1).rating == 1


def test_thrown_away_and_taken_back(panel: GalleryPanel, place: Path, qtbot: QtBot) -> None:
    said: list[tuple[str, tuple]] = []
    panel.told.connect(lambda text, buttons: said.append((text, buttons)))
    click(panel, 0)
    click(panel, 1, CTRL)
    qtbot.keyClick(panel.view, KEY.Key_Delete)
    assert len(panel.rows.shown) == 4
    assert not (place / "tiny 0.png").exists()
    ((text, ((label, undo),)),) = said
    assert (text, label) == ("2 pictures are in the gallery's trash.", "Undo")
    undo()
    qtbot.waitUntil(lambda: len(panel.rows.shown) == 6, timeout=PATIENCE)
    assert marks_of(place, 0).tags == ("even",)
    click(panel, 2)
    qtbot.keyClick(panel.view, KEY.Key_Delete)  # and later, when the message has gone
    port = panel.view.viewport()
    empty = QPoint(port.width() - 2, port.height() - 2)
    assert not panel.view.indexAt(empty).isValid()
    QApplication.sendEvent(
        port, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, empty, panel.view.mapToGlobal(empty))
    )
    (menu,) = (menu for menu in panel.findChildren(QMenu) if menu.isVisible())
    possible = [action for action in menu.actions() if action.isEnabled()]
    assert [action.text() for action in possible] == ["The last ones out of the trash again", "Out of the trash"]
    possible[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: len(panel.rows.shown) == 6, timeout=PATIENCE)


def test_a_picture_that_has_gone_is_told_in_words(panel: GalleryPanel, place: Path, qtbot: QtBot) -> None:
    said: list[str] = []
    panel.failed.connect(said.append)
    item = panel.rows.shown[0]
    (place / item.name).unlink()
    panel.open(item)
    assert item.name in said[0]
    assert panel._store.recipe == Recipe()


def drop(panel: GalleryPanel, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, none = panel.rect().center(), Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, data, LEFT, none)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(panel, QDropEvent(QPointF(where), Qt.DropAction.CopyAction, data, LEFT, none))


def test_dropped_pictures_are_taken_in(panel: GalleryPanel, place: Path, tmp_path: Path, qtbot: QtBot) -> None:
    said: list[str] = []
    panel.failed.connect(said.append)
    png.write(tmp_path / "mine.png", frame(50))
    (tmp_path / "bad.png").write_text("hello")
    drop(panel, tmp_path / "mine.png", tmp_path / "bad.png")
    qtbot.waitUntil(lambda: len(panel.rows.shown) == 7 and not panel.collection.busy(), timeout=PATIENCE)
    assert png.read(place / "mine.png").latent == seeded(50)
    assert "bad.png" in said[0]


def test_a_favourite_can_be_dragged_onto_b(window: Window, qtbot: QtBot, place: Path) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_R)
    kept = window.store.recipe.latent
    qtbot.keyClick(window.canvas, KEY.Key_F)
    gallery = window.shelf.gallery
    qtbot.waitUntil(lambda: len(gallery.rows.shown) == 1, timeout=PATIENCE)
    data = gallery.rows.mimeData([gallery.rows.index(0)])
    b, none = window.explore.b, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, LEFT, none)
    QApplication.sendEvent(b, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(b, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, none))
    assert window.store.recipe.styles[0].latent == kept


def test_exports_write_what_is_chosen(panel: GalleryPanel, tmp_path: Path, qtbot: QtBot) -> None:
    from engine.gallery import export, sheet

    click(panel, 2)
    click(panel, 4, CTRL)
    assert [action.text() for action in panel.bar.menu.actions()] == [
        "Copy the pictures to a folder…", "Contact sheet…", "Recipes as one file…",
    ]  # fmt: skip
    for write, name in ((export.pictures, "out"), (export.contact_sheet, "s.png"), (export.recipes, "r.json")):
        panel._run(write, tmp_path / name)
    qtbot.waitUntil(lambda: not panel.collection.busy(), timeout=PATIENCE)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"tiny 2.png", "tiny 4.png"}
    assert len(sheet.read(tmp_path / "s.png").recipes) == 2
    assert (tmp_path / "r.json").exists()


def test_what_is_typed_as_the_window_closes_is_kept(panel: GalleryPanel, place: Path, qtbot: QtBot) -> None:
    click(panel, 5)
    qtbot.keyClick(panel.view, KEY.Key_4)
    qtbot.keyClicks(panel.details.note, "last words")
    panel.close_jobs()
    assert (marks_of(place, 5).rating, marks_of(place, 5).note) == (4, "last words")


def test_two_are_compared_in_three_ways(panel: GalleryPanel, qtbot: QtBot) -> None:
    assert not panel.bar.comparer.isEnabled()
    click(panel, 1)
    click(panel, 2, CTRL)
    QTest.mouseClick(panel.bar.comparer, LEFT)
    qtbot.waitUntil(lambda: panel.compared is not None, timeout=PATIENCE)
    view = panel.compared
    assert view is not None
    qtbot.waitExposed(view)
    both = view.pictures
    assert set(both.names) == {"tiny 1", "tiny 2"}
    QTest.mouseClick(view.buttons["Wipe"], LEFT)
    area = both._area(0, 1)
    QTest.mousePress(both, LEFT, pos=QPointF(area.left() + area.width() * 0.25, area.center().y()).toPoint())
    assert both.share == pytest.approx(0.25, abs=0.02)
    qtbot.keyClick(both, KEY.Key_Right)
    assert both.share == pytest.approx(0.30, abs=0.02)
    shown = both.grab().toImage()
    scale = shown.devicePixelRatio()
    left = shown.pixelColor(int((area.left() + area.width() * 0.1) * scale), int(area.center().y() * scale))
    right = shown.pixelColor(int((area.left() + area.width() * 0.9) * scale), int(area.center().y() * scale))
    QTest.mouseClick(view.buttons["Blink"], LEFT)
    seen = both.grab().toImage()
    assert seen.pixelColor(int((area.left() + area.width() * 0.1) * scale), int(area.center().y() * scale)) == left
    qtbot.keyClick(both, KEY.Key_Space)
    assert both.second
    seen = both.grab().toImage()
    assert seen.pixelColor(int((area.left() + area.width() * 0.9) * scale), int(area.center().y() * scale)) == right
    assert not both._beat.isActive()
    view.close()


def test_one_is_compared_with_the_present_picture(window: Window, qtbot: QtBot, place: Path) -> None:
    favourite(place, 4)
    qtbot.keyClick(window.canvas, KEY.Key_G)
    gallery = window.shelf.gallery
    qtbot.waitUntil(lambda: len(gallery.rows.shown) == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: gallery.view.visualRect(gallery.rows.index(0)).height() > 50)
    QTest.mouseClick(gallery.view.viewport(), LEFT, pos=gallery.view.visualRect(gallery.rows.index(0)).center())
    QTest.mouseClick(gallery.bar.comparer, LEFT)
    qtbot.waitUntil(lambda: gallery.compared is not None, timeout=PATIENCE)
    assert gallery.compared.pictures.names == ("tiny 4", "The present picture")


def test_a_folder_that_is_none_is_told_in_words(panel: GalleryPanel, tmp_path: Path, qtbot: QtBot) -> None:
    said: list[str] = []
    panel.failed.connect(said.append)
    (tmp_path / "file").write_text("in the way")
    panel.use(tmp_path / "file")
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    assert said[0].startswith("The gallery's folder cannot be read: ")
    assert panel._pages.currentIndex() == 0
    assert not panel.bar.exporter.isEnabled()


def test_thousands_are_listed_and_scrolled(panel: GalleryPanel, qtbot: QtBot) -> None:
    import msgspec

    one = panel.rows.shown[0]
    many = [msgspec.structs.replace(one, name=f"{number}.png") for number in range(3000)]
    panel.rows.show(many)
    qtbot.wait(20)
    bar = panel.view.verticalScrollBar()
    assert bar is not None
    bar.setValue(bar.maximum())
    qtbot.wait(20)
    port = panel.view.viewport()
    assert port is not None
    assert panel.view.visualRect(panel.rows.index(2999)).intersects(port.rect())
