"""Look at every picture of some sources in several processes, and tell what is there before anything is made of it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.data.preparation.items import ONE_A_SECOND, Frames, Item, Refused, batches, gather
from engine.data.preparation.looks import alike, is_grey, look
from engine.data.preparation.reading import pictures
from engine.data.preparation.report import Alike, Bad, Picture, Report, fix, report
from engine.data.workers import spread
from engine.progress import Progress

ENOUGH = 64  # pixels of the shorter side that a look needs


@dataclass(frozen=True)
class Seen:
    """One picture as a helping process saw it."""

    picture: Picture
    hash: int
    tiny: bytes


@dataclass(frozen=True)
class Found:
    """What sources hold, piece by piece, and the report on it."""

    items: tuple[Item, ...]
    report: Report


def check(
    sources: Sequence[Path], frames: Frames = ONE_A_SECOND, processes: int | None = None
) -> Generator[Progress, None, Report]:
    """Scan the sources, yielding progress and returning the Report; nothing is written.

    Raises NoPictures with one sentence where a source is missing or holds nothing at all.
    """
    found = yield from find(sources, frames, processes)
    return found.report


def find(
    sources: Sequence[Path], frames: Frames = ONE_A_SECOND, processes: int | None = None
) -> Generator[Progress, None, Found]:
    """The same, with the items that the report speaks of, for somebody who shows them. Raises NoPictures."""
    gathered = yield from gather(sources, frames)
    seen, refused = yield from see(gathered.items, processes)
    bad = [Bad(each.name, each.reason, fix(each.reason)) for each in (*gathered.refused, *refused)]
    yield Progress(len(gathered.items), len(gathered.items), "Looking for pictures that are alike")
    told = report([str(source) for source in sources], [each.picture for each in seen], bad, twins(seen))
    return Found(gathered.items, told)


def see(items: Sequence[Item], processes: int | None) -> Generator[Progress, None, tuple[list[Seen], list[Refused]]]:
    """Every item looked at, in order."""
    seen: list[Seen] = []
    refused: list[Refused] = []
    work = batches(items)
    # Sixty-four small pictures are what starting another process is worth.
    for batch, found in zip(work, spread(see_batch, work, processes, chunk=1, worth=4), strict=True):
        for each in found:
            if isinstance(each, Seen):
                seen.append(each)
            else:
                refused.append(each)
        yield Progress(len(seen) + len(refused), len(items), batch[-1].name)
    return seen, refused


def see_batch(items: Sequence[Item]) -> list[Seen | Refused]:
    """One piece of work for a helping process."""
    out: list[Seen | Refused] = []
    for each in pictures(items, lambda name, width, height: ENOUGH / min(width, height)):
        if isinstance(each, Refused):
            out.append(each)
            continue
        code, tiny = look(each.image)
        traits = each.traits if "grey" in each.traits or not is_grey(tiny) else (*each.traits, "grey")
        item = each.item
        picture = Picture(item.name, each.width, each.height, item.bytes, traits, item.label, item.caption)
        out.append(Seen(picture, code, tiny))
    return out


def twins(seen: Sequence[Seen]) -> list[Alike]:
    """Groups of pictures that look the same, the one with the most pixels first."""
    order = sorted(range(len(seen)), key=lambda at: -seen[at].picture.width * seen[at].picture.height)
    groups = alike([seen[at].hash for at in order], [seen[at].tiny for at in order])
    names = [[seen[order[at]].picture.name for at in group] for group in groups]
    return [Alike(group[0], tuple(group[1:])) for group in names]
