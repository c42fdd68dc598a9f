"""Pictures from the gallery, sheets and sounds, dragged onto the axis or sent there: keys where the hand lets go."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QHelpEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from engine.gallery import sheet
from engine.recipe import Recipe, seeded
from engine.recipe.timeline import Key, Timeline
from engine.render import png
from explorer.panels.timeline import TimelinePanel
from explorer.widgets.time_paint import SIDE, TOP
from explorer.window import Window
from tests.explorer.conftest import PATIENCE
from tests.explorer.stage import LEFT, Stage
from tests.gallery.pictures import favourite, frame

COPY, NONE = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[TimelinePanel]:
    panel = TimelinePanel(stage.store, stage.bridge, folder=tmp_path / "videos")
    qtbot.addWidget(panel)
    panel.resize(900, 160)
    panel.show()
    keys = tuple(Key(at, Recipe(latent=seeded(n))) for n, at in enumerate((0.0, 2.0, 8.0)))
    panel.desk.restart(Timeline(fps=10, keys=keys))
    yield panel
    panel.close_jobs()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three pictures, of seeds 50 to 52."""
    paths = [tmp_path / f"mine {seed}.png" for seed in (50, 51, 52)]
    for seed, path in enumerate(paths, 50):
        png.write(path, frame(seed))
    return paths


