"""The timeline by real keys and mouse: keys made, dragged, undone, played at true speed, kept in the session, exported."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe, put, seeded
from engine.recipe.timeline import Key, Marker, Timeline
from engine.render.renderer import Renderer
from explorer import session
from explorer.panels.timeline import TimelinePanel
from explorer.store import Store
from explorer.timelines import TimelineDesk
from explorer.widgets.time_paint import RULER, SIDE, TOP
from tests.explorer.conftest import PATIENCE
from tests.explorer.stage import LEFT, Stage, drag, staged, wheel

K, M = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def stage(qtbot: QtBot, model: Path) -> Iterator[Stage]:
    with staged(qtbot, model) as stage:
        yield stage


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[TimelinePanel]:
    panel = TimelinePanel(stage.store, stage.bridge, folder=tmp_path / "videos")
    qtbot.addWidget(panel)
    panel.resize(900, 160)
    panel.show()
    qtbot.waitExposed(panel)
    panel.axis.setFocus()
    yield panel
    panel.close_jobs()


def filled(panel: TimelinePanel, *moments: float, **changes: object) -> TimelineDesk:
    """Keys of the seeds 0, 1, … at these moments."""
    model = panel._store.recipe.model
    keys = tuple(Key(at, Recipe(model=model, latent=seeded(n)), "linear") for n, at in enumerate(moments))
    panel.desk.restart(Timeline(fps=10, keys=keys, **changes))
    return panel.desk


def spot(panel: TimelinePanel, seconds: float, y: int = TOP + SIDE // 2) -> QPoint:
    return QPointF(panel.axis.scale.x(seconds), y).toPoint()


def moments(panel: TimelinePanel) -> list[float]:
    return [round(key.at, 3) for key in panel.desk.timeline.keys]


def press(panel: TimelinePanel, key: Qt.Key, held: Qt.KeyboardModifier = M.NoModifier) -> None:
    QTest.keyClick(panel.axis, key, held)


def test_keys_are_made_of_the_pictures_that_are_shown(panel: TimelinePanel, stage: Stage) -> None:
    for seed in (5, 6, 7):
        stage.store.set("latent.points.0.point.number", seed)
        press(panel, K.Key_I)
    keys = panel.desk.timeline.keys
    assert [key.recipe.latent for key in keys] == [seeded(5), seeded(6), seeded(7)]
    assert moments(panel) == [0.0, 2.0, 4.0]
    assert panel.desk.chosen == {2}
    press(panel, K.Key_Z, M.ControlModifier)
    assert moments(panel) == [0.0, 2.0]
    press(panel, K.Key_Y)
    assert moments(panel) == [0.0, 2.0, 4.0]


def test_a_click_scrubs_and_the_picture_follows(panel: TimelinePanel, stage: Stage) -> None:
    desk = filled(panel, 0.0, 4.0)
    QTest.mouseClick(panel.axis, LEFT, pos=spot(panel, 1.0, RULER // 2))
    assert desk.at == pytest.approx(1.0, abs=0.06)
    assert stage.store.recipe == desk.timeline.at(desk.at)
    drag(panel.axis, spot(panel, 1.0, 4), spot(panel, 2.0, 4), spot(panel, 3.0, 4))
    assert desk.at == pytest.approx(3.0, abs=0.06)
    assert [entry.note for entry in stage.store.history.entries[1:]] == ["Timeline", "Timeline"]


def test_keys_are_dragged_on_frames_and_past_one_another(panel: TimelinePanel) -> None:
    filled(panel, 0.0, 2.0, 4.0)
    drag(panel.axis, spot(panel, 2.0), spot(panel, 2.5), spot(panel, 3.02))
    assert moments(panel) == [0.0, 3.0, 4.0]
    drag(panel.axis, spot(panel, 3.0), spot(panel, 3.6), spot(panel, 5.0))
    assert moments(panel) == [0.0, 4.0, 5.0]
    assert panel.desk.timeline.keys[2].recipe.latent == seeded(1)
    assert panel.desk.chosen == {2}
    panel.desk.undo()
    panel.desk.undo()
    assert moments(panel) == [0.0, 2.0, 4.0]


def test_several_keys_move_together_and_snap_to_markers(panel: TimelinePanel) -> None:
    desk = filled(panel, 0.0, 1.0, 4.0, markers=(Marker(2.03, "drop"),))
    QTest.mouseClick(panel.axis, LEFT, pos=spot(panel, 0.0))
    QTest.mouseClick(panel.axis, LEFT, M.ControlModifier, spot(panel, 1.0))
    assert desk.chosen == {0, 1}
    drag(panel.axis, spot(panel, 1.0), spot(panel, 1.5), spot(panel, 2.0))
    assert moments(panel) == [1.03, 2.03, 4.0]


def test_the_end_of_a_loop_is_dragged(panel: TimelinePanel) -> None:
    desk = filled(panel, 0.0, 2.0, loop=True, closing=1.0)
    drag(panel.axis, spot(panel, 3.0), spot(panel, 3.5), spot(panel, 4.0))
    assert (desk.timeline.closing, desk.timeline.length) == (pytest.approx(2.0, abs=0.01), pytest.approx(4.0, abs=0.01))


def test_the_keyboard_alone_does_everything(panel: TimelinePanel) -> None:
    desk = filled(panel, 0.0, 1.0, 2.0)
    press(panel, K.Key_Down)
    press(panel, K.Key_Down)
    assert (desk.chosen, desk.at) == ({1}, 1.0)
    press(panel, K.Key_Right, M.AltModifier)
    assert moments(panel) == [0.0, 1.1, 2.0]
    press(panel, K.Key_Home)
    press(panel, K.Key_Right)
    assert desk.at == pytest.approx(0.1)
    press(panel, K.Key_Right, M.ShiftModifier)
    press(panel, K.Key_I, M.ShiftModifier)
    assert moments(panel) == [0.0, 1.1, 2.0]  # a key lies there already
    press(panel, K.Key_End)
    press(panel, K.Key_Left, M.ShiftModifier)
    press(panel, K.Key_M)
    assert [marker.at for marker in desk.timeline.markers] == [1.0]
    press(panel, K.Key_A, M.ControlModifier)
    press(panel, K.Key_D)
    assert moments(panel) == [0.0, 1.1, 2.0, 4.0, 5.1, 6.0]
    press(panel, K.Key_Delete)
    assert moments(panel) == [0.0, 1.1, 2.0]
    press(panel, K.Key_B)
    assert moments(panel) == [0.0, 0.9, 2.0]
    press(panel, K.Key_L)
    assert desk.timeline.loop
    press(panel, K.Key_F)
    assert panel.axis.scale.x(0) > 0


def test_the_way_is_chosen_in_a_menu(panel: TimelinePanel) -> None:
    desk = filled(panel, 0.0, 1.0, 2.0)
    desk.choose({1})
    panel.ease.aboutToShow.emit()
    assert panel.ease.eases["linear"].isChecked()
    panel.ease.eases["hold"].trigger()
    panel.ease.paths["cubic"].trigger()
    assert [(key.ease, key.path) for key in desk.timeline.keys] == [
        ("linear", "straight"), ("hold", "cubic"), ("linear", "straight"),
    ]  # fmt: skip
    panel.ease.curve.setFocus()
    QTest.keyClick(panel.ease.curve, K.Key_Up)
    assert (desk.timeline.keys[1].ease, desk.timeline.keys[1].curve[1]) == ("curve", 0.05)
    desk.undo()
    assert desk.timeline.keys[1].ease == "hold"


def test_wandering_is_chosen_in_a_menu(panel: TimelinePanel) -> None:
    desk = filled(panel, 0.0, 2.0)
    panel.wander.aboutToShow.emit()
    panel.wander.kinds["noise"].trigger()
    panel.wander.aboutToShow.emit()
    panel.wander.radius.setValue(1.5)
    panel.wander.rounds.setValue(3)
    wander = desk.timeline.wander
    assert wander is not None
    assert (wander.kind, wander.radius, wander.rounds) == ("noise", 1.5, 3)
    panel.wander.kinds[""].trigger()
    assert desk.timeline.wander is None


def test_it_plays_at_true_speed_however_slow_the_pictures_are(panel: TimelinePanel, qtbot: QtBot) -> None:
    desk = filled(panel, 0.0, 0.6)
    seen: list[float] = []
    desk.moved.connect(lambda at: (seen.append(at), time.sleep(0.05)))
    begun = time.monotonic()
    press(panel, K.Key_Space)
    qtbot.waitUntil(lambda: not desk.playing, timeout=5000)
    assert time.monotonic() - begun == pytest.approx(0.6, abs=0.25)
    assert desk.at == 0.6
    assert len(seen) < 16
    assert seen == sorted(seen)


def test_a_loop_plays_on(panel: TimelinePanel, qtbot: QtBot) -> None:
    desk = filled(panel, 0.0, 0.1, loop=True, closing=0.1)
    seen: list[float] = []
    desk.moved.connect(seen.append)
    desk.toggle()
    qtbot.waitUntil(lambda: any(b < a for a, b in pairwise(seen)), timeout=5000)
    assert desk.playing
    desk.toggle()
    assert not desk.playing
    assert max(seen) <= 0.2


def test_the_wheel_zooms_and_shift_moves(panel: TimelinePanel) -> None:
    filled(panel, 0.0, 10.0)
    before = panel.axis.scale
    at = before.seconds(300)
    wheel(panel.axis, QPoint(300, 60), 3)
    assert panel.axis.scale.pixels > before.pixels
    assert panel.axis.scale.seconds(300) == pytest.approx(at)
    left = panel.axis.scale.left
    wheel(panel.axis, QPoint(300, 60), -2, M.ShiftModifier)
    assert panel.axis.scale.left > left


def test_the_session_brings_it_back() -> None:
    store, other = Store(), Store()
    TimelineDesk.of(store).restart(Timeline(keys=(Key(0.0, Recipe()), Key(2.0, Recipe(latent=seeded(3))))))
    session.restore(session.taken(store), other)
    assert TimelineDesk.of(other).timeline == TimelineDesk.of(store).timeline
    assert not TimelineDesk.of(other).history.can_undo()


def test_a_timeline_is_saved_and_opened_and_a_bad_one_refused(panel: TimelinePanel, tmp_path: Path) -> None:
    desk, said = filled(panel, 0.0, 2.0), []
    panel.failed.connect(said.append)
    panel.files.save(tmp_path / "line.json")
    line = desk.timeline
    desk.do(Timeline(), "New timeline")
    panel.files.open(tmp_path / "line.json")
    assert desk.timeline == line
    (tmp_path / "bad.json").write_text("[")
    panel.files.open(tmp_path / "bad.json")
    assert desk.timeline == line
    assert len(said) == 1
    assert said[0].endswith("nothing was changed")


def test_export_writes_what_render_draws(panel: TimelinePanel, qtbot: QtBot, model: Path, tmp_path: Path) -> None:
    desk = filled(panel, 0.0, 0.4)
    press(panel, K.Key_X)
    dialog = panel.dialog
    assert dialog is not None
    assert "5 frames" in dialog.words.text()
    dialog.form.kind.setCurrentIndex(dialog.form.kind.findData("ffv1"))
    path = dialog.form.path
    assert path.suffix == ".mkv"
    with qtbot.waitSignal(panel.queue.done, timeout=PATIENCE):
        dialog.start.click()
    with av.open(str(path)) as file:
        frames = [frame.reformat(format="rgb24").to_ndarray() for frame in file.decode(video=0)]
    renderer = Renderer("cpu")
    renderer.open(model)
    assert len(frames) == 5
    for number, frame in enumerate(frames):
        assert np.array_equal(frame, renderer.render(desk.timeline.frame(number)).pixels)
    assert dialog.rows[0].words.text() == "Done"
    assert dialog.form.path != path


def test_the_queue_pauses_goes_on_and_throws_away(panel: TimelinePanel, qtbot: QtBot, tmp_path: Path) -> None:
    filled(panel, 0.0, 600.0)
    panel.export()
    dialog, queue = panel.dialog, panel.queue
    assert dialog is not None
    dialog.start.click()
    filled(panel, 0.0, 0.2)
    dialog.start.click()
    long, short = queue.exports
    with qtbot.waitSignal(queue.stepped, timeout=PATIENCE):
        pass
    assert (long.state, short.state) == ("running", "waiting")
    with qtbot.waitSignal(queue.done, timeout=PATIENCE):
        queue.pause(long)
    assert (long.state, short.state) == ("paused", "done")
    queue.go_on(long)
    qtbot.waitUntil(lambda: queue.running is long, timeout=PATIENCE)
    queue.remove(long)
    qtbot.waitUntil(lambda: queue.running is None, timeout=PATIENCE)
    assert [file.name for file in short.path.parent.iterdir()] == [short.path.name]


def test_what_cannot_be_exported_says_why(panel: TimelinePanel) -> None:
    filled(panel)
    panel.export()
    assert panel.dialog is not None
    assert not panel.dialog.start.isEnabled()
    assert "at least one key" in panel.dialog.words.text()


def test_a_key_that_is_set_takes_the_picture(panel: TimelinePanel, stage: Stage) -> None:
    desk = filled(panel, 0.0, 2.0)
    desk.choose({1})
    stage.store.show(put(stage.store.recipe, "truncation.psi", 0.25))
    press(panel, K.Key_Return)
    assert desk.timeline.keys[1].recipe.truncation.psi == 0.25
