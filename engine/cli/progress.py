"""A long job driven to its end with a bar and the time that is left; plain lines where nobody sees a bar."""

import sys
import time
from collections.abc import Generator
from contextlib import closing
from typing import TypeVar

from engine.progress import Progress

P = TypeVar("P", bound=Progress)
T = TypeVar("T")

LINE_EVERY = 20.0  # seconds between two lines where there is no terminal


def follow(work: Generator[P, None, T], what: str) -> T:
    """Runs `work` to its end and gives back what it returns; an interrupt closes it first, so that it cleans up."""
    with closing(work):
        return _bar(work, what) if sys.stderr.isatty() else _lines(work, what)


def tell(line: str) -> None:
    """One line for the person, beside a running bar as well."""
    print(line, file=sys.stderr, flush=True)


def _bar(work: Generator[P, None, T], what: str) -> T:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, note="")
        total = 0
        while True:
            try:
                now = next(work)
            except StopIteration as end:
                finished: T = end.value
                return finished
            if now.total != total:  # another part of the job, with another speed
                total = now.total
                bar.reset(task, total=total)
            bar.update(task, completed=now.done, note=now.note)


def _lines(work: Generator[P, None, T], what: str) -> T:
    told = time.monotonic()
    while True:
        try:
            now = next(work)
        except StopIteration as end:
            finished: T = end.value
            return finished
        if time.monotonic() - told >= LINE_EVERY:
            told = time.monotonic()
            tell(f"{what}: {now.done} of {now.total} · {now.note}")
