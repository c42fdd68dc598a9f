"""What a person is working on: the picture, the last steps that led to it, the stored one to compare with. Kept by itself."""

from pathlib import Path

from msgspec import Struct
from PyQt6.QtCore import QObject

from engine.recipe import Recipe
from engine.recipe.timeline import Timeline

from . import settings
from .store import Store
from .timelines import TimelineDesk
from .timers import after_rest

KEPT_STEPS = 200
REST = 1500  # milliseconds of rest before the session is written


class Step(Struct, frozen=True):
    """One kept step of the history."""

    recipe: Recipe
    note: str = ""


class Session(Struct, frozen=True):
    """All that a restart brings back."""

    steps: tuple[Step, ...] = ()
    at: int = 0
    """Which of the steps is the present one."""
    stored: Recipe | None = None
    """The state to compare with."""
    timeline: Timeline = Timeline()


def taken(store: Store, stored: Recipe | None = None) -> Session:
    """The session as it is now; a picture that is not kept yet becomes its last step."""
    entries = store.history.entries[-KEPT_STEPS:]
    steps = [Step(entry.state, entry.note) for entry in entries]
    numbers = [entry.number for entry in entries]
    now = store.history.now
    at = numbers.index(now.number) if now.number in numbers else len(steps) - 1
    if store.recipe != now.state:
        steps.append(Step(store.recipe, "Last seen"))
        at = len(steps) - 1
    return Session(tuple(steps), at, stored, TimelineDesk.of(store).timeline)


def restore(session: Session, store: Store) -> None:
    """Puts the session's picture and steps into the store."""
    if session.steps:
        steps = [(step.recipe, step.note) for step in session.steps]
        store.restart(steps, min(max(session.at, 0), len(steps) - 1))
    if session.timeline != Timeline():
        TimelineDesk.of(store).restart(session.timeline)


class Autosave(QObject):
    """Writes the session whenever the person rests, and at the end, so that nobody is ever asked to save."""

    def __init__(self, store: Store, path: Path, parent: QObject | None = None):
        super().__init__(parent)
        self.stored: Recipe | None = None
        self._store, self._path = store, path
        self._timer = after_rest(self, REST, self.save)
        store.changed.connect(self._later)
        store.kept.connect(self._later)
        TimelineDesk.of(store).changed.connect(self._later)

    def save(self) -> None:
        """Writes it now. A full disk is no reason to stop exploring: the next rest tries again."""
        self._timer.stop()
        try:
            settings.write(taken(self._store, self.stored), self._path)
        except OSError:
            return

    def _later(self) -> None:
        self._timer.start()
