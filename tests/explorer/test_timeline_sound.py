"""A sound below the timeline, and what is recorded live, by real events."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe, seeded
from engine.recipe.timeline import Key, Timeline
from explorer.bridge import Bridge
from explorer.panels.timeline import TimelinePanel
from explorer.recorder import free_film
from explorer.store import Store
from explorer.widgets.time_paint import SIDE, TOP, WAVE
from explorer.window import Window
from tests.explorer.conftest import PATIENCE, settled
from tests.explorer.stage import drag
from tests.render.painting import decoded
from tests.render.test_hearing import song


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path) -> Iterator[TimelinePanel]:
    store = Store()
    panel = TimelinePanel(store, Bridge(store), folder=tmp_path / "videos")
    qtbot.addWidget(panel)
    panel.resize(900, 220)
    panel.show()
    qtbot.waitExposed(panel)
    keys = tuple(Key(at, Recipe(latent=seeded(int(at)))) for at in (0.0, 2.0, 4.0))
    panel.desk.restart(Timeline(keys=keys))
    yield panel
    panel.close_jobs()


def test_keys_snap_to_the_beats_of_a_sound(panel: TimelinePanel, qtbot: QtBot, tmp_path: Path) -> None:
    axis, path = panel.axis, song(tmp_path / "song.flac", 120)
    before = axis.grab().toImage()
    with qtbot.waitSignals([axis.track.changed] * 2, timeout=PATIENCE):
        axis.track.lay(path)
    assert panel.desk.timeline.sound is not None
    assert panel.desk.timeline.sound.path == str(path)
    assert axis.grab().toImage() != before
    at = next(beat for beat in axis.track.beats if beat > 2.6)
    spot = lambda t: QPointF(axis.scale.x(t), TOP + SIDE // 2).toPoint()  # noqa: E731
    drag(axis, spot(2.0), spot(2.2), spot(at + 0.02))
    assert panel.desk.timeline.keys[1].at == at
    here = QPoint(300, axis.height() - WAVE // 2)
    drag(axis, here, here + QPoint(20, 0), here + QPoint(round(axis.scale.pixels), 0))
    assert panel.desk.timeline.sound.at == pytest.approx(1.0, abs=0.02)
    assert axis.track.beats[0] == pytest.approx(1.31, abs=0.05)
    axis.track.take_away()
    assert axis.track.beats == ()
    panel.desk.undo()
    assert panel.desk.timeline.sound is not None


def test_what_is_no_sound_is_said(panel: TimelinePanel, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "words.wav").write_text("no sound at all")
    with qtbot.waitSignal(panel.failed, timeout=PATIENCE) as said:
        panel.axis.track.lay(tmp_path / "words.wav")
    assert "words.wav" in said.args[0]


def test_what_the_canvas_shows_is_recorded(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    panel = window.findChild(TimelinePanel)
    assert panel is not None
    path = tmp_path / "live.mp4"
    panel.recorder.recorder.start(path)
    for psi in (0.2, 0.5, 0.9):
        window.store.set("truncation.psi", psi)
        qtbot.waitUntil(lambda: settled(window), timeout=PATIENCE)
        qtbot.wait(60)
    assert panel.recorder.button.isChecked()
    record = window.deeds["record"]  # where the timeline is not seen, the toolbar and the foot say that it records
    assert record.isChecked()
    assert window.toolbar.widgetForAction(record) is not None
    assert panel.recorder.foot.text().startswith("Recording 0:0")
    assert panel.recorder.foot.isVisible()
    shown = window.canvas.frame
    assert shown is not None
    with qtbot.waitSignal(panel.recorder.told, timeout=PATIENCE) as told:
        record.trigger()
    assert not panel.recorder.foot.isVisible()
    assert "live.mp4" in told.args[0]
    with av.open(str(path)) as file:
        frames = list(file.decode(video=0))
    times = [frame.time for frame in frames]
    assert len(frames) == 5
    assert np.diff(times)[1:].min() >= 0.05
    grey = np.array([0.2126, 0.7152, 0.0722])  # its colours are subsampled, and a tiny picture is all noise
    last = decoded(path)[-1][: shown.pixels.shape[0], : shown.pixels.shape[1]] @ grey
    assert np.corrcoef(last.ravel(), (shown.pixels @ grey).ravel())[0, 1] > 0.9


def test_closing_the_window_ends_a_recording(window: Window, tmp_path: Path) -> None:
    panel = window.findChild(TimelinePanel)
    assert panel is not None
    panel.recorder.recorder.start(tmp_path / "live.mp4")
    window.close()
    assert [file.name for file in tmp_path.glob("live*")] == ["live.mp4"]


def test_the_window_s_keys_make_a_film(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window.canvas, Qt.Key.Key_I)
    QTest.keyClick(window.canvas, Qt.Key.Key_R)
    QTest.keyClick(window.canvas, Qt.Key.Key_I)
    panel = window.findChild(TimelinePanel)
    assert panel is not None
    assert [key.at for key in panel.desk.timeline.keys] == [0.0, 2.0]
    assert not panel.isVisible()
    QTest.keyClick(window.canvas, Qt.Key.Key_T)
    qtbot.waitUntil(panel.isVisible, timeout=PATIENCE)
    assert panel.axis.hasFocus()
    QTest.keyClick(panel.axis, Qt.Key.Key_Up)
    assert window.store.recipe == panel.desk.timeline.keys[0].recipe


def test_a_name_is_free(tmp_path: Path) -> None:
    (tmp_path / "recording-1.mp4").touch()
    (tmp_path / "recording-2.recording.mkv").touch()
    assert free_film(tmp_path).name == "recording-3.mp4"


def test_the_curve_of_a_field_is_seen_and_bent(panel: TimelinePanel, qtbot: QtBot) -> None:
    QTest.keyClick(panel.axis, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: panel.curve.plot.width() > 300, timeout=PATIENCE)
    panel.curve.show_layers(3)
    assert panel.curve.field.findData("strength.2") > 0
    plot = panel.curve.plot
    start = plot._spot(2.0, 1.0).toPoint()
    assert start.x() == pytest.approx(panel.axis.scale.x(2.0), abs=3)
    drag(plot.viewport(), start, start + QPoint(0, 5), start + QPoint(0, 300))
    assert panel.desk.timeline.keys[1].recipe.truncation.psi < 0.9
    assert panel.desk.chosen == {1}
    along = plot.line.getData()[1]
    assert along.min() == pytest.approx(panel.desk.timeline.keys[1].recipe.truncation.psi, abs=0.02)
    panel.desk.undo()
    assert panel.desk.timeline.keys[1].recipe.truncation.psi == 1.0
    panel.curve.field.setCurrentIndex(panel.curve.field.findData("strength.2"))
    panel.curve.set_key(0, 99.0)
    assert panel.desk.timeline.keys[0].recipe.strength[2] == 4.0
    QTest.keyClick(panel.axis, Qt.Key.Key_C)
    assert panel.curve.isHidden()
