"""What a file manager drags along, and widgets that take it."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QDropEvent
from PyQt6.QtWidgets import QWidget

from explorer.pictures import MADE_HERE

CARRIES = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


def files(event: QDropEvent | None) -> list[Path]:
    """The local files and folders of a drag."""
    data = event.mimeData() if event is not None else None
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data is not None else []


def made_here(path: Path) -> bool:
    """Whether a file may be a picture that was made here, by its name."""
    return path.suffix.lower() in MADE_HERE


class Drops(QObject):
    """Lets a widget take files that are dropped on it, those that are wanted; other drags go on to whatever lies behind."""

    def __init__(
        self, widget: QWidget, take: Callable[[list[Path]], object], wanted: Callable[[Path], bool] = lambda path: True
    ):
        super().__init__(widget)
        self._take, self._wanted = take, wanted
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None or event.type() not in CARRIES or not isinstance(event, QDropEvent):
            return False
        paths = [path for path in files(event) if self._wanted(path)]
        if not paths:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._take(paths)
        return True
