"""The data set dialog: looks through a messy folder, leaves pictures out, shows what becomes of one, writes a data set."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QItemSelectionModel, QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.panels.dataset import DatasetDialog
from explorer.widgets.data_options import PARTS
from explorer.widgets.data_rows import ALIKE, ALL, OUT, SMALL
from explorer.widgets.data_view import REPORT
from explorer.window import Window
from tests.data.test_check import scene
from tests.data.test_films import write
from tests.explorer.pile import drop_on
from tests.explorer.stage import LEFT

SOON = 20_000


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[DatasetDialog]:
    widget = DatasetDialog(home=tmp_path / "home")
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.close_jobs()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six different pictures, one of them small, a smaller copy of the first, and two files that are none."""
    place = tmp_path / "holiday"
    place.mkdir()
    for number in range(5):
        scene(number, (80, 60)).save(place / f"{number}.png")
    scene(9, (24, 20)).save(place / "small.png")
    scene(0, (80, 60)).resize((40, 30)).save(place / "copy.png")
    (place / "empty.jpg").write_bytes(b"")
    (place / "text.png").write_bytes(b"not a picture at all")
    return place


def looked(qtbot: QtBot, dialog: DatasetDialog, *paths: Path) -> None:
    dialog.take(paths)
    qtbot.waitUntil(lambda: dialog.view.report is not None and dialog._looking is None, timeout=SOON)


def choose(dialog: DatasetDialog, *names: str) -> None:
    tiles, rows = dialog.view.tiles, dialog.view.rows
    selection = tiles.selectionModel()
    assert selection is not None
    selection.clearSelection()
    for row, picture in enumerate(rows.shown):
        if picture.name in names:
            selection.select(rows.index(row), QItemSelectionModel.SelectionFlag.Select)


def written(out: Path) -> list[str]:
    with zipfile.ZipFile(out) as file:
        return [name for name in file.namelist() if name.endswith(".png")]


def test_a_messy_folder_is_reported(qtbot: QtBot, dialog: DatasetDialog, folder: Path) -> None:
    assert not dialog.begin.isEnabled()
    looked(qtbot, dialog, folder)
    report = dialog.view.report
    assert report is not None
    assert report.usable == 7
    facts = dialog.view.told.facts
    assert facts.said("Usable pictures").startswith("7 ")
    assert facts.said("Look alike") == "2 in 1 groups"
    assert facts.said("Sizes").startswith("80 x 60: 5")
    bad = [dialog.view.told.bad.topLevelItem(at) for at in range(dialog.view.told.bad.topLevelItemCount())]
    assert sorted(row.text(0) for row in bad if row is not None) == ["empty.jpg", "text.png"]
    assert all(row.text(1) and row.text(2) for row in bad if row is not None)
    QTest.mouseClick(dialog.view.tabs[REPORT], LEFT)
    assert dialog.view.told.isVisible()
    assert dialog.begin.text() == "Prepare 7 pictures"
    row = bad[0]
    assert row is not None
    line = dialog.view.told.bad.fontMetrics().height()
    qtbot.waitUntil(lambda: row.sizeHint(2).height() >= 2 * line, timeout=SOON)  # its remedy is seen whole
    assert dialog.view.told.bad.visualItemRect(row).height() >= 2 * line


def test_what_was_left_out_is_explained(qtbot: QtBot, dialog: DatasetDialog, folder: Path) -> None:
    (folder / "cats").mkdir()
    scene(3, (80, 60)).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(folder / "cats" / "a.png")
    scene(7, (80, 60)).save(folder / "cats" / "b.png")
    looked(qtbot, dialog, folder)
    dialog.options.labels.setChecked(True)
    QTest.mouseClick(dialog.begin, LEFT)
    qtbot.waitUntil(lambda: dialog.made is not None, timeout=SOON)
    message = dialog.messages.message
    assert message is not None
    assert "could not be used" in message.text
    dict(message.buttons)["Why?"]()
    told = dialog.view.told.bad
    reasons = {row.text(1) for row in map(told.topLevelItem, range(told.topLevelItemCount())) if row is not None}
    assert "The picture lies in no class folder." in reasons


