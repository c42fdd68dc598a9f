"""The menu of models: open a file, those opened lately, and the ones that travel with the program."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from .bridge import Bridge
from .files import Files


class ModelsMenu(QMenu):
    """Filled whenever it opens: at once with what is known, then with what the render thread answers."""

    def __init__(self, files: Files, bridge: Bridge, opener: QAction, parent: QWidget):
        super().__init__(parent)
        self._files, self._bridge, self._opener = files, bridge, opener
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        self.addAction(self._opener)
        self._bridge.ask(embedded, self._add_all)

    def _add_all(self, paths: list[Path]) -> None:
        recent = [Path(known.path) for known in self._files.settings.recent]
        self._add("Embedded", paths)
        self._add("Opened lately", (path for path in recent if path not in paths and path.exists()))

    def _add(self, title: str, paths: Iterable[Path]) -> None:
        for at, path in enumerate(paths):
            if at == 0:
                self._head(title)
            action = self.addAction(path.stem)
            if action is not None:
                action.setToolTip(str(path))
                action.triggered.connect(lambda _=False, path=path: self._files.open(path))

    def _head(self, title: str) -> None:
        self.addSeparator()
        head = self.addAction(title)
        if head is not None:
            head.setEnabled(False)


def embedded(renderer: Any) -> list[Path]:
    """The models that travel with the program. In the render thread, where torch is."""
    from engine.render.models import embedded as found

    return found()
