"""The session is written by itself: soon after each step, while something moves now and then, and at the end."""

import time
from collections.abc import Callable, Generator
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from engine.whole import write_bytes

from .job import Job
from .session import Session, taken
from .session_codec import Encoder
from .store import Store
from .timelines import TimelineDesk
from .timers import after_rest

REST = 1500  # milliseconds from the first change to the file, while something is being moved
SOON = 150  # and from the end of a gesture
SHARE = 20  # so many times as long as writing took is the rest after it, so that it never becomes a burden
PATIENCE = 30.0  # seconds to wait at the end for what is being written


class Autosave(QObject):
    """Writes what `take` gives, in a thread of its own: under a temporary name first, so that the file is always whole."""

    failed = pyqtSignal(object)  # the exception, once until it works again

    def __init__(self, store: Store, path: Path, parent: QObject | None = None):
        super().__init__(parent)
        self.path = path
        self.take: Callable[[], Session] = lambda: taken(store)
        self._encoder = Encoder()
        self._job: Job | None = None
        self._length, self._complained = 0.0, False  # seconds that writing took
        self._rest, self._soon = after_rest(self, REST, self._write), after_rest(self, SOON, self._write)
        store.changed.connect(self.later)
        store.kept.connect(self.soon)
        TimelineDesk.of(store).changed.connect(self.later)

    def rest(self, seconds: float) -> None:
        """So long after the first change it is written from now on, while something is being moved."""
        self._rest.setInterval(round(seconds * 1000))

    def later(self) -> None:
        """Something has changed."""
        if not self._rest.isActive():
            self._rest.start()

    def soon(self) -> None:
        """Something has changed that must not be lost."""
        if not self._soon.isActive():
            self._soon.start(max(SOON, round(1000 * SHARE * self._length)))

    def save(self) -> None:
        """Writes it now, and waits. A full disk is no reason to stop exploring: the next change tries again."""
        self.stop()
        try:
            self._length = self._written(self.take())
        except (OSError, ValueError) as error:
            self._complain(error)

    def stop(self) -> None:
        """Nothing is written any more until something changes; what is being written is waited for."""
        self._rest.stop()
        self._soon.stop()
        if self._job is not None:
            self._job.wait(PATIENCE)

    def _write(self) -> None:
        if self._job is not None:
            self.later()
            return
        self._rest.stop()
        self._soon.stop()
        self._job = Job(self._writing(self.take()), "autosave", self)
        self._job.finished.connect(self._done)
        self._job.failed.connect(self._not_done)
        self._job.start()

    def _writing(self, session: Session) -> Generator[None, None, float]:
        yield
        return self._written(session)

    def _written(self, session: Session) -> float:
        begun = time.perf_counter()
        write_bytes(self.path, self._encoder.encode(session))
        return time.perf_counter() - begun

    def _done(self, seconds: float) -> None:
        self._length, self._complained = seconds, False
        self._end()

    def _not_done(self, error: Exception) -> None:
        self._end()
        self._complain(error)

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            self.failed.emit(error)

    def _end(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
        self._job = None
