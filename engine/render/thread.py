"""Rendering in the background: newest recipe first, side work when nobody is waiting. No torch until the thread runs."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any, Generic, TypeVar

from engine.recipe import Recipe

from .frame import Failure
from .mailbox import Mailbox, Superseded

R = TypeVar("R")


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
        while (letter := self._mail.take()) is not None:
            if isinstance(letter, Errand):
                self._run_errand(letter, renderer)
                continue
            stale = (lambda: False) if patient else self._mail.waiting
            try:
                self._deliver(renderer.render(letter, stale))
                patient = False
            except Superseded:
                patient = True
            except Exception as error:  # the person must see it, and the next recipe must still be drawn
                self._deliver(Failure(letter, error))

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