def drag(panel: TimelinePanel, seconds: float, paths: list[Path], let_go: bool = True) -> bool:
    """Whether the axis takes them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where = QPointF(panel.axis.scale.x(seconds), TOP + SIDE // 2)
    enter = QDragEnterEvent(where.toPoint(), COPY, data, LEFT, NONE)
    enter.ignore()
    QApplication.sendEvent(panel.axis, enter)
    QApplication.sendEvent(panel.axis, QDragMoveEvent(where.toPoint(), COPY, data, LEFT, NONE))
    if let_go:
        QApplication.sendEvent(panel.axis, QDropEvent(where, COPY, data, LEFT, NONE))
    return enter.isAccepted()


def seeds(panel: TimelinePanel) -> list[tuple[float, int]]:
    return [(round(key.at, 3), key.recipe.latent.points[0].point.number) for key in panel.desk.timeline.keys]


def test_a_picture_becomes_a_key_where_it_is_let_go(panel: TimelinePanel, pictures: list[Path]) -> None:
    assert drag(panel, 5.0, pictures[:1])
    assert seeds(panel) == [(0.0, 0), (2.0, 1), (5.0, 50), (8.0, 2)]
    assert panel.desk.chosen == {2}
    panel.desk.undo()
    assert seeds(panel) == [(0.0, 0), (2.0, 1), (8.0, 2)]


def test_over_a_key_it_becomes_that_key(panel: TimelinePanel, pictures: list[Path]) -> None:
    drag(panel, 2.0, pictures[1:2])
    assert seeds(panel) == [(0.0, 0), (2.0, 51), (8.0, 2)]


def test_several_lie_one_after_another_and_a_sheet_with_all_of_its_pictures(
    panel: TimelinePanel, pictures: list[Path], tmp_path: Path
) -> None:
    drag(panel, 10.0, pictures)
    assert seeds(panel)[-3:] == [(10.0, 50), (12.0, 51), (14.0, 52)]
    panel.desk.undo()
    found = [frame(seed) for seed in (7, 8)]
    sheet.write(tmp_path / "sheet.png", [one.pixels for one in found], [one.recipe for one in found], 2)
    drag(panel, 4.0, [tmp_path / "sheet.png"])
    assert seeds(panel) == [(0.0, 0), (2.0, 1), (4.0, 7), (6.0, 8), (8.0, 2)]


def test_the_place_is_shown_while_it_is_dragged(panel: TimelinePanel, pictures: list[Path]) -> None:
    before = panel.axis.grab().toImage()
    drag(panel, 5.0, pictures[:1], let_go=False)
    assert (panel.axis.drops.at, panel.axis.drops.key) == (5.0, None)
    assert panel.axis.grab().toImage() != before
    drag(panel, 8.0, pictures[:1], let_go=False)
    assert panel.axis.drops.key == 2
    QApplication.sendEvent(panel.axis, QDragLeaveEvent())
    assert panel.axis.drops.at is None
    assert panel.axis.grab().toImage() == before


def test_what_was_not_made_here_is_refused_in_words(panel: TimelinePanel, tmp_path: Path) -> None:
    said: list[str] = []
    panel.failed.connect(said.append)
    (tmp_path / "bad.png").write_bytes(b"hello")
    (tmp_path / "song.txt").write_text("la la")
    assert drag(panel, 5.0, [tmp_path / "bad.png"])
    assert not drag(panel, 5.0, [tmp_path / "song.txt"])
    assert "bad.png" in said[0]
    assert len(seeds(panel)) == 3


def test_a_sound_is_laid_below(panel: TimelinePanel, tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"")
    drag(panel, 5.0, [tmp_path / "song.wav"])
    assert panel.desk.timeline.sound is not None
    assert panel.desk.timeline.sound.path.endswith("song.wav")


def test_favourites_are_sent_there_from_the_gallery(window: Window, qtbot: QtBot, home: Path) -> None:
    for seed in (5, 6):
        favourite(home / "pictures" / "Favourites", seed)
    gallery, desk = window.shelf.gallery, window.shelf.timeline.desk
    window.deeds["gallery"].trigger()
    qtbot.waitUntil(lambda: len(gallery.rows.shown) == 2 and not gallery.collection.busy(), timeout=PATIENCE)
    gallery.view.choose(item.name for item in gallery.rows.shown)
    gallery.view.setFocus()
    QTest.keyClick(gallery.view, Qt.Key.Key_I)
    assert [key.recipe.latent for key in desk.timeline.keys] == [seeded(6), seeded(5)]
    assert window.messages._text.text() == "New keys of the timeline: 2."
    place = gallery.view.visualRect(gallery.rows.index(0)).center()
    QApplication.sendEvent(
        gallery.view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, QPoint(9, 9))
    )
    menu = next(menu for menu in gallery.findChildren(QMenu) if menu.isVisible())
    action = next(action for action in menu.actions() if action.text().startswith("Key"))
    action.trigger()
    menu.close()
    assert len(desk.timeline.keys) == 4


def test_a_sheet_that_is_opened_lies_on_the_sheet_again(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    found = [frame(seed) for seed in (7, 8)]
    sheet.write(tmp_path / "sheet.png", [np.array(one.pixels) for one in found], [one.recipe for one in found], 2)
    before = window.store.recipe
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "sheet.png"))])
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(400, 300), COPY, data, LEFT, NONE))
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), COPY, data, LEFT, NONE))
    assert window.shelf.sheet.rows.recipes == [one.recipe for one in found]
    assert window.shelf.docks[1].isVisible()
    assert window.store.recipe == before


def test_a_key_says_when_it_comes_and_what_it_shows(panel: TimelinePanel) -> None:
    keys = (Key(0.0, Recipe(latent=seeded(7, label=3)), "hold"), Key(2.0, Recipe(latent=seeded(8, prompt="a hat"))))
    panel.desk.restart(Timeline(keys=keys, closing=1.0))

    def place(seconds: float) -> QPointF:
        return QPointF(panel.axis.scale.x(seconds), TOP + SIDE / 2)

    assert panel.axis.tip(place(0.0)) == "0:00.00 · seed 7, class 3\nThen: Hold"
    assert panel.axis.tip(place(2.0)) == "0:02.00 · seed 8, “a hat”"
    assert panel.axis.tip(place(1.0)) == ""
    panel.desk.do(msgspec.structs.replace(panel.desk.timeline, loop=True), "Loop")
    assert panel.axis.tip(place(2.0)).endswith("\nThen: Smooth")
    assert panel.axis.tip(place(3.0)) == ""  # the loop's end
    help = QHelpEvent(QEvent.Type.ToolTip, place(0.0).toPoint(), panel.axis.mapToGlobal(place(0.0)).toPoint())
    QApplication.sendEvent(panel.axis, help)
    assert QToolTip.text().startswith("0:00.00")
    QToolTip.hideText()
