"""Walking by the arrow keys: presses that follow one another are one gesture, which a moment of rest ends."""

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QKeyEvent

from .timers import after_rest
from .walk import Walk

REST = 400  # milliseconds after the last key of a walk
STEP = 0.1  # seeds for a press; with Shift a whole one
WAYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class KeyWalk(QObject):
    """A widget gives it its key presses, and ends the walk when its mouse begins another."""

    def __init__(self, walk: Walk, parent: QObject):
        super().__init__(parent)
        self._walk = walk
        self._gone: tuple[float, float] | None = None
        self._rest = after_rest(self, REST, self.end)

    def press(self, event: QKeyEvent) -> bool:
        """Takes one step if the key is an arrow; whether it was."""
        if event.key() not in WAYS:
            return False
        if self._gone is None:
            self._walk.begin()
            self._gone = (0.0, 0.0)
        size = 1.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        dx, dy = WAYS[Qt.Key(event.key())]
        self._gone = (self._gone[0] + dx * size, self._gone[1] + dy * size)
        self._walk.by(*self._gone)
        self._rest.start()
        return True

    def end(self) -> None:
        """What has been walked is one step of undo."""
        if self._gone is not None:
            self._rest.stop()
            self._gone = None
            self._walk.end()
