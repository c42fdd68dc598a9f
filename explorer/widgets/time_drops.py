"""Pictures and sounds dragged onto the axis of time: shown where they would lie, and taken when they are let go."""

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, pyqtSignal
from PyQt6.QtGui import QDropEvent

from explorer.timeline_files import HEARD

from .dropped import files, made_here

if TYPE_CHECKING:
    from .time_axis import TimeAxis

CARRIES = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
GONE = (QEvent.Type.DragLeave, QEvent.Type.Drop)


class TimeDrops(QObject):
    """`at` is the moment under what is dragged, `key` the key that it would become; both None while nothing is."""

    dropped = pyqtSignal(object, object, object)  # list of Path, moment, key or None

    def __init__(self, axis: "TimeAxis"):
        super().__init__(axis)
        self._axis = axis
        self.at: float | None = None
        self.key: int | None = None
        axis.setAcceptDrops(True)
        axis.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None:
            return False
        wanted = self._wanted(event) if event.type() in CARRIES and isinstance(event, QDropEvent) else []
        if wanted and isinstance(event, QDropEvent):
            event.acceptProposedAction()
            self._point(event, wanted)
        at, key = self.at, self.key
        if event.type() in GONE and at is not None:
            self.at = self.key = None
            self._axis.update()
        if wanted and event.type() == QEvent.Type.Drop:
            self.dropped.emit(wanted, at, key)
        return bool(wanted)

    def _wanted(self, event: QDropEvent) -> list[Path]:
        return [path for path in files(event) if made_here(path) or path.suffix.lower() in HEARD]

    def _point(self, event: QDropEvent, wanted: list[Path]) -> None:
        """A single picture over a key becomes that key; anything else lies beside."""
        axis = self._axis
        key, keys = axis.key_at(event.position()), axis.line.keys
        self.key = key if key is not None and key < len(keys) and len(wanted) == 1 else None
        self.at = axis.moment(event.position().x(), event.modifiers()) if self.key is None else keys[self.key].at
        axis.update()
