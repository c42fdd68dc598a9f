"""Recordings that a crash or a kill has cut off: found at the next start, and made into films where somebody wants them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QLockFile, QObject, QUrl
from PyQt6.QtGui import QDesktopServices

from .job import Job
from .widgets.messages import Messages
from .words import reason, tr

STREAM = (
    ".recording.mkv"  # as engine.render.record calls what it streams to disk, which imports too much to be asked here
)


def guard(film: Path) -> QLockFile:
    """Held by whoever records this film, so that another window does not take the recording for one that was cut off."""
    lock = QLockFile(str(film.with_name(f"{film.stem}{STREAM}.lock")))
    lock.setStaleLockTime(0)  # a recording may last as long as it likes; only that its program has ended counts
    return lock


def cut_off(folder: Path) -> list[Path]:
    """What was streamed to disk by programs that run no more."""
    return [live for live in sorted(folder.glob(f"*{STREAM}")) if _free(live)]


def rescuing(left: Sequence[Path]) -> Any:
    """The engine's `rescue`; PyAV is imported by whoever asks for the first step."""
    from engine.render.record import rescue

    return (yield from rescue(left))


class Rescue(QObject):
    """Asks once at the start; whatever is answered, nothing is lost before somebody says so."""

    def __init__(self, messages: Messages, parent: QObject | None = None):
        super().__init__(parent)
        self._messages = messages
        self._job: Job | None = None

    def offer(self, folder: Path) -> None:
        """Tells of recordings that were cut off, if there are any; those with nothing in them go without a word."""
        left = []
        for live in cut_off(folder):
            if live.stat().st_size:
                left.append(live)
            else:
                live.unlink(missing_ok=True)
        if not left:
            return
        name = left[0].name.removesuffix(STREAM)
        words = (
            tr("The recording {name} was cut off, but what was recorded is there.", name=name)
            if len(left) == 1
            else tr("{count} recordings were cut off, but what was recorded is there.", count=len(left))
        )
        buttons: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Make it a film", lambda: self.save(left)), ("Throw it away", lambda: self.discard(left)),
        )  # fmt: skip
        self._messages.complain(words, "", *buttons)

    def save(self, left: Sequence[Path]) -> None:
        """Makes films of them, which takes no time worth showing: nothing is encoded again."""
        self._messages.dismiss()
        self._job = Job(rescuing(left), "rescue", self)
        self._job.finished.connect(self._saved)
        self._job.failed.connect(self._failed)
        self._job.start()

    def discard(self, left: Sequence[Path]) -> None:
        self._messages.dismiss()
        try:
            for live in left:
                live.unlink(missing_ok=True)
        except OSError as error:
            self._failed(error)

    def close(self) -> None:
        """Waits for what is being written."""
        if self._job is not None:
            self._job.wait(60.0)

    def _saved(self, films: list[Path] | None) -> None:
        if not films:
            return

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(films[0].parent)))

        self._messages.tell(tr("Saved {name}", name=", ".join(film.name for film in films)), ("Show folder", show))

    def _failed(self, error: Exception) -> None:
        self._messages.complain(tr("The recording could not be rescued: {reason}", reason=reason(error)))


def _free(live: Path) -> bool:
    lock = guard(live.with_name(live.name.removesuffix(STREAM) + ".mp4"))
    if not lock.tryLock(0):
        return lock.error() != QLockFile.LockError.LockFailedError
    lock.unlock()
    return True
