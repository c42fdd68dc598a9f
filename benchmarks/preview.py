"""Whether a picture of 1024×1024 follows the hand: values of psi come 60 times a second to the very thread that the window has."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import torch

from engine import heap
from engine.checkpoints import native
from engine.networks.stylegan2 import StyleGAN2
from engine.recipe import Model, Recipe, Truncation, seeded
from engine.render.frame import Failure, Frame
from engine.render.renderer import Renderer
from engine.render.thread import RenderThread
from engine.render.threads import Threads

from .record import Record, percentile

SPEC = StyleGAN2()  # the paper's widths at 1024², skip
HERTZ = 60  # values a second
SECONDS = 15.0
WARM_UP = 5.0  # of dragging, until it is known how long everything takes
ASKED_MS = 50.0
PATIENCE = 300.0  # seconds that the slowest machine may take for a picture


class Hand:
    """Sends values, and notes what comes for each and when."""

    def __init__(self, model: Model, thread: RenderThread[Renderer]):
        self._model, self.thread = model, thread
        self._sent: dict[Recipe, float] = {}
        self.first: list[float] = []
        self.spent: list[float] = []
        self.sizes: list[int] = []
        self._process = 0.0
        self.last: Recipe | None = None
        self.whole = 0.0
        self.failure: Failure | None = None
        self.arrived = Event()

    def take(self, outcome: Frame | Failure) -> None:
        """In the render thread."""
        if isinstance(outcome, Failure):
            self.failure = outcome
            self.arrived.set()
            return
        if (begun := self._sent.pop(outcome.recipe, None)) is not None:
            self.first.append(time.perf_counter() - begun)
            before, self._process = self._process, time.process_time()
            self.spent.append(self._process - before)
            self.sizes.append(outcome.pixels.shape[0])
        if not outcome.preview:
            self.whole = outcome.seconds
        if not outcome.preview and outcome.recipe == self.last:
            self.arrived.set()

    def drag(self, seconds: float) -> float:
        """Moves psi to and fro; gives the seconds from the last value to its whole picture."""
        self.arrived.clear()
        for step in range(round(seconds * HERTZ)):
            begun = time.perf_counter()
            psi = abs(step % 200 - 100) / 100 * 1.4 + step * 1e-9
            self.last = Recipe(model=self._model, latent=seeded(1), truncation=Truncation(round(psi, 9)))
            self._sent[self.last] = begun
            self.thread.submit(self.last)
            time.sleep(max(1 / HERTZ - (time.perf_counter() - begun), 0.0))
        stopped = time.perf_counter()
        self.arrived.wait(PATIENCE)
        if self.failure is not None:
            raise self.failure.error
        return time.perf_counter() - stopped


def measure() -> Iterator[Record]:
    """With previews; the yardsticks are what was asked for and the whole picture, and without previews once more the whole one."""
    heap.keep_memory()  # before the thread begins
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.safetensors"
        torch.manual_seed(0)
        native.write(path, SPEC.build(), native.Card(SPEC, name="large"))
        for previews in (True, False):
            renderer = Renderer("cpu", "auto", threads=Threads())
            model = renderer.open(path).model
            yield from _dragged(renderer, model, previews)


def _dragged(renderer: Renderer, model: Model, previews: bool) -> Iterator[Record]:
    hands: list[Hand] = []
    thread = RenderThread(lambda: renderer, lambda outcome: hands[0].take(outcome))
    thread.previews = previews
    hand = Hand(model, thread)
    hands.append(hand)
    thread.start()
    hand.drag(1 / HERTZ)  # the first picture, from which the colours are learned
    hand.drag(WARM_UP)
    for measured in (hand.first, hand.spent, hand.sizes):
        measured.clear()
    rest = hand.drag(SECONDS)
    thread.stop()
    seen = f"previews of {min(hand.sizes)} to {max(hand.sizes)} pixels" if previews else "no previews"
    for share in (0.5, 0.95):
        taken = percentile(hand.first, share) * 1e3
        case = f"{seen}: value to first picture, p{share * 100:.0f}"
        yield Record("preview", case, taken, "ms", ASKED_MS, "asked for")
        spent = percentile(hand.spent[1:], share) * 1e3  # from picture to picture, whatever else the machine does
        yield Record("preview", f"{seen}: processor time, p{share * 100:.0f}", spent, "ms", ASKED_MS, "asked for")
    yield Record("preview", f"{seen}: pictures shown", len(hand.first) / SECONDS, "1/s", HERTZ, "values sent")
    yield Record("preview", f"{seen}: rest to whole picture", rest * 1e3, "ms", hand.whole * 1e3, "that picture alone")
