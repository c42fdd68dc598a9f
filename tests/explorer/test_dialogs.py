"""The video and the train dialog belong to the window: one of each, and none of them is lost."""

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import seeded
from explorer import mixing
from explorer.panels import train, video
from explorer.panels.video import VideoDialog
from explorer.window import Window
from tests.explorer.conftest import PATIENCE
from tests.explorer.stage import LEFT

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(video, "user_videos_path", lambda: tmp_path)
    monkeypatch.setattr(train, "user_documents_path", lambda: tmp_path)


def video_dialog(window: Window, qtbot: QtBot) -> VideoDialog:
    qtbot.keyClick(window.canvas, Qt.Key.Key_E, CTRL)
    assert window.dialogs.film is not None
    qtbot.waitUntil(window.dialogs.film.isVisible)
    return window.dialogs.film


def long_film(dialog: VideoDialog, qtbot: QtBot) -> None:
    dialog.settings.seconds.setValue(600)
    QTest.mouseClick(dialog.make, LEFT)
    qtbot.waitUntil(lambda: dialog.preview.image is not None, timeout=PATIENCE)


def test_there_is_one_of_each(window: Window, qtbot: QtBot) -> None:
    dialog = video_dialog(window, qtbot)
    assert video_dialog(window, qtbot) is dialog
    qtbot.keyClick(window.canvas, Qt.Key.Key_T, CTRL)
    training = window.dialogs.training
    qtbot.keyClick(window.canvas, Qt.Key.Key_T, CTRL)
    assert window.dialogs.training is training
    assert training is not None
    assert training.isVisible()
    assert len(window.findChildren(VideoDialog)) == 1


def test_it_begins_with_the_present_pictures_but_keeps_what_was_chosen(window: Window, qtbot: QtBot) -> None:
    dialog = video_dialog(window, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    window.store.do(mixing.with_a(window.store.recipe, seeded(77)), "A")
    video_dialog(window, qtbot)
    assert dialog.stops.recipes()[0].latent == seeded(77)
    dialog.seeds.setText("5")
    QTest.keyClick(dialog.seeds, Qt.Key.Key_Return)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    video_dialog(window, qtbot)
    assert dialog.stops.count() == 3


def test_a_film_that_runs_is_found_again(window: Window, qtbot: QtBot) -> None:
    dialog = video_dialog(window, qtbot)
    long_film(dialog, qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.progress.running()
    assert window.messages.message is not None
    QTest.mouseClick(window.messages._extra[0], LEFT)
    assert dialog.isVisible()
    assert dialog.progress.isVisible()
    QTest.mouseClick(dialog.progress.stop, LEFT)
    qtbot.waitUntil(lambda: not dialog.progress.running(), timeout=PATIENCE)


def test_a_film_that_ends_unseen_is_told_of(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_VIDEOS_DIR", str(tmp_path))
    dialog = video_dialog(window, qtbot)
    dialog.settings.seconds.setValue(0.2)
    QTest.mouseClick(dialog.make, LEFT)
    dialog.hide()
    qtbot.waitUntil(lambda: not dialog.progress.running(), timeout=PATIENCE)
    assert window.messages.message is not None
    assert window.messages.message.text == "film-1.mp4 is there."


def test_a_film_that_fails_unseen_is_told_of(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = video_dialog(window, qtbot)
    (tmp_path / "no folder").write_text("a file")
    dialog.out.setText(str(tmp_path / "no folder" / "film.mp4"))
    QTest.mouseClick(dialog.make, LEFT)
    dialog.hide()
    qtbot.waitUntil(lambda: not dialog.progress.running(), timeout=PATIENCE)
    assert window.messages.message is not None
    assert window.messages.message.error
    assert window.messages.message.text.startswith("No film was written: ")


def test_closing_the_window_while_a_film_runs_stops_it(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = video_dialog(window, qtbot)
    long_film(dialog, qtbot)
    job = dialog.progress.job
    assert job is not None
    window.close()
    assert not job.running()
    assert not dialog.isVisible()
    assert list((tmp_path / "Latent Explorer").glob("*")) == []
