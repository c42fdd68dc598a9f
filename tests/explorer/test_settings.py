"""Settings: a hostile file loses nothing, the dialog changes what it says, and most of it is seen at once."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer import settings, theme, words
from explorer.settings import Settings
from explorer.settings_dialog import SettingsDialog
from explorer.settings_pages import PAGES, ROWS, defaults
from explorer.widgets import setting_controls
from explorer.widgets.setting_controls import Choice, Folder, Number
from tests.explorer.stage import LEFT

OTHER: dict[str, Any] = {
    "theme": "light", "scale": 150, "language": "de", "device": "cpu", "precision": "fp32", "threads": 2,
    "models_kept": 2, "thumbnails": 300, "autosave": 4.5,
}  # fmt: skip


class Desk:
    """Settings as the window holds them."""

    def __init__(self) -> None:
        self.now = Settings(keys={"swap": "U"}, recent=(settings.Recent("/models/one.pkl", "one"),))

    def change(self, fields: dict[str, Any]) -> None:
        self.now = msgspec.convert(msgspec.to_builtins(settings.replaced(self.now, **fields)), Settings)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk) -> SettingsDialog:
    dialog = SettingsDialog(lambda: desk.now)
    qtbot.addWidget(dialog)
    dialog.changed.connect(desk.change)
    dialog.open_page()
    return dialog


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    wanted = Settings(geometry=b"\x00\xff", keys={"swap": "U"}, pictures="/pictures", **OTHER)
    settings.write(wanted, path)
    assert settings.machine(path) == (wanted, "")
    assert settings.machine(tmp_path / "none.json") == (Settings(), "")


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"nonsense", b"\xff\xfe\x00", b"[" * 20_000, b'{"theme": ', b"null"],
    ids=["empty", "list", "words", "bytes", "deep", "cut", "null"],
)
def test_a_hostile_file_is_one_sentence_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    for name in ("settings.damaged", "settings 2.damaged"):  # a second one does not take the first one's place
        path.write_bytes(content)
        found, words_said = settings.machine(path)
        assert found == Settings()
        assert name in words_said
        assert (tmp_path / name).read_bytes() == content


def test_one_bad_field_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    fields = {"theme": "light", "scale": 9000, "keys": {"swap": "U"}, "threads": "many", "device": "", "speed": 2.0}
    path.write_bytes(msgspec.json.encode(fields))
    found, said = settings.machine(path)
    assert found == Settings(theme="light", keys={"swap": "U"}, speed=2.0)
    assert "scale, device, threads" in said or set(said.split(": ")[1].split(". ")[0].split(", ")) == {
        "scale", "device", "threads",
    }  # fmt: skip
    assert (tmp_path / "settings.damaged").read_bytes() == msgspec.json.encode(fields)


def test_a_newer_file_is_used_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(msgspec.json.encode({"version": 99, "theme": "light", "hologram": True}))
    found, said = settings.machine(path)
    assert found == Settings(theme="light")
    assert "newer" in said
    assert b"hologram" in (tmp_path / "settings.damaged").read_bytes()


def test_every_row_is_a_setting_with_a_sentence(dialog: SettingsDialog) -> None:
    assert set(ROWS) <= set(Settings.__struct_fields__)
    assert sum(len(rows) for rows in PAGES.values()) == len(ROWS)
    for name, row in ROWS.items():
        assert row.text.endswith("."), name
        assert row.text.count(".") == 1, name
        control = dialog.controls[name]
        assert control.inner.toolTip().startswith(row.text)
        assert control.inner.accessibleName() == row.title


@pytest.mark.parametrize("name", OTHER)
def test_a_control_changes_its_setting(dialog: SettingsDialog, desk: Desk, name: str) -> None:
    control, wanted = dialog.controls[name], OTHER[name]
    if isinstance(control, Choice):
        control.offer({wanted: wanted})
        at = control.box.findData(wanted)
        control.box.setCurrentIndex(at)
        control.box.activated.emit(at)
    elif isinstance(control, Number):
        control.box.setValue(wanted)
    assert getattr(desk.now, name) == wanted
    assert dialog.restart.isVisible() == ROWS[name].restart
    assert (ROWS[name].title in dialog.note.text()) == ROWS[name].restart
    QTest.mouseClick(dialog.reset, LEFT)
    assert desk.now == defaults(desk.now)
    assert desk.now.keys == {"swap": "U"}  # what is not on these pages stays
    assert not dialog.restart.isVisible()
    QTest.mouseClick(dialog.reset, LEFT)  # Undo reset
    assert getattr(desk.now, name) == wanted


def test_numbers_keep_to_what_the_type_declares(dialog: SettingsDialog, desk: Desk) -> None:
    for name, control in dialog.controls.items():
        if isinstance(control, Number):
            for end in setting_controls.limits(Settings, name):
                control.box.setValue(end + (1000 if end else -1))  # type: ignore[arg-type]
                assert getattr(desk.now, name) == control.box.value()


def test_a_folder_is_typed_or_refused(dialog: SettingsDialog, desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    control = dialog.controls["pictures"]
    assert isinstance(control, Folder)
    assert Path(control.field.placeholderText()).name == "Latent Explorer"
    (tmp_path / "file").write_text("x")
    for text, said in ((str(tmp_path / "file"), "is a file"), ("pictures", "whole path"), ("/a\x07b", "cannot be")):
        assert said in setting_controls.refusal(text)
        control.field.setText(text)
        control.field.editingFinished.emit()
        assert desk.now.pictures == ""
        assert control.field.property("bad")
    control.field.setText(str(tmp_path / "mine"))
    control.field.editingFinished.emit()
    assert desk.now.pictures == str(tmp_path / "mine")
    favourites = dialog.controls["favourites"]
    assert isinstance(favourites, Folder)
    assert favourites.field.placeholderText() == str(tmp_path / "mine" / "Favourites")
    control.field.clear()
    control.field.editingFinished.emit()
    assert desk.now.pictures == ""


def test_a_device_that_is_not_here_is_still_named(dialog: SettingsDialog, desk: Desk) -> None:
    dialog.offer_devices(["cuda:0", "cpu"])
    desk.change({"device": "cuda:7"})
    dialog.show_settings()
    control = dialog.controls["device"]
    assert isinstance(control, Choice)
    assert control.box.findData("cuda:0") >= 0
    assert control.box.currentText() == "cuda:7, which is not here"


def test_by_keyboard_alone(dialog: SettingsDialog, desk: Desk, qtbot: QtBot) -> None:
    dialog.activateWindow()
    qtbot.keyClick(dialog.pages, Qt.Key.Key_Down)
    assert dialog.stack.currentIndex() == 1
    reached: list[QWidget | None] = []
    dialog.pages.setFocus()
    for _ in range(12):
        dialog.focusNextChild()
        reached.append(QApplication.focusWidget() or dialog.focusWidget())
    for row in PAGES["Drawing"]:
        assert dialog.controls[row.field].inner in reached, row.field
    order = [reached.index(dialog.controls[row.field].inner) for row in PAGES["Drawing"]]
    assert order == sorted(order)
    buttons = [b for b in (dialog.reset, dialog.closer) if b.isEnabled()]
    assert all(b in reached for b in buttons)
    assert all(isinstance(b, QAbstractButton) for b in buttons)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_theme_may_be_the_desktops(qtbot: QtBot) -> None:
    assert theme.chosen("system") in (theme.DARK, theme.LIGHT)
    assert theme.chosen("light") is theme.LIGHT
    assert theme.chosen("nonsense") is theme.DARK


def test_languages_have_names(qtbot: QtBot) -> None:
    assert words.languages()["en"] == "English"
    assert words.languages()["de"] == "Deutsch"
