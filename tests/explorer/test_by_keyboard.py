"""Everything without a mouse: Tab reaches each control in the order of reading, is seen there, and each has words."""

from itertools import pairwise

import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer import help_places
from explorer.panels.models import ModelsPanel
from explorer.window import Window

KINDS = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit,
         QTabBar)  # fmt: skip
TAB = Qt.FocusPolicy.TabFocus
NEAR = 12  # pixels by which controls of one row may lie higher or lower than one another


def own(widget: QWidget) -> bool:
    """Whether a person meets it by itself: no part of another control, such as a list's corner or a field's editor."""
    above, part = widget.parentWidget(), False
    while above is not None and not above.isWindow():
        part = part or isinstance(above, (QComboBox, QAbstractSpinBox, QAbstractItemView, QTabBar, QLineEdit))
        above = above.parentWidget()
    popup = widget.window() is not None and "ComboBox" in widget.window().metaObject().className()  # type: ignore[union-attr]
    named = widget.objectName().startswith("qt_")
    return not (part or popup or named or isinstance(widget, QScrollBar))


def controls(root: QWidget) -> list[QWidget]:
    found = [w for w in root.findChildren(QWidget) if isinstance(w, KINDS) or w.focusPolicy() & TAB == TAB]
    return [w for w in found if own(w)]


def reached(root: QWidget) -> list[QWidget]:
    """What Tab comes to inside of `root`, in its order."""
    meant = {
        w for w in controls(root) if w.isVisibleTo(root.window()) and w.isEnabled() and w.focusPolicy() & TAB == TAB
    }
    found: list[QWidget] = []
    start = root.window()
    now = start.nextInFocusChain() if start is not None else None
    while now is not None and now is not start:  # a widget itself may be falsy: an empty choice is
        if now in meant:
            found.append(now)
        now = now.nextInFocusChain()
    assert set(found) == meant
    return found


def place(widget: QWidget) -> QRect:
    window = widget.window()
    assert window is not None
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def goes_back(one: QWidget, other: QWidget) -> bool:
    """Whether `other` lies before `one` for somebody who reads rows from the left, and columns after one another."""
    a, b = place(one), place(other)
    above = b.bottom() - NEAR < a.top()
    left = b.right() <= a.left() and abs(a.center().y() - b.center().y()) < NEAR
    return (above and b.left() < a.right()) or left


def parts(window: Window) -> list[QWidget]:
    """Every panel, dialog and bar, all shown."""
    for name in ("gallery", "timeline", "sheet", "history"):
        window.deeds[name].trigger()
    for name in ("settings", "monitor", "video", "train"):
        window.deeds[name].trigger()
    comfort, dialogs = window.comfort, window.dialogs
    found = [comfort.dialog, comfort.chooser, dialogs.film, dialogs.training, window.toolbar, window.status]
    return [part for part in (*found, *window.panels.values(), *window.shelf.panels) if part is not None]


def silent(part: QWidget) -> list[str]:
    """Controls with neither a tip nor a topic of the help panel."""
    mute = [w for w in controls(part) if not (w.toolTip() or help_places.topic_at(w))]
    return [f"{type(part).__name__}: {type(w).__name__} {w.objectName()} {w.accessibleName()}" for w in mute]


def said(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or widget.toolTip()[:30]}"


def test_every_control_of_every_panel_and_dialog_has_words_and_its_turn(window: Window, qtbot: QtBot) -> None:
    mute, disordered = [], []
    for part in parts(window):
        mute += silent(part)
        chain = reached(part)
        jumps = [(a, b) for a, b in pairwise(chain) if goes_back(a, b)]
        disordered += [f"{type(part).__name__}: {said(a)} → {said(b)}" for a, b in jumps]
    assert not mute
    assert not disordered


def test_the_focus_is_seen_wherever_it_goes(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    unseen, count = [], 0
    for part in (window.toolbar, *window.panels.values()):
        for control in reached(part):
            window.canvas.setFocus()
            before = control.grab().toImage()
            control.setFocus(Qt.FocusReason.TabFocusReason)
            if control.hasFocus() or (QApplication.focusWidget() is not None and control.focusProxy() is not None):
                count += 1
                if control.grab().toImage() == before:
                    unseen.append(f"{type(part).__name__}: {type(control).__name__} {control.accessibleName()}")
    assert count > 30
    assert not unseen


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_goes_round_the_window_and_comes_back(window: Window, qtbot: QtBot, key: Qt.Key) -> None:
    seen: list[QWidget] = []
    for _ in range(300):
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in seen:
            break
        seen.append(focus)
        qtbot.keyClick(focus, key)
    assert focus is window.canvas
    assert window.panels[ModelsPanel].opener in seen
    assert window.explore.pad in seen
