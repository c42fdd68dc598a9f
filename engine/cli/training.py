"""How the command line drives a training: one process or several, with a bar, until the end or until somebody asks it to stop."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import closing
from typing import TYPE_CHECKING

from engine.progress import Progress

from .interrupt import interrupts
from .options import use_threads
from .progress import follow, tell

if TYPE_CHECKING:
    from engine.training.config import Config
    from engine.training.run import Run

STOPPING = "Stopping: the step is finished and everything saved…"
SKIPPED = "skipped "
WAITS = "; trying again in"  # of a network that has gone
SHOWN = 20  # broken pictures that are listed one by one


def check(config: Config) -> None:
    """Raises ValueError with one sentence where the device or the network cannot be had."""
    import torch

    from engine import device
    from engine.training import config as settings

    device.named(config.device)
    settings.check(config)
    with torch.device("meta"):
        config.network.build()


def watched(
    work: Generator[Progress, None, None], stopping: Callable[[], bool], again: list[str]
) -> Generator[Progress, None, None]:
    """The training's progress; lists pictures that cannot be used, and stops while they are still being prepared.

    `again` gets a sentence for each time that all processes were started again.
    """
    from engine.training.loop import Trained

    broken = 0
    with closing(work):
        for now in work:
            if now.note.startswith(SKIPPED):
                broken += 1
                if broken <= SHOWN:
                    tell(now.note)
            elif sentence := remarkable(now.note, again):
                tell(sentence)
            elif not isinstance(now, Trained) and stopping():
                return
            else:
                yield now
                if broken > SHOWN:
                    tell(f"… and {broken - SHOWN} more")
                    broken = 0


def remarkable(note: str, again: list[str]) -> str:
    """What should stay to be read, in a sentence; nothing for how far it is."""
    from engine.training.measuring import UNMEASURED
    from engine.training.returns import RETURNED
    from engine.training.together import AGAIN

    if note.startswith(RETURNED):
        return f"Went {note}."
    if note.startswith(AGAIN):
        again.append(note)
        return f"Started again from the newest state, for the {ordinal(len(again))} time: {note.removeprefix(AGAIN)}"
    return f"{note[0].upper()}{note[1:]}" if note.startswith(UNMEASURED) or WAITS in note else ""


def ordinal(number: int) -> str:
    """first, second, third, 4th and so on."""
    return dict(enumerate(("first", "second", "third"), 1)).get(number, f"{number}th")


def train(run: Run, threads: int = 0, processes: int = 1) -> int:
    """Trains until the end, an interrupt or a stop request; then says where things are."""
    from engine.training.ranks import joined

    if processes < 1:
        raise ValueError(f"--processes {processes} is too few; one trains alone")
    if processes > 1:
        with interrupts(STOPPING) as asked:
            again = _follow(run, together(run, processes, threads, asked), asked)
        return _told(run, again)
    use_threads(threads)
    with joined() as ranks, interrupts(STOPPING if ranks.leads else "") as asked:
        from engine.training.loop import train as steps

        work = steps(run, asked, ranks)
        if not ranks.leads:
            return sum(0 for _ in work)
        again = _follow(run, work, asked)
    return _told(run, again)


def together(run: Run, processes: int, threads: int, asked: Callable[[], bool]) -> Generator[Progress, None, None]:
    """The work of several processes, each with its part of the processor."""
    from engine.training.together import together as work

    each = threads or max((os.cpu_count() or 1) // processes, 1)
    return work(run, processes, asked, "--threads", str(each))


def _follow(run: Run, work: Generator[Progress, None, None], asked: Callable[[], bool]) -> int:
    """How often all processes were started again."""
    again: list[str] = []
    follow(watched(work, lambda: asked() or run.stop_requested(), again), "Training")
    return len(again)


def _told(run: Run, again: int) -> int:
    if again:
        print(f"It came back {again} time{'s' * (again > 1)} after a process was lost, from the newest state.")
    snapshots = run.snapshots()
    if not snapshots:
        print(f"Stopped before the first step; `resume {run.folder}` goes on.")
        return 0
    images, total = int(snapshots[-1].stem), round(run.config().kimg * 1000)
    if images < total:
        print(f"Saved after {images} of {total} pictures; `resume {run.folder}` goes on.")
    else:
        print(f"At its end of {total} pictures; `resume {run.folder} --kimg N` makes it longer.")
    print(f"The newest model is {snapshots[-1]}")
    return 0
