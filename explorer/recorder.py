"""Records what the canvas shows, in a thread of its own, so that neither the picture nor the hand waits for the disk."""

import contextlib
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import Any

from PyQt6.QtCore import QElapsedTimer, QLockFile, QObject, pyqtSignal

from engine.render.frame import Frame

from .bridge import Bridge
from .rescue import STREAM, guard

WAITING = 16  # pictures that may wait for the disk; further ones are left out, since the film must not be late


class Recorder(QObject):
    """`done` gives the film, or None where nothing was shown; `failed` the reason why there is none."""

    changed = pyqtSignal(bool)  # whether it records
    done = pyqtSignal(object)  # Path | None
    failed = pyqtSignal(object)  # Exception

    def __init__(self, bridge: Bridge, parent: QObject | None = None):
        super().__init__(parent)
        self._bridge = bridge
        self._clock = QElapsedTimer()
        self._queue: Queue[tuple[Any, float]] = Queue(WAITING)
        self._thread: Thread | None = None
        self.left_out = 0
        self._empty = True
        bridge.framed.connect(self._show)

    @property
    def recording(self) -> bool:
        return self._thread is not None

    @property
    def seconds(self) -> float:
        """How long it has recorded."""
        return self._clock.elapsed() / 1000 if self.recording else 0.0

    def start(self, path: Path) -> None:
        """Begins with the picture that is shown now, or where it is not whole yet, once it is."""
        if self.recording:
            return
        self._queue, self.left_out, self._empty = Queue(WAITING), 0, True
        self._thread = Thread(target=self._run, args=(path, self._queue, guard(path)), name="record", daemon=True)
        self._clock.start()
        self._thread.start()
        self._bridge.film_whole(True)
        if self._bridge.settled is not None:
            self._show(self._bridge.settled)
        self.changed.emit(True)

    def stop(self, wait: bool = False) -> None:
        """Ends it; the film is there a moment later, or now where one waits."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._queue.put((None, self._clock.elapsed() / 1000))
        self._bridge.film_whole(False)
        self.changed.emit(False)
        if wait:
            thread.join(60.0)

    def _show(self, frame: Frame) -> None:
        if self.recording:
            if self._empty:
                self._clock.restart()  # no film begins with nothing
            moment, self._empty = 0.0 if self._empty else self._clock.elapsed() / 1000, False
            try:
                self._queue.put_nowait((frame.pixels, moment))
            except Full:
                self.left_out += 1

    def _run(self, path: Path, queue: Queue[tuple[Any, float]], lock: QLockFile) -> None:
        from engine.render.record import Recording

        recording = None
        try:
            recording = Recording(path)
            lock.tryLock(0)  # where the disk knows no locks, it is recorded all the same
            while True:
                pixels, moment = queue.get()
                if pixels is None:
                    film = recording.stop(moment)
                    break
                recording.show(pixels, moment)
        except Exception as error:  # the border: whatever it is, the person must be told
            self._tell(self.failed, error)
            while queue.get()[0] is not None:
                continue  # nobody may wait at a full queue
        else:
            self._tell(self.done, film)
        finally:
            lock.unlock()

    def _tell(self, signal: Any, value: object) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone
            signal.emit(value)


def free_film(folder: Path, stem: str = "recording") -> Path:
    """A file name that is not taken yet, also not by a recording that a kill has left."""
    names = (folder / f"{stem}-{number}.mp4" for number in range(1, 10_000))
    free = (path for path in names if not path.exists() and not path.with_name(path.stem + STREAM).exists())
    return next(free, folder / f"{stem}.mp4")
