"""One step of the game: the phases that the configuration has, one after the other."""

from collections.abc import Callable, Iterator
from math import isfinite

import torch
from torch import Tensor, nn

from .ema import ema_beta
from .phases import phases
from .players import Players
from .turn import Batch, Statistics, Turn

__all__ = ["Batch", "Players", "Statistics", "play"]

LIMIT = 1e5  # of gradients that half precision made infinite


def play(players: Players, batch: Batch, draw_labels: Callable[[int], Tensor | None]) -> Statistics:
    """All phases that are due in this step; `draw_labels(n)` gives labels of fakes."""
    turn = Turn(players, batch, players.stage(), draw_labels)
    slopes: dict[str, Tensor] = {}  # of the first phase of each player, which has its loss
    players.enter(turn.now)
    for phase in phases(players.config):
        if players.steps % phase.interval:
            continue
        if phase.losses is None:
            players.average.update(players.generator, _beta(players, batch.size))
        else:
            slopes.setdefault(f"gradient_{phase.who}", _improve(players, phase.who, phase.losses(turn)))
    lengths = {name: length for name, slope in slopes.items() if isfinite(length := float(slope))}
    turn.statistics.values = players.ranks.summed(turn.statistics.values, players.device) | lengths
    players.images += batch.size
    players.steps += 1
    players.controller.adjust(players.steps, batch.size)
    if players.config.ada.mode != "off":
        turn.statistics.values["augment_p"] = players.controller.p
    return turn.statistics


def _beta(players: Players, size: int) -> float:
    """How much of the average is left after this step; a half-life that ramps up is short in the beginning."""
    half_life, rampup = players.config.ema_kimg * 1000, players.config.ema_rampup
    return ema_beta(size, min(half_life, players.images * rampup) if rampup else half_life)


def _improve(players: Players, who: str, losses: Iterator[Tensor]) -> Tensor:
    """Sums the gradients of all losses and takes one step of the optimizer; gives the length of the gradient, a scalar."""
    network: nn.Module = getattr(players, who)
    parameters = [p for p in network.parameters() if p.requires_grad]
    for p in parameters:
        p.grad = None
    for loss in losses:
        loss.backward(inputs=parameters)
    players.ranks.add_up([p.grad for p in parameters if p.grad is not None])
    if players.config.lazy:
        _mend(parameters, players.config.absent == "zero")
    found = [p.grad for p in parameters if p.grad is not None]
    norms = torch.stack(torch._foreach_norm(found)) if found else torch.zeros(1)
    if (
        players.config.lazy or torch.isfinite(norms).all()
    ):  # joined phases are skipped whole where a gradient is not finite
        players.optimizers[who].step()
    return torch.linalg.vector_norm(norms)


def _mend(parameters: list[nn.Parameter], fill: bool) -> None:
    """Gradients that are no numbers become 0, infinite ones large; absent ones become 0 where asked to."""
    for p in parameters:
        if p.grad is not None:
            torch.nan_to_num(p.grad, nan=0.0, posinf=LIMIT, neginf=-LIMIT, out=p.grad)
        elif fill:
            p.grad = torch.zeros_like(p)
