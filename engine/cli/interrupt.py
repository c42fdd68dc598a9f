"""Ctrl-C as a wish instead of a blow: whoever works looks at it between two steps."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from .progress import tell


@contextmanager
def interrupts(said: str) -> Iterator[Callable[[], bool]]:
    """A function that tells whether somebody asked to stop, by Ctrl-C or a request to end.

    `said` is shown the first time; further ones change nothing, so that what is being saved is saved.
    """
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            tell(said)
        asked = True

    kinds = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(kind, ask) for kind in kinds]
    try:
        yield lambda: asked
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)
