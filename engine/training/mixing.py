"""Style mixing: while training, finer layers often read a second latent (StyleGAN 2018, section 3.1)."""

import math

import torch
from torch import Tensor


def mix_styles(first: Tensor, second: Tensor, crossover: int, rows: int) -> Tensor:
    """ws [N, rows, w_dim] from two w [N, w_dim]: rows below the crossover read the first, the others the second."""
    ws = first.unsqueeze(1).expand(-1, rows, -1)
    if crossover >= rows:
        return ws
    fine = torch.arange(rows, device=first.device)[:, None] >= crossover
    return torch.where(fine, second.unsqueeze(1), ws)


def draw_crossover(rows: int, lod: float, generator: torch.Generator, probability: float = 0.9) -> int:
    """Where the second latent begins, one draw for the whole batch; `generator` is on the CPU.

    With the given probability uniform in 1 … active - 1, where active = rows - 2 floor(lod) rows are in use at this
    level of detail; else active, which mixes nothing.
    """
    active = rows - 2 * math.floor(lod)
    if active < 2 or torch.rand((), generator=generator).item() >= probability:
        return active
    return int(torch.randint(1, active, (), generator=generator))
