"""A recording that was cut off by a kill is offered at the next start, and becomes a film or goes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import pytest
from PyQt6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.recorder import free_film
from explorer.rescue import STREAM, Rescue, cut_off, guard
from explorer.widgets.messages import Messages
from tests.explorer.conftest import PATIENCE

RECORD = """
import sys
from pathlib import Path
import numpy as np
from engine.render.record import Recording
from explorer.rescue import guard
path = Path(sys.argv[1])
lock = guard(path)
assert lock.tryLock(0)
recording = Recording(path)
for number in range(60):
    recording.show(np.full((32, 48, 3), number * 4, np.uint8), number / 30)
print("there", flush=True)
sys.stdin.read()
"""


@contextmanager
def recording(path: Path, project: Path) -> Iterator[subprocess.Popen]:
    """Another program that has recorded two seconds and goes on; it is killed at the end."""
    command = [sys.executable, "-c", RECORD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=project) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == b"there\n"
            yield child
        finally:
            os.kill(child.pid, signal.SIGKILL)


@pytest.fixture
def messages(qtbot: QtBot) -> Iterator[Messages]:
    over = QWidget()
    over.resize(900, 400)
    qtbot.addWidget(over)
    over.show()
    yield Messages(over)
    over.hide()


def button(messages: Messages, text: str) -> QPushButton:
    return next(button for button in messages.findChildren(QPushButton) if button.text() == text)


def test_it_becomes_a_film_with_its_name(messages: Messages, qtbot: QtBot, tmp_path: Path, project: Path) -> None:
    rescue = Rescue(messages)
    with recording(tmp_path / "recording-1.mp4", project):
        assert cut_off(tmp_path) == []  # it is being recorded: nobody else's business
        rescue.offer(tmp_path)
        assert messages.message is None
    rescue.offer(tmp_path)
    assert messages.message is not None
    assert "recording-1 was cut off" in messages.message.text
    assert free_film(tmp_path).name == "recording-2.mp4"
    button(messages, "Make it a film").click()
    qtbot.waitUntil(
        lambda: messages.message is not None and "Saved recording-1.mp4" in messages.message.text, timeout=PATIENCE
    )
    assert [path.name for path in tmp_path.iterdir()] == ["recording-1.mp4"]
    with av.open(str(tmp_path / "recording-1.mp4")) as film:
        assert 44 <= sum(1 for _ in film.decode(video=0)) <= 60
    rescue.close()
    messages.dismiss()
    rescue.offer(tmp_path)
    assert messages.message is None


def test_it_can_be_thrown_away_and_nothing_is_lost_before(messages: Messages, qtbot: QtBot, tmp_path: Path) -> None:
    left = [tmp_path / f"recording-{number}{STREAM}" for number in (1, 2)]
    for path in left:
        path.write_bytes(b"not much")
    (tmp_path / f"empty{STREAM}").touch()
    rescue = Rescue(messages)
    rescue.offer(tmp_path)
    assert messages.message is not None
    assert messages.message.text.startswith("2 recordings were cut off")
    assert sorted(tmp_path.iterdir()) == left
    button(messages, "Make it a film").click()
    qtbot.waitUntil(
        lambda: messages.message is not None and "could not be rescued" in messages.message.text, timeout=PATIENCE
    )
    rescue.close()
    assert sorted(tmp_path.iterdir()) == left
    rescue.offer(tmp_path)
    button(messages, "Throw it away").click()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_has_none(messages: Messages, tmp_path: Path) -> None:
    Rescue(messages).offer(tmp_path / "nowhere")
    assert messages.message is None
    lock = guard(tmp_path / "a.mp4")
    assert lock.tryLock(0)
    lock.unlock()
