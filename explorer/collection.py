"""The gallery's folder as the window sees it: read, watched and changed in the background, one thing after the other."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from PyQt6.QtCore import QFileSystemWatcher, QObject, pyqtSignal

from engine.gallery import changes, folder
from engine.gallery.changes import Done
from engine.gallery.favourite import Favourite, digest
from engine.gallery.folder import Contents
from engine.gallery.marks import Marks
from engine.recipe import Recipe

from .bridge import Bridge
from .job import Job
from .pictures import exact, file_name
from .timers import after_rest
from .words import reason, tr

REST = 300  # milliseconds without a change in the folder before it is read again
PATIENCE = 20.0  # seconds to wait for work at the end

Work = Generator[Any, None, Any]


@dataclass(frozen=True)
class _Task:
    work: Work
    done: Callable[[Any], None]
    trouble: str
    must: bool


class Collection(QObject):
    """Asks nothing of the disk in the window's own thread but moving files to the trash."""

    changed = pyqtSignal(object)  # Contents
    kept = pyqtSignal(object)  # Favourite, new or found again
    told = pyqtSignal(str, object)  # a sentence and its buttons
    failed = pyqtSignal(str)

    def __init__(self, bridge: Bridge, parent: QObject | None = None):
        super().__init__(parent)
        self._bridge = bridge
        self.folder: Path | None = None
        self.contents = Contents()
        self.thrown: list[dict[str, Path]] = []  # in this sitting, where each lies now by its old name
        self._job: Job | None = None
        self._task: _Task | None = None  # what the job does
        self._keeping: set[str] = set()  # digests of what is being drawn
        self._queue: list[_Task] = []
        self._watcher = QFileSystemWatcher(self)
        self._rest = after_rest(self, REST, self.refresh)
        self._watcher.directoryChanged.connect(lambda _: self._rest.start())

    def use(self, place: Path) -> None:
        """Shows this folder from now on; it need not be there yet."""
        if place != self.folder:
            self.folder, self.thrown = place, []
            self._show(Contents())
            self.refresh()

    def refresh(self) -> None:
        """Reads the folder again; what has not changed is not opened."""
        if self.folder is None:
            return
        if self.folder.is_dir() and str(self.folder) not in self._watcher.directories():
            self._watcher.addPath(str(self.folder))
        self.run(folder.contents(self.folder), self._show, "The gallery's folder cannot be read")

    def keep(self, recipe: Recipe) -> None:
        """Draws the recipe exactly and writes it as a favourite, unless it is one already."""
        place, mark = self._place(), digest(recipe)
        there = next((f for f in self.contents.favourites if f.digest == mark), None)
        if mark in self._keeping:
            return
        if there is not None:
            self.kept.emit(there)
            self.told.emit(tr("This picture is a favourite already: {title}.", title=there.title), ())
            return
        self._keeping.add(mark)
        self._bridge.ask(
            lambda renderer: changes.keep(place, file_name(recipe), exact(renderer).render(recipe)),
            self._kept,
            lambda error: self._not_kept(mark, error),
        )

    def mark(self, favourites: Sequence[Favourite], change: Callable[[Marks], Marks]) -> None:
        """Other marks for these: shown at once, then written into their files."""
        self._replace({f.name: msgspec.structs.replace(f, marks=change(f.marks)) for f in favourites})
        self.run(changes.mark(self._place(), favourites, change), self._marked, must=True)

    def adopt(self, paths: Sequence[Path]) -> None:
        """Copies pictures made here into the folder."""
        self.run(changes.adopt(self._place(), paths), self._adopted)

    def discard(self, favourites: Sequence[Favourite]) -> None:
        """Puts these into the folder's own trash; the message can take it back."""
        place, names = self._place(), {f.name for f in favourites}
        try:
            moved = changes.discard(place, sorted(names))
        except OSError as error:
            self._fail("Nothing was thrown away", error)
            return
        self._show(Contents(tuple(f for f in self.contents.favourites if f.name not in names), self.contents.refused))
        said = tr("{count} pictures are in the gallery's trash.", count=len(moved))
        if len(moved) == 1:
            said = tr("{name} is in the gallery's trash.", name=Path(next(iter(moved))).stem)
        self.thrown.append(moved)
        self.told.emit(said, (("Undo", self.take_back),))

    def take_back(self) -> None:
        """Those that were thrown away last come out of the trash."""
        if not self.thrown:
            return
        try:
            changes.restore(self._place(), self.thrown.pop())
        except OSError as error:
            self._fail("Not everything could be taken back", error)
        self.refresh()

    def trash(self) -> list[Path]:
        """What lies in the folder's trash, the last one that was thrown first."""
        found = (self._place() / changes.TRASH).glob("*.png") if self.folder is not None else ()
        return sorted(found, key=lambda path: path.lstat().st_ctime_ns, reverse=True)

    def bring_back(self, paths: Sequence[Path]) -> None:
        """These come out of the trash again, whoever threw them away."""
        self.thrown = [left for moved in self.thrown if (left := {n: p for n, p in moved.items() if p not in paths})]
        try:
            changes.restore(self._place(), {path.name: path for path in paths})
        except OSError as error:
            self._fail("Not everything could be taken back", error)
        self.refresh()

    def run(self, work: Work, done: Callable[[Any], None], trouble: str = "", must: bool = False) -> None:
        """Long work over the folder, after what is under way; `trouble` and the reason are told when it fails.

        What `must` be done is not dropped when the window closes.
        """
        self._queue.append(_Task(work, done, trouble, must))
        self._next()

    def busy(self) -> bool:
        return self._job is not None or bool(self._queue)

    def close(self) -> None:
        """Marks are written to the end; anything else is given up."""
        if self._job is not None:
            for signal in (self._job.stepped, self._job.finished, self._job.failed):
                signal.disconnect()
            if self._task is None or not self._task.must:
                self._job.cancel()
            self._job.wait(PATIENCE)
            self._job = None
        left, self._queue = self._queue, []
        for task in left:
            if task.must:
                list(task.work)

    def _next(self) -> None:
        if self._job is not None or not self._queue:
            return
        self._task = self._queue.pop(0)
        self._job = Job(self._task.work, "gallery", self)
        self._job.stepped.connect(self._stepped)
        self._job.finished.connect(self._finished)
        self._job.failed.connect(self._broken)
        self._job.start()

    def _finished(self, value: Any) -> None:
        task = self._end_job()
        if task is not None:
            task.done(value)
        self._next()

    def _broken(self, error: Exception) -> None:
        task = self._end_job()
        self._fail(task.trouble if task is not None else "", error)
        self._next()

    def _end_job(self) -> "_Task | None":
        job, self._job = self._job, None
        if job is not None:
            job.deleteLater()
        return self._task

    def _stepped(self, step: object) -> None:
        if isinstance(step, Contents):
            self._show(step)

    def _show(self, contents: Contents) -> None:
        self.contents = contents
        self.changed.emit(contents)

    def _replace(self, new: dict[str, Favourite]) -> None:
        now = self.contents
        self._show(Contents(tuple(new.get(f.name, f) for f in now.favourites), now.refused, now.waiting))

    def _not_kept(self, mark: str, error: Exception) -> None:
        self._keeping.discard(mark)
        self._fail("It was not kept as a favourite", error)

    def _kept(self, favourite: Favourite) -> None:
        self._keeping.discard(favourite.digest)
        others = tuple(f for f in self.contents.favourites if f.name != favourite.name)
        self._show(Contents((*others, favourite), self.contents.refused))
        self.kept.emit(favourite)
        self.told.emit(tr("{title} is a favourite now.", title=favourite.title), ())
        self._rest.start()

    def _marked(self, done: Done) -> None:
        self._replace({f.name: f for f in done.favourites})
        self._refuse(done)
        self._rest.start()

    def _adopted(self, done: Done) -> None:
        if done.favourites and not done.refused:
            count = len(done.favourites)
            self.told.emit(
                tr(
                    "{count} pictures are in the gallery now." if count > 1 else "One picture is in the gallery now.",
                    count=count,
                ),
                (),
            )
        self._refuse(done)
        self.refresh()

    def _refuse(self, done: Done) -> None:
        if done.refused:
            first, more = tr(done.refused[0].reason), len(done.refused) - 1
            self.failed.emit(tr("{reason}, and {count} more", reason=first, count=more) if more else first)

    def _place(self) -> Path:
        if self.folder is None:
            raise RuntimeError("the gallery has no folder yet")
        return self.folder

    def _fail(self, what: str, error: Exception) -> None:
        self.failed.emit(f"{tr(what)}: {reason(error)}" if what else reason(error))
