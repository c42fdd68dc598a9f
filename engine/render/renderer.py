"""The one way from a recipe to pixels."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine import device as devices
from engine.recipe import Latent, Recipe, layer_value

from .cache import Activations, Cause, Plan
from .frame import Frame
from .info import ModelInfo
from .latents import Mapped, resolve, store
from .models import Loaded, Models
from .noise import OFF, noise_key
from .pixels import to_uint8
from .threads import Threads, drawing_with
from .transform import layer_transform
from .trial import Precisions


class Renderer:
    """Draws recipes at batch 1, in float32 unless another precision is asked for; keeps the last drawing's layers.

    "auto" draws a model's first picture in float32 and then in what a short trial finds quicker and near enough.

    Not safe for use by several threads at once.
    """

    def __init__(
        self,
        device: str = "auto",
        precision: devices.Precision = "fp32",
        models: Models | None = None,
        threads: Threads | None = None,
    ):
        """`threads` chooses how many draw on a processor; without it, as many as the process has."""
        self.device = devices.named(device) if models is None else models.device
        self._precisions = Precisions(self.device, precision)
        self.models = models or Models(self.device)
        self._mapped = Mapped()
        self._activations = Activations()
        self._drawn_in = torch.float32
        self._threads = threads if self.device.type == "cpu" else None

    def open(self, path: Path) -> ModelInfo:
        """Reads a model file, so that recipes can name it. Raises BadCheckpoint with one sentence."""
        return self.models.open(path)

    def tune(self, precision: devices.Precision, threads: Threads | None) -> None:
        """Another precision and another choice of threads, from the next picture on."""
        self._precisions = Precisions(self.device, precision)
        self._threads = threads if self.device.type == "cpu" else None
        self._activations = Activations()

    def info(self, recipe: Recipe) -> ModelInfo:
        """The card of the model that a recipe names. Raises MissingModel with one sentence."""
        return self.models.get(recipe.model).info

    @torch.inference_mode()
    def render(self, recipe: Recipe, stale: Callable[[], bool] = lambda: False) -> Frame:
        """The frame of a recipe.

        Raises MissingModel, ValueError or BadCheckpoint with one sentence, and Superseded when `stale` says that
        nobody wants it any more.
        """
        begun = time.perf_counter()
        model = self.models.get(recipe.model)
        ws = resolve(recipe, model, self._mapped)
        plans = _plans(recipe, model, ws)
        name = model.info.model.identity
        if self._precisions.due(name) and not stale():
            self._precisions.learn(name, lambda dtype: self._pixels(plans, ws, Activations(), dtype))
        dtype, threads = self._precisions.of(name), self._threads
        if dtype != self._drawn_in:
            self._activations, self._drawn_in = Activations(), dtype
        count = torch.get_num_threads() if threads is None else threads.count(name)
        with drawing_with(count):
            pixels = self._pixels(plans, ws, self._activations, dtype, stale)
        seconds = time.perf_counter() - begun
        if threads is not None and not self._activations.reused:
            threads.learn(name, count, seconds)
        return Frame(
            recipe,
            pixels,
            seconds,
            self._activations.reused,
            self._activations.drawn,
            str(self.device),
            {v: k for k, v in devices.DTYPES.items()}[dtype],
        )

    def _pixels(
        self,
        plans: Sequence[Plan],
        ws: Tensor,
        activations: Activations,
        dtype: torch.dtype,
        stale: Callable[[], bool] = lambda: False,
    ) -> np.ndarray:
        with torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32):
            picture = activations.synthesize(plans, ws.to(self.device), stale)
        return _rgb(to_uint8(picture.float())[0])

    @torch.inference_mode()
    def store(self, recipe: Recipe) -> Latent:
        """The recipe's styles as one latent, so that it can be mixed with others as it is."""
        return store(recipe, self.models.get(recipe.model), self._mapped)


def _plans(recipe: Recipe, model: Loaded, ws: Tensor) -> Sequence[Plan]:
    rows = [row.numpy().tobytes() for row in ws[0]]
    plans = []
    for step in model.generator.steps():
        layer, row = step.layer, step.layer.row
        if row is None:
            plans.append(Plan(step, Cause(id(layer), step.fade, b"", 1.0, OFF), 0))
            continue
        strength = layer_value(recipe.strength, row, 1.0)
        noise, transform = noise_key(recipe.noise, layer, row), layer_transform(recipe.transform, layer)
        cause = Cause(id(layer), step.fade, rows[row], strength, noise, transform)
        plans.append(Plan(step, cause, row))
    return plans


def _rgb(picture: Tensor) -> np.ndarray:
    """[C, H, W] → [H, W, 3], grey repeated, further channels dropped."""
    picture = picture.expand(3, -1, -1) if picture.shape[0] == 1 else picture[:3]
    return np.ascontiguousarray(picture.permute(1, 2, 0).cpu().numpy())