def test_pictures_are_taken_out_and_put_back(qtbot: QtBot, dialog: DatasetDialog, folder: Path) -> None:
    looked(qtbot, dialog, folder)
    view = dialog.view
    choose(dialog, "1.png", "2.png")
    QTest.keyClick(view.tiles, Qt.Key.Key_Delete)
    assert view.removed == {"1.png", "2.png"}
    assert dialog.begin.text() == "Prepare 5 pictures"
    QTest.mouseClick(view.tabs[OUT], LEFT)
    assert [picture.name for picture in view.rows.shown] == ["1.png", "2.png"]
    choose(dialog, "2.png")
    QTest.mouseClick(view.put_back, LEFT)
    assert view.removed == {"1.png"}
    QTest.mouseClick(view.tabs[ALIKE], LEFT)
    assert [picture.name for picture in view.rows.shown] == ["0.png", "copy.png"]
    assert view.rows.leads("0.png")
    assert not view.rows.leads("copy.png")
    QTest.mouseClick(view.copies, LEFT)
    assert view.removed == {"1.png", "copy.png"}


def test_what_is_too_small_follows_the_size(qtbot: QtBot, dialog: DatasetDialog, folder: Path) -> None:
    looked(qtbot, dialog, folder)
    dialog.options.resolution.setCurrentIndex(0)
    QTest.mouseClick(dialog.view.tabs[SMALL], LEFT)
    assert [picture.name for picture in dialog.view.rows.shown] == ["copy.png", "small.png"]
    dialog.options.resolution.setCurrentIndex(2)
    assert len(dialog.view.rows.shown) == 7
    assert dialog.out.text().endswith("holiday-128.zip")


@pytest.mark.parametrize("part", list(PARTS))
def test_a_preview_follows_the_form(qtbot: QtBot, dialog: DatasetDialog, folder: Path, part: str) -> None:
    looked(qtbot, dialog, folder)
    dialog.options.resolution.setCurrentIndex(0)
    dialog.options.part.setCurrentIndex(dialog.options.part.findData(part))
    preview = dialog.view.preview
    qtbot.waitUntil(lambda: preview._job is None and not preview._rest.isActive(), timeout=SOON)
    if part == "faces":  # its detector may be there or not
        assert preview.said
        return
    assert preview.shown is not None
    assert {each.shape for each in preview.shown.after} == {(32, 32, 3)}
    assert len(preview.shown.after) == (9 if part == "tiles" else 1)
    assert "80 × 60" in preview.said
    assert not dialog.grab().isNull()


def test_a_data_set_is_written_and_trained_on(qtbot: QtBot, dialog: DatasetDialog, folder: Path) -> None:
    looked(qtbot, dialog, folder)
    choose(dialog, "3.png")
    QTest.mouseClick(dialog.view.take_out, LEFT)
    QTest.mouseClick(dialog.begin, LEFT)
    qtbot.waitUntil(lambda: dialog.made is not None, timeout=SOON)
    out = Path(dialog.out.text())
    assert out.parent == folder.parent / "home" / "data sets"
    assert len(written(out)) == 6
    with qtbot.waitSignal(dialog.train_wanted) as wanted:
        QTest.mouseClick(dialog.train, LEFT)
    assert wanted.args == [out]
    QTest.mouseClick(dialog.begin, LEFT)  # it is there already
    qtbot.waitUntil(lambda: dialog.messages.message is not None and dialog.messages.message.error, timeout=SOON)
    assert len(list(folder.iterdir())) == 9


