"""The timeline's sound: listened to beside the window, so that its waveform and its beats can be seen."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe.timeline import Sound, Timeline

from .job import Job
from .timelines import TimelineDesk
from .words import tr


def listening(path: Path) -> Any:
    """The engine's `hear`; PyAV is imported by whoever asks for the first step."""
    from engine.render.hearing import hear

    return (yield from hear(path))


class SoundTrack(QObject):
    """`peaks` and `beats` of the desk's sound; both empty while nothing is known of it."""

    changed = pyqtSignal()
    failed = pyqtSignal(str)

    def __init__(self, desk: TimelineDesk, parent: QObject | None = None):
        super().__init__(parent)
        self._desk = desk
        self.path = ""
        self.peaks: tuple[float, ...] = ()
        self._beats: tuple[float, ...] = ()
        self._job: Job | None = None
        desk.changed.connect(self._follow)
        self._follow(desk.timeline)

    @property
    def beats(self) -> tuple[float, ...]:
        """In seconds of the timeline."""
        sound = self._desk.timeline.sound
        return tuple(beat + sound.at for beat in self._beats if beat + sound.at >= 0) if sound is not None else ()

    def lay(self, path: Path) -> None:
        """This sound below the timeline, from its beginning."""
        self._desk.do(
            replace(self._desk.timeline, sound=Sound(str(path.absolute()))), tr("Sound {name}", name=path.name)
        )

    def take_away(self) -> None:
        self._desk.do(replace(self._desk.timeline, sound=None), "No sound")

    def close_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job.wait(5.0)

    def _follow(self, timeline: Timeline) -> None:
        path = timeline.sound.path if timeline.sound is not None else ""
        if path == self.path:
            return
        self.path, self.peaks, self._beats = path, (), ()
        if self._job is not None:
            self._job.cancel()
        if path:
            self._job = Job(listening(Path(path)), "listen")
            self._job.finished.connect(lambda heard: self._heard(path, heard))
            self._job.failed.connect(lambda error: self._not_heard(path, error))
            self._job.start()
        self.changed.emit()

    def _heard(self, path: str, heard: Any) -> None:
        if path == self.path and heard is not None:
            self.peaks, self._beats = heard.peaks, heard.beats
            self.changed.emit()

    def _not_heard(self, path: str, error: Exception) -> None:
        if path == self.path:
            self.failed.emit(str(error))
