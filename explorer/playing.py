"""What moves the picture by itself until it is stopped: travel, morph and timeline; each run is one step of undo."""

from abc import abstractmethod

from PyQt6.QtCore import QElapsedTimer, QObject, pyqtSignal

from .store import Store
from .timers import every

TICK = 16  # milliseconds


class Playing(QObject):
    """A clock that beats while it plays. What was shown before is a step of its own."""

    playing_changed = pyqtSignal(bool)

    def __init__(self, store: Store, parent: QObject | None = None):
        super().__init__(parent)
        self._store = store
        self._clock = QElapsedTimer()
        self._timer = every(self, TICK, self._tick)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @abstractmethod
    def _tick(self) -> None:
        """Shows what belongs to this moment."""

    def _begin(self) -> None:
        self._store.keep()
        self._clock.start()
        self._timer.start()
        self.playing_changed.emit(True)

    def _end(self, note: str = "") -> None:
        """Stays at what is shown; with a note that is a step of undo."""
        if self.playing:
            self._timer.stop()
            if note:
                self._store.keep(note)
            self.playing_changed.emit(False)
