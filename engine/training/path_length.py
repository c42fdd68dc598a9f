"""Path length regularisation: a step in W changes the picture equally much wherever it is taken (StyleGAN2 2019, section 3.2)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def directions(pictures: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Random pictures y like the given ones, normal, divided by sqrt(H · W)."""
    y = torch.randn(pictures.shape, generator=generator, device=pictures.device, dtype=torch.float32)
    return y / math.sqrt(pictures.shape[2] * pictures.shape[3])


def slopes(draw: Callable[[Tensor], Tensor], ws: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Jᵀy = ∇_ws (g(ws) · y) [N, rows, w_dim] with one y for each picture; the graph is kept."""
    ws = ws if ws.requires_grad else ws.detach().requires_grad_()
    pictures = draw(ws)
    return slopes_of(pictures, ws, directions(pictures, generator))


def slopes_of(pictures: Tensor, ws: Tensor, y: Tensor) -> Tensor:
    """The same for pictures that were drawn already."""
    return torch.autograd.grad((pictures * y).sum(), ws, create_graph=True)[0]


def lengths(slope: Tensor) -> Tensor:
    """|Jᵀy| of each picture [N]: the root of the mean over rows of the sum over w_dim of squares."""
    return slope.square().sum(2).mean(1).sqrt()


def path_length(found: Tensor, mean: Tensor, decay: float = 0.01) -> tuple[Tensor, Tensor]:
    """(|Jᵀy| - a)² of each picture [N], and the new a = lerp(a, mean |Jᵀy|, decay) to keep (equation 4).

    The gradient flows through the share of a that is new; keep a detached.
    """
    mean = torch.lerp(mean, found.mean(), decay)
    return (found - mean).square(), mean
