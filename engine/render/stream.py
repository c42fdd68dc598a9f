"""What is sent to a graphics card and comes back from it without anybody waiting, but for the pixels at the very end."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

AHEAD = 2  # pictures that a graphics card has been given while the one before them is still looked at
A = TypeVar("A")
B = TypeVar("B")


def sent(x: Tensor, device: torch.device) -> Tensor:
    """A tensor of the processor on the device. A graphics card takes it when it comes to it, from memory that stays in place."""
    if device.type != "cuda":
        return x.to(device)
    return x.pin_memory().to(device, non_blocking=True)


def fetched(x: Tensor) -> Callable[[], np.ndarray]:
    """Begins to bring a tensor here; what comes back waits for it, and for nothing that was begun after it."""
    if x.device.type != "cuda":
        array = x.cpu().numpy()
        return lambda: array
    here = torch.empty(x.shape, dtype=x.dtype, pin_memory=True)
    here.copy_(x, non_blocking=True)
    there = torch.cuda.Event()
    there.record(torch.cuda.current_stream(x.device))

    def waited() -> np.ndarray:
        there.synchronize()
        return here.numpy()

    return waited


def in_flight(begin: Callable[[A], Callable[[], B]], items: Iterable[A], ahead: int) -> Iterator[B]:
    """What each item comes to, in order; so many further ones are begun before one is waited for."""
    begun: deque[Callable[[], B]] = deque()
    for item in items:
        begun.append(begin(item))
        if len(begun) > ahead:
            yield begun.popleft()()
    while begun:
        yield begun.popleft()()
