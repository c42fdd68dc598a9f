"""The window as a whole: real keys and files, kind errors, everything remembered."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.recipe import seeded
from engine.render import png
from engine.render.renderer import Renderer
from explorer import actions, mixing
from explorer.widgets.palette import score
from explorer.window import PANELS, Window
from tests.explorer.conftest import PATIENCE, open_window, settled

KEY = Qt.Key


def drop(window: Window, *paths: Path) -> None:
    """What a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, left, none = window.rect().center(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(where), Qt.DropAction.CopyAction, data, left, none))


def test_the_window_is_there_before_torch(tmp_path: Path, project: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from PyQt6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from explorer.window import Window\n"
        f"window = Window(Path({str(tmp_path / 's.json')!r}), Path({str(tmp_path / 'x.json')!r}))\n"
        "window.show(); app.processEvents()\n"
        "slow = {'torch', 'pyqtgraph', 'av', 'cv2', 'scipy'} & set(sys.modules)\n"
        "assert window.isVisible() and not slow, f'{slow} were imported'\n"
        "window.close()\n"
        "from PyQt6 import sip; sip.delete(window)\n"  # before the application goes, as explorer.app does
    )
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=env, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_every_panel_has_a_dock_with_its_title(window: Window) -> None:
    assert [window.docks[panel].windowTitle() for panel in PANELS] == [panel.title for panel in PANELS]
    assert window.toolbar.model.text().startswith("stylegan1")


def test_the_first_picture_is_that_of_the_recipe(window: Window, model: Path) -> None:
    renderer = Renderer("cpu")
    renderer.open(model)
    assert window.canvas.frame is not None
    expected = renderer.render(window.store.recipe).pixels
    close = np.abs(window.canvas.frame.pixels.astype(int) - expected).max()
    assert close <= (0 if window.canvas.frame.precision == "fp32" else 24)


def test_keys_act_and_are_undone(window: Window, qtbot: QtBot) -> None:
    before = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_R)
    assert window.store.recipe.latent != before.latent
    qtbot.keyClick(window.canvas, KEY.Key_1)
    assert mixing.amounts(window.store.recipe, 6)[0] == 1
    qtbot.keyClick(window.canvas, KEY.Key_X)
    assert mixing.b_latent(window.store.recipe) != mixing.FIRST_B
    qtbot.keyClick(window.canvas, KEY.Key_0)
    assert not any(mixing.amounts(window.store.recipe, 6))
    for _ in range(3):
        qtbot.keyClick(window.canvas, KEY.Key_Z)
    qtbot.keyClick(window.canvas, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.store.recipe == before
    qtbot.keyClick(window.canvas, KEY.Key_Y)
    assert window.store.recipe.latent != before.latent
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)


def test_a_key_that_is_typed_into_a_field_does_nothing_else(window: Window, qtbot: QtBot) -> None:
    field = window.explore.a.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "1230")
    assert window.store.history.now.number == 0
    qtbot.keyClick(field, KEY.Key_Return)
    assert window.store.recipe.latent == seeded(1230)


@pytest.mark.parametrize("name", ["bad.safetensors", "bad.pkl", "bad.png", "notes.txt", "gone.safetensors"])
def test_a_wrong_file_is_one_sentence_and_changes_nothing(
    window: Window, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    if "gone" not in name:
        path.write_bytes(b"this is no model" * 40)
    before, entries = window.store.recipe, window.store.history.entries
    drop(window, path)
    qtbot.waitUntil(lambda: window.messages.message is not None, timeout=PATIENCE)
    message = window.messages.message
    assert message is not None
    assert message.error
    assert name in message.text
    assert "Traceback" not in message.text
    assert window.messages.isVisible()
    assert (window.store.recipe, window.store.history.entries) == (before, entries)
    window.messages.copy()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert message.text in clipboard.text()
    window.messages.closer.click()
    assert not window.messages.isVisible()


def test_a_saved_picture_gives_its_recipe_back(window: Window, qtbot: QtBot, home: Path, model: Path) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_R)
    window.store.set("truncation.psi", 0.5)
    window.store.keep()
    recipe = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_S)
    qtbot.waitUntil(lambda: window.messages.message is not None, timeout=PATIENCE)
    (path,) = (home / "pictures").glob("*.png")
    assert png.read(path) == recipe
    renderer = Renderer("cpu")
    renderer.open(model)
    assert path.read_bytes() == png.encode(renderer.render(recipe))
    qtbot.keyClick(window.canvas, KEY.Key_R)
    drop(window, path)
    assert window.store.recipe == recipe
    qtbot.keyClick(window.canvas, KEY.Key_S)
    qtbot.waitUntil(lambda: len(list((home / "pictures").glob("*.png"))) == 2, timeout=PATIENCE)


