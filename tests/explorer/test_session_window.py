"""Sessions in the whole window: cut off and offered back, renewed, saved, opened here and on another machine."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.recipe import put
from engine.recipe.timeline import Timeline, through
from explorer import mixing, settings
from explorer.settings import Settings
from explorer.timelines import TimelineDesk
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, open_window, settled

KEY, CONTROL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
EDITOR = """
import sys
from pathlib import Path
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
app = QApplication([])
from explorer.window import Window
home = Path(sys.argv[1])
window = Window(home / "settings.json", home / "session.json")
window.show()
window.canvas.setFocus()
count = 0
def edit():
    global count
    count += 1
    QTest.keyClick(window.canvas, Qt.Key.Key_R)
    if count == 4:
        for _ in range(3):
            QTest.keyClick(window.canvas, Qt.Key.Key_Z)
    print(window.store.recipe.latent.points[0].point.number, flush=True)
timer = QTimer()
timer.timeout.connect(edit)
timer.start(300)
app.exec()
"""


@pytest.fixture
def bare(qtbot: QtBot, home: Path) -> Iterator[Callable[[], Window]]:
    """Makes windows that draw nothing."""
    made: list[Window] = []

    def make() -> Window:
        window = Window(home / "settings.json", home / "session.json")
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        window.canvas.setFocus()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is window.canvas)
        made.append(window)
        return window

    settings.write(Settings(pictures=str(home / "pictures"), toured=True), home / "settings.json")
    yield make
    for window in made:
        window.close()


def seeds(window: Window) -> list[int]:
    return [e.state.latent.points[0].point.number for e in window.store.history.entries]  # type: ignore[union-attr]


def told(window: Window) -> str:
    return window.messages.message.text if window.messages.message is not None else ""


def edit_until_killed(home: Path, project: Path, count: int) -> list[int]:
    """Runs a window in a process of its own, which is killed in the middle of its work; gives the seeds it had shown."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-c", EDITOR, str(home)], cwd=project, env=env, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        shown = [int(child.stdout.readline()) for _ in range(count)]
        child.kill()
        child.wait()
    return shown


def test_after_a_kill_the_last_state_is_offered_and_comes_back(
    bare: Callable[[], Window], qtbot: QtBot, home: Path, project: Path
) -> None:
    shown = edit_until_killed(home, project, 8)
    window = bare()
    offer = window.sessions.offer
    assert offer is not None
    assert offer.isVisible()
    assert "cut off" in offer.words.text()
    assert len(window.store.history) == 1  # nothing is forced on anybody
    qtbot.keyClick(window.canvas, KEY.Key_R)
    meanwhile = window.store.recipe
    assert len(window.store.history) == 2
    qtbot.mouseClick(offer.restore, Qt.MouseButton.LeftButton)
    assert not offer.isVisible()
    found = seeds(window)
    assert all(seed in found for seed in shown[:3] + shown[4:6])  # the fourth was undone before it was told
    lanes = window.store.history
    assert any(len(lanes.children(entry)) > 1 for entry in lanes.entries)
    assert window.store.recipe.latent.points[0].point.number == found[-1]  # type: ignore[union-attr]
    recent = window.sessions.recent()
    assert len(recent) == 2  # the one that was cut off, and what was done before it came back
    window.sessions.open(recent[0])
    qtbot.waitUntil(lambda: window.store.recipe == meanwhile, timeout=PATIENCE)


def test_after_a_kill_one_can_start_anew_and_nothing_is_lost(
    bare: Callable[[], Window], qtbot: QtBot, home: Path, project: Path
) -> None:
    shown = edit_until_killed(home, project, 4)
    window = bare()
    assert window.sessions.offer is not None
    qtbot.mouseClick(window.sessions.offer.fresh, Qt.MouseButton.LeftButton)
    assert not window.sessions.offer.isVisible()
    assert "recent" in told(window)
    window.close()
    again = bare()
    assert again.sessions.offer is None  # it is offered once
    menu = again.toolbar.session.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    qtbot.waitUntil(lambda: shown[0] in seeds(again), timeout=PATIENCE)


