"""What StyleGAN3 and StyleGAN-XL share: a generator whose picture plane can be moved and turned, and whose layers can measure."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from .alias_free_layers import AliasFreeLayer, AliasFreeRGB, InTurn, alone
from .fourier import placed
from .generator import Canvas, Generator, draw


class PlaneGenerator(Generator):
    """ws [N, rows, w_dim] → picture [N, channels, R, R], by alias-free layers that begin from a plane of waves."""

    learns_magnitudes: bool = True  # whether training lets the layers follow the magnitudes of what they are given

    def synthesize(
        self,
        ws: Tensor,
        noise: str = "const",
        generator: torch.Generator | None = None,
        transform: Tensor | None = None,
    ) -> Tensor:
        """ws [N, rows, w_dim] → picture, seen through a transform [3, 3] or [N, 3, 3]; this family has no noise."""
        canvas = Canvas() if transform is None else placed(transform)
        for step in self.steps():
            canvas = draw(step, canvas, ws, None)
        assert canvas.picture is not None
        return canvas.picture

    @contextmanager
    def measuring(self, beta: float, in_turn: InTurn = alone) -> Iterator[None]:
        """While the body runs, every layer follows the mean square of what it is given, and keeps `beta` of what it knew.

        `in_turn` says what other processes bring that draw with the same network: (own or not, value) of each, in order.
        """
        layers = [layer for layer in self.layers.values() if isinstance(layer, AliasFreeLayer | AliasFreeRGB)]
        try:
            for layer in layers:
                layer.measure.beta, layer.measure.in_turn = beta, in_turn
            yield
        finally:
            for layer in layers:
                layer.measure.beta = None
