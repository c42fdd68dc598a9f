"""The menu of sessions: a new one, one from a file, the present one under a name, and the recent ones."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from .words import tr

NAMES = ("session_new", "session_open", "session_save")


class SessionMenu(QMenu):
    """Filled whenever it opens."""

    def __init__(
        self,
        deeds: Mapping[str, QAction],
        recent: Callable[[], list[Path]],
        open_one: Callable[[Path], None],
        parent: QWidget,
    ):
        super().__init__(parent)
        self._deeds, self._recent, self._open = deeds, recent, open_one
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        self.clear()
        self.addActions([self._deeds[name] for name in NAMES])
        for at, path in enumerate(self._recent()):
            if at == 0:
                self._head(tr("Recent sessions"))
            action = QAction(path.stem, self)
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._chosen, path))
            self.addAction(action)

    def _chosen(self, path: Path, _checked: bool = False) -> None:
        self._open(path)

    def _head(self, title: str) -> None:
        self.addSeparator()
        head = self.addAction(title)
        if head is not None:
            head.setEnabled(False)
