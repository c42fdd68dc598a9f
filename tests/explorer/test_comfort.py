"""The tour, the second monitor and what settings do to a window that is open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from explorer import settings, theme
from explorer.app import enlarged
from explorer.second_monitor import MonitorChooser, MonitorWindow, described
from explorer.settings import Settings
from explorer.thumbnails import Thumbnails
from explorer.tour import STEPS, Tour, beside
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, settled
from tests.explorer.stage import LEFT, Stage, staged

KEY = Qt.Key


@pytest.fixture
def tour(qtbot: QtBot) -> Iterator[Tour]:
    desk = QWidget()
    qtbot.addWidget(desk)
    column = QVBoxLayout(desk)
    targets = {step.target: QPushButton(step.target) for step in STEPS}
    for button in targets.values():
        column.addWidget(button)
    desk.resize(900, 700)
    desk.show()
    yield Tour(desk, targets)
    desk.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Of somebody who has never been here."""
    folder = tmp_path / "home"
    settings.write(Settings(pictures=str(folder / "pictures")), folder / "settings.json")
    return folder


@pytest.fixture
def stage(qtbot: QtBot, model: Path) -> Iterator[Stage]:
    with staged(qtbot, model) as found:
        yield found


def test_the_tour_is_gone_through_by_keys(tour: Tour, qtbot: QtBot) -> None:
    tour.begin()
    said = []
    for step in STEPS:
        assert tour.title.text() == step.title
        said.append(tour.count.text())
        with qtbot.waitSignal(tour.ended, raising=False, timeout=50) as ended:
            qtbot.keyClick(tour, KEY.Key_Return)
    assert ended.signal_triggered
    assert said == [f"{at} of 5" for at in range(1, 6)]
    assert not tour.isVisible()
    tour.begin()
    qtbot.keyClick(tour, KEY.Key_Right)
    qtbot.keyClick(tour, KEY.Key_Left)
    assert tour.at == 0
    assert not tour.back.isEnabled()
    with qtbot.waitSignal(tour.ended):
        qtbot.keyClick(tour, KEY.Key_Escape)


def test_the_tour_speaks_only_of_what_is_seen(tour: Tour, qtbot: QtBot) -> None:
    tour._targets["mix"].hide()
    tour.begin()
    assert tour.count.text() == "1 of 4"
    tour.go(3)
    assert tour.title.text() == STEPS[-1].title
    assert tour.next.text() == "Done"
    QTest.mouseClick(tour.next, LEFT)
    assert not tour.isVisible()


@pytest.mark.parametrize("target", [(0, 40, 200, 300), (1000, 200, 200, 500), (500, 0, 30, 30), (200, 40, 800, 600)])
def test_the_words_lie_in_the_window_and_cover_no_small_control(target: tuple[int, int, int, int]) -> None:
    room, words, place = QRect(0, 0, 1200, 800), QRect(0, 0, 320, 160), QRect(*target)
    lies = QRect(beside(place, words, room), words.size())
    assert room.contains(lies)
    assert place.width() > 640 or not lies.intersects(place)


def test_the_picture_on_a_monitor_follows_and_leaves_by_escape(stage: Stage, qtbot: QtBot) -> None:
    monitor = MonitorWindow(stage.bridge)
    qtbot.addWidget(monitor)
    screen = QGuiApplication.primaryScreen()
    assert screen is not None
    monitor.fill(screen)
    assert monitor.windowState() & Qt.WindowState.WindowFullScreen
    before = monitor.grab().toImage()
    with qtbot.waitSignal(stage.bridge.framed, timeout=PATIENCE):
        stage.store.set("truncation.psi", -1.0)
    assert monitor.frame is stage.bridge.frame
    assert monitor.grab().toImage() != before
    edge = monitor.grab().toImage().pixelColor(0, monitor.height() // 2)
    assert edge.name() == "#000000" or monitor.width() <= monitor.height()
    with qtbot.waitSignal(monitor.closed):
        qtbot.keyClick(monitor, KEY.Key_Escape)


def test_the_chooser_names_every_monitor(qtbot: QtBot) -> None:
    desk = QWidget()
    qtbot.addWidget(desk)
    chooser = MonitorChooser(desk)
    chooser.ask("")
    screens = QGuiApplication.screens()
    assert chooser.list.count() == len(screens)
    assert "this window is here" in described(screens[0], True)
    size = screens[0].size() * screens[0].devicePixelRatio()
    assert f"{size.width()} × {size.height()}" in described(screens[0], False)
    with qtbot.waitSignal(chooser.chosen) as chosen:
        qtbot.keyClick(chooser.list, KEY.Key_Return)
    assert chosen.args == [screens[0]]
    assert not chooser.isVisible()


def test_a_whole_window_does_what_its_settings_say(window: Window, qtbot: QtBot, home: Path) -> None:
    comfort = window.comfort
    assert comfort.tour is not None
    qtbot.waitUntil(comfort.tour.isVisible, timeout=PATIENCE)  # whoever is new here is shown around
    qtbot.keyClick(comfort.tour, KEY.Key_Escape)
    assert settings.machine(home / "settings.json")[0].toured
    window.deeds["tour"].trigger()
    assert comfort.tour.isVisible()
    qtbot.keyClick(comfort.tour, KEY.Key_Escape)
    window.deeds["settings"].trigger()
    assert comfort.dialog is not None
    control = comfort.dialog.controls["device"]
    qtbot.waitUntil(lambda: control.inner.count() >= 2, timeout=PATIENCE)  # type: ignore[attr-defined]
    try:
        comfort.dialog.changed.emit({"theme": "light", "thumbnails": 200, "precision": "bf16", "threads": 1})
        assert theme.palette() is theme.LIGHT
        assert window.deeds["light"].isChecked()
        window.deeds["light"].trigger()
        assert theme.palette() is theme.DARK
    finally:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.apply(application, "dark")
    assert Thumbnails.shared(window.store, window.bridge).most == 200
    drawn = lambda: window.bridge.frame is not None and window.bridge.frame.precision == "bf16"  # noqa: E731
    qtbot.waitUntil(lambda: drawn() and settled(window), timeout=PATIENCE)
    comfort.dialog.changed.emit({"favourites": str(home / "kept")})
    window.deeds["favourite"].trigger()
    qtbot.waitUntil(lambda: bool(list((home / "kept").glob("*.png"))), timeout=PATIENCE)
    found, said = settings.machine(home / "settings.json")
    assert (found.favourites, found.precision, said) == (str(home / "kept"), "bf16", "")
    comfort.show_on(QGuiApplication.screens()[0])
    assert comfort.monitor is not None
    qtbot.waitUntil(comfort.monitor.isActiveWindow, timeout=PATIENCE)
    qtbot.keyClick(comfort.monitor, KEY.Key_R)  # keys go on working there
    assert len(window.store.history.entries) > 1
    window.deeds["monitor"].trigger()
    assert comfort.monitor is None


@pytest.mark.parametrize(("percent", "set_before", "seen"), [(100, None, None), (150, None, "1.5"), (150, "2", "2")])
def test_the_size_of_everything(
    monkeypatch: pytest.MonkeyPatch, percent: int, set_before: str | None, seen: str | None
) -> None:
    import os

    monkeypatch.delenv("QT_SCALE_FACTOR", raising=False)
    if set_before:
        monkeypatch.setenv("QT_SCALE_FACTOR", set_before)
    with enlarged(percent):
        assert os.environ.get("QT_SCALE_FACTOR") == seen
    assert os.environ.get("QT_SCALE_FACTOR") == set_before
