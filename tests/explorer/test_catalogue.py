"""The catalogue in the window: searched, fetched through real clicks, stopped, gone on with, and refused in a sentence."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import catalogue
from engine.catalogue import Entry
from explorer.panels import catalogue as panel
from explorer.panels.catalogue import CatalogueDialog
from tests.explorer.stage import LEFT

PATIENCE = 10_000
CONTENT = bytes(range(256)) * 12_000  # a dozen steps of a download
NAMES = ("faces-256", "cats-512", "faces-512")


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    path = tmp_path / "mirror" / "faces.pkl"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path, mirror: Path) -> Iterator[CatalogueDialog]:
    families = ("stylegan2", "stylegan2", "stylegan-xl")
    entries = [
        Entry(name, family, int(name[-3:]), mirror.as_uri(), "Licence (research and evaluation only)")
        for name, family in zip(NAMES, families, strict=True)
    ]
    dialog = CatalogueDialog(entries, tmp_path / "models")
    dialog.opened = []
    dialog.fetched.connect(dialog.opened.append)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    yield dialog
    dialog.progress.close_job()


def shown(dialog: CatalogueDialog) -> list[str]:
    return [row.entry.name for row in dialog.rows.shown]


def choose(dialog: CatalogueDialog, name: str) -> None:
    """A click on its row."""
    place = dialog.list.visualRect(dialog.rows.index(dialog.rows.row_of(name)))
    QTest.mouseClick(dialog.list.viewport(), LEFT, pos=place.center())


def ended(dialog: CatalogueDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.progress.running() and bool(dialog.said.text), timeout=PATIENCE)


def slow(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A download that waits at every step until it may go on; the list is how often it may."""
    allowed: list[Any] = []
    whole = catalogue.download

    def halting(one: Entry, folder: Path) -> Any:
        work = whole(one, folder)
        try:
            while True:
                step = next(work)
                yield step
                while not allowed:
                    time.sleep(0.002)
                    yield step
        except StopIteration as end:
            return end.value
        finally:
            work.close()

    monkeypatch.setattr(panel.catalogue, "download", halting)
    return allowed