def test_a_stopped_preparation_goes_on(qtbot: QtBot, dialog: DatasetDialog, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    noise = np.random.RandomState(0).randint(0, 255, (48, 40, 40, 3), np.uint8)
    for at, pixels in enumerate(noise):
        Image.fromarray(pixels).save(many / f"{at}.png")
    looked(qtbot, dialog, many)
    dialog.prepare()
    assert not dialog.form.isEnabled()
    QTest.mouseClick(dialog.progress.stop, LEFT)
    qtbot.waitUntil(lambda: dialog._making is None, timeout=SOON)
    out = Path(dialog.out.text())
    if dialog.made is None:  # else it was quicker than the hand
        assert not out.exists()
        dialog.prepare()
        qtbot.waitUntil(lambda: dialog.made is not None, timeout=SOON)
    assert len(written(out)) == 48


def test_films_and_archives_can_be_dropped(qtbot: QtBot, dialog: DatasetDialog, folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "film.mp4")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as file:
        file.write(folder / "4.png", "cats/4.png")
        file.write(folder / "3.png", "dogs/3.png")
    assert drop_on(dialog, QPoint(5, 5), tmp_path / "film.mp4", tmp_path / "more.zip")
    qtbot.waitUntil(lambda: dialog.view.report is not None, timeout=SOON)
    names = [picture.name for picture in dialog.view.rows.shown]
    assert any(name.startswith("film.mp4/") and "at 0.000 s" in name for name in names)
    assert any(name.endswith("cats/4.png") for name in names)
    assert dialog.options.rate.isVisible()
    before = len(names)
    dialog.options.rate.setValue(4.0)
    dialog.options.frames_changed.emit()
    qtbot.waitUntil(lambda: dialog._looking is None and len(dialog.view.rows.shown) > before, timeout=SOON)
    dialog.sources.drop(tmp_path / "film.mp4")
    qtbot.waitUntil(lambda: dialog._looking is None and len(dialog.view.rows.shown) == 2, timeout=SOON)
    assert not dialog.options.rate.isVisible()


def test_other_sources_while_one_look_is_under_way(qtbot: QtBot, dialog: DatasetDialog, folder: Path) -> None:
    dialog.take([folder])
    dialog.take([folder / "0.png"])
    qtbot.waitUntil(lambda: dialog.view.report is not None and dialog._looking is None, timeout=SOON)
    assert dialog.view.rows.count(ALL) == 8
    dialog.sources.drop(folder)
    dialog.sources.drop(folder / "0.png")
    qtbot.waitUntil(lambda: dialog.view.report is None and dialog._looking is None, timeout=SOON)
    assert not dialog.begin.isEnabled()


def test_what_is_no_picture_is_told(qtbot: QtBot, dialog: DatasetDialog, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("nothing")
    dialog.take([tmp_path / "note.txt"])
    qtbot.waitUntil(lambda: dialog.messages.message is not None, timeout=SOON)
    assert dialog.messages.message is not None
    assert "note.txt" in dialog.messages.message.text
    assert not dialog.begin.isEnabled()


def test_the_way_from_pictures_to_a_training(qtbot: QtBot, window: Window, folder: Path, tmp_path: Path) -> None:
    """What is dropped on the train dialog and cannot be learnt from goes to the data set dialog; from there it comes back."""
    window.dialogs.train()
    training = window.dialogs.training
    assert training is not None
    training.data_wanted.emit([folder / "0.png", folder / "1.png"])
    data = window.dialogs.data
    assert data is not None
    qtbot.waitUntil(lambda: data.view.report is not None, timeout=SOON)
    assert data.isVisible()
    data.out.setText(str(tmp_path / "two.zip"))
    data.prepare()
    qtbot.waitUntil(lambda: data.made is not None, timeout=SOON)
    QTest.mouseClick(data.train, LEFT)
    qtbot.waitUntil(training.form.begin.isEnabled, timeout=SOON)
    found = training.form.pictures.found
    assert found is not None
    assert (found.source, found.count) == (str(tmp_path / "two.zip"), 2)
    window.deeds["dataset"].trigger()
    assert window.dialogs.data is data
