"""A picture whose model is gone is shown with another, says so, and is itself again when the model is back."""

from pathlib import Path

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.recipe import Model, Recipe, seeded
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, open_window, settled

LOST = Recipe(model=Model("elsewhere", "a" * 64), latent=seeded(77))


def told(window: Window) -> str:
    return window.messages.message.text if window.messages.message is not None else ""


def test_a_recipe_of_an_unknown_model_is_shown_with_the_one_that_is_open(window: Window, qtbot: QtBot) -> None:
    open_now = window.store.recipe.model
    window.store.do(LOST, "Opened")
    qtbot.waitUntil(lambda: bool(told(window)) and settled(window), timeout=PATIENCE)
    assert "“elsewhere”" in told(window)
    assert "shown with stylegan1" in told(window)
    assert window.store.recipe == Recipe(model=open_now, latent=seeded(77))
    window.messages.dismiss()
    frame = window.canvas.frame
    qtbot.keyClick(window.canvas, Qt.Key.Key_Z)  # undo is not caught in a circle
    qtbot.waitUntil(lambda: "elsewhere" in told(window), timeout=PATIENCE)
    assert window.store.recipe == LOST
    assert window.canvas.frame is frame
    qtbot.keyClick(window.canvas, Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
    assert window.store.recipe.model == open_now


def test_looking_at_a_stored_picture_of_a_lost_model_changes_nothing(window: Window, qtbot: QtBot) -> None:
    window.compare.stored = LOST
    entries, present = window.store.history.entries, window.store.recipe
    window.compare.hold()
    qtbot.waitUntil(lambda: "elsewhere" in told(window), timeout=PATIENCE)
    window.compare.release()
    assert window.store.history.entries == entries
    assert window.store.recipe == present


def test_a_session_whose_file_has_been_moved_begins_with_the_embedded_model(
    window: Window, qtbot: QtBot, home: Path, model: Path, tmp_path: Path
) -> None:
    qtbot.keyClick(window.canvas, Qt.Key.Key_R)
    made = window.store.recipe
    window.close()
    moved = tmp_path / "elsewhere" / model.name
    moved.parent.mkdir()
    model.rename(moved)
    again = open_window(qtbot, home, None)
    qtbot.waitUntil(lambda: settled(again) and bool(told(again)), timeout=PATIENCE)
    assert again.store.recipe.model.name == "Landscape"
    assert again.store.recipe.latent == made.latent
    assert f"“{model.name}”, the model of this picture, is no longer in {model.parent}" in told(again)
    assert again.messages.copier.isVisible()
    again.files.open(moved)
    qtbot.waitUntil(lambda: again.store.recipe == made and settled(again), timeout=PATIENCE)
    again.close()
