"""One golden file: what it holds, what was compared with it, and what was left uncompared."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor


class Tolerance(NamedTuple):
    """max|ours - golden| may be relative · max|golden| + absolute."""

    relative: float
    absolute: float = 0.0


EXACT = Tolerance(0.0)
DEFAULT = Tolerance(1e-4, 1e-6)
CLOSE = Tolerance(2e-5)  # activations, images, scores, w, input gradients
PIXEL_NORM = Tolerance(1e-4)  # few channels make the norm ill-conditioned
DEGENERATE = Tolerance(1e-3)  # instance norm of channels that are nearly constant
GRADIENT = Tolerance(1e-4)
CANCELLING = Tolerance(0.0, 1e-6)  # the last bias of Wasserstein critics nearly cancels
ADAM = Tolerance(0.0, 1e-6)


class Compared(NamedTuple):
    """One comparison: by how much of max|golden| we differ, and how much of the tolerance that uses up."""

    name: str
    error: float
    used: float


class Golden:
    """A golden file and the sidecar beside it. Every tensor must be read as an input or compared as an output."""

    def __init__(self, path: Path):
        sidecar = path.with_suffix(".json")
        self.path = path.with_suffix(".safetensors") if path.with_suffix(".safetensors").exists() else path
        self.notes: Any = json.loads(sidecar.read_text()) if sidecar.exists() else {}
        self.tensors = load_file(self.path) if self.path.suffix == ".safetensors" else {}
        self.compared: list[Compared] = []
        self._open = set(self.tensors)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The official keyword arguments that the networks were made with."""
        return self.notes.get("config", {})

    def __contains__(self, name: str) -> bool:
        return name in self.tensors

    def has(self, prefix: str) -> bool:
        return any(name.startswith(prefix) for name in self.tensors)

    def read(self, name: str) -> Tensor:
        """An input."""
        self._open.discard(name)
        return self.tensors[name]

    def labels(self, name: str) -> Tensor | None:
        """One-hot labels, None where the file has none."""
        return self.read(name).float() if name in self.tensors else None

    def variables(self, prefix: str) -> dict[str, Tensor]:
        """All inputs below a prefix, without it."""
        return {name.removeprefix(prefix): self.read(name) for name in self.tensors if name.startswith(prefix)}

    def outputs(self, prefix: str = "") -> list[str]:
        """Names below a prefix that nothing has read or compared so far."""
        return sorted(name for name in self._open if name.startswith(prefix))

    def compare(self, name: str, ours: Tensor, tolerance: Tolerance = DEFAULT) -> None:
        """Records how far our tensor is from the golden one; files may hold only the first samples of a batch."""
        golden = self.tensors[name]
        self._open.discard(name)
        if ours.ndim == golden.ndim and ours.ndim and ours.shape[0] > golden.shape[0]:
            ours = ours[: golden.shape[0]]
        self.compared.append(Compared(name, *difference(ours, golden, tolerance)))

    def compare_number(self, name: str, ours: float, golden: float, tolerance: Tolerance = EXACT) -> None:
        """The same for a number of the sidecar, or one computed from a golden tensor."""
        self._open.discard(name)
        pair = torch.tensor([ours, golden], dtype=torch.float64)
        self.compared.append(Compared(name, *difference(pair[:1], pair[1:], tolerance)))

    @property
    def worst(self) -> Compared:
        return max(self.compared, key=lambda one: one.used)


def difference(ours: Tensor, golden: Tensor, tolerance: Tolerance) -> tuple[float, float]:
    """The relative error, and what part of the tolerance it uses; infinite for another shape or what is not finite."""
    if ours.shape != golden.shape or (tolerance == EXACT and ours.dtype != golden.dtype):
        return math.inf, math.inf
    if golden.numel() == 0:
        return 0.0, 0.0
    apart = (ours.detach().double() - golden.double()).abs().max().item()
    size = golden.double().abs().max().item()
    allowed = tolerance.relative * size + tolerance.absolute
    if not math.isfinite(apart):
        return math.inf, math.inf
    return share(apart, size), share(apart, allowed)


def share(part: float, whole: float) -> float:
    """part / whole, where nothing of nothing is nothing."""
    return 0.0 if part == 0 else part / whole if whole else math.inf
