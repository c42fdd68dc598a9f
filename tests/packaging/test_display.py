"""Where no window can be shown, the program says so in one line and does the main job headless."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine import display
from engine.cli import headless

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that names neither a display nor a platform."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_no_display_is_named(bare: pytest.MonkeyPatch):
    assert "DISPLAY" in (display.obstacle() or "")


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_display_that_does_not_answer_is_none(bare: pytest.MonkeyPatch, name: str):
    bare.setenv(name, ":987")
    assert display.obstacle()


def test_a_platform_without_a_screen_is_no_obstacle(bare: pytest.MonkeyPatch):
    bare.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.obstacle() is None


def test_qt_finds_its_libraries():
    assert display.missing_library("xcb") is None
    assert display.missing_library("offscreen") is None


def test_asking_loads_neither_torch_nor_pyqt(project: Path):
    look = "print({'torch', 'PyQt6'} & {*sys.modules})"
    lines = "import sys, main, engine.display", "engine.display.obstacle()", look
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_headless_does_the_main_job_by_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    asked: list[list[str]] = []
    monkeypatch.setattr(headless, "main", lambda arguments: asked.append(arguments) or 0)
    assert headless.headless("no screen", tmp_path) == 0
    assert [arguments[0] for arguments in asked] == ["render", "mix", "video"]
    said = capsys.readouterr().out.splitlines()
    assert "no screen" in said[0]
    assert "window" in said[-1]


def test_headless_stops_at_the_first_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(headless, "main", lambda arguments: 3)
    assert headless.headless("no screen", tmp_path) == 3


@pytest.mark.slow
def test_main_without_a_display_makes_pictures_and_a_film(project: Path, tmp_path: Path):
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [sys.executable, str(project / "main.py")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("No window: ")
    made = {path.suffix for path in (tmp_path / "out").rglob("*") if path.stat().st_size}
    assert {".png", ".mp4"} <= made
