"""The one place that knows the timeline: its undo, its playhead, and playing at true speed in the live view."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from PyQt6.QtCore import pyqtSignal

from engine.recipe import Recipe
from engine.recipe.timeline import Key, Timeline
from engine.recipe.timeline_edits import DEFAULT_SPAN, append_key, key_near, put_key

from .history import History
from .playing import Playing
from .store import Store

NEAR = 0.02  # seconds that still count as the same moment


class TimelineDesk(Playing):
    """`show` while a gesture goes on, `keep` when it ends, as the store does; its undo is its own."""

    changed = pyqtSignal(object)  # Timeline
    kept = pyqtSignal()
    moved = pyqtSignal(float)  # the playhead, in seconds
    chose = pyqtSignal()

    def __init__(self, store: Store):
        super().__init__(store, store)
        self.timeline = Timeline()
        self.history: History[Timeline] = History(self.timeline)
        self.at = 0.0
        self.chosen: frozenset[int] = frozenset()
        self._from = 0.0

    @classmethod
    def of(cls, store: Store) -> "TimelineDesk":
        """The store's own, so that panel and session look at one."""
        return store.findChild(cls) or cls(store)

    # the timeline

    def show(self, timeline: Timeline) -> None:
        """Another timeline, without a step of undo yet."""
        if timeline != self.timeline:
            self.timeline = timeline
            count = len(timeline.keys)
            self.choose(at for at in self.chosen if at < count)
            self.changed.emit(timeline)

    def keep(self, note: str = "") -> None:
        """Ends a gesture."""
        if self.history.keep(self.timeline, note):
            self.kept.emit()

    def do(self, timeline: Timeline, note: str) -> None:
        """A whole gesture at once."""
        self.show(timeline)
        self.keep(note)

    def restart(self, timeline: Timeline) -> None:
        """From a session or a file, with nothing to undo."""
        self.history = History(timeline)
        self.choose(())
        self.show(timeline)
        self.kept.emit()

    def undo(self) -> None:
        self.keep()
        self.show(self.history.undo())
        self.kept.emit()

    def redo(self) -> None:
        self.show(self.history.redo())
        self.kept.emit()

    def choose(self, keys: Iterable[int]) -> None:
        """Which keys the next edit is for."""
        chosen = frozenset(keys)
        if chosen != self.chosen:
            self.chosen = chosen
            self.chose.emit()

    def add_key(self) -> None:
        """The picture that is shown becomes a key: at the playhead, or after the last key where one lies there already."""
        recipe, before = self._store.recipe, self.timeline
        there = key_near(before, self.at, NEAR)
        if there is None or not before.keys:
            found = put_key(before, self.at, recipe)
        elif there == len(before.keys) - 1:
            found = append_key(before, recipe)
        else:
            found = put_key(before, before.keys[there].at, recipe)
        self.do(found, "Key added")
        new = next((at for at, key in enumerate(found.keys) if key not in before.keys), None)
        if new is not None:
            self.choose({new})
            self.place(found.keys[new].at)

    def set_key(self, index: int, recipe: Recipe | None = None) -> None:
        """A picture, or else the one that is shown, becomes this key's."""
        keys = list(self.timeline.keys)
        keys[index] = replace(keys[index], recipe=recipe or self._store.recipe)
        self.do(replace(self.timeline, keys=tuple(keys)), "Key set")

    def lay_keys(self, recipes: Sequence[Recipe], at: float | None = None) -> None:
        """Pictures as keys one after another, from a moment on, or else after the last key. Raises ValueError."""
        before = line = self.timeline
        for number, recipe in enumerate(recipes):
            line = append_key(line, recipe) if at is None else put_key(line, at + number * DEFAULT_SPAN, recipe)
        self.do(line, "Keys added" if len(recipes) > 1 else "Key added")
        self.choose(number for number, key in enumerate(line.keys) if key not in before.keys)

    @property
    def key(self) -> Key | None:
        """The first of the chosen keys."""
        return self.timeline.keys[min(self.chosen)] if self.chosen else None

    # the playhead

    def place(self, seconds: float) -> None:
        """Moves the playhead without showing what lies there."""
        at = min(max(seconds, 0.0), max(self.timeline.length, self.at, seconds))
        if at != self.at:
            self.at = at
            self.moved.emit(at)

    def go(self, seconds: float) -> None:
        """Moves the playhead and shows the picture that lies there."""
        self.place(seconds)
        if self.timeline.keys:
            self._store.show(self.timeline.at(self.at))

    def end_scrub(self) -> None:
        """The picture one has come to becomes one step of the window's undo."""
        self._store.keep("Timeline")

    def toggle(self) -> None:
        if self.playing:
            self.stop()
        elif self.timeline.length > 0:
            ended = not self.timeline.loop and self.at >= self.timeline.length - NEAR
            self._from = 0.0 if ended else self.at
            self._begin()

    def stop(self) -> None:
        self._end("Played")

    def _tick(self) -> None:
        """Where the clock says, however long the last picture took: late ones are left out."""
        at, length = self._from + self._clock.elapsed() / 1000, self.timeline.length
        if not self.timeline.keys or not length:
            self.stop()
        elif self.timeline.loop:
            self.go(at % length)
        else:
            self.go(min(at, length))
            if at >= length:
                self.stop()
