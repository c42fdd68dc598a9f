"""Spread independent pieces of work over processes, results in the order of the pieces."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def spread(
    work: Callable[[Piece], Result],
    pieces: Sequence[Piece],
    processes: int | None = None,
    chunk: int = 16,
    worth: int = 64,
) -> Generator[Result, None, None]:
    """Yield work(piece) for every piece, with a process for every `worth` of them; closing the generator ends the processes."""
    workers = count_workers(processes, len(pieces), worth)
    if workers == 1:
        yield from map(work, pieces)
        return
    # spawn: a fork of a program that already runs torch or Qt threads may hang.
    # Ctrl-C reaches every process of a terminal; this one alone answers it and then ends the others.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, spawn, initializer=signal.signal, initargs=ignore)
    try:
        yield from pool.map(work, pieces, chunksize=chunk)
    except BrokenProcessPool as error:
        raise RuntimeError("A helping process ended at once, mostly for want of memory: use fewer.") from error
    finally:
        pool.shutdown(cancel_futures=True)


def count_workers(processes: int | None, pieces: int, worth: int = 64) -> int:
    """As many processes as asked for, or as there are cores, but then none for fewer than `worth` pieces."""
    wanted = processes if processes is not None else min(os.cpu_count() or 1, pieces // worth)
    return max(1, min(wanted, pieces))
