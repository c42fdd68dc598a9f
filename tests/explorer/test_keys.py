"""Every action can have another key: pressed on the sheet, explained when it is taken, kept, and given back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe
from explorer import actions, key_bindings, settings
from explorer.settings import Settings
from explorer.window import Window
from tests.explorer.conftest import open_window
from tests.explorer.stage import LEFT

KEY, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NAMES = st.sampled_from([deed.name for deed in actions.DEEDS])
KEYS = st.sampled_from(["R", "Shift+R", "U", "Ctrl+Z", "Space", "F11", "?", "Ctrl+Alt+P", "Z", ";"])
HANDS = st.lists(st.tuples(NAMES, st.integers(0, 3), KEYS), max_size=12)


def sheet_open(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, KEY.Key_Question)
    assert window.key_sheet.isVisible()


def press(
    window: Window, qtbot: QtBot, name: str, key: Qt.Key, held: Qt.KeyboardModifier = NONE, slot: int = 0
) -> None:
    chip = window.key_sheet.chips[name, slot]
    QTest.mouseClick(chip, LEFT)
    assert chip.listens
    qtbot.keyClick(chip, key, held)


def test_another_key_acts_is_named_and_kept(window: Window, qtbot: QtBot, home: Path) -> None:
    sheet_open(window, qtbot)
    press(window, qtbot, "random_a", KEY.Key_U)
    assert window.store.recipe == Recipe(model=window.store.recipe.model)  # choosing it did not do it
    assert "“Random A” is on U now" in window.key_sheet.words.text()
    assert window.explore.a.dice.toolTip() == "Random A (U)"
    qtbot.keyClick(window.key_sheet, KEY.Key_Escape)
    assert not window.key_sheet.isVisible()
    qtbot.keyClick(window.canvas, KEY.Key_R)
    assert window.store.history.now.number == 0
    qtbot.keyClick(window.canvas, KEY.Key_U)
    assert window.store.history.now.number == 1
    assert settings.read(Settings, home / "settings.json").keys == {"random_a": "U"}
    window.close()
    again = open_window(qtbot, home, None)
    assert actions.shown(again.deeds["random_a"]) == "U"
    again.close()


def test_a_key_that_is_taken_is_explained_and_can_be_swapped(window: Window, qtbot: QtBot) -> None:
    sheet_open(window, qtbot)
    press(window, qtbot, "random_a", KEY.Key_X)
    assert window.key_sheet.words.text() == "X is “Swap A and B” already, which would get R instead."
    assert actions.shown(window.deeds["random_a"]) == "R"
    qtbot.keyClick(window.key_sheet.buttons[0], KEY.Key_Space)
    assert actions.shown(window.deeds["random_a"]) == "X"
    assert actions.shown(window.deeds["swap"]) == "R"
    QTest.mouseClick(window.key_sheet.buttons[0], LEFT)  # Undo
    assert actions.shown(window.deeds["random_a"]) == "R"
    assert window.files.settings.keys == {}


def test_leaving_it_changes_nothing(window: Window, qtbot: QtBot) -> None:
    sheet_open(window, qtbot)
    press(window, qtbot, "random_a", KEY.Key_X)
    QTest.mouseClick(window.key_sheet.buttons[1], LEFT)
    press(window, qtbot, "random_a", KEY.Key_Escape)
    press(window, qtbot, "random_a", KEY.Key_R)
    assert window.key_sheet.isVisible()
    assert window.files.settings.keys == {}


@pytest.mark.parametrize("key", [KEY.Key_Left, KEY.Key_Tab, KEY.Key_Return])
def test_some_keys_cannot_be_had(window: Window, qtbot: QtBot, key: Qt.Key) -> None:
    sheet_open(window, qtbot)
    press(window, qtbot, "random_a", key)
    assert window.key_sheet.words.text().endswith("so it stays as it is.")
    assert not window.compare.held
    assert window.files.settings.keys == {}


def test_the_key_that_is_held_to_compare_can_be_another(window: Window, qtbot: QtBot) -> None:
    stored = window.store.recipe
    sheet_open(window, qtbot)
    press(window, qtbot, "compare", KEY.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.toolbar.compare.toolTip().startswith("Hold to see the stored picture (hold Ctrl+B)")
    qtbot.keyClick(window.key_sheet, KEY.Key_Escape)
    qtbot.keyClick(window.canvas, KEY.Key_R)
    present = window.store.recipe
    qtbot.keyPress(window.canvas, KEY.Key_QuoteLeft)
    assert not window.compare.held
    qtbot.keyPress(window.canvas, KEY.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.store.recipe == stored
    qtbot.keyRelease(window.explore.a.field, KEY.Key_B)  # Ctrl was let go first, and the focus went elsewhere
    assert window.store.recipe == present
    qtbot.keyClick(window.canvas, KEY.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.palette_overlay.field, "stored picture while held")
    first = window.palette_overlay.list.item(0)
    assert first is not None
    assert first.text() == "Nothing is called that"


def test_a_key_can_be_taken_away_and_given_to_what_had_none(window: Window, qtbot: QtBot) -> None:
    sheet_open(window, qtbot)
    press(window, qtbot, "random_a", KEY.Key_Delete)
    assert window.deeds["random_a"].shortcuts() == []
    assert window.explore.a.dice.toolTip() == "Random A"
    assert window.key_sheet.chips["random_a", 0].text() == "set"
    press(window, qtbot, "light", KEY.Key_R, SHIFT)
    assert window.key_sheet.words.text() == "Shift+R is “Random B” already, which would lose it."
    QTest.mouseClick(window.key_sheet.buttons[0], LEFT)
    assert actions.shown(window.deeds["light"]) == "Shift+R"
    assert window.deeds["random_b"].shortcuts() == []


def test_reset_brings_all_back_and_can_be_undone(window: Window, qtbot: QtBot) -> None:
    assert not window.key_sheet.reset.isEnabled()
    sheet_open(window, qtbot)
    press(window, qtbot, "random_a", KEY.Key_U)
    QTest.mouseClick(window.key_sheet.reset, LEFT)
    assert window.files.settings.keys == {}
    QTest.mouseClick(window.key_sheet.buttons[0], LEFT)
    assert window.files.settings.keys == {"random_a": "U"}


def test_a_click_on_the_picture_takes_the_sheet_away(window: Window, qtbot: QtBot) -> None:
    sheet_open(window, qtbot)
    window.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not window.key_sheet.isVisible()


@pytest.mark.parametrize(
    ("key", "held", "text", "said"),
    [
        (KEY.Key_Question, SHIFT, "?", "?"),
        (KEY.Key_R, SHIFT, "R", "Shift+R"),
        (KEY.Key_Space, SHIFT, " ", "Shift+Space"),
        (KEY.Key_5, Qt.KeyboardModifier.KeypadModifier, "5", "5"),
        (KEY.Key_Shift, SHIFT, "", ""),
        (KEY.Key_Z, SHIFT | Qt.KeyboardModifier.ControlModifier, "\x1a", "Ctrl+Shift+Z"),
    ],
)
def test_what_is_pressed_is_understood(key: Qt.Key, held: Qt.KeyboardModifier, text: str, said: str) -> None:
    assert key_bindings.pressed(QKeyEvent(QEvent.Type.KeyPress, key, held, text)) == said


@given(HANDS)
def test_no_key_ever_has_two_owners(hands: list[tuple[str, int, str]]) -> None:
    keys = key_bindings.read(actions.STANDARD, {})
    for name, slot, key in hands:
        slot = min(slot, len(keys[name]))
        keys = (key_bindings.swap if key_bindings.owner(keys, key) else key_bindings.put)(keys, name, slot, key)
        assert key in keys[name]
        every = [one for has in keys.values() for one in has]
        assert len(every) == len(set(every))
    assert key_bindings.read(actions.STANDARD, key_bindings.own(actions.STANDARD, keys)) == keys


def test_settings_that_clash_keep_the_persons_choice() -> None:
    keys = actions.keys({"swap": "R", "nonsense": "Q", "redo": "", "undo": "bad key; Ctrl+Z"})
    assert keys["swap"] == ("R",)
    assert keys["random_a"] == ()
    assert keys["redo"] == ()
    assert "Ctrl+Z" in keys["undo"]
    assert "nonsense" not in keys
