"""From the network's [-1, 1] to the 8 bits of a picture file."""

import torch
from torch import Tensor


def to_uint8(images: Tensor) -> Tensor:
    """min(max(floor(127.5 x + 128), 0), 255), any shape; -1 becomes 0 and 1 becomes 255."""
    return (images * 127.5 + 128.0).floor().clamp(0, 255).to(torch.uint8)
