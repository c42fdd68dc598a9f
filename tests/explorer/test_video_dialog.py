"""The video dialog makes a real film, stops without leaving anything, and says what is wrong."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe
from engine.render import png
from engine.render.frame import Frame
from explorer.panels.video import VideoDialog, free_name
from explorer.widgets.progress import duration, remaining
from tests.explorer.stage import LEFT, Stage


@pytest.fixture
def dialog(qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[VideoDialog]:
    widget = VideoDialog(stage.store, stage.bridge, folder=tmp_path / "films")
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.progress.close_job()


def captions(dialog: VideoDialog) -> list[str]:
    return [item.text() for row in range(dialog.stops.count()) if (item := dialog.stops.item(row))]


def saved_picture(stage: Stage, path: Path, recipe: Recipe) -> Path:
    assert stage.bridge.frame is not None
    png.write(path, Frame(recipe, stage.bridge.frame.pixels))
    return path


def test_it_begins_with_a_and_b(stage: Stage, dialog: VideoDialog) -> None:
    assert captions(dialog) == ["seed 0", "seed 1"]
    assert dialog.words.text() == "2 s · 61 frames · 16 pixels"


def test_it_makes_a_film(qtbot: QtBot, dialog: VideoDialog, tmp_path: Path) -> None:
    dialog.seeds.setText("7, 9-10")
    QTest.keyClick(dialog.seeds, Qt.Key.Key_Return)
    assert captions(dialog)[2:] == ["seed 7", "seed 9", "seed 10"]
    assert not dialog.progress.running()  # Enter in a field starts nothing
    dialog.settings.seconds.setValue(0.2)
    dialog.settings.fps.setValue(10)
    dialog.settings.loop.setChecked(True)
    dialog.settings.sizes.button(2).click()  # type: ignore[union-attr]
    QTest.mouseClick(dialog.make, LEFT)
    assert dialog.progress.isVisible()
    qtbot.waitUntil(lambda: not dialog.progress.running(), timeout=30_000)
    path = tmp_path / "films" / "film-1.mp4"
    with av.open(path) as film:
        stream = film.streams.video[0]
        assert (stream.width, stream.height, stream.frames) == (32, 32, 10)
    assert path.name in dialog.words.text()
    assert dialog.copy_path.isVisible()
    assert dialog.out.text().endswith("film-2.mp4")
    assert dialog.preview.image is not None


def test_stopping_leaves_nothing(qtbot: QtBot, dialog: VideoDialog, tmp_path: Path) -> None:
    dialog.settings.seconds.setValue(600)
    dialog.start()
    qtbot.waitUntil(lambda: dialog.preview.image is not None, timeout=30_000)
    QTest.mouseClick(dialog.progress.stop, LEFT)
    qtbot.waitUntil(lambda: not dialog.progress.running(), timeout=30_000)
    assert "Nothing was written" in dialog.words.text()
    assert list((tmp_path / "films").iterdir()) == []
    assert dialog.make.isVisible()


def test_a_place_that_cannot_be_written_is_told(qtbot: QtBot, dialog: VideoDialog, tmp_path: Path) -> None:
    (tmp_path / "films").write_text("a file where the folder should be")
    dialog.start()
    qtbot.waitUntil(lambda: not dialog.progress.running(), timeout=30_000)
    assert dialog.messages.message is not None
    assert dialog.messages.message.error
    assert dialog.make.isEnabled()


def test_pictures_are_added_and_wrong_ones_told(stage: Stage, dialog: VideoDialog, tmp_path: Path) -> None:
    good = saved_picture(stage, tmp_path / "good.png", stage.store.recipe)
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"nothing")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (bad, good)])
    none = Qt.KeyboardModifier.NoModifier
    dialog.stops.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, none))
    assert captions(dialog)[2:] == ["good"]
    assert dialog.messages.message is not None
    assert "bad.png" in dialog.messages.message.text


def test_order_and_removal_by_keys(dialog: VideoDialog) -> None:
    dialog.stops.setFocus()
    dialog.stops.setCurrentRow(0)
    QTest.keyClick(dialog.stops, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert captions(dialog) == ["seed 1", "seed 0"]
    assert [recipe.latent.points[0].point.number for recipe in dialog.stops.recipes()] == [1, 0]  # type: ignore[union-attr]
    QTest.keyClick(dialog.stops, Qt.Key.Key_Delete)
    assert captions(dialog) == ["seed 1"]
    assert not dialog.make.isEnabled()
    assert "at least two" in dialog.words.text()


def test_seeds_that_are_none_are_told(dialog: VideoDialog) -> None:
    dialog.seeds.setText("7, many")
    dialog.add_seeds.click()
    assert dialog.messages.message is not None
    assert captions(dialog) == ["seed 0", "seed 1"]


def test_it_can_be_looked_at_empty(dialog: VideoDialog) -> None:
    dialog.stops.clear()
    assert not dialog.grab().isNull()


def test_names_and_times(tmp_path: Path) -> None:
    (tmp_path / "film-1.mp4").touch()
    assert free_name(tmp_path).name == "film-2.mp4"
    assert free_name(tmp_path, "film-1").name == "film-2.mp4"
    assert [duration(seconds) for seconds in (4, 61, 720, 7325, 50_000, 400_000)] == [
        "4 s",
        "1 min 1 s",
        "12 min",
        "2 h 2 min",
        "14 h",
        "5 days",
    ]
    assert remaining(0.0, 0, 5) == ""
