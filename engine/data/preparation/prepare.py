"""Make a data set of somebody's pictures: looked through, made in several processes, whole at the end or taken up later."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path

import msgspec

from engine.data.preparation import faces
from engine.data.preparation.assembly import Form, assemble
from engine.data.preparation.check import see, twins
from engine.data.preparation.items import ONE_A_SECOND, Frames, Item, Refused, gather
from engine.data.preparation.plan import BadPlan, Plan, checked
from engine.data.preparation.report import Bad, fix
from engine.data.scan import NoPictures
from engine.progress import Progress


@dataclass(frozen=True)
class Choice:
    """Which pictures go into the data set, and what is written about them."""

    frames: Frames = ONE_A_SECOND
    exclude: frozenset[str] = frozenset()
    """Names of pictures to leave out, as a report gives them."""
    drop_duplicates: bool = False
    labels: bool = False
    """Write class numbers: as the source has them, else by its sub-folders."""
    shards: int = 0
    """Pictures in each tar file; 0 makes a zip where the name ends so, else a folder."""


EVERYTHING = Choice()


class Prepared(msgspec.Struct, frozen=True):
    """A finished data set: how many pictures it has, made of how many, and what was left out."""

    out: str
    pictures: int
    used: int
    enlarged: int
    dropped: int
    excluded: int
    classes: tuple[str, ...]
    bad: tuple[Bad, ...]


def prepare(
    sources: Sequence[Path], out: Path, plan: Plan, choice: Choice = EVERYTHING, processes: int | None = None
) -> Generator[Progress, None, Prepared]:
    """Make the data set, yielding progress; the same call goes on where a stopped one was, and `discard` forgets that one.

    Raises BadPlan or NoPictures with one sentence, and OSError as where the disk is full.
    """
    plan = checked(plan)
    if plan.crop == "faces":
        faces.require()
    check_out(out, sources, choice)
    gathered = yield from gather(sources, choice.frames)
    left = [item for item in gathered.items if item.name not in choice.exclude]
    check_names(plan, choice, gathered.items)
    items = yield from without_twins(left, processes) if choice.drop_duplicates else without_more(left)
    items, unlabelled = labelled(items, choice.labels)
    classes = tuple(sorted({item.label for item in items if item.label}))
    form = Form(choice.shards, is_zip(out, choice), classes)
    lines = yield from assemble(items, out, plan, form, processes)
    refused = [*gathered.refused, *unlabelled, *(Refused(line.name, line.reason) for line in lines if line.reason)]
    used = [line for line in lines if line.entries]
    return Prepared(
        out=str(out),
        pictures=sum(len(line.entries) for line in used),
        used=len(used),
        enlarged=sum(line.enlarged for line in used),
        dropped=len(left) - len(items) - len(unlabelled),
        excluded=len(gathered.items) - len(left),
        classes=classes,
        bad=tuple(Bad(each.name, each.reason, fix(each.reason)) for each in refused),
    )


def check_out(out: Path, sources: Sequence[Path], choice: Choice) -> None:
    """Refuse a place where something is already, or where the data set would lie among its own originals."""
    if choice.shards < 0:
        raise BadPlan("A shard holds at least one picture.")
    if out.suffix.lower() not in ("", ".zip") and (out.is_file() or not choice.shards):
        raise BadPlan(f"{out} should end in .zip, or be a new folder.")
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise BadPlan(f"{out} is there already; choose another name, or remove it first.")
    for source in sources:
        if source.is_dir() and source.resolve() in (out.resolve(), *out.resolve().parents) and not is_zip(out, choice):
            raise BadPlan(f"{out} lies inside of {source}, among the originals; choose a place beside it.")


def is_zip(out: Path, choice: Choice) -> bool:
    """Whether one zip file is asked for."""
    return out.suffix.lower() == ".zip" and not choice.shards


def check_names(plan: Plan, choice: Choice, items: Sequence[Item]) -> None:
    """Refuse names that no picture has: mostly one was misspelt."""
    unknown = sorted((choice.exclude | set(plan.boxes)) - {item.name for item in items})
    if unknown:
        more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
        raise BadPlan(f"No picture is called {unknown[0]}{more}; `dataset check --json` lists the names.")


def without_more(items: list[Item]) -> Generator[Progress, None, list[Item]]:
    """The items as they are."""
    yield Progress(0, len(items), f"{len(items)} pictures")
    return items


def without_twins(items: list[Item], processes: int | None) -> Generator[Progress, None, list[Item]]:
    """The items without those that look like another one."""
    seen, _ = yield from see(items, processes)
    twice = {name for group in twins(seen) for name in group.others}
    return [item for item in items if item.name not in twice]


def labelled(items: list[Item], labels: bool) -> tuple[list[Item], list[Refused]]:
    """The items with their classes, where these are wanted, and those that have none."""
    if not labels:
        return [replaced(item, label="") for item in items], []
    none = [Refused(item.name, "The picture lies in no class folder.") for item in items if not item.label]
    items = [item for item in items if item.label]
    if not items:
        raise NoPictures("No picture has a class: there are neither sub-folders nor labels; leave --labels out.")
    return items, none
