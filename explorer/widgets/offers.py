"""What the panels that are open can do, found on their buttons and menus, so that nothing has to be written down twice."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PyQt6.QtCore import QObject, QPoint
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QAbstractScrollArea, QMenu, QToolButton, QWidget, QWidgetAction

from explorer.words import tr

KEY = re.compile(r" \(([^()]+)\)$")


def offers(panels: Sequence[QWidget], owner: QObject) -> list[QAction]:
    """An action of `owner` for each icon's button, each entry of its menu, and of the menu of what is chosen (`row_menu`).

    Each is called "Panel: words" and can be done if its button can; panels that are not open offer nothing.
    """
    return [offer for panel in panels if panel.isVisible() for offer in _of(panel, owner)]


def _of(panel: QWidget, owner: QObject) -> Iterator[QAction]:
    title = tr(str(getattr(panel, "title", "")))
    seen = [part for part in panel.findChildren(QWidget) if part.isVisibleTo(panel)]
    for button in filter(lambda part: isinstance(part, QToolButton) and part.toolTip(), seen):
        assert isinstance(button, QToolButton)
        menu = button.menu()
        if _in_a_row(button, panel):
            continue
        if menu is None or menu.title():
            yield _of_button(button, title, owner)
        if menu is not None:
            yield from _of_menu(menu, title, button.isEnabled(), owner)
    for part in (panel, *seen):
        make = getattr(part, "row_menu", None)
        if make is not None:
            menu = make()
            menu.setParent(owner, menu.windowFlags())
            yield from _of_menu(menu, title, True, owner)


def _in_a_row(button: QToolButton, panel: QWidget) -> bool:
    """Whether it belongs to one line of a list, of which there may be many."""
    parent = button.parentWidget()
    while parent is not None and parent is not panel:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _of_button(button: QToolButton, title: str, owner: QObject) -> QAction:
    tip = button.toolTip().split("\n")[0]
    found, menu = KEY.search(tip), button.menu()
    offer = _offer(f"{title}: {KEY.sub('', tip)}", found.group(1) if found else "", button.isEnabled(), owner)
    offer.setIcon(button.icon())
    do: Callable[[], object] = button.click if menu is None else partial(_open, menu, button)
    offer.triggered.connect(lambda _=False: do())
    return offer


def _open(menu: QMenu, button: QToolButton) -> None:
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))


def _of_menu(menu: QMenu, title: str, possible: bool, owner: QObject) -> Iterator[QAction]:
    start = f"{title}: {menu.title()}: " if menu.title() else f"{title}: "
    for action in menu.actions():
        if not isinstance(action, QWidgetAction) and not action.isSeparator() and action.menu() is None:
            words, _, key = action.text().partition("\t")
            offer = _offer(start + words, key, possible and action.isEnabled(), owner)
            offer.triggered.connect(lambda _=False, action=action: action.trigger())
            yield offer


def _offer(text: str, key: str, possible: bool, owner: QObject) -> QAction:
    offer = QAction(text, owner)
    offer.setProperty("key", key)
    offer.setEnabled(possible)
    return offer
