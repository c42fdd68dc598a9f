"""Buttons with an icon, all made the same way."""

from collections.abc import Callable

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QMenu, QToolButton

from explorer import theme
from explorer.words import tr


def icon_button(
    name: str, tip: str, clicked: Callable[[], object] | None = None, checkable: bool = False
) -> QToolButton:
    """A flat button, its tip in the language in use; it takes the focus by Tab only, so that Space plays on after a click."""
    button, tip = QToolButton(), tr(tip)
    button.setIcon(theme.icon(name))
    button.setIconSize(QSize(16, 16))
    button.setProperty("flat", True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(tip)
    button.setAccessibleName(tip.split(" (")[0].split(":")[0])
    button.setCheckable(checkable)
    if clicked is not None:
        button.clicked.connect(lambda _=False: clicked())
    return button


def opens(button: QToolButton, menu: QMenu) -> None:
    """A click opens the menu."""
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu.aboutToHide.connect(lambda: go_out(button))


def go_out(button: QToolButton) -> None:
    """As its menu closes, Qt does not notice that the pointer has left the button, which would stay lit."""
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    button.update()