def test_a_picture_from_elsewhere_is_refused_kindly(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "holiday.png"
    Image.new("RGB", (8, 8)).save(path)
    drop(window, path)
    message = window.messages.message
    assert message is not None
    assert "holiday.png" in message.text
    assert "not made here" in message.text


def test_copy_puts_the_picture_on_the_clipboard(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert window.canvas.frame is not None
    assert clipboard.image().width() == window.canvas.frame.pixels.shape[1]


def test_the_stored_picture_is_seen_while_the_key_is_held(window: Window, qtbot: QtBot) -> None:
    stored = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_C)
    qtbot.keyClick(window.canvas, KEY.Key_R)
    present, entries = window.store.recipe, window.store.history.entries
    qtbot.keyPress(window.canvas, KEY.Key_QuoteLeft)
    assert window.store.recipe == stored
    qtbot.keyRelease(window.canvas, KEY.Key_QuoteLeft)
    assert window.store.recipe == present
    assert window.store.history.entries == entries


def test_full_screen_shows_only_the_picture(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_F11)
    assert not window.toolbar.isVisible()
    assert not any(dock.isVisible() for dock in window.docks.values())
    assert window.canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    window.messages.complain("something")
    assert not window.messages.isVisible()
    qtbot.keyClick(window.canvas, KEY.Key_Escape)
    assert window.toolbar.isVisible()
    assert all(dock.isVisible() or dock.isHidden() is False for dock in window.docks.values())
    assert window.messages.isVisible()


def test_the_palette_finds_and_does(window: Window, qtbot: QtBot) -> None:
    before = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_overlay.isVisible()
    qtbot.keyClicks(window.palette_overlay.field, "rnda")
    qtbot.keyClick(window.palette_overlay.field, KEY.Key_Return)
    assert not window.palette_overlay.isVisible()
    assert window.store.recipe.latent != before.latent


@pytest.mark.parametrize(
    ("query", "text", "found"), [("sv", "Save picture", True), ("zz", "Save", False), ("", "Save", True)]
)
def test_fuzzy_search(query: str, text: str, found: bool) -> None:
    assert (score(query, text) is not None) == found


def test_the_sheet_of_keys_names_every_key(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_Question)
    assert window.key_sheet.isVisible()
    qtbot.keyClick(window.key_sheet, KEY.Key_Escape)
    assert not window.key_sheet.isVisible()
    keys = [key for deed in actions.DEEDS for key in deed.keys]
    assert len(keys) == len(set(keys))


def test_session_and_settings_come_back(window: Window, qtbot: QtBot, home: Path) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_R)
    qtbot.keyClick(window.canvas, KEY.Key_2)
    qtbot.keyClick(window.canvas, KEY.Key_Z)
    window.explore.walk.link(True)
    recipe, notes = window.store.recipe, [entry.note for entry in window.store.history.entries]
    window.close()
    again = open_window(qtbot, home, None)
    assert again.store.recipe == recipe
    assert [entry.note for entry in again.store.history.entries] == notes
    assert again.explore.walk.linked
    qtbot.waitUntil(lambda: settled(again), timeout=PATIENCE)  # its model was found again by itself
    assert again.messages.message is None
    again.close()


def test_closing_while_a_picture_is_drawn(window: Window) -> None:
    for number in range(20):
        window.store.show(mixing.with_a(window.store.recipe, seeded(number)))
    window.close()
    assert not window.bridge._thread.is_alive()


def test_a_window_without_a_model_says_what_to_do(
    qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model: Path
) -> None:
    import engine.render.models as models

    monkeypatch.setattr(models, "assets", lambda: tmp_path / "none")
    window = open_window(qtbot, home, None)
    qtbot.waitUntil(lambda: window.canvas._words[0] == "No model is open", timeout=PATIENCE)
    assert window.messages.message is None
    assert window.first_steps.isVisible()
    for name, deed in window.deeds.items():  # nothing of all this needs a model to be tried
        if name not in {"open", "folder", "video", "train", "output", "quit"}:
            deed.trigger()
            deed.trigger()
            QApplication.processEvents()
    qtbot.keyClick(window.canvas, KEY.Key_Right)
    for panel in window.panels.values():
        window.help_dock.help.explain(str(panel.property("help")))
    window.canvas.grab()
    window.messages.dismiss()
    opened = []
    window.deeds["open"].triggered.disconnect()
    window.deeds["open"].triggered.connect(lambda: opened.append(True))
    qtbot.mouseClick(window.first_steps.buttons[0], Qt.MouseButton.LeftButton)
    assert opened
    window.files.open(model)
    qtbot.waitUntil(lambda: window.canvas.frame is not None, timeout=PATIENCE)
    assert not window.first_steps.isVisible()
    window.close()


def test_a_film_without_a_model_is_refused_kindly(
    qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import engine.render.models as models
    from explorer.panels import video

    monkeypatch.setattr(models, "assets", lambda: tmp_path)
    monkeypatch.setattr(video, "user_videos_path", lambda: tmp_path)
    window = open_window(qtbot, home, None)
    qtbot.waitUntil(window.first_steps.isVisible, timeout=PATIENCE)
    window.deeds["video"].trigger()
    dialog = window.dialogs.film
    assert dialog is not None
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.progress.running(), timeout=PATIENCE)
    assert dialog.messages.message is not None or not dialog.make.isEnabled()
    window.close()