def test_a_new_session_puts_the_present_one_by(bare: Callable[[], Window], qtbot: QtBot) -> None:
    window = bare()
    qtbot.keyClick(window.canvas, KEY.Key_R)
    qtbot.keyClick(window.canvas, KEY.Key_C)
    TimelineDesk.of(window.store).restart(through([window.store.recipe], 1.0, 10))
    before = window.store.recipe
    qtbot.keyClick(window.canvas, KEY.Key_N, CONTROL)
    assert len(window.store.history) == 1
    assert window.compare.stored is None
    assert TimelineDesk.of(window.store).timeline == Timeline()
    assert window.messages.message is not None
    window.messages.message.buttons[0][1]()  # back to it
    qtbot.waitUntil(lambda: window.store.recipe == before, timeout=PATIENCE)
    assert window.compare.stored == before
    assert len(TimelineDesk.of(window.store).timeline.keys) == 1


def test_a_saved_session_is_opened_by_dropping_it(bare: Callable[[], Window], qtbot: QtBot, tmp_path: Path) -> None:
    window = bare()
    qtbot.keyClick(window.canvas, KEY.Key_R)
    window.docks[next(iter(window.docks))].hide()
    saved, path = window.store.recipe, tmp_path / "tests" / "mine.session"
    window.sessions.save_as(path.with_suffix(""))
    qtbot.waitUntil(lambda: "mine.session" in told(window), timeout=PATIENCE)
    assert window.toolbar.session.text().startswith("mine")
    qtbot.keyClick(window.canvas, KEY.Key_N, CONTROL)
    window.reset_layout()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where, copy, left = window.rect().center(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(where, copy, data, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(where), copy, data, left, none))
    qtbot.waitUntil(lambda: window.store.recipe == saved, timeout=PATIENCE)
    assert window.docks[next(iter(window.docks))].isHidden()
    window.store.do(put(saved, "noise.seed", 7), "Noise")
    window.close()
    again = bare()  # it is always in its file, and in the one that was named
    assert again.store.recipe.noise.seed == 7
    again.sessions.renew()
    again.sessions.open(path)
    qtbot.waitUntil(lambda: again.store.recipe.noise.seed == 7, timeout=PATIENCE)


@pytest.mark.parametrize("content", [b"", b"no session", b'{"kind": "latent explorer session", "version": 99}', None])
def test_a_bad_session_is_one_sentence_and_changes_nothing(
    bare: Callable[[], Window], qtbot: QtBot, tmp_path: Path, content: bytes | None
) -> None:
    window, path = bare(), tmp_path / "bad.session"
    if content is not None:
        path.write_bytes(content)
    qtbot.keyClick(window.canvas, KEY.Key_R)
    before, entries = window.store.recipe, window.store.history.entries
    window.sessions.open(path)
    qtbot.waitUntil(lambda: bool(told(window)), timeout=PATIENCE)
    assert "was not opened" in told(window)
    assert "Traceback" not in told(window)
    assert (window.store.recipe, window.store.history.entries) == (before, entries)


def test_what_stands_in_the_way_of_putting_it_by_stops_the_change(bare: Callable[[], Window], qtbot: QtBot) -> None:
    window = bare()
    qtbot.keyClick(window.canvas, KEY.Key_R)
    before = window.store.recipe
    window.sessions.recent()
    folder = window.sessions._shelf.folder
    folder.write_text("a file where the folder should be")
    window.sessions.renew()
    assert window.store.recipe == before
    assert "could not be kept" in told(window)


def test_a_session_on_another_machine_finds_its_model_beside_it(
    window: Window, qtbot: QtBot, model: Path, tmp_path: Path
) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_R)
    made, moved = window.store.recipe, tmp_path / "stick"
    moved.mkdir()
    window.sessions.save_as(moved / "mine.session")
    qtbot.waitUntil(lambda: (moved / "mine.session").exists(), timeout=PATIENCE)
    window.close()
    model.rename(moved / model.name)
    other = tmp_path / "other"
    settings.write(Settings(pictures=str(other), toured=True), other / "settings.json")
    again = open_window(qtbot, other, None)
    qtbot.waitUntil(lambda: settled(again), timeout=PATIENCE)
    assert mixing.b_latent(again.store.recipe) == mixing.FIRST_B
    again.sessions.open(moved / "mine.session")
    qtbot.waitUntil(lambda: again.store.recipe == made and settled(again), timeout=PATIENCE)
    assert "Here is" in told(again)
    again.close()