def test_searching(dialog: CatalogueDialog, qtbot: QtBot) -> None:
    assert shown(dialog) == list(NAMES)
    qtbot.keyClicks(dialog.search, "512 RESEARCH")
    assert shown(dialog) == ["cats-512", "faces-512"]
    dialog.family.setCurrentIndex(2)
    assert shown(dialog) == ["faces-512"]
    assert dialog.details.name.text() == "faces-512"
    assert dialog.count.text().startswith("1 of 3 models")
    qtbot.keyClicks(dialog.search, " nowhere")
    assert shown(dialog) == []
    assert not dialog.details.fetch.isVisible()
    assert dialog.grab().toImage().width() > 0  # the words in the place of rows are painted
    dialog.search.clear()
    dialog.family.setCurrentIndex(0)
    QTest.mouseClick(dialog.here, LEFT, pos=QPoint(8, dialog.here.height() // 2))
    assert shown(dialog) == []


def test_a_click_downloads_checks_and_opens(dialog: CatalogueDialog, qtbot: QtBot, tmp_path: Path) -> None:
    choose(dialog, "cats-512")
    assert dialog.details.facts.said("Checksum").startswith("not published")
    assert dialog.details.facts.said("File") == "size not published"
    QTest.mouseClick(dialog.details.fetch, LEFT)
    ended(dialog, qtbot)
    path = tmp_path / "models" / "cats-512.pkl"
    assert path.read_bytes() == CONTENT
    assert dialog.opened == [path]
    seen = catalogue.checksum(dialog.rows.rows[1].entry, tmp_path / "models")
    assert f"seen for the first time and is recorded: {seen[:16]}" in dialog.said.text
    assert dialog.details.facts.said("Checksum").startswith(seen[:16])
    assert dialog.rows.shown[1].mark == "here · 2.9 MB"
    assert (dialog.details.fetch.text(), dialog.details.folder.isVisible()) == ("Open", True)
    QTest.mouseClick(dialog.details.fetch, LEFT)
    assert dialog.opened == [path, path]
    QTest.mouseClick(dialog.here, LEFT, pos=QPoint(8, dialog.here.height() // 2))
    assert shown(dialog) == ["cats-512"]


def test_another_address_is_tried_first(dialog: CatalogueDialog, qtbot: QtBot, mirror: Path, tmp_path: Path) -> None:
    dialog.rows._entries = (Entry("faces-256", "stylegan2", 256, "https://nowhere.invalid/m.pkl", "CC0"),)
    dialog._look()
    choose(dialog, "faces-256")
    QTest.mouseClick(dialog.details.elsewhere, LEFT)
    assert dialog.details.address.isVisible()
    qtbot.keyClicks(dialog.details.address, mirror.as_uri())
    QTest.mouseClick(dialog.details.fetch, LEFT)
    ended(dialog, qtbot)
    assert dialog.opened == [tmp_path / "models" / "faces-256.pkl"]
    assert not dialog.details.address.isVisible()


def test_stopped_and_gone_on_with(
    dialog: CatalogueDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = slow(monkeypatch)
    choose(dialog, "faces-256")
    QTest.mouseClick(dialog.details.fetch, LEFT)
    qtbot.waitUntil(lambda: "MB" in dialog.progress.words.text(), timeout=PATIENCE)
    assert not dialog.details.fetch.isEnabled()
    choose(dialog, "cats-512")
    assert not dialog.details.fetch.isEnabled()
    assert "faces-256 is being downloaded" in dialog.details.fetch.toolTip()
    QTest.mouseClick(dialog.progress.stop, LEFT)
    ended(dialog, qtbot)
    part = (tmp_path / "models" / "faces-256.pkl.part").stat().st_size
    assert 0 < part < len(CONTENT)
    assert "kept, and the next try goes on from there" in dialog.said.text
    assert dialog.opened == []
    choose(dialog, "faces-256")
    assert dialog.rows.shown[0].mark == "stopped at 256 KB"
    assert dialog.details.fetch.text() == "Go on with the download"
    allowed.append(True)
    QTest.mouseClick(dialog.details.fetch, LEFT)
    qtbot.waitUntil(lambda: bool(dialog.opened), timeout=PATIENCE)
    assert dialog.opened[0].read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("url", "says"),
    [("http://127.0.0.1:9/m.pkl", "is there a network?"), ("file:///nowhere/m.pkl", "No such file or directory")],
)
def test_no_network_is_one_sentence(dialog: CatalogueDialog, qtbot: QtBot, url: str, says: str) -> None:
    dialog.fetch(Entry("faces-256", "stylegan2", 256, url, "CC0"))
    ended(dialog, qtbot)
    assert dialog.said.error
    assert says in dialog.said.text
    assert "\n" not in dialog.said.text
    QTest.mouseClick(dialog.said.copier, LEFT)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert "ValueError" in clipboard.text()
    assert dialog.opened == []
    assert dialog.details.fetch.isEnabled()


def test_a_file_that_has_changed_is_refused(
    dialog: CatalogueDialog, qtbot: QtBot, mirror: Path, tmp_path: Path
) -> None:
    dialog.fetch(dialog.rows.rows[0].entry)
    ended(dialog, qtbot)
    (tmp_path / "models" / "faces-256.pkl").unlink()
    mirror.write_bytes(CONTENT[::-1])
    dialog.fetch(dialog.rows.rows[0].entry)
    ended(dialog, qtbot)
    assert dialog.said.text.startswith("Faces-256 is not the file it was")
    assert len(dialog.opened) == 1


def test_families_that_cannot_be_drawn_are_told(dialog: CatalogueDialog) -> None:
    dialog.know(("stylegan2",))
    choose(dialog, "faces-512")
    assert "cannot be drawn here yet" in dialog.details.note.text()
    choose(dialog, "cats-512")
    assert dialog.details.note.text() == ""


def test_the_keyboard_alone_is_enough(dialog: CatalogueDialog, qtbot: QtBot) -> None:
    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.details.name.text() == "cats-512"
    QTest.keyClick(dialog.details.fetch, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(dialog.opened), timeout=PATIENCE)
