"""The one way from a recipe to pixels."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine import device as devices
from engine.networks import Canvas
from engine.recipe import Latent, Recipe, layer_value

from .cache import Activations
from .drawings import Cause, Plan, room_on
from .frame import Early, Frame
from .graphs import Graphs
from .info import ModelInfo
from .latents import Mapped, resolve, store
from .mailbox import Superseded
from .models import Loaded, Models
from .noise import OFF, noise_key
from .pixels import to_uint8
from .preview import AllPreviews, Previews
from .stream import AHEAD, fetched, in_flight, sent
from .threads import Threads, drawing_with
from .transform import layer_transform
from .trial import Precisions


class Renderer:
    """Draws recipes at batch 1, in float32 unless another precision is asked for; keeps the last drawing's layers.

    "auto" draws in float32 until a trial, which `improve` goes on with, finds something quicker and near enough.

    Not safe for use by several threads at once.
    """

    def __init__(
        self,
        device: str = "auto",
        precision: devices.Precision | Precisions = "fp32",
        models: Models | None = None,
        threads: Threads | None = None,
        previews: AllPreviews | None = None,
    ):
        """`threads` chooses how many draw on a processor; without it, as many as the process has. `previews` chooses what
        is shown early. `precision` can be that of another renderer of the same device, with all that it has found.
        """
        self.device = devices.named(device) if models is None else models.device
        self.precisions = precision if isinstance(precision, Precisions) else Precisions(self.device, precision)
        self._trying: _Work | None = None
        self.models = models or Models(self.device)
        self._mapped = Mapped()
        self._activations = self._cache()
        self._previews = AllPreviews() if previews is None else previews
        self._last: _Work | None = None
        self._drawn, self._drawn_in = "", torch.float32  # the model and the precision that the cache is of
        self._threads = threads if self.device.type == "cpu" else None

    def _cache(self) -> Activations:
        """An empty one, with graphs of its own where the device knows any."""
        found = Activations(room_on(self.device))
        found.graphs = Graphs(self._settled) if self.device.type == "cuda" else None
        return found

    def _settled(self) -> float:
        """The time when the device has done all that it was given."""
        devices.synchronize(self.device)
        return time.perf_counter()

    def open(self, path: Path) -> ModelInfo:
        """Reads a model file, so that recipes can name it. Raises BadCheckpoint with one sentence."""
        return self.models.open(path)

    def tune(self, precision: devices.Precision, threads: Threads | None) -> None:
        """Another precision and another choice of threads, from the next picture on."""
        self.precisions.ask(precision)
        self._trying = None
        self._threads = threads if self.device.type == "cpu" else None
        self._activations, self._last = self._cache(), None

    def info(self, recipe: Recipe) -> ModelInfo:
        """The card of the model that a recipe names. Raises MissingModel with one sentence."""
        return self.models.get(recipe.model).info

    def render(self, recipe: Recipe, stale: Callable[[], bool] = lambda: False, early: Early | None = None) -> Frame:
        """The frame of a recipe. Where it takes long, `early` first gets previews, the first of them whatever `stale` says.

        Raises MissingModel, ValueError or BadCheckpoint with one sentence, and Superseded when `stale` says that
        nobody wants it any more.
        """
        return self._begun(recipe, stale, early)()

    def flow(self, recipes: Iterable[Recipe]) -> Iterator[Frame]:
        """The frame of each, in order; a graphics card already draws the next ones meanwhile. Raises as `render` does."""
        return in_flight(self._begun, recipes, AHEAD if self.device.type == "cuda" else 0)

    @torch.inference_mode()
    def _begun(
        self, recipe: Recipe, stale: Callable[[], bool] = lambda: False, early: Early | None = None
    ) -> Callable[[], Frame]:
        """Gives the device all that there is to do; what comes back waits for it."""
        work = self._ready(recipe)
        observed = early is not None and work.previews.slow(work.previews.whole) and self._threads is None
        self._activations.settle = partial(devices.synchronize, self.device) if observed else None
        shown = early is not None and self._show_early(work, stale, early)
        with self._drawing(work, work.name) as count:
            pixels = self._pixels(work, self._activations, work.dtype, stale)

        def done() -> Frame:
            frame = work.frame(pixels(), len(work.plans), self.device)
            if not work.shared:
                work.previews.whole = frame.seconds
            if self._threads is not None and not work.shared and not shown:
                self._threads.learn(work.name, count, frame.seconds)
            return frame

        self._last = work if self._activations.drawn else None
        if self.precisions.due(work.name):
            self._try_later(work)
        return done

    def _ready(self, recipe: Recipe) -> "_Work":
        begun = time.perf_counter()
        model = self.models.get(recipe.model)
        ws = resolve(recipe, model, self._mapped)
        name = model.info.model.identity
        previews = self._previews.of(name, model.generator)
        work = _Work(recipe, name, _plans(recipe, model, ws), ws, previews, begun)
        work.dtype = self.precisions.of(name)
        if (name, work.dtype) != (self._drawn, self._drawn_in):
            self._activations, self._drawn, self._drawn_in = self._cache(), name, work.dtype
        work.shared = self._activations.shared(work.plans)
        return work

    def _show_early(self, work: "_Work", stale: Callable[[], bool], early: Early) -> bool:
        """Whether there was a preview."""
        levels, end = work.previews.due(work.shared, len(work.plans)), len(work.plans)
        for steps, following in pairwise((*levels, end)):
            first, size = steps == levels[0], work.previews.sizes[steps]
            with self._drawing(work, f"{work.name} {steps}") as count:
                canvas = self._advance(work, self._activations, work.dtype, _never if first else stale, steps)
                pixels = fetched(_rgb(to_uint8(work.previews.picture(steps, canvas))[0]))
            frame = work.frame(pixels(), steps, self.device, work.previews.resolution // size)
            if self._threads is not None and first and not work.shared:
                self._threads.learn(f"{work.name} {steps}", count, frame.seconds)
            early(frame, work.previews.pace.expected(steps, following))
        return bool(levels)

    @contextmanager
    def _drawing(self, work: "_Work", what: str) -> Iterator[int]:
        """Draws with the threads that are best for it, and notes what its layers take."""
        try:
            with self._in_threads(what) as count:
                yield count
        finally:
            work.previews.pace.learn(self._activations.reused, self._activations.seconds)

    @contextmanager
    def _in_threads(self, what: str) -> Iterator[int]:
        count = torch.get_num_threads() if self._threads is None else self._threads.count(what)
        with drawing_with(count):
            yield count

    def _advance(
        self,
        work: "_Work",
        activations: Activations,
        dtype: torch.dtype,
        stale: Callable[[], bool],
        steps: int | None = None,
    ) -> Canvas:
        with torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32):
            return activations.advance(work.plans, sent(work.ws, self.device), stale, steps)

    def _pixels(
        self, work: "_Work", activations: Activations, dtype: torch.dtype, stale: Callable[[], bool] = lambda: False
    ) -> Callable[[], np.ndarray]:
        picture = self._advance(work, activations, dtype, stale).picture
        assert picture is not None
        return fetched(_rgb(to_uint8(picture.float())[0]))

    @torch.inference_mode()
    def keep(self) -> None:
        """The hand rests at the picture that `render` has just drawn: its layers stay, since it may come back to it."""
        self._activations.keep()

    @torch.inference_mode()
    def learn(self, stale: Callable[[], bool] = lambda: False) -> None:
        """Learns from the picture that `render` has just drawn how to tell its colours early. Takes some milliseconds, for models
        that are slow enough for previews; once that is known, given up when `stale` says so.
        """
        work, self._last = self._last, None
        if work is not None:
            work.previews.learn(self._activations, stale)

    @torch.inference_mode()
    def improve(self, stale: Callable[[], bool] = lambda: False) -> bool:
        """One picture of the trial of the precision, or one graph, for moments in which nobody waits; whether there is more to do.

        Such a picture is given up when `stale` says so, and drawn again when this is called again.
        """
        work = self._trying
        if work is None:
            return self._record()
        with suppress(Superseded), self._in_threads(work.name):
            self.precisions.go_on(work.name, lambda dtype: self._pixels(work, Activations(), dtype, stale)())
        if not self.precisions.due(work.name):
            self._trying = None
        return self._trying is not None

    def _record(self) -> bool:
        graphs, half = self._activations.graphs, self._drawn_in != torch.float32
        with torch.autocast(self.device.type, self._drawn_in, enabled=half, cache_enabled=False):
            return graphs is not None and graphs.improve()

    def _try_later(self, work: "_Work") -> None:
        """With one picture of the present model; of another, what was begun is forgotten."""
        if self._trying is None or self._trying.name != work.name:
            if self._trying is not None:
                self.precisions.forget(self._trying.name)
            self._trying = work

    @torch.inference_mode()
    def store(self, recipe: Recipe) -> Latent:
        """The recipe's styles as one latent, so that it can be mixed with others as it is."""
        return store(recipe, self.models.get(recipe.model), self._mapped)


