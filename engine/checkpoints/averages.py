"""The average w of models whose files do not keep it: the mean over many seeds, as their own programs take it."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from engine.networks import Spec
from engine.networks.layers import blank

SAMPLES = 4_096
SEED = 0


def average_w(spec: Spec, tensors: Mapping[str, Tensor]) -> Tensor:
    """[w_dim], the mean of the mapping over 4,096 latents that are always the same; `tensors` are the generator's."""
    with blank():
        mapping = spec.build().mapping
    inside = {name.removeprefix("mapping."): x for name, x in tensors.items() if name.startswith("mapping.")}
    mapping.load_state_dict(inside, assign=True)
    z = np.random.RandomState(SEED).randn(SAMPLES, spec.z_dim).astype(np.float32)
    with torch.no_grad():
        return mapping(torch.from_numpy(z)).mean(0)


def constant_noise(shapes: Mapping[str, torch.Size]) -> dict[str, Tensor]:
    """Noise that stays the same, for models whose programs draw new noise for every picture; from a seed of its own each."""
    found = {}
    for number, (name, shape) in enumerate(shapes.items()):
        drawn = np.random.RandomState(number).randn(*shape).astype(np.float32)
        found[name] = torch.from_numpy(drawn)
    return found
