"""Buttons with an icon, all made the same way."""

from collections.abc import Callable

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QToolButton

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
