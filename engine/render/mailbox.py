"""A slot for one letter: a newer one replaces the one that nobody has read yet."""

from threading import Condition
from typing import Generic, TypeVar

T = TypeVar("T")


class Superseded(Exception):
    """Something newer is waiting; what was being made is no longer wanted."""


class Mailbox(Generic[T]):
    """Newest wins, so the reader is never behind. With `errands`, work that is done only while no letter waits."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._letter: T | None = None
        self._errands: list[T] = []
        self._closed = False

    def put(self, letter: T) -> None:
        """Leaves a letter, replacing an unread one."""
        with self._changed:
            self._letter = letter
            self._changed.notify_all()

    def queue(self, errand: T) -> None:
        """Leaves an errand: every one is done, in order, but only while no letter waits."""
        with self._changed:
            self._errands.append(errand)
            self._changed.notify_all()

    def take(self) -> T | None:
        """Waits for the letter, else the oldest errand; None once the box is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._letter is not None or self._errands or self._closed)
            if self._closed:
                return None
            if self._letter is not None:
                letter, self._letter = self._letter, None
                return letter
            return self._errands.pop(0)

    def waiting(self) -> bool:
        """Whether a letter is waiting, or the box is closed."""
        return self._letter is not None or self._closed

    def waits_within(self, seconds: float) -> bool:
        """Whether a letter is waiting or comes within so many seconds, or the box is closed."""
        with self._changed:
            return self._changed.wait_for(self.waiting, seconds)

    def pending(self) -> bool:
        """Whether a letter or an errand is waiting, or the box is closed."""
        return self.waiting() or bool(self._errands)

    def rests(self, seconds: float) -> bool:
        """Whether nothing at all comes within so many seconds."""
        with self._changed:
            return not self._changed.wait_for(self.pending, seconds)

    def close(self) -> None:
        """Nothing more is read."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
