"""A and B, the pad, the walk over the seed plane and endless travel."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.recipe import (
    Condition,
    Latent,
    Model,
    Recipe,
    Seed,
    Stored,
    Weighted,
    conditioned,
    conditions,
    encode,
    plane,
    seeded,
)
from engine.render import png
from engine.render.renderer import Renderer
from explorer import mixing
from explorer.panels.explore import ExplorePanel
from explorer.walk import MOST_POINTS, heading, moved
from tests.explorer.stage import Stage, drag, staged, wheel

PATIENCE = 20_000
STORED = Latent((Weighted(Stored(bytes(4 * 6 * 8), 6)),))


@pytest.fixture
def stage(qtbot: QtBot, model: Path) -> Iterator[Stage]:
    with staged(qtbot, model) as stage:
        yield stage


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage) -> Iterator[ExplorePanel]:
    widget = ExplorePanel(stage.store, stage.bridge)
    qtbot.addWidget(widget)
    widget.resize(280, 640)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.travel.stop()


@given(st.floats(0, 500), st.floats(10, 500), st.floats(-3, 3), st.floats(-3, 3))
def test_steps_over_the_plane_add_up(x: float, y: float, dx: float, dy: float) -> None:
    latent = moved(moved(plane.at(x, y), dx, dy), -dx, -dy)
    expected = plane.place(plane.at(x, y))
    found = plane.place(latent)
    assert found is not None
    assert expected is not None
    across = (found[0] - expected[0] + 50) % 100 - 50
    assert across == pytest.approx(0, abs=1e-5)


def test_a_picture_that_is_not_of_the_plane_walks_too() -> None:
    walked = moved(STORED, 0.5, 0)
    assert walked != STORED
    assert sum(item.weight for item in walked.points) == pytest.approx(1)
    assert walked.points[0].point == STORED.points[0].point
    far = STORED
    for number in range(300):
        far = moved(far, number * 1.3, 0.7)
    assert len(far.points) <= MOST_POINTS + 8


def test_classes_and_words_are_kept_on_the_way() -> None:
    walked = moved(seeded(5, 3), 0.5, 0.5)
    assert {item.point.label for item in walked.points if isinstance(item.point, Seed)} == {3}
    both = ((Condition(prompt="red"), 0.75), (Condition(prompt="blue"), 0.25))
    walked = moved(conditioned(5, both), 0.5, 0.25)
    assert walked == plane.at(5.5, 0.25, both)
    for latent in (seeded(5, 3).mix(seeded(700, 3), 0.4), STORED.mix(conditioned(5, both), 0.5)):
        assert conditions(moved(latent, 1.5, 0)) == conditions(latent)


def test_seeds_are_typed_stepped_and_thrown(panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    field = panel.a.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "412")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert stage.store.recipe.latent == seeded(412)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.mouseClick(panel.a.next, Qt.MouseButton.LeftButton)
    assert stage.store.recipe.latent == seeded(414)
    qtbot.mouseClick(panel.a.dice, Qt.MouseButton.LeftButton)
    assert stage.steps == 4
    stage.store.undo()
    assert field.text() == "414"


def test_seeds_go_on_past_either_end(panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    qtbot.mouseClick(panel.a.previous, Qt.MouseButton.LeftButton)
    assert stage.store.recipe.latent == seeded(2**32 - 1)
    qtbot.mouseClick(panel.a.next, Qt.MouseButton.LeftButton)
    assert stage.store.recipe.latent == seeded(0)


def test_b_is_chosen_and_swapped(panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    panel.b.choose(97)
    assert mixing.b_latent(stage.store.recipe) == seeded(97)
    qtbot.mouseClick(panel.swapper, Qt.MouseButton.LeftButton)
    assert stage.store.recipe.latent == seeded(97)
    assert panel.b.field.text() == "0"


def test_the_pad_puts_a_under_the_pointer(panel: ExplorePanel, stage: Stage) -> None:
    pad = panel.pad
    goal = pad.to_pixels(1, 1).toPoint()
    drag(pad, pad.rect().center(), goal - QPoint(20, 0), goal)
    place = plane.place(stage.store.recipe.latent)
    assert place == pytest.approx((1, 1), abs=0.02)
    assert stage.steps == 1


def test_the_pad_glides_back_and_knows_rows_that_go_on(panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    stage.store.do(mixing.with_a(stage.store.recipe, plane.at(99.5, 3)), "")
    qtbot.waitUntil(lambda: not panel.pad._glide.isActive(), timeout=5000)
    before = panel.pad._centre
    stage.store.do(mixing.with_a(stage.store.recipe, plane.at(100.2, 3)), "")
    qtbot.waitUntil(lambda: not panel.pad._glide.isActive(), timeout=5000)
    after = panel.pad._centre
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((0.7, 0))
    assert plane.place(plane.at(*after)) == pytest.approx((0.2, 4))


def test_the_pads_wheel_and_keys(panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    before = panel.pad._cell
    wheel(panel.pad, panel.pad.rect().center(), 2)
    assert panel.pad._cell > before
    panel.pad.setFocus()
    qtbot.keyClick(panel.pad, Qt.Key.Key_Right)
    qtbot.keyClick(panel.pad, Qt.Key.Key_Right)
    assert plane.place(stage.store.recipe.latent) == pytest.approx((0.2, 0))
    qtbot.waitUntil(lambda: stage.steps == 1, timeout=3000)


def test_neighbours_are_drawn_while_nobody_waits(panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    recipe = mixing.with_a(stage.store.recipe, plane.at(1, 0))
    qtbot.waitUntil(lambda: panel.thumbnails.get(recipe) is not None, timeout=PATIENCE)
    found = panel.thumbnails.get(recipe)
    assert found is not None
    assert not found.isNull()


def test_travel_moves_and_stopping_is_one_step(panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    panel.set_speed(3.0)
    qtbot.mouseClick(panel.player, Qt.MouseButton.LeftButton)
    assert panel.travel.playing
    qtbot.waitUntil(lambda: stage.store.recipe.latent != seeded(0), timeout=5000)
    qtbot.wait(150)
    assert stage.steps == 0
    qtbot.mouseClick(panel.player, Qt.MouseButton.LeftButton)
    assert not panel.travel.playing
    assert stage.steps == 1


def test_travel_goes_on_from_where_another_hand_puts_a(panel: ExplorePanel, stage: Stage, qtbot: QtBot) -> None:
    panel.travel.start()
    qtbot.wait(60)
    panel.a.choose(5050)
    qtbot.wait(100)
    place = plane.place(stage.store.recipe.latent)
    assert place is not None
    assert abs(place[0] - 50) < 2
    assert abs(place[1] - 50) < 2


def test_a_way_winds_smoothly() -> None:
    turns = [abs(heading(at / 100 + 0.01) - heading(at / 100)) for at in range(10_000)]
    assert max(turns) < 0.01


def test_a_picture_made_here_can_be_b(
    panel: ExplorePanel, stage: Stage, qtbot: QtBot, model: Path, tmp_path: Path
) -> None:
    recipe = mixing.with_amounts(mixing.with_b(stage.store.recipe, seeded(8)), (1, 1))
    renderer = Renderer("cpu")
    renderer.open(model)
    png.write(tmp_path / "mixed.png", renderer.render(recipe))
    panel.take(tmp_path / "mixed.png", "B")
    qtbot.waitUntil(lambda: stage.steps == 1, timeout=PATIENCE)
    assert isinstance(mixing.b_latent(stage.store.recipe).points[0].point, Stored)
    assert panel.b.place.text() == "a picture"
    before = stage.store.recipe
    (tmp_path / "other.png").write_bytes(b"nothing")
    (tmp_path / "strange.json").write_bytes(encode(Recipe(model=Model("strange", "a" * 64))))
    for name, said in (("other.png", "other.png"), ("missing.png", "missing.png"), ("strange.json", "“strange”")):
        with qtbot.waitSignal(panel.failed, timeout=1000) as told:
            panel.take(tmp_path / name, "B")
        assert said in told.args[0]
    assert stage.store.recipe == before


def test_a_recipe_can_be_dropped_on_a(panel: ExplorePanel, stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_bytes(encode(mixing.with_a(stage.store.recipe, seeded(31))))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "one.json"))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(panel.a, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(panel.a, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))
    assert stage.store.recipe.latent == seeded(31)
    assert stage.steps == 1
