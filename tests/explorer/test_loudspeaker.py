"""The timeline's sound while it plays: in step with the playhead, silent in words where nothing can be heard."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe, seeded
from engine.recipe.timeline import Key, Sound, Timeline
from explorer.audio_outlet import FRAME, RATE, NoOutlet, Outlet
from explorer.loudspeaker import Loudspeaker
from explorer.store import Store
from explorer.timelines import TimelineDesk
from tests.render.test_sound import click

TICK = 0.02  # seconds


class Paper:
    """Writes down what would be heard, a quarter of a second ahead of what `play` has played."""

    def __init__(self) -> None:
        self.data = b""
        self.played = 0
        self.closed = False

    def play(self, seconds: float) -> None:
        self.played = min(self.played + round(seconds * RATE) * FRAME, len(self.data))

    def waiting(self) -> int:
        return len(self.data) - self.played

    def free(self) -> int:
        return RATE // 4 * FRAME - self.waiting()

    def write(self, data: bytes) -> int:
        self.data += data
        return len(data)

    def close(self) -> None:
        self.closed = True

    def tone(self) -> float:
        """When the tone begins in it, in seconds."""
        loud = np.abs(np.frombuffer(self.data, np.int16).astype(int).reshape(-1, 2).max(1)) > 4000
        return float(np.argmax(loud)) / RATE if loud.any() else -1.0


class Stand:
    """A desk whose clock is turned by hand."""

    def __init__(self, path: Path, at: float = 0.0, **changes: object):
        self.papers: list[Paper] = []
        self.desk = TimelineDesk.of(Store())
        keys = tuple(Key(moment, Recipe(latent=seeded(n))) for n, moment in enumerate((0.0, 2.0)))
        self.desk.restart(Timeline(keys=keys, sound=Sound(str(path), at), **changes))
        self.speaker = Loudspeaker(self.desk, opened=self._open)  # type: ignore[arg-type]
        self.told: list[str] = []
        self.speaker.told.connect(lambda words, _: self.told.append(words))

    def _open(self) -> Paper:
        self.papers.append(Paper())
        return self.papers[-1]

    def begin(self, at: float = 0.0) -> None:
        self.desk.place(at)
        self.desk._timer.start(10**6)  # it plays, but its own clock does not beat
        self.desk.playing_changed.emit(True)

    def go(self, seconds: float, heard: bool = True) -> None:
        """So much time goes by, in ticks, or at once where nothing is heard meanwhile."""
        for _ in range(round(seconds / TICK) if heard else 1):
            if heard and self.papers:
                self.papers[-1].play(TICK)
            self.desk.place(self.desk.at + (TICK if heard else seconds))

    def end(self) -> None:
        self.desk.stop()


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A tone half a second after its beginning."""
    return click(tmp_path / "click.wav")


@pytest.mark.parametrize(("at", "begin", "tone"), [(0.0, 0.0, 0.5), (0.7, 0.0, 1.2), (-0.3, 0.0, 0.2), (0.0, 0.4, 0.1)])
def test_it_begins_where_the_playhead_is(qtbot: QtBot, sound: Path, at: float, begin: float, tone: float) -> None:
    stand = Stand(sound, at)
    stand.begin(begin)
    stand.go(1.6)
    assert stand.papers[0].tone() == pytest.approx(tone, abs=0.03)
    assert abs(stand.speaker.late) < 0.05
    stand.end()
    assert stand.papers[0].closed
    assert not stand.speaker.playing


def test_what_is_late_is_left_out(qtbot: QtBot, sound: Path) -> None:
    """The window is busy for a third of a second: the tone comes as if it had not been."""
    stand = Stand(sound, 0.3)
    stand.begin()
    stand.go(0.1)
    stand.papers[0].play(1.0)  # runs dry: a quarter of a second and no more
    stand.go(0.5, heard=False)
    assert abs(stand.speaker.late) < 0.05
    stand.go(0.8)
    heard = stand.papers[0].tone()
    missing = 0.6 - 0.25 - 0.1  # of the busy time, what had not been handed over before
    assert heard == pytest.approx(0.8 - missing, abs=0.06)
    stand.end()


def test_what_is_early_waits(qtbot: QtBot, sound: Path) -> None:
    stand = Stand(sound)
    stand.begin()
    stand.go(0.2)
    stand.papers[0].play(0.2)  # a device whose clock runs away
    before = len(stand.papers[0].data)
    stand.desk.place(stand.desk.at + TICK)
    assert len(stand.papers[0].data) == before
    stand.end()


def test_a_loop_begins_again_with_it(qtbot: QtBot, sound: Path) -> None:
    stand = Stand(sound, loop=True, closing=1.0)
    stand.begin()
    stand.go(1.0)
    stand.desk.place(0.1)
    stand.go(0.6)
    assert len(stand.papers) == 2
    assert stand.papers[0].closed
    assert stand.papers[1].tone() == pytest.approx(0.4, abs=0.03)
    stand.end()


def test_it_can_be_muted_and_the_sound_be_moved_meanwhile(qtbot: QtBot, sound: Path) -> None:
    stand = Stand(sound)
    stand.begin()
    stand.speaker.mute(True)
    assert stand.papers[0].closed
    stand.go(0.2)
    stand.speaker.mute(False)
    stand.go(0.2)
    assert len(stand.papers) == 2
    stand.desk.show(Timeline(keys=stand.desk.timeline.keys, sound=Sound(str(sound), 0.2)))
    stand.go(0.5)
    assert stand.papers[2].tone() == pytest.approx(0.3, abs=0.03)
    stand.end()


def test_without_a_device_it_plays_in_silence_and_says_so_once(qtbot: QtBot, sound: Path) -> None:
    stand = Stand(sound)

    def nothing() -> Paper:
        raise NoOutlet("there is no audio device")

    stand.speaker._opened = nothing  # type: ignore[assignment]
    for _ in range(2):
        stand.begin()
        stand.go(0.2)
        stand.end()
    assert stand.told == ["The film plays in silence: there is no audio device."]


def test_a_sound_that_cannot_be_read_stops_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "words.wav").write_text("no sound at all")
    stand = Stand(tmp_path / "words.wav")
    stand.begin()
    stand.go(0.2)
    assert "words.wav" in stand.told[0]
    assert stand.papers[0].closed
    assert stand.desk.playing
    stand.end()


def opened() -> tuple[Outlet | None, str]:
    try:
        return Outlet(), ""
    except NoOutlet as error:
        return None, str(error)


def test_the_machine_s_own_device_is_opened_or_the_reason_said(qtbot: QtBot) -> None:
    outlet, why = opened()
    if outlet is None:
        assert why
        return
    assert outlet.free() > 0
    assert outlet.write(bytes(FRAME * 100)) > 0
    assert outlet.waiting() >= 0
    outlet.close()
