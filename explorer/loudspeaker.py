"""The timeline's sound while it plays, in step with the playhead; where nothing can be heard, it plays on in silence."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe.timeline import Sound, Timeline

from .audio_outlet import FRAME, RATE, NoOutlet, Outlet
from .timelines import TimelineDesk
from .words import tr

LATE = 0.08  # seconds that sound may be behind the picture before some of it is left out
AHEAD = 0.08  # seconds that it may be before the picture until it waits


class Loudspeaker(QObject):
    """Follows the desk. `told` says once why there is nothing to hear."""

    told = pyqtSignal(str, list)
    failed = pyqtSignal(str)

    def __init__(self, desk: TimelineDesk, parent: QObject | None = None, opened: Callable[[], Outlet] = Outlet):
        super().__init__(parent)
        self._desk, self._opened = desk, opened
        self._outlet: Outlet | None = None
        self._sound: Sound | None = None
        self._samples: Iterator[bytes] = iter(())
        self._rest = b""
        self._begun = self._last = 0.0
        self._taken = 0  # frames of sound, heard or left out
        self._said = False
        self.muted = False
        desk.playing_changed.connect(lambda playing: self._start() if playing else self.stop())
        desk.moved.connect(self._follow)
        desk.changed.connect(self._changed)

    @property
    def playing(self) -> bool:
        return self._outlet is not None

    @property
    def late(self) -> float:
        """Seconds that what is heard is behind the picture."""
        waiting = self._outlet.waiting() // FRAME if self._outlet is not None else 0
        return self._desk.at - self._begun - (self._taken - waiting) / RATE

    def mute(self, muted: bool) -> None:
        """Silence, or the sound again, also while it plays."""
        self.muted = muted
        self._start() if self._desk.playing else self.stop()

    def stop(self) -> None:
        outlet, self._outlet = self._outlet, None
        if outlet is not None:
            outlet.close()
        self._samples, self._rest = iter(()), b""

    def _start(self) -> None:
        self.stop()
        self._sound = self._desk.timeline.sound
        if self._sound is None or self.muted:
            return
        try:
            self._outlet = self._opened()
        except NoOutlet as error:
            self._say(str(error))
            return
        self._begin()

    def _begin(self) -> None:
        """The sound from the playhead on."""
        from engine.render.sound import samples

        assert self._sound is not None
        self._begun = self._last = self._desk.at
        self._taken, self._rest = 0, b""
        self._samples = samples(Path(self._sound.path), self._sound.at - self._begun)

    def _changed(self, timeline: Timeline) -> None:
        """Another sound, or the same one elsewhere."""
        if self._desk.playing and timeline.sound != self._sound:
            self._start()

    def _follow(self, at: float) -> None:
        if self._outlet is None:
            return
        if at < self._last:  # a loop's next round
            self._outlet.close()
            self._start()
        self._last = at
        try:
            self._feed()
        except ValueError as error:  # a sound that cannot be read; those who see its waveform know already
            self.stop()
            self._say(str(error))

    def _feed(self) -> None:
        """Hands over as much as the device takes; what is late by now is left out, and what is early waits."""
        late = self.late
        if self._outlet is None or late < -AHEAD:
            return
        if late > LATE:
            gone = self._read(round(late * RATE) * FRAME)
            self._taken += len(gone) // FRAME
        data = self._read(self._outlet.free() // FRAME * FRAME)
        done = self._outlet.write(data) // FRAME * FRAME
        self._rest = data[done:] + self._rest
        self._taken += done // FRAME

    def _read(self, count: int) -> bytes:
        """So many bytes, or fewer at the end of the sound."""
        found = [self._rest]
        length = len(self._rest)
        while length < count:
            piece = next(self._samples, None)
            if piece is None:
                break
            found.append(piece)
            length += len(piece)
        data = b"".join(found)
        self._rest = data[count:]
        return data[:count]

    def _say(self, reason: str) -> None:
        if not self._said:
            self._said = True
            self.told.emit(tr("The film plays in silence: {reason}.", reason=reason.rstrip(".")), [])
