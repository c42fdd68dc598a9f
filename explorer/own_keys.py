"""A person's own keys: read from the settings, put on the actions, named in every tip, changed on the sheet."""

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QWidget

from . import actions, key_bindings
from .files import Files
from .keyboard import Keyboard
from .toolbar import Toolbar
from .widgets.keys import KeySheet
from .words import tr


class OwnKeys(QObject):
    """`tipped` are the widgets outside the toolbar whose tips name the key of an action."""

    def __init__(
        self,
        window: QWidget,
        deeds: Mapping[str, QAction],
        files: Files,
        toolbar: Toolbar,
        keyboard: Keyboard,
        tipped: Sequence[tuple[QWidget, str]],
    ):
        super().__init__(window)
        self._deeds, self._files, self._tipped = deeds, files, tipped
        self._toolbar, self._keyboard = toolbar, keyboard
        self._bound: Mapping[str, tuple[str, ...]] = {}
        self.sheet = KeySheet(window, deeds, [(tr(hand), tr(does)) for hand, does in actions.BY_HAND], actions.STANDARD)
        self.sheet.changed.connect(self._keep)
        files.settings_changed.connect(self.bind)
        self.bind()

    def bind(self) -> None:
        """The keys as the settings have them, wherever they act or are named."""
        keys = actions.keys(self._files.settings.keys)
        if keys == self._bound:
            return
        self._bound = keys
        actions.bind(self._deeds, keys)
        self._keyboard.compare_keys = keys["compare"]
        self.sheet.show_keys(keys)
        self._toolbar.show_keys(self._deeds)
        for widget, name in self._tipped:
            widget.setToolTip(actions.named(widget.toolTip(), self._deeds[name]))

    def _keep(self, keys: key_bindings.Bindings) -> None:
        self._files.change(keys=key_bindings.own(actions.STANDARD, keys))
