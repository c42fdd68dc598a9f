"""What a person is working on: the picture, every step that led to it and beside it, the timeline, where things stand."""

from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Meta, Struct

from engine.recipe import Recipe
from engine.recipe.timeline import Timeline

from .history import Entry, History, Row, choices, grown, number_of
from .history_sharing import weight
from .settings import Recent
from .store import MEMORY, Store
from .timelines import TimelineDesk
from .words import tr

Path = Annotated[str, Meta(max_length=4096)]


class Desk(Struct, frozen=True):
    """Where things stand in the window; all of it may mean nothing on another machine, and is then left alone."""

    layout: Annotated[bytes, Meta(max_length=2**20)] = b""
    """The docks, as Qt writes them."""
    favourites: Path = ""
    """The folder of the gallery."""
    run: Path = ""
    """The folder of the training that is watched."""
    models: tuple[Recent, ...] = ()
    """Where the models were, so that they are found again by their identity."""


@dataclass(frozen=True)
class Session:
    """All that a restart brings back. Nothing in it changes any more, so that another thread can write it."""

    entries: tuple[Entry[Recipe], ...] = ()
    at: int = 0
    """The number of the present step."""
    ways: dict[int, Entry[Recipe]] = field(default_factory=dict)
    """Where redo goes, as History.ways gives it."""
    seen: Recipe | None = None
    """What is shown, where a gesture has gone on from the present step and has not ended."""
    stored: Recipe | None = None
    """The state to compare with."""
    timeline: Timeline = field(default_factory=Timeline)
    desk: Desk = field(default_factory=Desk)
    file: str = ""
    """Where the person has saved it under a name."""
    ended: bool = False
    """Whether the program closed it; otherwise it was cut off."""

    @property
    def empty(self) -> bool:
        """Whether nothing has been done in it."""
        return len(self.entries) < 2 and self.seen is None and self.timeline == Timeline()


def taken(store: Store, stored: Recipe | None = None) -> Session:
    """The session as it is now."""
    history = store.history
    seen = store.recipe if store.recipe != history.now.state else None
    return Session(history.entries, history.now.number, history.ways(), seen, stored, TimelineDesk.of(store).timeline)


def restore(session: Session, store: Store) -> None:
    """Puts the session's picture, steps and timeline into the store; an unfinished gesture becomes its last step."""
    if session.entries:
        store.take(tree(session))
    if session.seen is not None:
        store.do(session.seen, tr("Last seen"))
    if session.timeline != TimelineDesk.of(store).timeline:
        TimelineDesk.of(store).restart(session.timeline)


def tree(session: Session) -> History[Recipe]:
    """The session's history, to go on with."""
    rows = (Row(e.number, number_of(e.parent), e.state, e.note, e.weight) for e in session.entries)
    return grown(rows, session.at, choices(session.entries, session.ways), MEMORY, weight)
