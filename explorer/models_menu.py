"""The menu of models: open a file, those opened lately, and the ones that travel with the program."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PyQt6.QtGui import QAction, QIcon
from PyQt6.QtWidgets import QMenu, QWidget

from .bridge import Bridge
from .embedded import Embedded, cards
from .files import Files
from .panels.models import in_short
from .store import Store
from .thumbnails import Thumbnails
from .words import tr


class ModelsMenu(QMenu):
    """Filled whenever it opens: at once with what is known, then with what the render thread answers."""

    def __init__(self, store: Store, files: Files, bridge: Bridge, deeds: Mapping[str, QAction], parent: QWidget):
        super().__init__(parent)
        self._files, self._bridge, self._deeds = files, bridge, deeds
        self._thumbnails = Thumbnails.shared(store, bridge)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        self.addActions([self._deeds[name] for name in ("open", "catalogue", "card", "export_model")])
        self._bridge.ask(cards, self._add_all)

    def _add_all(self, known: list[Embedded]) -> None:
        for at, one in enumerate(known):
            if at == 0:
                self._head("Embedded")
            picture = self._thumbnails.get(one.sample)
            action = self._add(one.model.name, in_short(one), partial(self._files.switch, one.model))
            if picture is not None:
                action.setIcon(QIcon(picture))
        there = {one.path for one in known}
        recent = [path for r in self._files.settings.recent if (path := Path(r.path)) not in there and path.exists()]
        for at, path in enumerate(recent):
            if at == 0:
                self._head("Opened lately")
            self._add(path.stem, str(path), partial(self._files.open, path))

    def _add(self, title: str, tip: str, do: Callable[[], None]) -> QAction:
        action = QAction(title, self)
        action.setToolTip(tip)
        action.triggered.connect(lambda _=False: do())
        self.addAction(action)
        return action

    def _head(self, title: str) -> None:
        self.addSeparator()
        head = self.addAction(tr(title))
        if head is not None:
            head.setEnabled(False)
