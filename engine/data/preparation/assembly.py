"""Finished pictures become a data set: written in order, noted, renamed at the end, or taken up where they stopped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from engine.data.labels import Card
from engine.data.preparation.items import Item, Refused, batches
from engine.data.preparation.journal import Journal, Line, discard, folder_for, key
from engine.data.preparation.making import Made, make_batch
from engine.data.preparation.outputs import Entry, Folder, Output, Shards, Torn, Zip
from engine.data.preparation.plan import Plan
from engine.data.scan import NoPictures
from engine.data.workers import spread
from engine.progress import Progress


@dataclass(frozen=True)
class Form:
    """What form the data set gets: tar shards of so many pictures, or one zip, or a folder; and its classes' names."""

    shards: int
    zipped: bool
    classes: tuple[str, ...]


def assemble(
    items: Sequence[Item], out: Path, plan: Plan, form: Form, processes: int | None
) -> Generator[Progress, None, list[Line]]:
    """Every item made and written in order, and the data set renamed to what it is to be called.

    Closed before its end it can be taken up again. Raises NoPictures with one sentence where nothing came of any item.
    """
    state = [(item.name, item.bytes, item.modified, item.stamp, item.label, item.caption) for item in items]
    journal, output = begun(out, form, key(plan, form.shards, form.zipped, form.classes, state))
    with closing(output), closing(journal):
        yield Progress(len(journal.lines), len(items), f"{len(journal.lines)} pictures were finished before")
        work = batches(items[len(journal.lines) :])
        with closing(spread(partial(make_batch, plan), work, processes, chunk=1, worth=4)) as results:
            for batch, found in zip(work, results, strict=True):
                journal.add(written(output, journal.count, batch, found))
                yield Progress(len(journal.lines), len(items), batch[-1].name)
        if journal.count:
            finished = output.finish(card(journal.lines, items, form.classes))
    if not journal.count:
        discard(out)
        first = next((f"; {line.name}: {line.reason}" for line in journal.lines), "")
        raise NoPictures(f"None of the {len(items)} pictures can be used{first}")
    reveal(finished, out)
    return journal.lines


def begun(out: Path, form: Form, request: str) -> tuple[Journal, Output]:
    """The journal and the output, at the place where an earlier try of the same request stopped."""
    folder = folder_for(out)
    journal = Journal(folder, request)
    try:
        return journal, opened(folder, form, [entry for line in journal.lines for entry in line.entries])
    except Torn:
        journal.close()
        discard(out)
        return Journal(folder, request), opened(folder, form, [])
    except BaseException:
        journal.close()
        raise


def opened(folder: Path, form: Form, before: Sequence[Entry]) -> Output:
    """The output in the form that was chosen, going on after these entries."""
    if form.shards:
        return Shards(folder, before, form.shards, form.classes)
    return Zip(folder, before) if form.zipped else Folder(folder, before)


def written(output: Output, number: int, items: Sequence[Item], found: Sequence[Made | Refused]) -> list[Line]:
    """Put what was made of the items into the output, numbered from `number` on."""
    lines: list[Line] = []
    for item, made in zip(items, found, strict=True):
        if isinstance(made, Refused):
            lines.append(Line(item.name, (), made.reason))
            continue
        files = enumerate(made.files, number)
        entries = tuple(output.add(place, data, item.label, item.caption) for place, data in files)
        lines.append(Line(item.name, entries, "", made.enlarged))
        number += len(entries)
    return lines


def card(lines: Sequence[Line], items: Sequence[Item], classes: tuple[str, ...]) -> bytes:
    """dataset.json: class numbers as other tools read them, or captions as StyleGAN-T does, where every picture has one."""
    pairs = [(entry.name, item) for line, item in zip(lines, items, strict=True) for entry in line.entries]
    numbers = {name: number for number, name in enumerate(classes)}
    captions = [(name, item.caption) for name, item in pairs if item.caption]
    found = Card(None, list(classes), captions)
    if classes:
        found = Card([(name, numbers[item.label]) for name, item in pairs], list(classes), captions)
    elif len(captions) == len(pairs):
        found = Card(list(captions), [], captions)
    return msgspec.json.encode(found)


def reveal(finished: Path, out: Path) -> None:
    """Give the finished data set its name at once, and forget how it was made."""
    if out.is_dir():
        out.rmdir()  # it is empty; Windows does not rename onto it
    os.replace(finished, out)
    shutil.rmtree(folder_for(out), ignore_errors=True)
