"""Our networks in double precision, for numbers that the rounding of a single one on a leaky ReLU's kink would decide."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode


class InDouble(TorchFunctionMode):
    """Within this context a float64 tensor stays so where a network asks for float32."""

    def __torch_function__(self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Any = None) -> Any:
        asked = func is Tensor.float or (func is Tensor.to and torch.float32 in args[1:])
        if asked and args[0].dtype == torch.float64:
            return args[0]
        return func(*args, **(kwargs or {}))
