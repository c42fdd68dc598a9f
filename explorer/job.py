"""Long work, which is a plain generator, driven in a thread of its own and told of by signals."""

import contextlib
from collections.abc import Generator
from threading import Event, Lock, Thread
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal


class Tie:
    """Whether Qt still has the object: emitting from one that is being deleted ends the process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.cut = False

    def end(self) -> None:
        """Waits for the signal that is on its way."""
        with self.lock:
            self.cut = True


class Job(QObject):
    """Asks the generator for one step after the other. Exactly one of `finished`, `failed` and `cancelled` ends it."""

    stepped = pyqtSignal(object)  # what the generator yields; only the newest, when the window is slower
    finished = pyqtSignal(object)  # what it returns
    failed = pyqtSignal(object)  # the exception it ended with
    cancelled = pyqtSignal()
    _moved = pyqtSignal()  # from the thread

    def __init__(self, work: Generator[Any, None, Any], name: str = "job", parent: QObject | None = None):
        super().__init__(parent)
        self._work = work
        self._stop = Event()
        self._lock = Lock()
        self._step: list[Any] = []
        self._moved.connect(self._tell)
        self._tie = Tie()
        self.destroyed.connect(self._tie.end)
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> "Job":
        self._thread.start()
        return self

    def running(self) -> bool:
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Stops asking after the present step and closes the generator, whose `finally` cleans up."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Waits for the thread; for closing the window and for tests."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        try:
            value = self._drive()
        except Exception as error:  # the border: whatever it is, the person must be told
            self._emit("failed", error)
            return
        if self._stop.is_set():
            self._emit("cancelled")
        else:
            self._emit("finished", value)

    def _emit(self, name: str, *values: object) -> None:
        """From the thread. Where Qt has taken the object away, nobody is left to tell, and that is no error."""
        with self._tie.lock, contextlib.suppress(RuntimeError):  # which Python's half of it raises a moment earlier
            if not self._tie.cut:
                getattr(self, name).emit(*values)

    def _drive(self) -> Any:
        try:
            while not self._stop.is_set():
                self._leave(next(self._work))
        except StopIteration as end:
            self._stop.clear()  # it was done before it noticed
            return end.value
        finally:
            self._work.close()
        return None

    def _leave(self, step: Any) -> None:
        with self._lock:
            told = bool(self._step)
            self._step = [step]
        if not told:
            self._emit("_moved")

    def _tell(self) -> None:
        with self._lock:
            steps, self._step = self._step, []
        for step in steps:
            self.stepped.emit(step)
