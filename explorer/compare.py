"""The stored picture to compare with: it is seen as long as a key or a button is held, and nothing is changed by looking."""

from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe import Recipe

from .store import Store


class Compare(QObject):
    """Until somebody stores a picture, it is the one that the session began with."""

    held_changed = pyqtSignal(bool)
    stored_changed = pyqtSignal()

    def __init__(self, store: Store, parent: QObject | None = None):
        super().__init__(parent)
        self._store = store
        self.stored: Recipe | None = None
        self._present: Recipe | None = None

    @property
    def held(self) -> bool:
        return self._present is not None

    def keep(self) -> None:
        """From now on this picture is the one to compare with."""
        self.release()
        self.stored = self._store.recipe
        self.stored_changed.emit()

    def hold(self) -> None:
        if self._present is None:
            self._store.keep()  # what an unfinished gesture has done must not be lost
            self._present = self._store.recipe
            self._store.show(self.stored or self._store.history.entries[0].state)
            self.held_changed.emit(True)

    def release(self) -> None:
        if self._present is not None:
            present, self._present = self._present, None
            self._store.show(present)
            self.held_changed.emit(False)
