"""Films that are to be written, one after the other, while one goes on playing; each can be paused, gone on with, thrown away."""

from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from PyQt6.QtCore import QObject, pyqtSignal

from engine.progress import Progress
from engine.recipe.timeline import Timeline
from engine.render.export_settings import ExportSettings

from .job import Job

State = Literal["waiting", "running", "paused", "done", "failed"]


@dataclass(eq=False)
class Export:
    """One film of the queue and how it stands."""

    timeline: Timeline
    settings: ExportSettings
    path: Path
    models: tuple[Path, ...]
    state: State = "waiting"
    now: Progress = field(default_factory=lambda: Progress(0, 0))
    error: str = ""


def exporting(export: Export) -> Generator[Any, None, None]:
    """The engine's export with a renderer of its own; torch is imported by whoever asks for the first step."""
    from engine.render.export import export as write
    from engine.render.renderer import Renderer

    renderer = Renderer()
    for model in export.models:
        renderer.open(model)
    yield from write(export.timeline, renderer, export.path, export.settings)


class ExportQueue(QObject):
    """Runs the first that waits. Pausing keeps what is finished; so does the end of the program."""

    changed = pyqtSignal()
    stepped = pyqtSignal(object)  # Filmed, of the one that runs
    done = pyqtSignal(object)  # Export
    failed = pyqtSignal(object)  # Export

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.exports: list[Export] = []
        self._job: Job | None = None
        self._running: Export | None = None
        self._thrown: set[Export] = set()

    @property
    def running(self) -> Export | None:
        return self._running

    def add(self, export: Export) -> None:
        self.exports.append(export)
        self._next()

    def pause(self, export: Export) -> None:
        """Stops after the present frame; it waits until a person lets it go on."""
        if export is self._running and self._job is not None:
            self._job.cancel()
        export.state = "paused"
        self.changed.emit()

    def go_on(self, export: Export) -> None:
        if export.state in ("paused", "failed"):
            export.state, export.error = "waiting", ""
            self._next()

    def remove(self, export: Export) -> None:
        """Takes it out of the queue, with what is finished of it; a film that is done stays where it is."""
        if export in self.exports:
            self.exports.remove(export)
        if export is self._running:
            self._thrown.add(export)
            self.pause(export)
        elif export.state != "done":
            _discard(export)
        self.changed.emit()

    def close(self, seconds: float = 60.0) -> None:
        """Stops and waits, as the program ends."""
        if self._job is not None:
            self._job.cancel()
            self._job.wait(seconds)

    def _next(self) -> None:
        waiting = next((export for export in self.exports if export.state == "waiting"), None)
        if self._running is None and waiting is not None:
            self._running, waiting.state = waiting, "running"
            job = self._job = Job(exporting(waiting), "export")
            job.stepped.connect(self._step)
            job.finished.connect(lambda _: self._end("done"))
            job.failed.connect(lambda error: self._end("failed", str(error) or type(error).__name__))
            job.cancelled.connect(lambda: self._end("paused"))
            job.start()
        self.changed.emit()

    def _step(self, now: Progress) -> None:
        if self._running is not None:
            self._running.now = now
            self.stepped.emit(now)

    def _end(self, state: State, error: str = "") -> None:
        export, self._running, self._job = self._running, None, None
        if export is None:
            return
        if not (state == "paused" and export.state == "waiting"):  # it was let go on before it had stopped
            export.state, export.error = state, error
        if export in self._thrown:
            self._thrown.discard(export)
            _discard(export)
        elif state == "done":
            self.done.emit(export)
        elif state == "failed":
            self.failed.emit(export)
        self._next()


def _discard(export: Export) -> None:
    from engine.render.export import discard

    discard(export.path)
