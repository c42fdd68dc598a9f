"""Where sessions lie: the present one in its own file, those put by in a folder beside it, and a list of the recent ones."""

import os
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from PyQt6.QtCore import QLockFile

from engine.recipe import BadRecipe
from engine.whole import free_path, write_bytes

from .session import Session
from .session_codec import MAX_BYTES, Encoder, decode
from .settings import set_aside
from .words import tr

SUFFIX = ".session"
RECENT = 12
KEPT = 30  # sessions that nobody named; older ones go
MOST_WINDOWS = 20


class _Recent(Struct):
    paths: Annotated[tuple[Annotated[str, Meta(max_length=4096)], ...], Meta(max_length=1000)] = ()


class SessionShelf:
    """`first` is the file of the present session; where another window has it, the next free one beside it is taken."""

    def __init__(self, first: Path):
        self.folder = first.parent / "sessions"
        self.path, self._lock = _own(first)

    def begin(self) -> tuple[Session | None, str]:
        """The session that was there last, and a sentence where it cannot be read; its file is then set aside."""
        try:
            return read(self.path), ""
        except FileNotFoundError:
            return None, ""
        except OSError as error:
            return None, tr("The last session cannot be read: {reason}", reason=error.strerror or error)
        except BadRecipe as error:
            kept = set_aside(self.path)
            return None, tr("{error}; the last session is kept as {name}", error=error, name=kept)

    def put_by(self, session: Session) -> Path:
        """Writes a session where its person keeps it, or among those put by, and to the front of the recent ones.

        Raises OSError.
        """
        path = Path(session.file) if session.file else self._free(session)
        write(replace(session, file=str(path), ended=True), path)
        self.remember(path)
        self._tidy()
        return path

    def put_by_the_last(self, session: Session) -> Path | None:
        """The same for the one that was cut off, without writing it anew; None where it cannot be moved."""
        path = self._free(session)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            os.replace(self.path, path)
        except OSError:
            return None
        self.remember(path)
        self._tidy()
        return path

    def recent(self) -> list[Path]:
        """The newest first; only those that are there."""
        return [path for path in map(Path, self._listed()) if path.exists()][:RECENT]

    def remember(self, path: Path) -> None:
        """To the front of the list. One that cannot be written is no reason to stop."""
        paths = (str(path), *(other for other in self._listed() if other != str(path)))
        try:
            write_bytes(self.folder / "recent.json", msgspec.json.encode(_Recent(paths[: KEPT + RECENT])))
        except OSError:
            return

    def close(self) -> None:
        """Another window may have the file now."""
        self._lock.unlock()

    def _listed(self) -> tuple[str, ...]:
        try:
            return msgspec.json.decode((self.folder / "recent.json").read_bytes(), type=_Recent).paths
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
            return ()

    def _free(self, session: Session) -> Path:
        when = datetime.now().strftime("%Y-%m-%d %H.%M")
        name = tr("{when}, {count} steps", when=when, count=len(session.entries))
        return free_path(self.folder / f"{name}{SUFFIX}")

    def _tidy(self) -> None:
        """Of those that nobody named, the oldest go."""
        try:
            own = sorted(self.folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
            for path in own[:-KEPT]:
                path.unlink()
        except OSError:
            return


def read(path: Path) -> Session:
    """Raises OSError, or BadRecipe with one sentence."""
    with path.open("rb") as file:
        text = file.read(MAX_BYTES + 1)
    try:
        return decode(text)
    except BadRecipe as error:
        raise BadRecipe(f"{path.name}: {error}") from None


def write(session: Session, path: Path) -> None:
    """Complete or not there at all. Raises OSError."""
    write_bytes(path, Encoder().encode(session))


def _own(first: Path) -> tuple[Path, QLockFile]:
    """The first of the files that no other window has; a lock whose program was cut off counts for nothing."""
    with suppress(OSError):  # then nothing can be written there anyway, which is told when it is tried
        first.parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, MOST_WINDOWS):
        path = first if number == 1 else first.with_name(f"{first.stem} {number}{first.suffix}")
        lock = QLockFile(f"{path}.lock")
        lock.setStaleLockTime(0)
        if lock.tryLock(0) or lock.error() != QLockFile.LockError.LockFailedError:
            return path, lock
    return first, lock
