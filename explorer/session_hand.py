"""Sessions as the window has them: begun and ended with it, offered back when it was cut off, opened, saved under a name."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QMainWindow

from engine.recipe import Recipe
from engine.recipe.timeline import Timeline

from . import session
from .autosave import Autosave
from .compare import Compare
from .job import Job
from .session import Desk, Session
from .session_desk import SessionDesk
from .session_shelf import SUFFIX, SessionShelf, read, write
from .store import Store
from .timelines import TimelineDesk
from .widgets.messages import Messages
from .widgets.session_offer import SessionOffer
from .words import reason, tr

KEPT = "The program was cut off last time. What you did is kept: {count} steps and the picture."
KEPT_ALL = (
    "The program was cut off last time. What you did is kept: {count} steps, the picture and a timeline of {keys} keys."
)
PATIENCE = 30.0  # seconds to wait at the end for a file that is being written


class SessionHand(QObject):
    """Nobody is asked to save: the present session is always in its file, and whatever takes its place puts it by first."""

    named = pyqtSignal(str)  # what the present session is called; empty when it has no name

    def __init__(self, window: QMainWindow, first: Path, store: Store, compare: Compare):
        super().__init__(window)
        self._window, self._store, self._compare = window, store, compare
        self._shelf = SessionShelf(first)
        self.autosave = Autosave(store, self._shelf.path, self)
        self.offer: SessionOffer | None = None
        self._messages: Messages | None = None
        self._desk: SessionDesk | None = None
        self._file = ""
        self._job: Job | None = None
        compare.stored_changed.connect(self.autosave.soon)

    def tie(self, desk: SessionDesk, messages: Messages) -> None:
        """What is made after it."""
        self._desk, self._messages = desk, messages
        self.autosave.failed.connect(lambda error: self._complain(tr("The session could not be kept"), error))

    def deeds(self) -> dict[str, Callable[..., object]]:
        return {"session_new": self.renew, "session_open": self.choose, "session_save": self.choose_name}

    def recent(self) -> list[Path]:
        """The newest first."""
        return self._shelf.recent()

    def taken(self) -> Session:
        """The session as it is now."""
        desk = self._desk.taken() if self._desk is not None else Desk()
        stored = self._compare.stored
        return replace(session.taken(self._store, stored), desk=desk, file=self._file)

    # beginning and end

    def begin(self) -> None:
        """The last session again; where it was cut off, its person is asked."""
        last, complaint = self._shelf.begin()
        kept = None
        if last is not None and not last.ended and not last.empty:
            kept = self._shelf.put_by_the_last(last)
        if last is not None and kept is None:
            self._apply(last, layout=False)
        elif last is not None and kept is not None:
            self._ask(replace(last, file=last.file or str(kept)))
        if complaint and self._messages is not None:
            self._messages.complain(complaint)
        self.autosave.take = self.taken
        self.autosave.soon()

    def end(self) -> None:
        """Writes it as one that was ended, and waits."""
        if self._job is not None:
            self._job.wait(PATIENCE)
        now = replace(self.taken(), ended=True)
        self.autosave.take = lambda: now
        self.autosave.save()
        if self._file:
            self._put_by()
        self._shelf.close()

    def _ask(self, last: Session) -> None:
        steps, keys = len(last.entries) + (last.seen is not None) - 1, len(last.timeline.keys)
        words = tr(KEPT_ALL if keys else KEPT, count=steps, keys=keys)
        self.offer = SessionOffer(self._window.centralWidget() or self._window, words)
        self.offer.restored.connect(lambda: self.take(last))
        self.offer.declined.connect(lambda: self._tell(tr("The last session stays among the recent ones.")))
        self._shelf.remember(Path(last.file))

    # from one to another

    def take(self, other: Session) -> None:
        """Another session instead of the present one, which is put by if anything has been done in it."""
        if self._put_by():
            self._apply(other)
            self.autosave.soon()

    def renew(self) -> None:
        """Begins anew, with the model that is there; the present session is put by."""
        if not self._put_by():
            return
        before = self._shelf.recent()[:1]
        self._file = ""
        self._compare.stored = None
        self._store.restart([(Recipe(model=self._store.recipe.model), tr("Start"))])
        TimelineDesk.of(self._store).restart(Timeline())
        self.named.emit("")
        back = ((tr("Back to it"), lambda: self.open(before[0])),) if before else ()
        self._tell(tr("A new session; the one before is kept."), *back)

    def choose(self) -> None:
        """Asks for a file."""
        self._dialog(tr("Open a session"), QFileDialog.AcceptMode.AcceptOpen, lambda name: self.open(Path(name)))

    def open(self, path: Path) -> None:
        """A session from a file; one that cannot be read changes nothing."""
        self._run(_reading(path), lambda other: self._opened(path, other), tr("The session was not opened"))

    def open_all(self, paths: Sequence[Path]) -> bool:
        """What was dropped: whether the first file is a session, which is then opened."""
        ours = bool(paths) and paths[0].suffix.lower() == SUFFIX
        if ours:
            self.open(paths[0])
        return ours

    def choose_name(self) -> None:
        """Asks where the session shall be kept from now on."""
        self._dialog(
            tr("Save the session as"), QFileDialog.AcceptMode.AcceptSave, lambda name: self.save_as(Path(name))
        )

    def save_as(self, path: Path) -> None:
        """The session has this file from now on; it is written now, and whenever the session is put by."""
        path = path if path.suffix else path.with_suffix(SUFFIX)
        self._store.keep()
        now = replace(self.taken(), file=str(path), ended=True)
        self._run(_writing(now, path), lambda _: self._saved(path), tr("The session was not saved"))

    def _opened(self, path: Path, other: Session) -> None:
        self.take(replace(other, file=str(path)))
        self._shelf.remember(path)
        self._tell(tr("Here is {name} again.", name=path.stem))

    def _saved(self, path: Path) -> None:
        self._file = str(path)
        self._shelf.remember(path)
        self.named.emit(path.stem)
        self.autosave.soon()
        self._tell(tr("The session is kept as {name}.", name=path.name))

    def _put_by(self) -> bool:
        """False when it could not be written; then nothing must take its place."""
        self._store.keep()
        now = self.taken()
        if now.empty and not self._file:
            return True
        try:
            self._shelf.put_by(now)
        except (OSError, ValueError) as error:
            self._complain(tr("The session could not be kept"), error)
            return False
        return True

    def _apply(self, other: Session, layout: bool = True) -> None:
        if self.offer is not None:
            self.offer.hide()
        self._file = other.file
        self._compare.release()
        self._compare.stored = other.stored
        if self._desk is not None:
            self._desk.apply(other, layout)
        session.restore(other, self._store)
        self.named.emit(Path(other.file).stem if other.file else "")

    # the border

    def _run(self, work: Generator[None, None, Any], done: Callable[[Any], None], trouble: str) -> None:
        if self._job is not None:
            return  # one file after the other
        self._job = Job(work, "session", self)
        self._job.finished.connect(lambda value: self._ended(lambda: done(value)))
        self._job.failed.connect(lambda error: self._ended(lambda: self._complain(trouble, error)))
        self._job.start()

    def _ended(self, then: Callable[[], None]) -> None:
        if self._job is not None:
            self._job.deleteLater()
        self._job = None
        then()

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode, do: Callable[[str], None]) -> None:
        start = str(Path(self._file).parent if self._file else Path.home())
        dialog = QFileDialog(self._window, title, start)
        dialog.setAcceptMode(mode)
        dialog.setNameFilters([tr("Sessions") + f" (*{SUFFIX})", tr("All files") + " (*)"])
        dialog.setDefaultSuffix(SUFFIX[1:])
        dialog.fileSelected.connect(do)
        dialog.open()

    def _tell(self, text: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        if self._messages is not None:
            self._messages.tell(text, *buttons)

    def _complain(self, what: str, error: Exception) -> None:
        if self._messages is not None:
            self._messages.complain(f"{what}: {reason(error)}")


def _reading(path: Path) -> Generator[None, None, Session]:
    yield
    return read(path)


def _writing(now: Session, path: Path) -> Generator[None, None, None]:
    yield
    write(now, path)
