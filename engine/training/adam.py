"""Adam in the forms that the original trainings ran: the efficient one of Kingma and Ba (2014), and one for lazy regularisers."""

from collections.abc import Callable, Iterable
from typing import Any, overload

import torch
from torch import Tensor
from torch.optim import Optimizer


class Adam(Optimizer):
    """p ← p - lr · sqrt(1 - β2^t) / (1 - β1^t) · m / (sqrt(v) + ε).

    ε joins sqrt(v) before the bias correction (torch.optim.Adam adds it after), which differs for tiny gradients. All
    parameters of a group share the step count t; a parameter without gradient counts as one with gradient 0.
    """

    correction = 1.0

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.0, 0.99),
        eps: float = 1e-8,
    ):
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps, "steps": 0})

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One step of every group; a closure, where one is given, is called first and its loss returned."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            self._step_group(group)
        return loss

    def reset(self) -> None:
        """Forgets moments and step counts, as growing to a new resolution asks for."""
        self.state.clear()
        for group in self.param_groups:
            group["steps"] = 0

    def _step_group(self, group: dict[str, Any]) -> None:
        group["steps"] += 1
        beta1, beta2 = group["betas"]
        rate = group["lr"] * (1 - beta2 ** group["steps"]) ** 0.5 / (1 - beta1 ** group["steps"])
        parameters = [p for p in group["params"] if p.grad is not None or p in self.state]
        if not parameters:
            return
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        means, squares = self._moments(parameters, "mean"), self._moments(parameters, "square")
        torch._foreach_lerp_(means, gradients, 1 - beta1)
        torch._foreach_mul_(squares, beta2)
        torch._foreach_addcmul_(squares, gradients, gradients, 1 - beta2)
        divisors = torch._foreach_sqrt(squares)
        torch._foreach_add_(divisors, group["eps"])
        torch._foreach_addcdiv_(parameters, means, divisors, -rate)

    def _moments(self, parameters: list[Tensor], name: str) -> list[Tensor]:
        for p in parameters:
            if name not in self.state[p]:
                self.state[p][name] = torch.zeros_like(p)
        return [self.state[p][name] for p in parameters]


class LazyAdam(torch.optim.Adam):
    """torch's Adam, whose parameters count their steps each by themselves, shared by a loss and its lazy regulariser.

    A regulariser that has steps of its own once in k makes k + 1 steps of k. With c = k / (k + 1) the learning rate, to be
    multiplied by `correction` = c, and the decays β^c make up for it (StyleGAN2 2019, appendix B). k = 0: there is none.
    """

    def __init__(self, parameters: Iterable[Any], interval: int, lr: float = 0.001, decay: float = 0.99):
        self.correction = interval / (interval + 1) if interval else 1.0
        super().__init__(parameters, lr=lr, betas=(0.0, decay**self.correction), eps=1e-8)

    def reset(self) -> None:
        """Forgets moments and step counts."""
        self.state.clear()
