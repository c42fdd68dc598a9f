"""A whole window over a tiny model, with a home of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer import settings, theme
from explorer.panels.train import TrainDialog
from explorer.settings import Settings
from explorer.window import Window
from tests.explorer.stage import Stage, staged
from tests.models import model_file

PATIENCE = 30_000  # milliseconds for torch to be imported beside other work


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return model_file(tmp_path)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the window keeps its settings, its session and its pictures."""
    folder = tmp_path / "home"
    settings.write(Settings(pictures=str(folder / "pictures"), toured=True), folder / "settings.json")
    return folder


def open_window(qtbot: QtBot, home: Path, model: Path | None) -> Window:
    """A window that has been shown, and its first picture when there is a model."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application)
    window = Window(home / "settings.json", home / "session.json")
    qtbot.addWidget(window, before_close_func=lambda w: w.bridge.close())
    window.resize(1200, 800)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.start(model)
    return window


@pytest.fixture
def window(qtbot: QtBot, home: Path, model: Path) -> Iterator[Window]:
    window = open_window(qtbot, home, model)
    qtbot.waitUntil(lambda: introduced(window) and settled(window), timeout=PATIENCE)
    window.canvas.setFocus()
    yield window
    window.close()


def introduced(window: Window) -> bool:
    """Whether the window knows what its model is."""
    return window.bridge.model is not None and window.bridge.model.model.name == "stylegan1"


def settled(window: Window) -> bool:
    """Whether the picture that is shown is the one that is wanted."""
    return window.canvas.frame is not None and window.canvas.frame.recipe == window.store.recipe


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    """A store and a bridge with a tiny model that is open."""
    with staged(qtbot, model_file(tmp_path)) as stage:
        yield stage


@pytest.fixture
def dialog(qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[TrainDialog]:
    """The train dialog; tests of another one have a fixture of their own."""
    widget = TrainDialog(stage.store, stage.bridge, home=tmp_path / "home")
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.form.close_jobs()
