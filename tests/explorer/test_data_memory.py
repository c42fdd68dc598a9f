"""What somebody chose for the pictures of a data set is there again the next time, and never written into the pictures."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.data.preparation.items import Item
from explorer.data_memory import MOST, Chosen, DataMemory, identity
from explorer.panels.dataset import MEMORY, DatasetDialog
from tests.explorer.stage import LEFT
from tests.explorer.test_dataset_panel import choose, folder, looked, written

__all__ = ["folder"]
BOX = (4, 2, 44, 42)


@pytest.fixture
def dialogs(qtbot: QtBot, tmp_path: Path) -> Iterator[list[DatasetDialog]]:
    """One after the other, as on several days."""
    found = [DatasetDialog(home=tmp_path / "home") for _ in range(2)]
    for dialog in found:
        qtbot.addWidget(dialog)
    yield found
    for dialog in found:
        dialog.close_jobs()


def test_closing_and_opening_gives_everything_back(
    qtbot: QtBot, dialogs: list[DatasetDialog], folder: Path, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    one, other = dialogs
    looked(qtbot, one, folder)
    choose(one, "1.png", "2.png")
    QTest.mouseClick(one.view.take_out, LEFT)
    choose(one, "2.png")
    QTest.mouseClick(one.view.put_back, LEFT)
    one.view.preview.cropped.emit("3.png", BOX, 1)
    one.close_jobs()
    looked(qtbot, other, folder)
    assert other.view.removed == {"1.png"}
    assert other.view.plan.boxes == {"3.png": BOX}
    assert other.view.tabs["out"].text() == "Taken out 1"
    other.view.crops.undo()
    assert other.view.plan.boxes, "there is nothing to be undone"
    other.options.resolution.setCurrentIndex(0)
    other.out.setText(str(tmp_path / "made.zip"))
    other.prepare()
    qtbot.waitUntil(lambda: other.made is not None, timeout=10_000)
    assert len(written(tmp_path / "made.zip")) == 6
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_second_folder_or_another_place_changes_nothing(
    qtbot: QtBot, dialogs: list[DatasetDialog], folder: Path, tmp_path: Path
) -> None:
    one, other = dialogs
    looked(qtbot, one, folder)
    choose(one, "1.png")
    QTest.mouseClick(one.view.take_out, LEFT)
    shutil.copytree(folder, tmp_path / "moved")
    (tmp_path / "moved" / "1.png").rename(tmp_path / "moved" / "other.png")
    one.sources.add([tmp_path / "moved"])  # before anything was written down
    qtbot.waitUntil(lambda: len(one.view._items) > 10 and one._looking is None, timeout=10_000)
    assert one.view.removed == {"holiday/1.png"}, "the copy has another name"
    shutil.move(tmp_path / "moved" / "other.png", tmp_path / "moved" / "1.png")
    looked(qtbot, other, tmp_path / "moved")
    assert other.view.removed == {"1.png"}


def test_what_cannot_be_written_is_told(
    qtbot: QtBot, dialogs: list[DatasetDialog], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    one = dialogs[0]
    looked(qtbot, one, folder)
    choose(one, "1.png")
    QTest.mouseClick(one.view.take_out, LEFT)
    one.view.save()
    assert one.messages.message is not None
    assert one.messages.message.error
    (tmp_path / "home").unlink()
    one.view.save()
    assert (tmp_path / "home" / MEMORY).is_file(), "it is tried again"


def test_damage_is_set_aside_and_two_windows_keep_what_both_say(tmp_path: Path) -> None:
    path = tmp_path / "chosen.json"
    path.write_text("{")
    items = [Item(f"{number}.png", tmp_path / f"{number}.png", number, 0) for number in range(4)]
    one, other = DataMemory(path), DataMemory(path)
    assert one.recall(items[:2]) == other.recall(items[2:]) == {}
    assert path.with_suffix(".damaged").exists()
    one.keep({"0.png"}, {"1.png": BOX})
    other.keep({"3.png"}, {"3.png": BOX})
    found = DataMemory(path).recall(items)
    assert found == {"0.png": Chosen(True), "1.png": Chosen(False, BOX), "3.png": Chosen(True, BOX)}
    one.keep(set(), {})
    assert list(DataMemory(path).recall(items)) == ["3.png"]
    assert MOST > 10_000


def test_an_identity_is_that_of_the_picture(tmp_path: Path) -> None:
    item = Item("a/0.png", tmp_path / "a" / "0.png", 7, 5)
    assert identity(item) == identity(Item("b/a/0.png", tmp_path / "b" / "a" / "0.png", 7, 5))
    others = [Item("0.png", tmp_path / "0.png", 8, 5), Item("0.png", tmp_path / "0.png", 7, 6)]
    others += [Item(f"x at {stamp} s", tmp_path / "x.mp4", 7, 5, None, stamp) for stamp in (1, 2)]
    assert len({identity(each) for each in [item, *others]}) == 5
