"""Walking A over the seed plane, by hand or endlessly, and B with it while the two are linked."""

import math

from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe import Latent, Recipe, Weighted, conditions, plane

from .desk import MixingDesk
from .mixing import b_latent, with_a, with_b
from .playing import Playing
from .store import Store

MOST_POINTS = 400  # a latent walked far away from a stored picture stops growing here


def moved(latent: Latent, dx: float, dy: float) -> Latent:
    """The latent some seeds further on the plane, with the classes and words it has.

    One that is not of the plane takes the same change along as a difference.
    """
    here, under = plane.place(latent), conditions(latent)
    if here is not None:
        return plane.at(here[0] + dx, here[1] + dy, under)
    if len(latent.points) > MOST_POINTS:
        return latent
    total = math.fsum(item.weight for item in latent.points)
    shares = {item.point: item.weight / total for item in latent.points}
    for other, sign in ((plane.at(dx, dy, under), 1.0), (plane.at(0.0, 0.0, under), -1.0)):
        for item in other.points:
            shares[item.point] = shares.get(item.point, 0.0) + sign * item.weight
    return Latent(tuple(Weighted(point, share) for point, share in shares.items() if abs(share) > 1e-6))


class Walk(QObject):
    """One gesture over the plane: `begin`, then `by` as far as the hand has come, then `end`."""

    linked_changed = pyqtSignal(bool)

    def __init__(self, store: Store, parent: QObject | None = None):
        super().__init__(parent)
        self._store, self._desk = store, MixingDesk.of(store)
        self._base = store.recipe
        self.linked = False

    def link(self, linked: bool) -> None:
        """While linked, B makes every step of A."""
        if linked != self.linked:
            self.linked = linked
            self.linked_changed.emit(linked)

    def begin(self) -> None:
        self._store.keep()
        self._base = self._store.recipe

    def by(self, dx: float, dy: float) -> None:
        """As far as this from where the gesture began."""
        self._store.show(self.walked(self._base, self._store.recipe, dx, dy))

    def end(self, note: str = "Walked") -> None:
        self._store.keep(note)

    def walked(self, base: Recipe, onto: Recipe, dx: float, dy: float) -> Recipe:
        """`onto` with A, and with B while linked, as far as this from where they are in `base`."""
        walked = with_a(onto, moved(base.latent, dx, dy))
        if not self.linked:
            return walked
        at = self._desk.chosen
        return with_b(walked, moved(b_latent(base, at), dx, dy), at)


class Travel(Playing):
    """Endless travel: A moves along a winding path at an even speed until it is stopped, which is one step of undo."""

    def __init__(self, store: Store, walk: Walk, parent: QObject | None = None):
        super().__init__(store, parent)
        self.speed = 0.4  # seeds a second
        self._walk = walk
        self._rebase()
        self._phase = 0.0

    def toggle(self) -> None:
        if self.playing:
            self.stop()
        else:
            self.start()

    def start(self) -> None:
        self._rebase()
        self._begin()

    def stop(self) -> None:
        self._end("Travelled")

    def _rebase(self) -> None:
        self._base = self._shown = self._store.recipe
        self._x = self._y = 0.0

    def _tick(self) -> None:
        if self._store.recipe.latent != self._shown.latent:  # another hand has moved A: go on from there
            self._rebase()
        seconds = min(self._clock.restart() / 1000, 0.25)
        self._phase += seconds * self.speed
        angle = heading(self._phase)
        self._x += math.cos(angle) * self.speed * seconds
        self._y += math.sin(angle) * self.speed * seconds
        self._shown = self._walk.walked(self._base, self._store.recipe, self._x, self._y)
        self._store.show(self._shown)


def heading(phase: float) -> float:
    """The direction after so many seeds of travel: it winds, and never comes back to itself in the same way."""
    return 0.6 + 1.1 * math.sin(0.45 * phase) + 0.7 * math.sin(0.17 * phase + 1.0)
