"""What can be done with a snapshot of a run: it is opened in the window first, then the window's own deed does the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from explorer.bridge import Bridge

DEEDS = ("sheet", "export_model", "card")  # names of the window's actions


class RunUses(QObject):
    """Fills the menu whenever it opens; `snapshot` tells which one is meant, `window` whose actions there are."""

    def __init__(
        self,
        menu: QMenu,
        bridge: Bridge,
        snapshot: Callable[[], Path | None],
        complain: Callable[[Exception], None],
        window: QObject | None,
    ):
        super().__init__(menu)
        self._menu, self._bridge, self._window = menu, bridge, window
        self._snapshot, self._complain = snapshot, complain
        self._then: tuple[Path, QAction] | None = None
        menu.aboutToShow.connect(self._fill)
        bridge.opened.connect(self._opened)

    def open(self, then: QAction | None = None) -> None:
        """Opens the snapshot in the window, where it joins the models opened lately; then does what is wished."""
        snapshot = self._snapshot()
        if snapshot is not None:
            self._then = (snapshot, then) if then is not None else None
            self._bridge.open_model(snapshot, self._complain)

    def _fill(self) -> None:
        self._menu.clear()
        for name in DEEDS:
            deed = self._window.findChild(QAction, name) if self._window is not None else None
            if deed is not None:
                action = self._menu.addAction(deed.icon(), deed.text())
                assert action is not None
                action.triggered.connect(lambda _=False, deed=deed: self.open(deed))

    def _opened(self, info: Any) -> None:
        wish, self._then = self._then, None
        if wish is not None and info.path == wish[0]:
            wish[1].trigger()