@dataclass(eq=False)
class _Work:
    """A recipe made ready to be drawn."""

    recipe: Recipe
    name: str
    """The model's identity."""
    plans: list[Plan]
    ws: Tensor
    previews: Previews
    begun: float
    shared: int = 0
    """Layers that the last drawing has drawn already."""
    dtype: torch.dtype = torch.float32

    def frame(self, pixels: np.ndarray, steps: int, device: torch.device, factor: int = 1) -> Frame:
        """What so many layers have drawn, `factor` times smaller than the whole picture."""
        return Frame(
            self.recipe,
            pixels,
            time.perf_counter() - self.begun,
            self.shared,
            steps - self.shared,
            str(device),
            {v: k for k, v in devices.DTYPES.items()}[self.dtype],
            factor,
        )


def _never() -> bool:
    return False


def _plans(recipe: Recipe, model: Loaded, ws: Tensor) -> list[Plan]:
    rows = [row.tobytes() for row in ws[0].numpy()]
    plans = []
    for step in model.steps:
        layer, row = step.layer, step.layer.row
        if row is None:
            plans.append(Plan(step, Cause(id(layer), step.fade, b"", 1.0, OFF), 0))
            continue
        strength = layer_value(recipe.strength, row, 1.0)
        noise, transform = noise_key(recipe.noise, layer, row), layer_transform(recipe.transform, layer)
        cause = Cause(id(layer), step.fade, rows[row], strength, noise, transform)
        plans.append(Plan(step, cause, row))
    return plans


def _rgb(picture: Tensor) -> Tensor:
    """[C, H, W] → [H, W, 3], grey repeated, further channels dropped."""
    picture = picture.expand(3, -1, -1) if picture.shape[0] == 1 else picture[:3]
    return picture.permute(1, 2, 0).contiguous()
