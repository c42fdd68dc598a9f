"""The noise moving by itself: fine detail that flows, at an even speed and without a flicker."""

from msgspec.structs import replace
from PyQt6.QtCore import QObject

from engine.recipe import Noise, Recipe
from engine.recipe.recipe import MAX_PHASE

from .playing import Playing
from .store import Store
from .timelines import TimelineDesk

SLOWEST, FASTEST = 0.05, 8.0  # steps a second
LONGEST = 0.25  # seconds that one picture may move on, after the program was held up


class Motion(Playing):
    """Gives way to the timeline, which moves the noise its own way."""

    def __init__(self, store: Store, parent: QObject | None = None):
        super().__init__(store, parent)
        self.speed = 1.0
        TimelineDesk.of(store).playing_changed.connect(self._give_way)

    def toggle(self) -> None:
        if self.playing:
            self.stop()
        elif self._store.recipe.noise.mode != "off":
            TimelineDesk.of(self._store).stop()
            self._begin()

    def stop(self) -> None:
        self._end("Noise moved")

    def settle(self) -> None:
        """Stops, with the noise back where every picture begins."""
        self.stop()
        self._store.do(self._with(replace(self._store.recipe.noise, phase=0.0)), "Noise as it was")

    def _tick(self) -> None:
        noise = self._store.recipe.noise
        if noise.mode == "off":
            self.stop()
            return
        seconds = min(self._clock.restart() / 1000, LONGEST)
        phase = round(noise.phase + self.speed * seconds, 6) % MAX_PHASE
        self._store.show(self._with(replace(noise, phase=phase)))

    def _with(self, noise: Noise) -> Recipe:
        return replace(self._store.recipe, noise=noise)

    def _give_way(self, playing: bool) -> None:
        if playing:
            self.stop()
