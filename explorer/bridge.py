"""The render thread as a Qt object: recipes go in from the store, frames come out as signals, newest first both ways."""

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe import Model, Recipe
from engine.render.frame import Failure, Frame
from engine.render.info import ModelInfo
from engine.render.thread import RenderThread
from engine.torch_import import quickly

from .store import Store

KEPT_MODELS = 5  # in memory, so that the window changes between them at once


def make_renderer(device: str = "auto", precision: Any = "auto", threads: int = 0, kept: int = KEPT_MODELS) -> Any:
    """Runs in the render thread: torch is imported here and nowhere earlier. A device that is not there gives way to the best.

    At most `threads` draw (0: as many as are good), and `kept` models stay in memory.
    """
    if "torch" not in sys.modules:
        _import_torch()
    from engine.device import available, named
    from engine.render.models import Models
    from engine.render.renderer import Renderer
    from engine.render.threads import Threads

    there = named(device if device in available() else "auto")
    return Renderer(precision=precision, models=Models(there, kept), threads=Threads(threads))


def _import_torch() -> None:
    """Its hundred thousand objects stay, so nobody need look through them for garbage: that takes a fifth of the import, and
    would stall the window again and again.
    """
    gc.disable()
    try:
        quickly()
    finally:
        gc.freeze()
        gc.enable()


class Bridge(QObject):
    """Draws whatever the store shows, and runs errands for the window where the renderer lives."""

    framed = pyqtSignal(object)  # Frame, whole
    previewed = pyqtSignal(object)  # Frame, smaller: for showing until the whole one is there, and for nothing else
    failed = pyqtSignal(object)  # Failure
    model_changed = pyqtSignal(object)  # ModelInfo of the recipe that is shown
    opened = pyqtSignal(object)  # ModelInfo of a file that was just opened
    busy = pyqtSignal(bool)
    _arrived = pyqtSignal()  # from the render thread
    _answered = pyqtSignal(object, object)

    def __init__(self, store: Store, make: Callable[[], Any] = make_renderer, parent: QObject | None = None):
        super().__init__(parent)
        self.frame: Frame | None = None  # the last whole one
        self.model: ModelInfo | None = None
        self._known: Model | None = None
        self._wanted: Recipe | None = None
        self._slot: Frame | Failure | None = None
        self._lock = Lock()
        self._closed = self._previews = self._filmed = False
        self._thread: RenderThread[Any] = RenderThread(make, self._leave)
        self._arrived.connect(self._collect)
        self._answered.connect(self._answer)
        store.changed.connect(self.submit)

    def start(self, recipe: Recipe) -> None:
        """Starts the thread; `recipe` is the first it draws."""
        self.submit(recipe)
        self._thread.start()

    def submit(self, recipe: Recipe) -> None:
        """Asks for this recipe instead of any that still waits."""
        was_idle, self._wanted = self._wanted is None, recipe
        self._thread.submit(recipe)
        if was_idle:
            self.busy.emit(True)

    def ask(
        self,
        work: Callable[[Any], Any],
        deliver: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Runs `work(renderer)` in the render thread when nobody waits for a picture; the outcome comes back in this one."""
        on_error = failed or self._raise
        self._thread.ask(
            work,
            lambda value: self._answered.emit(deliver, value),
            lambda error: self._answered.emit(on_error, error),
        )

    @property
    def settled(self) -> Frame | None:
        """The last whole picture where it is the one that is wanted."""
        return self.frame if self._wanted is None else None

    def whole(self, recipe: Recipe, deliver: Callable[[Frame], None], failed: Callable[[Exception], None]) -> None:
        """The whole picture of a recipe: at once where it is the last one, else when it is drawn; never an older one's."""
        if self.frame is not None and self.frame.recipe == recipe:
            deliver(self.frame)
        else:
            self.ask(lambda renderer: renderer.render(recipe), deliver, failed)

    def open_model(self, path: Path, failed: Callable[[Exception], None] | None = None) -> None:
        """Reads a model file; `opened` tells when it is there, `failed` why it is not."""
        self.ask(lambda renderer: renderer.open(path), self.opened.emit, failed)

    def show_previews(self, wanted: bool) -> None:
        """Whether pictures that take long are shown smaller first."""
        self._previews = wanted
        self.film_whole(self._filmed)

    def film_whole(self, filmed: bool) -> None:
        """While what is shown is recorded it is shown whole, or else a picture that never rests would not be in the film."""
        self._filmed = filmed
        self._thread.previews = self._previews and not filmed

    def waiting(self) -> bool:
        """In any thread: whether a newer picture is wanted than what is being drawn; smaller things then give way."""
        return self._thread.busy()

    def close(self) -> None:
        """Ends the thread and waits for it. What is still under way is dropped."""
        self._closed = True
        self._thread.stop()

    def _leave(self, outcome: Frame | Failure) -> None:
        """In the render thread: the newest outcome replaces one that the window has not collected yet."""
        with self._lock:
            told, self._slot = self._slot is not None, outcome
        if not told:
            self._arrived.emit()

    def _collect(self) -> None:
        with self._lock:
            outcome, self._slot = self._slot, None
        if outcome is None or self._closed:
            return
        if isinstance(outcome, Frame) and outcome.preview:
            self.previewed.emit(outcome)
            return
        if outcome.recipe == self._wanted or isinstance(outcome, Failure):
            self._wanted = None
            self.busy.emit(False)
        if isinstance(outcome, Failure):
            self.failed.emit(outcome)
            return
        self.frame = outcome
        self.framed.emit(outcome)
        if outcome.recipe.model != self._known:
            self._known = outcome.recipe.model
            self.ask(lambda renderer: renderer.info(outcome.recipe), self._introduce)

    def _introduce(self, info: ModelInfo) -> None:
        self.model = info
        self.model_changed.emit(info)

    def _answer(self, receiver: Callable[[Any], None], value: Any) -> None:
        if not self._closed:
            receiver(value)

    def _raise(self, error: Exception) -> None:
        self.failed.emit(Failure(self._wanted or Recipe(), error))
