"""The dock of the help panel: hidden until somebody asks, below the model's card or, in a low window, behind it."""

from collections.abc import Iterable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMainWindow, QTabBar, QWidget

from . import help_places
from .bridge import Bridge
from .docks import LOW, Dock, Pane
from .panels.help import HelpPanel
from .store import Store

HEIGHT, LOW_HEIGHT = 340, 300  # pixels to begin with


class HelpDock(Dock):
    """`parts` are what it explains; `put_aside` is its first place."""

    def __init__(self, window: QMainWindow, store: Store, bridge: Bridge, parts: Iterable[QWidget]):
        self.help = HelpPanel(store, bridge)
        super().__init__(self.help, window)
        self._main = window
        self._above: Dock | None = None
        for part in (self.help, *parts):
            help_places.mark(part)

    def tie(self, action: QAction) -> None:
        """The action is checked while the dock is there, however it came or went."""
        own = self.toggleViewAction()
        if own is not None:
            own.toggled.connect(action.setChecked)
            own.toggled.connect(self._make_room)

    def _make_room(self) -> None:
        """The model's card is as high as what is in it only while it has its place for itself."""
        pane = self._above.widget() if self._above is not None else None
        if isinstance(pane, Pane):
            pane.fit()

    def put_aside(self, above: Dock) -> None:
        """Hidden, in the place where it will open."""
        self._above = above
        self._main.addDockWidget(self._main.dockWidgetArea(above), self)
        self.setFloating(False)
        self.hide()

    def ask(self, wanted: bool) -> None:
        """Shows it, or hides it."""
        if wanted == self.isVisible():
            return
        self.setVisible(wanted)
        if wanted:
            low = self._main.height() < LOW
            if low and self._above is not None and not self._main.tabifiedDockWidgets(self):
                self._main.tabifyDockWidget(self._above, self)  # not earlier, or the tabs stay without it
                self._make_room()
                for bar in self._main.findChildren(QTabBar):
                    bar.setElideMode(Qt.TextElideMode.ElideNone)
            self._main.resizeDocks([self], [LOW_HEIGHT if low else HEIGHT], Qt.Orientation.Vertical)
            self.raise_()
