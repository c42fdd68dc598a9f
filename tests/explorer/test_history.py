"""The history: a tree that loses nothing, laid out in lanes, seen and gone through with mouse and keys."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe, Stored, put, seeded
from engine.recipe.recipe import Latent, Weighted
from explorer.history import History, Row, grown, way_to
from explorer.history_lanes import DOWN, LEFT, RIGHT, UP, laid_out
from explorer.history_names import named
from explorer.history_sharing import stored_points
from explorer.panels.history import HistoryPanel
from explorer.store import Store
from tests.explorer.stage import LEFT as BUTTON
from tests.explorer.stage import Stage, staged, wheel

KEY = Qt.Key


@pytest.fixture
def stage(qtbot: QtBot, model: Path) -> Iterator[Stage]:
    with staged(qtbot, model) as stage:
        yield stage


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage) -> HistoryPanel:
    widget = HistoryPanel(stage.store, stage.bridge)
    qtbot.addWidget(widget)
    widget.resize(900, 90)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def steps(store: Store, *seeds: int) -> None:
    for seed in seeds:
        store.do(put(store.recipe, "noise.seed", seed), f"Step {seed}")


def branched(store: Store) -> None:
    """1 to 5; then back three times, and on with 6 and 7."""
    steps(store, 1, 2, 3, 4, 5)
    for _ in range(3):
        store.undo()
    steps(store, 6, 7)


def place_of(panel: HistoryPanel, number: int) -> QPoint:
    return panel.view.visualRect(panel.view.table.place(panel._store.history.entry(number))).center()


# the tree


def test_going_back_and_changing_keeps_both_ways() -> None:
    tree: History[int] = History(0)
    for state in (1, 2, 3):
        tree.keep(state)
    tree.undo()
    tree.undo()
    tree.keep(9)
    assert [entry.state for entry in tree.entries] == [0, 1, 2, 3, 9]
    assert [entry.state for entry in way_to(tree.now)] == [0, 1, 9]
    assert [entry.state for entry in tree.children(tree.entry(1))] == [2, 9]


def test_redo_goes_along_the_branch_used_last() -> None:
    tree: History[int] = History(0)
    for state in (1, 2, 3):
        tree.keep(state)
    tree.go(1)
    tree.keep(9)
    tree.undo()
    assert tree.redo() == 9
    tree.go(3)
    tree.undo()
    tree.undo()
    assert [tree.redo(), tree.redo(), tree.redo()] == [2, 3, 3]


@given(st.lists(st.integers(-3, 3), max_size=60), st.integers(5, 40))
def test_whatever_is_done_the_way_to_the_present_stays(moves: list[int], bound: int) -> None:
    tree: History[int] = History(0, bound=bound)
    for state, move in enumerate(moves, 1):
        for _ in range(-move):
            tree.undo()
        for _ in range(move):
            tree.redo()
        way = [entry.number for entry in way_to(tree.now)]
        tree.add(state)
        assert all(number in tree for number in way)
        assert len(tree) <= max(bound, len(way) + 1)
        assert all(entry.parent is None or entry.parent.number in tree for entry in tree.entries)


def test_the_oldest_side_branches_go_first() -> None:
    tree: History[int] = History(0, bound=20)
    for state in range(1, 30):
        tree.go(0)
        tree.add(state)
    assert tree.entries[0].number == 0
    assert [entry.number for entry in tree.entries[1:]] == list(range(29 - len(tree) + 2, 30))
    assert tree.drops == 4


@pytest.mark.parametrize(
    ("rows", "at", "following"),
    [
        ([], 0, {}),
        ([(0, -1, 1, ""), (0, 0, 2, "")], 0, {}),
        ([(0, -1, 1, ""), (2, 1, 2, "")], 0, {}),
        ([(0, -1, 1, "")], 4, {}),
        ([(0, -1, 1, ""), (1, 0, 2, "")], 0, {1: 0}),
        ([(-3, -1, 1, "")], -3, {}),
    ],
)
def test_a_tree_that_does_not_hang_together_is_refused(
    rows: list[tuple[int, int, int, str]], at: int, following: dict[int, int]
) -> None:
    with pytest.raises(ValueError, match="history"):
        grown([Row(*row) for row in rows], at, following)


def test_ten_thousand_steps_stay_small(qtbot: QtBot) -> None:
    store = Store()
    rows = bytes(4 * 18 * 512)
    for number in range(500):
        mixed = Latent((Weighted(Stored(bytes(bytearray(rows)), 18)), Weighted(seeded(number).points[0].point, 0.5)))
        store.do(put(put(store.recipe, "latent", mixed), "truncation.psi", 1 - number / 1000), "Mix")
    kept = {id(point.rows) for entry in store.history.entries for point in stored_points(entry.state)}
    assert len(kept) == 1
    assert len({id(entry.state.styles) for entry in store.history.entries}) == 1
    assert store.history.weight < 1_000_000


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("truncation.psi", 0.7, "Truncation 0.7"),
        ("noise.mode", "off", "Noise off"),
        ("strength.2", 2.0, "Style strength"),
        ("latent", seeded(8), "Seed 8"),
        ("transform.angle", 12.5, "Turn 12.5"),
    ],
)
def test_a_step_is_named_by_what_changed(path: str, value: object, words: str) -> None:
    assert named(put(Recipe(), path, value), Recipe()) == words
    store = Store()
    store.set(path, value)
    store.keep()
    assert store.history.now.note == words


# the lanes


def test_the_present_way_is_the_first_lane() -> None:
    store = Store()
    branched(store)
    lanes = laid_out(store.history)
    assert [lanes.steps[0, column].state.noise.seed for column in range(5)] == [0, 1, 2, 6, 7]
    assert [lanes.steps[1, column].state.noise.seed for column in range(3, 6)] == [3, 4, 5]
    assert lanes.rails[0, 3] == LEFT | RIGHT | DOWN
    assert lanes.rails[1, 3] == LEFT | RIGHT | UP
    assert lanes.lanes == 2
    store.go(3)
    assert [laid_out(store.history).steps[0, column].state.noise.seed for column in range(6)] == [0, 1, 2, 3, 4, 5]


@given(st.integers(0, 10_000), st.integers(2, 80))
def test_every_step_has_a_cell_of_its_own_and_follows_its_parent(seed: int, count: int) -> None:
    chance, tree = random.Random(seed), History(0)
    for state in range(1, count):
        if chance.random() < 0.4:
            tree.go(chance.randrange(len(tree)))
        tree.add(state)
    tree.go(chance.randrange(len(tree)))
    lanes = laid_out(tree)
    assert len(lanes.steps) == len(lanes.cells) == count
    for entry in tree.entries:
        lane, column = lanes.cells[entry.number]
        assert lanes.steps[lane, column] is entry
        if entry.parent is not None:
            above, before = lanes.cells[entry.parent.number]
            assert (before, above <= lane) == (column - 1, True)
            assert lanes.rails[lane, column] & LEFT
            assert above == lane or lanes.rails[lane, column] & UP


def test_many_tries_from_one_step_and_a_comb_are_laid_out_in_no_time() -> None:
    star, comb = History(0), History(0)
    for state in range(1, 3000):
        star.go(0)
        star.add(state)
        if state % 2:
            comb.undo()
        comb.add(state)
    assert laid_out(star).lanes == 2999
    assert laid_out(comb).lanes == 2


# the strip


def test_an_empty_strip_says_what_will_be_there(panel: HistoryPanel, stage: Stage) -> None:
    (words,) = panel.findChildren(QLabel)
    assert words.isVisible()
    steps(stage.store, 1)
    assert panel.view.isVisible()
    assert not words.isVisible()


def test_both_branches_are_seen_and_a_click_reaches_each(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    branched(stage.store)
    qtbot.wait(20)
    assert (panel.view.table.rowCount(), panel.view.table.columnCount()) == (2, 6)
    port = panel.view.viewport()
    assert port is not None
    for number in range(8):
        assert port.rect().contains(place_of(panel, number))
    for number in (5, 7, 4, 0, 6):
        QTest.mouseClick(port, BUTTON, pos=place_of(panel, number))
        assert stage.store.history.now.number == number
        assert stage.store.recipe == stage.store.history.entry(number).state
    assert len(stage.store.history) == 8


def test_arrow_keys_go_along_the_way_and_over_to_another(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    branched(stage.store)
    panel.view.setFocus()
    seen = []
    for key in (KEY.Key_Left, KEY.Key_Down, KEY.Key_Right, KEY.Key_Down, KEY.Key_Home, KEY.Key_Left, KEY.Key_Right):
        qtbot.keyClick(panel.view, key)
        seen.append(stage.store.recipe.noise.seed)
    assert seen == [6, 3, 4, 7, 0, 0, 1]


def test_empty_cells_do_nothing(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    branched(stage.store)
    qtbot.wait(20)
    before = stage.store.history.now
    empty = panel.view.visualRect(panel.view.table.index(1, 0)).center()
    QTest.mouseClick(panel.view.viewport(), BUTTON, pos=empty)
    assert stage.store.history.now is before


def test_small_pictures_are_drawn_when_the_hand_rests(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    branched(stage.store)
    drawn = panel.view._thumbnails
    qtbot.waitUntil(lambda: all(drawn.get(e.state) for e in stage.store.history.entries), timeout=20_000)
    image = panel.view.grab().toImage()
    present = panel.view.visualRect(panel.view.table.place(stage.store.history.now))
    assert image.width() > present.right()


def test_the_pointer_resting_on_a_step_shows_it_larger(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    branched(stage.store)
    qtbot.wait(20)
    port = panel.view.viewport()
    assert port is not None
    QTest.mouseMove(port, place_of(panel, 6))
    panel.view._hover(panel.view.table.place(stage.store.history.entry(2)))
    panel.view.underMouse = lambda: True  # type: ignore[method-assign] # a screen that is not there has no pointer
    qtbot.waitUntil(panel.view.look.isVisible, timeout=5000)
    assert panel.view.look.lines == ("Step 2", "step 3 · another way from here")
    qtbot.waitUntil(lambda: panel.view.look.picture is not None, timeout=20_000)
    panel.view.look.grab()
    panel.view.hide_look()
    assert not panel.view.look.isVisible()


def test_a_step_can_be_kept_as_favourite(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    branched(stage.store)
    entry = stage.store.history.entry(4)
    menu = panel.view.menu_for(entry)
    with qtbot.waitSignal(panel.kept) as kept:
        menu.actions()[1].trigger()
    assert kept.args == [[entry.state]]
    menu.actions()[0].trigger()
    assert stage.store.history.now is entry


def test_a_high_and_narrow_place_lets_time_go_down(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    branched(stage.store)
    panel.resize(260, 500)
    qtbot.waitUntil(lambda: panel.view.table.upright)
    assert (panel.view.table.rowCount(), panel.view.table.columnCount()) == (6, 2)
    steps(stage.store, 8, 9)
    assert panel.view.table.rowCount() == 7
    assert place_of(panel, 2).x() == place_of(panel, 7).x()
    assert place_of(panel, 2).y() < place_of(panel, 7).y()
    panel.view.setFocus()
    qtbot.keyClick(panel.view, KEY.Key_Up)
    assert stage.store.recipe.noise.seed == 8
    panel.view.grab()
    panel.resize(900, 90)
    qtbot.waitUntil(lambda: not panel.view.table.upright)


def test_the_newest_step_is_in_sight_and_the_wheel_goes_back(panel: HistoryPanel, stage: Stage, qtbot: QtBot) -> None:
    steps(stage.store, *range(1, 300))
    qtbot.wait(20)
    assert panel.view.table.columnCount() == 300
    port, bar = panel.view.viewport(), panel.view.horizontalScrollBar()
    assert port is not None
    assert bar is not None
    assert port.rect().contains(place_of(panel, 299))
    before = bar.value()
    assert wheel(port, QPoint(20, 20), 3)
    assert bar.value() < before
