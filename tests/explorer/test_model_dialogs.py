"""Catalogue, card and export belong to the window: opened by a click, one of each, and what was fetched is open afterwards."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

import engine.render.models as models
from engine import catalogue
from engine.catalogue import Entry
from explorer import help_places
from explorer.panels import export_model
from explorer.panels.models import ModelsPanel
from explorer.window import Window
from tests.explorer.conftest import PATIENCE
from tests.explorer.stage import LEFT
from tests.explorer.test_help import silent
from tests.models import model_file

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Models of the catalogue come from a folder, and what is exported goes into another."""
    (tmp_path / "mirror").mkdir()
    path = model_file(tmp_path / "mirror", "stylegan2")
    shutil.copy(path, tmp_path / "mirror" / "m.pkl")
    bad = tmp_path / "mirror" / "bad.pkl"
    bad.write_bytes(b"nothing")
    entries = [Entry(name, "stylegan2", 16, at.as_uri(), "CC0") for name, at in (("faces", path), ("broken", bad))]
    monkeypatch.setattr(catalogue, "entries", lambda: entries)
    monkeypatch.setattr(catalogue, "store", lambda: tmp_path / "fetched")
    monkeypatch.setattr(export_model, "user_documents_path", lambda: tmp_path)
    monkeypatch.setattr(models, "assets", lambda: tmp_path / "no assets")


@pytest.fixture
def panel(window: Window) -> Iterator[ModelsPanel]:
    yield window.panels[ModelsPanel]
    window.dialogs.models.end()


def test_what_is_downloaded_is_open(window: Window, panel: ModelsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    QTest.mouseClick(panel.catalogue, LEFT)
    dialog = window.dialogs.models.public
    assert dialog is not None
    assert dialog.isVisible()
    assert not silent(dialog)
    QTest.mouseClick(dialog.details.fetch, LEFT)
    qtbot.waitUntil(lambda: window.store.recipe.model.name == "stylegan2", timeout=PATIENCE)
    assert "seen for the first time" in dialog.said.text
    assert window.files.settings.recent[0].path == str(tmp_path / "fetched" / "faces.safetensors")
    QTest.mouseClick(panel.catalogue, LEFT)
    assert window.dialogs.models.public is dialog


def test_what_cannot_be_opened_is_said(window: Window, panel: ModelsPanel, qtbot: QtBot) -> None:
    QTest.mouseClick(panel.catalogue, LEFT)
    dialog = window.dialogs.models.public
    assert dialog is not None
    qtbot.keyClicks(dialog.search, "broken")
    QTest.mouseClick(dialog.details.fetch, LEFT)
    qtbot.waitUntil(lambda: window.messages.message is not None and window.messages.message.error, timeout=PATIENCE)
    assert window.messages.message is not None
    assert window.messages.message.text.startswith("broken.pkl is here, but cannot be opened: ")
    assert window.store.recipe.model.name == "stylegan1"


def test_the_card_follows_the_model(window: Window, panel: ModelsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    QTest.mouseClick(panel.card, LEFT)
    dialog = window.dialogs.models.about
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.card is not None and dialog.card.title == "stylegan1", timeout=PATIENCE)
    assert not silent(dialog)
    window.files.open(tmp_path / "mirror" / "stylegan2.safetensors")
    qtbot.waitUntil(lambda: dialog.card is not None and dialog.card.title == "stylegan2", timeout=PATIENCE)
    QTest.mouseClick(dialog.exporter, LEFT)
    assert window.dialogs.models.exporter is not None
    assert window.dialogs.models.exporter.isVisible()


def test_an_export_from_the_keyboard(window: Window, panel: ModelsPanel, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.keyClick(window.canvas, Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.ShiftModifier)
    dialog = window.dialogs.models.exporter
    assert dialog is not None
    assert not silent(dialog)
    QTest.mouseClick(dialog.start, LEFT)
    dialog.close()
    path = tmp_path / "Latent Explorer" / "stylegan1.safetensors"
    qtbot.waitUntil(lambda: bool(dialog.said.text), timeout=PATIENCE)
    assert path.exists()
    assert window.messages.message is not None
    assert window.messages.message.text == f"{path.name} is there."


def test_the_menu_of_models_has_them(window: Window, panel: ModelsPanel) -> None:
    menu = window.toolbar.model.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    deeds = [window.deeds[name] for name in ("open", "catalogue", "card", "export_model")]
    assert menu.actions()[:4] == deeds
    assert all(help_places.topic_at(button) for button in (panel.catalogue, panel.card, panel.exporter))
