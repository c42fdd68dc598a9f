"""Moments inside a long layer at which whoever draws may give it up, because something newer is wanted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch

_asked: ContextVar[Callable[[], None] | None] = ContextVar("asked", default=None)


def pause() -> None:
    """Between two parts of a layer, where nothing that will be used again is half written. Raises what `asking` raises."""
    if not torch.compiler.is_compiling() and (ask := _asked.get()) is not None:
        ask()


@contextmanager
def asking(ask: Callable[[], None]) -> Iterator[None]:
    """Every pause inside, in this thread, calls `ask`, which raises where what is drawn is to be given up."""
    token = _asked.set(ask)
    try:
        yield
    finally:
        _asked.reset(token)
