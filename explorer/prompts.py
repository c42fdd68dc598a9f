"""Prompts that were used lately, one list for the whole window, and whether the words of a model can be read here."""

from collections.abc import Iterable
from typing import Any, Self

from PyQt6.QtCore import QObject, pyqtSignal

from .store import Store

MOST = 40
LONGEST = 2000  # letters, as a recipe holds them


class Prompts(QObject):
    """The newest first, each once."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.recent: tuple[str, ...] = ()

    @classmethod
    def of(cls, store: Store) -> Self:
        """The store's own, so that all look at one."""
        return store.findChild(cls) or cls(store)

    def use(self, recent: Iterable[str]) -> None:
        """These instead, as they were kept."""
        self.recent = tuple(dict.fromkeys(text[:LONGEST] for text in recent if text.strip()))[:MOST]
        self.changed.emit()

    def add(self, text: str) -> None:
        """At the front."""
        if text.strip() and self.recent[:1] != (text.strip(),):
            self.use((text.strip(), *self.recent))


def unreadable(renderer: Any, encoder: str) -> str:
    """In the render thread: why prompts cannot be read, in one sentence; empty where they can."""
    from engine.render.words import absent

    return absent(encoder)
