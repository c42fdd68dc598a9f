"""All that a step of training draws at random, from the run's own random state, so that it can be resumed."""

import torch
from torch import Tensor

from .mixing import draw_crossover
from .path_length import directions


class Chance:
    """Draws from one random state on the CPU, for networks on any device."""

    def __init__(self, random: torch.Generator, device: torch.device):
        self.random, self.device = random, device

    def apart(self, count: int) -> "list[Chance]":
        """Draws for each of `count` rounds, so that none depends on which process does the others; one alone draws from here."""
        if count == 1:
            return [self]
        seeds = torch.randint(2**62, (count,), generator=self.random).tolist()
        return [Chance(torch.Generator().manual_seed(seed), self.device) for seed in seeds]

    def latents(self, size: int, dimensions: int) -> Tensor:
        """z [size, dimensions] from N(0, 1)."""
        return torch.randn(size, dimensions, generator=self.random).to(self.device)

    def crossover(self, rows: int, lod: float, probability: float) -> int:
        """From which row of ws on a second latent is read; all rows that are in use: from none."""
        return draw_crossover(rows, lod, self.random, probability)

    def directions(self, pictures: Tensor) -> Tensor:
        """Random pictures like these, by which path lengths are measured."""
        return directions(pictures, self.source())

    def source(self) -> torch.Generator:
        """Large draws are made on the device, from a seed that the run's own random state gives."""
        if self.device.type == "cpu":
            return self.random
        seed = int(torch.randint(2**62, (), generator=self.random))
        return torch.Generator(self.device).manual_seed(seed)
