"""The way from the picture that is shown to another, gone in the live view: two keys of a timeline, played once."""

from dataclasses import dataclass

from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe import Recipe
from engine.recipe.easing import Ease
from engine.recipe.timeline import Key, Timeline
from engine.recipe.tween import Path

from . import pictures
from .playing import Playing
from .store import Store
from .words import tr

SHORTEST, LONGEST = 0.1, 600.0  # seconds


@dataclass
class Manner:
    """How the way is gone."""

    seconds: float = 3.0
    ease: Ease = "smooth"
    path: Path = "straight"


class Morph(Playing):
    """One step of undo, whether it comes to its end or is stopped. Another hand on the picture takes over at once."""

    failed = pyqtSignal(str)

    def __init__(self, store: Store, parent: QObject | None = None):
        super().__init__(store, parent)
        self.manner = Manner()
        self._way = Timeline()
        self._shown = store.recipe
        self._name = ""

    @property
    def done(self) -> float:
        """How much of its time has passed, 0 to 1."""
        return min(self._clock.elapsed() / 1000 / self._way.length, 1.0) if self.playing else 0.0

    def to(self, recipe: Recipe, name: str) -> None:
        """Sets out for this recipe; one of another model cannot be reached, which `failed` says."""
        self.stop()
        other = pictures.of_another_model(recipe, self._store.recipe)
        if other:
            self.failed.emit(f"{name} {other}")
            return
        self._store.keep()
        self._shown, self._name = self._store.recipe, name
        if recipe == self._shown:
            self.failed.emit(tr("{name} is what you see already.", name=name))
            return
        first = Key(0.0, self._shown, self.manner.ease, self.manner.path)
        self._way = Timeline(keys=(first, Key(self.manner.seconds, recipe)))
        self._begin()

    def stop(self) -> None:
        """Stays where it is now."""
        self._end(tr("Morph towards {name}", name=self._name) if self._store.recipe == self._shown else "")

    def _tick(self) -> None:
        if self._store.recipe != self._shown:  # somebody has done something else
            self._end()
            return
        at = self._clock.elapsed() / 1000
        self._shown = self._way.at(at)
        self._store.show(self._shown)
        if at >= self._way.length:
            self._end(tr("Morph to {name}", name=self._name))
