"""Rendering in the background: newest recipe first, side work when nobody is waiting. No torch until the thread runs."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Any, Generic, TypeVar

from engine.recipe import Recipe

from .frame import Failure, Frame
from .mailbox import Mailbox, Superseded

R = TypeVar("R")
REST = 0.08  # seconds in which a hand that still moves has given its next value
IDLE = 0.4  # seconds without anything to do, after which nobody's hand is moving
SHARE = 0.125  # of the time until the next picture that is spent on waiting for one


@dataclass(frozen=True, eq=False)
class Errand(Generic[R]):
    """Side work for the thread that owns the renderer: opening a model, a thumbnail, storing a latent."""

    work: Callable[[R], Any]
    deliver: Callable[[Any], None]
    failed: Callable[[Exception], None]


class RenderThread(Thread, Generic[R]):
    """Owns the renderer, which `make` builds inside the thread (so that torch is imported here).

    Delivers a Frame or a Failure for the newest recipe, and each errand's outcome; callbacks run in this thread.
    """

    def __init__(self, make: Callable[[], R], deliver: Callable[[Any], None]):
        super().__init__(name="render", daemon=True)
        self._make, self._deliver = make, deliver
        self._mail: Mailbox[Recipe | Errand[R]] = Mailbox()
        self.previews = False
        """Whether pictures that take long are shown smaller first; for renderers that can `learn` how."""
        self._shown = math.inf  # when the last whole picture was delivered, while nothing else is drawn

    def submit(self, recipe: Recipe) -> None:
        """Asks for this recipe instead of any that still waits."""
        self._mail.put(recipe)

    def ask(
        self, work: Callable[[R], Any], deliver: Callable[[Any], None], failed: Callable[[Exception], None]
    ) -> None:
        """Queues `work(renderer)`; its value goes to `deliver`, its exception to `failed`."""
        self._mail.queue(Errand(work, deliver, failed))

    def busy(self) -> bool:
        """Whether a newer recipe waits."""
        return self._mail.waiting()

    def run(self) -> None:
        try:
            renderer: Any = self._make()
        except Exception as error:
            self._deliver(Failure(Recipe(), error))
            return
        patient = False  # never give up twice running, or a slider that keeps moving would show nothing
        while (letter := self._next(renderer)) is not None:
            self._keep(renderer)
            if isinstance(letter, Errand):
                self._run_errand(letter, renderer)
                continue
            sight = _Sight(self._mail, self._deliver, patient)
            try:
                self._draw(letter, renderer, sight)
                patient = False
            except Superseded:
                patient = not sight.shown
            except Exception as error:  # the person must see it, and the next recipe must still be drawn
                self._deliver(Failure(letter, error))

    def _next(self, renderer: Any) -> "Recipe | Errand[R] | None":
        """The next letter; until there is one the renderer may `improve` itself, if it can, and gives way at once."""
        improve = getattr(renderer, "improve", None)
        try:
            if improve is not None and self._mail.rests(IDLE):
                while improve(self._mail.pending) and not self._mail.pending():
                    continue
        except Exception as error:
            self._deliver(Failure(Recipe(), error))
        return self._mail.take()

    def _keep(self, renderer: Any) -> None:
        """Lets a renderer that can keep the last picture do so, if the hand has rested at it."""
        keep = getattr(renderer, "keep", None)
        if keep is None or monotonic() - self._shown < REST:
            return
        self._shown = math.inf
        try:
            keep()
        except Exception as error:
            self._deliver(Failure(Recipe(), error))

    def _draw(self, recipe: Recipe, renderer: Any, sight: "_Sight") -> None:
        self._shown = math.inf
        if not self.previews:
            self._deliver(renderer.render(recipe, sight.stale))
        else:
            self._deliver(renderer.render(recipe, sight.stale, sight.show))
            renderer.learn(self._mail.waiting)
        self._shown = monotonic()

    def _run_errand(self, errand: Errand[R], renderer: R) -> None:
        try:
            errand.deliver(errand.work(renderer))
        except Exception as error:
            errand.failed(error)

    def stop(self) -> None:
        """Ends the thread after the layer it is drawing, and waits for it."""
        self._mail.close()
        if self.is_alive():
            self.join()


class _Sight:
    """What a person has seen of a recipe, and whether its whole picture is still wanted."""

    def __init__(self, mail: Mailbox[Any], deliver: Callable[[Any], None], patient: bool):
        self._mail, self._deliver, self._patient = mail, deliver, patient
        self.shown = False

    def stale(self) -> bool:
        """Something newer waits; for the patient only once there was a preview."""
        return (self.shown or not self._patient) and self._mail.waiting()

    def show(self, preview: Frame, seconds: float) -> None:
        """Delivers it, and waits a little whether the hand goes on, since no layer is given up halfway; `seconds` is what comes."""
        self._deliver(preview)
        self.shown = True
        self._mail.waits_within(min(seconds * SHARE, REST))
