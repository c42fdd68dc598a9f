"""Where Tab leads to, for widgets out of which Qt itself does not lead."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget


def after(widget: QWidget) -> QWidget:
    """The next control of the window that Tab can reach; the widget itself where there is no other."""
    window, found = widget.window(), widget.nextInFocusChain()
    while found is not None and found is not widget:
        takes = found.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        if takes and found.isEnabled() and found.isVisibleTo(window) and not widget.isAncestorOf(found):
            return found
        found = found.nextInFocusChain()
    return widget
